"""Balance-change texts: the samples, shapes that the samples lack, and every text that must stay without effect."""

import contextlib
import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from base.periods import VIETNAM_OFFSET
from payments.providers.sms import NotANotice, Notice, parse

SAMPLES = json.loads((Path(__file__).parents[2] / "samples" / "sms.json").read_text(encoding="utf-8"))
READ = [text for text in SAMPLES if text["expect"] == "parse"]
REFUSED = [text for text in SAMPLES if text["expect"] == "reject"]


def of(texts: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("text", texts, ids=lambda text: text["id"])


def said(notice: Notice) -> dict[str, Any]:
    return {
        "bank": notice.bank,
        "amount": notice.amount_dong,
        "sign": notice.sign,
        "account_printed": notice.account_printed,
        "account_tail": notice.account_tail,
        "balance": notice.balance_dong,
        "time": None if notice.happened_at is None else notice.happened_at.replace(tzinfo=None).isoformat(),
        "memo": notice.memo,
    }


def expected(text: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: text[name] for name in said(parse(READ[0]["raw"]))}
    return wanted | {"balance": None if text["balance"] is None else int(text["balance"])}


def test_all_samples_are_here() -> None:
    assert (len(READ), len(REFUSED)) == (32, 7)


@of(READ)
def test_each_sample_says_what_the_data_says(text: dict[str, Any]) -> None:
    assert said(parse(text["raw"])) == expected(text)


@of(READ)
def test_line_ends_blanks_around_and_split_letters_change_nothing(text: dict[str, Any]) -> None:
    raw = text["raw"]
    for copy in (raw.replace("\n", "\r\n"), f" \n{raw}\n ", "\ufeff" + raw, raw.replace("\n", "\n  ")):
        assert said(parse(copy)) == expected(text)
    assert said(parse(unicodedata.normalize("NFD", raw))) == expected(text)
    assert said(parse(raw.replace(" ", "\u00a0"))) | {"memo": ""} == expected(text) | {"memo": ""}


@of(READ)
def test_a_text_cut_anywhere_never_tells_another_amount(text: dict[str, Any]) -> None:
    whole = parse(text["raw"])
    for length in range(len(text["raw"])):
        try:
            part = parse(text["raw"][:length])
        except NotANotice:
            continue
        assert (part.amount_dong, part.account_tail) == (whole.amount_dong, whole.account_tail)


@of(READ)
def test_a_text_inside_another_one_is_chat(text: dict[str, Any]) -> None:
    for chat in ("Fwd: ", "Me oi: ", "ok nhe ", "ND: ", "+5,000,000VND "):
        with pytest.raises(NotANotice):
            parse(chat + text["raw"])


@of(REFUSED)
def test_each_refused_sample_says_nothing(text: dict[str, Any]) -> None:
    with pytest.raises(NotANotice):
        parse(text["raw"])


# The shapes are public, everything in them is invented.
MORE = [
    ("TK 1234509876 tai VPB tang 500,000VND do CP7K2M9Q9M tien ca. So du TK sau GD la 553,115,403VND",
     ("VPBank", "+", 500_000, "9876", 553_115_403, None, "CP7K2M9Q9M tien ca")),
    ("TK 12345xxx5847 tai VPBank -350,000VND luc 08:15 09/10/2026. So du 1,650,000VND. ND: QUAN AN ABC",
     ("VPBank", "-", 350_000, "5847", 1_650_000, "2026-10-09T08:15:00", "QUAN AN ABC")),
    ("VPBank: TK 12345xxx5847 | -2,000,000 VND | 09/10/2026 13:30 | SD: -500,000 VND | ND: RUT TIEN ATM",
     ("VPBank", "-", 2_000_000, "5847", -500_000, "2026-10-09T13:30:00", "RUT TIEN ATM")),
    ("TK 2020100000000007 NGAY 04/06/18 11:10 SD DAU 4,156,080 TANG 3,068,000 SD CUOI 7,224,080 VND (CP7K2M9Q9M (1))",
     ("SCB", "+", 3_068_000, "0007", 7_224_080, "2018-06-04T11:10:00", "CP7K2M9Q9M (1)")),
    ("Sacombank 09/10/2026 10:20\nTK: 0201xxxx5847\nPS: -1.500.000 VND\nSo du kha dung: 8.500.000 VND\nND: THUE NHA",
     ("Sacombank", "-", 1_500_000, "5847", 8_500_000, "2026-10-09T10:20:00", "THUE NHA")),
    ("Sacombank 25/04/18 14:30 TK 060123456789 gui 1,000,000d NGUYEN VAN A ck. So du 4,500,000d",
     ("Sacombank", "+", 1_000_000, "6789", 4_500_000, "2018-04-25T14:30:00", "NGUYEN VAN A ck")),
    ("(TPBank): 09/10/26;10:20\nTK: xxxx5847\nPS:+500.000VND\nSD: 3.000.000VND\nSD KHA DUNG: 2.950.000VND\nND: CK",
     ("TPBank", "+", 500_000, "5847", 3_000_000, "2026-10-09T10:20:00", "CK")),
    ("TK 0741000000008 thay doi: +1,348,962 VND so GD: FT18-HTX. So du tinh den 20:11 13/06/2018: 12,000,000 VND",
     ("ABBank", "+", 1_348_962, "0008", 12_000_000, "2018-06-13T20:11:00", "FT18-HTX")),
    ("EIB QUAN 10 TK 140300000000037 04/06/18 19:59 TIEN DIEN 500,000 VND T6  MA 7 544,885VND SD 15,043,195VND.",
     ("Eximbank", None, 544_885, "0037", 15_043_195, "2018-06-04T19:59:00", "TIEN DIEN 500,000 VND T6  MA 7")),
    ("Eximbank: TK xxxx5847 Phát sinh: +14,000,000.00 VNĐ lúc 16:45:00 09/10/2026. Số dư cuối: 15,250,000.00 VNĐ. "
     "Nội dung giao dịch: TIỀN CỌC",
     ("Eximbank", "+", 14_000_000, "5847", 15_250_000, "2026-10-09T16:45:00", "TIỀN CỌC")),
    ("HDBank: TK xxxx5847 GD -1234567VND luc 09/10/2026 15:00. SD 765433VND. ND: RUT TIEN",
     ("HDBank", "-", 1_234_567, "5847", 765_433, "2026-10-09T15:00:00", "RUT TIEN")),
    ("LPB: 06/07/18 17:57 TK 024580000002: +22.000VND. SO DU: 506.045VND. ND: a - b + c",
     ("LPBank", "+", 22_000, "0002", 506_045, "2018-07-06T17:57:00", "a - b + c")),
    ("NCB : 01/06/2018 12:10 TK 100000000018. Phat sinh: -25,000,000VND. So du: +65,003,911VND. ND: tien da -A.",
     ("NCB", "-", 25_000_000, "0018", 65_003_911, "2018-06-01T12:10:00", "tien da -A.")),
    ("TK: 102000000077(VND).+ 160,313. SD: 93,785. Luc: 09:51 12/06/2018. ND: CP7K2M9Q9M 09/0.... LH: 1900555592",
     ("PVcomBank", "+", 160_313, "0077", 93_785, "2018-06-12T09:51:00", "CP7K2M9Q9M 09/0...")),
    ("SHB: TK 1012xxxx5847. Ma GD 2026100912. So GD: 88776655. So tien: +700,000 VND luc 11:11:11 09/10/2026. "
     "SD: 900,000 VND. ND: FT26 MBVCB.11223344556 phong 303",
     ("SHB", "+", 700_000, "5847", 900_000, "2026-10-09T11:11:11", "FT26 MBVCB.11223344556 phong 303")),
    ("16:54;11/06/2018 TK:041700000000013VND PS:-155,595 ND:PD13 SODU:+9 tien dien SODU:-1,524,080",
     ("VIB", "-", 155_595, "0013", -1_524_080, "2018-06-11T16:54:00", "PD13 SODU:+9 tien dien")),
    ("TK 100210000000007-CT TNHH ABC -78,854,952 VND -ND: (IB)(CT 24203001) TIEN DIEN KY 2 THANG",
     ("VRB", "-", 78_854_952, "0007", None, None, "(IB)(CT 24203001) TIEN DIEN KY 2 THANG")),
    ("TK0603000000049 duoc ghi no -29 300 150 So du hien thoi: 1 014 058 947 (GD:060000084 12/06/2018 PB04 tien ...",
     ("Public Bank", "-", 29_300_150, "0049", 1_014_058_947, None, "GD:060000084 12/06/2018 PB04 tien ...")),
    ("TK0603000000049 duoc ghi co 300 150 So du hien thoi: 947 (CP7K2M9Q9M)",
     ("Public Bank", "+", 300_150, "0049", 947, None, "CP7K2M9Q9M")),
    ("13/06/2026 13:59 TK 040xx4593 VND (-) 1.911.000 (GD:1.900.000,Thue/Phi: 11.000) ND: -8-CK 24/7. SD: 132.827",
     ("MSB", "-", 1_911_000, "4593", 132_827, "2026-06-13T13:59:00", "-8-CK 24/7")),
    ("OCB 11/06/26 09:03 TK 0068100000000007 (+) 1,200,000 VND N/dung: DANG Adong tien So du: 1,264,907 VND",
     ("OCB", "+", 1_200_000, "0007", 1_264_907, "2026-06-11T09:03:00", "DANG Adong tien")),
    ("TK 3319000-002 tai IVB giam(-) 63,003,600 VND luc 12/06/18 13:25. SDC: 128,048,855 VND. ND: CT:CN (KY 1",
     ("Indovina Bank", "-", 63_003_600, "002", 128_048_855, "2018-06-12T13:25:00", "CT:CN (KY 1")),
    ("SeABank: Ngay 04/06/2018 TK: 10200000000093 Phat sinh: +3,200,000 VND. So du: 1,330,825 VND. "
     "Nguoi chuyen: TRAN THI B. Noi dung: TIEN DIEN",
     ("SeABank", "+", 3_200_000, "0093", 1_330_825, "2018-06-04T00:00:00", "TIEN DIEN")),
    ("11/06/18 14:38 DongA Bank thong bao: TK 0107000087 da thay doi: +194,500 VND. Tu: ABC.,JSC. "
     "So du hien tai la: 196,338 VND.",
     ("DongA Bank", "+", 194_500, "0087", 196_338, "2018-06-11T14:38:00", "Tu: ABC.,JSC")),
    ("TK VND 83600037 -100,000 LUC 14:35 04/06/2018. SO DU: 1,060,315. ND: \\TIEN DIEN",
     ("VietBank", "-", 100_000, "0037", 1_060_315, "2018-06-04T14:35:00", "\\TIEN DIEN")),
    ("Agribank: 14:28 07/02/2026 Tài khoản 4603200000014: -22,000VND.\nNội dung giao dịch: TRẢ NỢ.\n"
     "Số dư cuối: 1,680,462VND",
     ("Agribank", "-", 22_000, "0014", 1_680_462, "2026-02-07T14:28:00", "TRẢ NỢ.")),
    ("Số dư TK VCB 0011xxxx5847 +1.200.000 VND lúc 09-10-2026 19:05:00. Số dư 3.450.000 VND. Ref 51.A tra tien",
     ("Vietcombank", "+", 1_200_000, "5847", 3_450_000, "2026-10-09T19:05:00", "51.A tra tien")),
    ("Tài khoản 1903xxxx5847\nSố tiền: -250,000 VND\nSố dư: 4,750,000 VND\nNội dung: NUOC\n09/10/2026 08:00",
     ("Techcombank", "-", 250_000, "5847", 4_750_000, "2026-10-09T08:00:00", "NUOC")),
    ("TK 19032000000014 So tien GD:+232,000 So du:10,686,180 E H.A gui tien dien",
     ("Techcombank", "+", 232_000, "0014", 10_686_180, None, "E H.A gui tien dien")),
    ("BIDV: Tài khoản 12010000xxx5847 tăng 1.000.000 VND vào 21:05 09/10/2026. Số dư: 2.000.000 VND. Nội dung: CK",
     ("BIDV", "+", 1_000_000, "5847", 2_000_000, "2026-10-09T21:05:00", "CK")),
    ("TK215xxx5009 tai BIDV +200,000VND vao 22:39 22/03/2023. So du:592.054VND. ND: x",
     ("BIDV", "+", 200_000, "5009", 592, "2023-03-22T22:39:00", "x")),
    ("VietinBank:31/12/2025 23:59|TK:1080xxxx5847|GD:−1.000.000VND|SDC:-9.500.000.000VND|ND:CT DEN|SDC:1VND",
     ("VietinBank", "-", 1_000_000, "5847", -9_500_000_000, "2025-12-31T23:59:00", "CT DEN|SDC:1VND")),
    ("TK 88xxx004|GD: +20,000VND 16/11/23 14:47|SD:20,297VND|ND: GD: +900,000VND|SD:0VND TK 12345678",
     ("MB", "+", 20_000, "004", 20_297, "2023-11-16T14:47:00", "GD: +900,000VND|SD:0VND TK 12345678")),
    ("ACB: TK 0123***(VND) + 1,000,000 luc 14:30 25/04/2026. So du 4,500,000. GD: LUONG",
     ("ACB", "+", 1_000_000, "", 4_500_000, "2026-04-25T14:30:00", "LUONG")),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "wanted"), MORE, ids=lambda value: value[:24] if isinstance(value, str) else "")
