"""Words that banks put over their columns, in Vietnamese and English, as data."""

from collections.abc import Mapping, Sequence
from typing import Literal

Field = Literal[
    "day", "time", "reference", "debit", "credit", "amount", "balance", "memo", "account", "other_account",
    "other_name", "marker", "ignored",
]  # fmt: skip
MONEY: tuple[Field, ...] = ("debit", "credit", "amount")
FIGURES: tuple[Field, ...] = (*MONEY, "balance")

# Better words first: where two columns answer to one field, the earlier word wins ("transaction date" over
# "value date"). Adding a word is safe; moving one is not: rows imported before are known again by what was read then.
GENERIC: Mapping[Field, Sequence[str]] = {
    "day": (
        "ngày giao dịch", "ngày gd", "transaction date", "trans date", "txn date", "tran date", "tnx date",
        "ngày giờ giao dịch", "thời gian giao dịch", "transaction date time", "ngày tháng", "ngày giờ", "date time",
        "datetime", "ngày", "date", "ngày hạch toán", "ngày ghi sổ", "ngày bút toán", "posting date", "post date",
        "booking date", "ngày hiệu lực", "value date", "effective date", "thời gian", "ngày yêu cầu",
        "requesting date",
    ),
    "time": ("giờ giao dịch", "giờ gd", "transaction time", "giờ", "time"),
    "reference": (
        "số tham chiếu", "mã tham chiếu", "reference number", "reference no", "reference", "ref no", "ref",
        "mã giao dịch", "mã gd", "số giao dịch", "transaction id", "transaction no", "transaction number",
        "transaction code", "số bút toán", "số chứng từ", "số ct", "chứng từ", "document number", "document no",
        "doc no", "voucher no",
    ),
    "debit": (
        "ghi nợ", "số tiền ghi nợ", "phát sinh nợ", "ps nợ", "số tiền nợ", "phát sinh ghi nợ", "nợ", "tiền ra",
        "số tiền ra", "rút ra", "chi", "debit", "debit amount", "debits", "withdrawal", "withdrawals", "money out",
        "paid out", "số tiền rút", "nợ tktt",
    ),
    "credit": (
        "ghi có", "số tiền ghi có", "phát sinh có", "ps có", "số tiền có", "phát sinh ghi có", "có", "tiền vào",
        "số tiền vào", "gửi vào", "thu", "credit", "credit amount", "credits", "deposit", "deposits", "money in",
        "paid in", "số tiền gửi", "có tktt",
    ),
    "amount": ("số tiền", "số tiền giao dịch", "phát sinh", "amount", "transaction amount", "giá trị"),
    "balance": (
        "số dư", "số dư sau giao dịch", "số dư sau gd", "số dư lũy kế", "số dư luỹ kế", "số dư cuối", "balance",
        "running balance", "account balance", "available balance", "số dư khả dụng",
    ),
    "memo": (
        "nội dung", "nội dung giao dịch", "nội dung gd", "nội dung chuyển khoản", "nội dung chi tiết", "diễn giải",
        "diễn giải giao dịch", "mô tả", "mô tả giao dịch", "chi tiết giao dịch", "transaction details",
        "transaction detail", "transaction description", "description", "details", "detail", "transactions in detail",
        "narrative", "particulars", "remark", "remarks", "memo", "content", "chi tiết", "ghi chú",
    ),
    "account": (
        "số tài khoản", "số tk", "stk", "tài khoản", "account number", "account no", "account",
    ),
    "other_account": (
        "tài khoản đối ứng", "số tài khoản đối ứng", "tk đối ứng", "tài khoản thụ hưởng", "offset account",
        "counter account", "counterparty account", "remitter account", "remitter s account", "beneficiary account",
        "số tài khoản người chuyển", "số tài khoản đối tác", "remitter s account number", "tài khoản đối tác",
        "số tk đối tác", "tài khoản người gửi", "số tài khoản người gửi", "tài khoản người nhận",
        "correspondent account", "counterparty account number",
    ),
    "other_name": (
        "tên tài khoản đối ứng", "tên tài khoản đối tác", "remitter s account name", "remitter account name",
        "remitter name", "tên người chuyển", "tên người gửi", "tên đối tác", "tên đối ứng", "tên đơn vị chuyển",
        "người chuyển", "counterparty name", "counterparty account name", "offset account name", "beneficiary name",
    ),
    "ignored": ("stt", "số tt", "số thứ tự", "no", "seq", "page id", "teller", "loại tiền", "currency"),
}  # fmt: skip
