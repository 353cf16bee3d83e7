"""``organization create``: a real organization, asked for step by step or given by flags."""

import sys
from datetime import date
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from base.money import BadAmount, dong_from_text
from base.periods import today_in_vietnam
from catalog import versions
from catalog.models import Category, CategoryFee
from cooperatives import joining, phones
from cooperatives.demo_mode import end_demo
from cooperatives.models import Organization
from orders.models import PickupPoint
from payments import feeds, opening
from payments.models import Feed
from payments.providers.banks import BANKS

# flag, question in the words of the one who answers, whether it may be left empty
QUESTIONS = (
    ("name", "Tên hợp tác xã, trường hoặc đơn vị thu (đầy đủ)", False),
    ("slug", "Tên viết gọn trên địa chỉ web, chữ thường không dấu, ví dụ: htx-yen-mo", False),
    ("phone", "Điện thoại cho người mua gọi", False),
    ("address", "Địa chỉ (thôn, xóm)", False),
    ("commune", "Xã, phường", False),
    ("province", "Tỉnh, thành phố", False),
    ("manager-name", "Họ tên người quản lý", False),
    ("manager-phone", "Điện thoại của người quản lý, dùng để đăng nhập", False),
    ("manager-password", "Mật khẩu của người quản lý (ít nhất 8 ký tự)", False),
    ("bank-bin", "Mã ngân hàng 6 chữ số hoặc tên ngắn, ví dụ: 970436 hoặc Vietcombank", False),
    ("account", "Số tài khoản", False),
    ("holder", "Tên chủ tài khoản như ngân hàng in", False),
    ("opening-dong", "Số dư tài khoản đầu ngày hôm nay, số đồng", False),
    ("fee-percent", "Hợp tác xã giữ bao nhiêu phần trăm tiền hàng (ví dụ 10)", False),
    ("sepay-key", "Khóa bí mật SePay; để trống nếu chưa có, nối sau ở trang Ngân hàng", True),
)
UNSEEN = {"manager-password", "sepay-key"}  # typed without being shown
FIRST_CATEGORIES = (
    ("do-kho", "Đồ khô"),
    ("trai-cay-rau", "Trái cây, rau củ"),
    ("gao-mien", "Gạo, miến, bún"),
    ("trung-mat-ong", "Trứng, mật ong"),
    ("banh-que", "Bánh quê"),
    ("do-thu-cong", "Đồ thủ công"),
)
MOST_FEE_BP = 5000