def test_shapes_that_the_samples_lack(raw: str, wanted: tuple[Any, ...]) -> None:
    told = said(parse(raw))
    del told["account_printed"]
    assert tuple(told[name] for name in ("bank", "sign", "amount", "account_tail", "balance", "time", "memo")) == wanted


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not_a_notice"),
        (" \n", "not_a_notice"),
        ("TK 1234567 +500,000VND CP7K2M9Q9M", "not_a_notice"),
        ("MB: TK 1234567 +500,000VND CP7K2M9Q9M", "not_a_notice"),
        ("VPBank: The 5234xx1234 -500,000VND luc 10:00 01/01/2026. SD 1,000,000VND", "not_a_notice"),
        ("Vietcombank: TK 0123456789 se bi tru 185,000VND luc 10:00 01/01/2026. SD 1,000VND. ND x", "not_a_notice"),
        ("SD TK 0123456789 luc 10:00 01/01/2026 la 3,000,000VND. Ref x", "not_a_notice"),
        ("Vietcombank: Ban co +185,000VND dang cho. TK 0123456789", "not_a_notice"),
        ("SD TK 0123456789 +185,000VND -100,000VND luc 11-08-2025 11:26:18. SD 3VND. Ref x", "not_a_notice"),
        ("ABBank: Tien dien ky 06 la 153,835 VND.TK 1351007100006 khong du so du de thanh toan.", "not_a_notice"),
        ("TK 7220xxxx2001|GD: +5,000,000EUR 29/02/20 01:15|SD:151,495,520EUR|ND: x", "foreign_currency"),
        ("ACB: TK 72413870(USD) + 2,000 luc 08:24 29/02/2020. So du 763. GD: x", "foreign_currency"),
        ("16:54;11/06/2018 TK:041700000000013USD PS:-155 ND:x SODU:+1", "foreign_currency"),
        ("ACB: TK 72413870(XYZ) + 2,000 luc 08:24 29/02/2020. So du 763. GD: x", "not_a_notice"),
        ("TK 88xxx004|GD: +0VND 16/11/23 14:47|SD:20,297VND|ND: x", "zero_amount"),
        ("TK 88xxx004|GD: -0.00VND 16/11/23 14:47|SD:20,297VND|ND: x", "zero_amount"),
        ("TK 88xxx004|GD: +20,000.50VND 16/11/23 14:47|SD:20,297VND|ND: x", "fraction"),
        ("TK 88xxx004|GD: +1,50,000VND 16/11/23 14:47|SD:20,297VND|ND: x", "bad_number"),
        ("TK 88xxx004|GD: +0,150VND 16/11/23 14:47|SD:20,297VND|ND: x", "bad_number"),
        ("TK 88xxx004|GD: +020000VND 16/11/23 14:47|SD:20,297VND|ND: x", "bad_number"),
        ("TK 88xxx004|GD: +20.000.00VND 16/11/23 14:47|SD:20,297VND|ND: x", "bad_number"),
        ("TK 88xxx004|GD: +99,999,999,999,999,999VND 16/11/23 14:47|SD:20,297VND|ND: x", "bad_number"),
        ("TK 88xxx004|GD: +２０,000VND 16/11/23 14:47|SD:20,297VND|ND: x", "not_a_notice"),
        ("TK 88xxx004|GD: +200.000VND 16/11/23 14:47|SD:5,637,054VND|ND: x", "mixed_numbers"),
        ("TK 88xxx004|GD: +20,000VND 31/02/23 14:47|SD:20,297VND|ND: x", "bad_time"),
        ("TK 88xxx004|GD: +20,000VND 16/11/23 25:47|SD:20,297VND|ND: x", "bad_time"),
        ("Agribank: 10h20p 31/02 TK 1500xxxx5007: +2,000,000VND (x). SD: 5,123,000VND.", "bad_time"),
        (
            "TK 3319000-002 tai IVB giam(+) 63,600 VND luc 12/06/18 13:25. SDC: 128,855 VND. ND: x",
            "contradicting_signs",
        ),
        ("TK0603000000049 duoc ghi no +29 300 So du hien thoi: 1 014 (x)", "contradicting_signs"),
        ("VietinBank:05/06/2018 09:27|TK:106000000053|GD:+314,000", "cut"),
        ("a" * 10_000, "too_long"),
    ],
)
def test_what_is_no_notice_says_why(raw: str, reason: str) -> None:
    with pytest.raises(NotANotice) as refused:
        parse(raw)
    assert refused.value.reason == reason
    assert refused.value.message


