"""From rows to posters: a product, a shop, an account that can be paid into. In Vietnamese, like all paper here."""

from datetime import date

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse

from base.money import figures
from catalog.models import Photo, Product
from cooperatives.models import BankAccount, Organization
from cooperatives.phones import shown as shown_phone
from payments import poster_codes
from payments.paper.pages import GREY
from payments.paper.posters import SIZES, Poster, Size, poster
from payments.paper.rows import Row
from payments.providers import vietqr
from storefront.share_pictures import place_of, unit_of

__all__ = ["SIZES", "Size", "of_account", "of_product", "of_shop"]
_MOST_VARIANTS = 3


def of_product(product: Product, *, size: Size, on: date) -> bytes:
    """The PDF: photo, name, prices of ``on``, the code that opens its page. Wants ``organization``, ``variants`` and
    ``photos`` loaded."""
    path = reverse("product", args=[product.slug])
    variants = list(product.variants.all())
    prices = [
        Row(f"{figures(variant.price_dong)} / {unit_of(variant)}", size=1.55 if place == 0 else 1.1, bold=True)
        for place, variant in enumerate(variants[:_MOST_VARIANTS])
    ]
    shop = product.organization
    photo = _bytes_of(next(iter(product.photos.all()), None))
    align = "middle" if photo is None else "left"
    rows = Poster(
        title="Tờ giới thiệu mặt hàng",
        head=tuple(_aligned([Row(product.name, size=2, bold=True), *prices], align)),
        payload=settings.SITE_URL + path,
        foot=tuple(
            _aligned(
                [
                    Row("Quét mã để xem và đặt hàng", size=1.15, bold=True),
                    Row(shop.name, size=1.05, bold=True, above=0.5),
                    *([Row(place_of(shop))] if place_of(shop) else []),
                    *([Row(f"Điện thoại {_phone(shop)}")] if shop.phone else []),
                    Row(_written(path), size=0.86, grey=GREY, above=0.5),
                    *([Row(f"Giá ngày {on:%d/%m/%Y}; giá mới ở trang này.", size=0.86, grey=GREY)] if prices else []),
                ],
                align,
            )
        ),
        photo=photo,
        demo=shop.is_demo,
    )
    return poster(rows, size=size)


def of_shop(shop: Organization, *, size: Size) -> bytes:
    """The PDF whose code opens ``/c/<slug>/``."""
    path = reverse("cooperative", args=[shop.slug])
    rows = Poster(
        title="Tờ giới thiệu hợp tác xã",
        head=tuple(
            _aligned(
                [
                    Row(shop.name, size=2.1, bold=True),
                    *([Row(place_of(shop), size=1.2)] if place_of(shop) else []),
                    Row("Hàng bà con tự tay làm, bán thẳng", size=1.2, above=0.5),
                ],
                "middle",
            )
        ),
        payload=settings.SITE_URL + path,
        foot=tuple(
            _aligned(
                [
                    Row("Quét mã để xem hàng và đặt mua", size=1.35, bold=True),
                    Row("Bằng máy ảnh điện thoại hoặc Zalo. Không phải cài gì.", size=0.92),
                    *([Row(f"Điện thoại {_phone(shop)}", size=1.1, above=0.4)] if shop.phone else []),
                    Row(_written(path), size=0.92, grey=GREY, above=0.4),
                ],
                "middle",
            )
        ),
        demo=shop.is_demo,
    )
    return poster(rows, size=size)


def of_account(account: BankAccount, *, size: Size) -> bytes:
    """The PDF with the account's VietQR, without amount and memo, and the code by which anybody checks it. Wants
    ``organization`` loaded. Raises vietqr.BadAccount, BadBin: not an account that a QR can name."""
    shop = account.organization
    code = poster_codes.shown(poster_codes.check_code(account))
    rows = Poster(
        title="Mã QR chuyển khoản",
        head=tuple(
            _aligned(
                [Row("Chuyển khoản cho", size=1), Row(shop.name, size=1.7, bold=True)],
                "middle",
            )
        ),
        payload=vietqr.write(bin=account.bin, account=account.number),
        foot=tuple(
            _aligned(
                [
                    Row(account.holder, size=1.15, bold=True),
                    Row(account.number, size=1.6, bold=True),
                    Row(account.bank_name, size=1.1),
                    Row(
                        "Ứng dụng ngân hàng phải hiện đúng tên và số này. Khác một chữ là đừng chuyển.",
                        size=0.86, above=0.2,
                    ),
                    Row(f"Mã kiểm tra  {code}", size=1.25, bold=True, above=0.35, rule=True),
                    Row(f"Gõ mã này, hoặc gửi ảnh tờ này, ở {_written(reverse('check'))}", size=0.86),
                    Row(
                        "Đặt hàng trên chợ thì quét mã của đơn: tiền tự khớp. Chuyển bằng tờ này không kèm mã đơn: "
                        "thủ quỹ đọc và xếp từng khoản bằng tay, nên ghi tên và số điện thoại vào nội dung.",
                        size=0.82, grey=GREY, above=0.35, rule=True,
                    ),
                ],
                "middle",
            )
        ),
        demo=shop.is_demo,
    )  # fmt: skip
    return poster(rows, size=size)


def _aligned(rows: list[Row], align: str) -> list[Row]:
    return [
        Row(row.text, size=row.size, bold=row.bold, grey=row.grey, above=row.above, align=align, rule=row.rule)
        for row in rows
    ]


def _phone(shop: Organization) -> str:
    """Not to be broken between its groups."""
    return shown_phone(shop.phone).replace(" ", "\u00a0")


def _written(path: str) -> str:
    """The address as it is typed by hand."""
    return settings.SITE_URL.partition("://")[2] + path


def _bytes_of(photo: Photo | None) -> bytes | None:
    if photo is None:
        return None
    try:
        with default_storage.open(photo.path(640, "jpg")) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None