class Command(JsonLinesCommand):
    help = "Open a real organization: manager, bank account, opening balance, SePay. Ends the demo on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="asks what no flag answers when a person sits at the terminal")
        for flag, question, _optional in QUESTIONS:
            create.add_argument(f"--{flag}", help=question.replace("%", "%%"))
        create.add_argument(
            "--auth", choices=Feed.Auth.values, default=Feed.Auth.HMAC.value, help="how SePay proves its calls"
        )
        create.add_argument(
            "--kind", choices=Organization.Kind.values, default=Organization.Kind.COOPERATIVE.value,
            help="a cooperative sells; a school and a utility only bill",
        )  # fmt: skip
        create.add_argument(
            "--bills-for", choices=Organization.BillsFor.values, default="",
            help="what it bills for; a cooperative may do both",
        )  # fmt: skip
        create.add_argument("--opened-on", type=date.fromisoformat, help="first day of the books; default: today")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, bills_for = Organization.Kind(options["kind"]), options["bills_for"]
        sells = kind == Organization.Kind.COOPERATIVE
        if not sells and not bills_for:
            bills_for = "school" if kind == Organization.Kind.SCHOOL else "other"
        answers = {
            flag: self._answer(flag, question, optional, options)
            for flag, question, optional in QUESTIONS
            if sells or flag != "fee-percent"
        }
        bank = _bank(answers["bank-bin"])
        opening_dong = _dong(answers["opening-dong"])
        fee_bp = _basis_points(answers["fee-percent"]) if sells else 0
        at = timezone.now()
        with transaction.atomic():  # all of it or nothing: the next try finds a clean table
            manager = joining.enrol_person(
                name=answers["manager-name"], phone=answers["manager-phone"], password=answers["manager-password"]
            )
            organization = joining.open_organization(
                name=answers["name"], slug=answers["slug"], kind=kind, sells=sells, bills=bool(bills_for),
                opened_on=options["opened_on"] or today_in_vietnam(),
                account=joining.NewAccount(
                    bin=bank[0], bank_name=bank[1], number=answers["account"].replace(" ", ""), holder=answers["holder"]
                ),
                manager=manager, at=at, phone=phones.e164(answers["phone"]), address=answers["address"],
                commune_name=answers["commune"], province_name=answers["province"],
                bills_for=bills_for,
            )  # fmt: skip
            account = organization.bank_accounts.get(is_default=True)
            opening.open_account(bank_account=account, amount_dong=opening_dong, actor=manager, at=at)
            if sells:
                self._shelves(organization, fee_bp=fee_bp)
            versions.moved([organization.pk, *end_demo()])
            feed = None
            if answers["sepay-key"]:
                feed = feeds.connect(
                    bank_account=account, provider=Feed.Provider.SEPAY, auth=Feed.Auth(options["auth"]),
                    key=answers["sepay-key"], actor=manager, at=at,
                )  # fmt: skip
        hook = f"{settings.SITE_URL}{reverse('hook', args=['sepay', feed.token])}" if feed else None
        self.print_json(
            {
                "organization": organization.slug, "sign_in": manager.phone, "account": account.number, "hook": hook,
                "next": f"{settings.SITE_URL}{reverse('desk-feed' if sells else 'biller')}",
            }
        )  # fmt: skip
        self._say_what_next(hook=hook, account=account.number)

    def _answer(self, flag: str, question: str, optional: bool, options: dict[str, Any]) -> str:
        given = options[flag.replace("-", "_")]
        if given is not None or not sys.stdin.isatty():
            if not given and not optional:
                raise Unusable("MISSING_ANSWER", f"--{flag}: {question}")
            return (given or "").strip()
        while True:
            self.stderr.write(f"{question}:")
            typed = getpass("", stream=sys.stderr) + "\n" if flag in UNSEEN else sys.stdin.readline()
            if not typed:
                raise Unusable("MISSING_ANSWER", f"--{flag}: {question}")
            if typed.strip() or optional:
                return typed.strip()

    def _shelves(self, organization: Organization, *, fee_bp: int) -> None:
        """Categories to list goods under with the share that is kept, and a first place to pick them up."""
        for position, (slug, name) in enumerate(FIRST_CATEGORIES):
            category, _made = Category.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})
            CategoryFee.objects.create(organization=organization, category=category, fee_bp=fee_bp)
        place = ", ".join(part for part in (organization.address, organization.commune_name) if part)
        PickupPoint.objects.create(organization=organization, name="Tại hợp tác xã", place=place)

    def _say_what_next(self, *, hook: str | None, account: str) -> None:
        """For the person at the terminal; standard output stays JSON."""
        steps = [
            "Đã mở. Đăng nhập bằng số điện thoại và mật khẩu của người quản lý, rồi vào Bàn làm việc, mục Ngân hàng.",
        ]
        if hook:
            steps += [
                "Ở my.sepay.vn, mục WebHooks, bấm Thêm webhooks:",
                "  sự kiện: cả tiền vào và tiền ra; “bỏ qua nếu không có mã thanh toán”: Không;",
                f"  gọi đến URL: {hook}",
                "  kiểu chứng thực như đã chọn, dán đúng khóa vừa ghi; Content type: application/json.",
                f"Chuyển thử 1.000 ₫ đến {account}, nội dung THU KET NOI; trang Ngân hàng sẽ báo đã thấy.",
            ]
        for step in steps:
            self.stderr.write(step)


def _bank(text: str) -> tuple[str, str]:
    """BIN and name, from either; an unknown BIN is still right (payments/providers/banks.py)."""
    wanted = text.casefold()
    for bank in BANKS:
        if wanted in {bank.bin, bank.code.casefold(), bank.short_name.casefold()}:
            return bank.bin, bank.short_name
    if len(text) == 6 and text.isascii() and text.isdigit():
        return text, text
    raise Unusable("UNKNOWN_BANK", f"Không biết ngân hàng {text!r}. Ghi mã 6 chữ số (BIN) của ngân hàng.")


def _dong(text: str) -> int:
    try:
        return dong_from_text(text.replace(".", "").replace(" ", ""))
    except BadAmount as refused:
        raise Unusable("BAD_AMOUNT", "--opening-dong: ghi số đồng chẵn, ví dụ 3250000.") from refused


def _basis_points(text: str) -> int:
    """``10`` → 1000, ``7,2`` → 720."""
    whole, _point, part = text.removesuffix("%").strip().replace(",", ".").partition(".")
    digits = whole + part.ljust(2, "0")
    if len(part) > 2 or not whole or not digits.isascii() or not digits.isdigit() or int(digits) > MOST_FEE_BP:
        raise Unusable("BAD_FEE", "--fee-percent: từ 0 đến 50, nhiều nhất hai số lẻ.")
    return int(digits)