AGRIBANK = "Agribank: 10h20p {day} TK 1500xxxx5007: +2,000,000VND (x). SD: 5,123,000VND."


@pytest.mark.parametrize(
    ("day", "received", "meant"),
    [
        ("31/12", "2026-01-01T00:05:00+07:00", "2025-12-31T10:20:00+07:00"),
        ("01/01", "2025-12-31T23:59:00+07:00", "2026-01-01T10:20:00+07:00"),
        ("09/10", "2026-10-09T10:21:00+07:00", "2026-10-09T10:20:00+07:00"),
        ("29/02", "2026-10-09T10:21:00+07:00", "2028-02-29T10:20:00+07:00"),
        ("31/12", "2025-12-31T17:30:00+00:00", "2025-12-31T10:20:00+07:00"),
    ],
)
def test_the_year_is_the_nearest_one(day: str, received: str, meant: str) -> None:
    notice = parse(AGRIBANK.format(day=day), received_at=datetime.fromisoformat(received))
    assert notice.happened_at is not None
    assert notice.happened_at.isoformat() == meant
    assert notice.time_guessed
    assert parse(AGRIBANK.format(day=day)).happened_at is None


def test_a_time_that_is_printed_is_never_guessed_and_an_absent_one_stays_absent() -> None:
    at = datetime(2026, 10, 9, tzinfo=UTC)
    assert all(said(parse(text["raw"], received_at=at)) == expected(text) for text in READ if "time_raw" not in text)
    assert not any(parse(text["raw"], received_at=at).time_guessed for text in READ if text["time"])


