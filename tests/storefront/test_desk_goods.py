"""Goods at the desk: from a photo to the shop on one page, lots brought in, refusals kind and beside their field."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import Lot, Photo, Product
from tests.storefront.desk_walk import body, key_in, signed_in

NEW = {
    "name": "Bánh đa vừng", "category": "do-kho", "unit": "gói", "weight_g": "200", "price_dong": "25.000",
    "quantity": "12", "made_on": "2026-03-10", "best_before": "", "description": "Nướng than.",
}  # fmt: skip


def picture(side: int = 400) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (side, side), "orange").save(out, "JPEG")
    return SimpleUploadedFile("anh.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def clerk(world):
    return signed_in(world.clerk)


def test_one_page_puts_goods_on_the_shop_once(world, clerk):
    typed = {**NEW, "member": world.member_an.pk, "key": key_in(clerk.get("/desk/goods/new/"))}
    for _tap in range(2):
        assert clerk.post("/desk/goods/new/", {**typed, "photo": picture()}).status_code == 303
    product = Product.objects.get(name="Bánh đa vừng")
    [variant] = product.variants.all()
    assert (product.state, variant.name, variant.price_dong) == ("published", "gói 200 g", 25_000)
    assert (variant.on_hand, variant.weight_g) == (12, 200)
    assert (Lot.objects.get(variant=variant).member, product.maker) == (world.member_an, world.member_an)
    assert Photo.objects.filter(product=product).count() == 1
    assert "Bánh đa vừng" in body(clerk.get("/p/banh-da-vung/"))


def test_goods_by_weight_count_in_grams(world, clerk):
    clerk.post("/desk/goods/new/", {**NEW, "unit": "kg", "weight_g": "", "quantity": "12,35 kg", "key": "k"})
    [variant] = Product.objects.get(name="Bánh đa vừng").variants.all()
    assert (variant.sold_by, variant.unit, variant.on_hand) == ("weight", 1000, 12_350)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Hãy ghi tên hàng."),
        ("name", "x" * 121, "Dài quá"),
        ("price_dong", "0", "Chưa đọc được số tiền"),
        ("price_dong", "10000000000000", "Giá phải là số đồng chẵn"),
        ("price_dong", "hai mươi", "Chưa đọc được số tiền"),
        ("unit", "", "Hãy ghi đơn vị"),
        ("unit", "x" * 21, "Hãy ghi đơn vị bán"),
        ("quantity", "mười", "Chưa đọc được số lượng"),
        ("quantity", "0", "Số lượng không hợp lệ"),
        ("quantity", "1,5", "Chưa đọc được số lượng"),
        ("made_on", "2100-01-01", "Ngày làm ra không hợp lệ"),
        ("best_before", "2020-01-01", "Hạn dùng không hợp lệ"),
        ("made_on", "hôm qua", "Ngày chưa đúng"),
        ("category", "khong-co", "Hãy chọn nhóm"),
        ("member", "99999", "Hãy chọn một thành viên"),
        ("weight_g", "hai lạng", "Ghi số gam"),
    ],
)
def test_each_refusal_stands_beside_its_field_and_nothing_is_lost(world, clerk, field, typed, said):
    before = Product.objects.count(), Lot.objects.count()
    answer = clerk.post("/desk/goods/new/", {**NEW, field: typed, "key": "k"})
    page = body(answer)
    assert answer.status_code == 422
    beside = page[page.index(f'-{field}_error"') :]
    assert said in beside[: beside.index("</div>")]
    assert "Nướng than." in page
    assert (Product.objects.count(), Lot.objects.count()) == before


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: SimpleUploadedFile("a.jpg", b"GIF89a not a picture"), "không phải ảnh"),
        (lambda: picture(100), "Ảnh nhỏ quá"),
        (lambda: SimpleUploadedFile("a.jpg", b""), "Tệp ảnh rỗng"),
    ],
)
def test_a_bad_photo_leaves_nothing_behind(world, clerk, file, said):
    answer = clerk.post("/desk/goods/new/", {**NEW, "photo": file(), "key": "k"})
    assert answer.status_code == 422
    assert said in body(answer)
    assert not Product.objects.filter(name="Bánh đa vừng").exists()
    assert not Photo.objects.exists()


def test_a_lot_is_received_once(world, clerk):
    page = clerk.get(f"/desk/lots/{world.variant.pk}/new/")
    typed = {"quantity": "15 gói", "member": world.member_hoa.pk, "key": key_in(page)}
    for _tap in range(2):
        assert clerk.post(f"/desk/lots/{world.variant.pk}/new/", typed).status_code == 303
    world.variant.refresh_from_db()
    assert world.variant.on_hand == 45
    assert "lô" in body(clerk.get("/desk/goods/"))


def test_a_lot_that_cannot_be_read_says_why(world, clerk):
    answer = clerk.post(f"/desk/lots/{world.variant.pk}/new/", {"quantity": "nhiều", "key": "k"})
    assert answer.status_code == 422
    assert '-quantity_error"' in body(answer)


def test_withdrawn_goods_leave_the_shop_and_come_back(world, clerk):
    clerk.post(f"/desk/goods/{world.product.pk}/withdraw/")
    assert clerk.get(f"/p/{world.product.slug}/").status_code == 404
    assert "Đưa lên chợ" in body(clerk.get("/desk/goods/"))
    clerk.post(f"/desk/goods/{world.product.pk}/publish/")
    assert clerk.get(f"/p/{world.product.slug}/").status_code == 200


def test_one_more_photo(world, clerk):
    assert clerk.post(f"/desk/goods/{world.product.pk}/photo/", {"photo": picture(), "key": "k"}).status_code == 303
    assert Photo.objects.filter(product=world.product).count() == 1
    empty = clerk.post(f"/desk/goods/{world.product.pk}/photo/", {"key": "k"})
    assert empty.status_code == 422
    assert "Hãy chọn ảnh." in body(empty)


def test_the_phone_offers_camera_and_gallery(clerk):
    page = body(clerk.get("/desk/goods/new/"))
    assert 'accept="image/*"' in page
    assert "capture" not in page


def test_the_treasurer_reads_the_list_and_has_no_buttons(world):
    page = body(signed_in(world.treasurer).get("/desk/goods/"))
    assert world.product.name in page
    assert "Nhận thêm hàng" not in page
    assert "Gỡ khỏi chợ" not in page