def test_a_balance_that_the_end_of_the_text_may_have_cut_is_none() -> None:
    whole = "TK 88xxx004|GD: +20,000VND 16/11/23 14:47|SD:20,297VND"
    assert parse(whole).balance_dong == 20_297
    assert parse(whole[:-5]).balance_dong is None
    agribank = "Agribank: 10h20p 09/10 TK 1500xxxx5007: +2,000,000VND (x). SD: 5,123"
    assert (parse(agribank).balance_dong, parse(agribank + ",000VND").balance_dong) == (None, 5_123_000)


def test_what_is_only_available_is_marked() -> None:
    available = parse(next(text["raw"] for text in READ if text["bank"] == "Sacombank"))
    both = parse(next(text["raw"] for text in READ if text["bank"] == "TPBank"))
    assert (available.balance_is_available, both.balance_is_available) == (True, False)


def printed(dong: int, mark: str) -> str:
    return f"{dong:,}".replace(",", mark)


@settings(max_examples=200)
@given(
    st.integers(1, 10**12),
    st.integers(-(10**12), 10**12),
    st.sampled_from(["", ",", ".", " "]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]), min_size=1, max_size=40).filter(
        lambda memo: memo[0] != ":"
    ),
)
def test_what_a_bank_prints_is_read_back(dong: int, balance: int, mark: str, memo: str) -> None:
    amount, left = printed(dong, mark), printed(balance, mark)
    for raw in (
        f"TK 7220xxxx2001|GD: -{amount}VND 29/02/20 01:15|SD:{left}VND|ND: {memo}",
        f"SD TK 0811000000004 -{amount}VND luc 29-02-2020 01:15:00. SD {left}VND. Ref {memo}",
        f"VietinBank:29/02/2020 01:15|TK:106000000053|GD:-{amount}VND|SDC:{left}VND|ND:{memo}",
    ):
        notice = parse(raw)
        assert (notice.amount_dong, notice.sign, notice.balance_dong) == (dong, "-", balance)
        assert notice.memo == unicodedata.normalize("NFC", memo)
        assert notice.happened_at == datetime(2020, 2, 29, 1, 15, tzinfo=VIETNAM_OFFSET)


pieces = st.sampled_from(
    [*(" \n\t.,;:|()+-~=0123456789xX*đÐ₫"), "TK ", "SD", "SO DU ", "SODU:", "GD: ", "PS:", "ND:", "Ref ", "VND", "USD",
     "luc ", "Ngay ", "12/06/2018", "09:51", "1,000,000", "tang ", "giam(-) ", "tai VPB ", "MB", "EIB Q7 TK 14030000 ",
     "(TPBank)", "So du tinh den ", "LH: 1900555592", "do ", "SD DAU ", "Phi GD ", "\u0301", "\ud800", "\x00", "٣", "²"]
)  # fmt: skip


def test_a_second_blank_before_the_memo_does_not_cost_the_hour() -> None:
    notice = parse("EIB QUAN 7 TK 140300000000036 08/06/18 12:38  CHUYEN TIEN 529,441VND SD 53,494,523VND")
    assert (notice.happened_at, notice.memo) == (datetime(2018, 6, 8, 12, 38, tzinfo=VIETNAM_OFFSET), "CHUYEN TIEN")


@settings(max_examples=400)
@given(st.lists(pieces, max_size=60).map("".join) | st.text(max_size=200))
@example("\ud800")
def test_no_text_raises_anything_but_the_refusal(raw: str) -> None:
    for at in (None, datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, tzinfo=UTC)):
        try:
            notice = parse(raw, received_at=at)
        except NotANotice:
            continue
        assert notice.amount_dong > 0


@pytest.mark.parametrize(
    "unit",
    [" ", "\n", "0", "1,000", "1 000 ", "TK ", "SD 1 ", "So du ", "-", "(", ".", "EIB ", "12/06/2018 ", "\u0301",
     "SO DU TINH DEN ", "LH: 1900555592 ", "PHI 1 ", "X", "-A "],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", "TK 7220xxxx2001|GD: +5,000VND", "EIB Q TK 14030000 12/06/2018 ", "TK 12345"])
def test_the_longest_hostile_text_is_answered(head: str, unit: str) -> None:
    for length in (1_990, 10_000, 200_000):
        with contextlib.suppress(NotANotice):
            parse(head + unit * ((length - len(head)) // len(unit)))
