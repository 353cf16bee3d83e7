"""Drawn pictures of the demo goods. They are illustrations and are shown as such; no photo pretends to be theirs."""

import random
from collections.abc import Callable

from PIL import Image

from storefront.demo import dry_goods, from_the_village, from_the_water, noodles_and_crusts, tea_sweets
from storefront.demo.brush import Canvas

Picture = Callable[[Canvas, random.Random], None]

# slug: (ground colour, who draws it, what it shows)
PICTURES: dict[str, tuple[str, Picture, str]] = {
    "ca-trach-kho": ("#e9d3a4", from_the_water.dried_loach, "Cá trạch khô phơi trên giàn tre (hình vẽ)"),
    "ca-trach-chien": ("#f1d9b0", from_the_water.fried_loach, "Bát cá trạch chiên giòn với ớt và lá chanh (hình vẽ)"),
    "mam-cay": ("#dfe4c8", from_the_water.crab_paste, "Hũ mắm cáy buộc vải, bên cạnh là con cáy (hình vẽ)"),
    "chuoi-say": ("#d5dfb6", dry_goods.dried_banana, "Lát chuối sấy trên mẹt tre (hình vẽ)"),
    "rau-cu-say": ("#f0d8bd", dry_goods.dried_vegetables, "Bát rau củ sấy nhiều màu (hình vẽ)"),
    "khoai-deo": ("#e7d0c4", noodles_and_crusts.soft_sweet_potato, "Khoai deo cắt lát và củ khoai lang (hình vẽ)"),
    "mien-dong": ("#d9e0d2", noodles_and_crusts.glass_noodles, "Bó miến dong buộc lạt (hình vẽ)"),
    "com-chay": ("#edd3a6", noodles_and_crusts.crisp_rice, "Cơm cháy Ninh Bình rắc ruốc (hình vẽ)"),
    "gao-nep": ("#e6d6b2", from_the_village.sticky_rice, "Bao gạo nếp và bông lúa (hình vẽ)"),
    "trung-vit": ("#e8d9b8", from_the_village.duck_eggs, "Rổ trứng vịt lót rơm (hình vẽ)"),
    "mat-ong": ("#f5dfa8", from_the_village.honey, "Hũ mật ong và tảng sáp (hình vẽ)"),
    "che-lam": ("#d7e0bd", tea_sweets.che_lam, "Chè lam bọc bột trên lá chuối, chén trà (hình vẽ)"),
}


def draw(slug: str, *, size: int = 1280) -> Image.Image:
    """The picture of ``slug``, ``size`` pixels square, RGB; the same pixels each time. Raises KeyError."""
    ground, picture, _ = PICTURES[slug]
    canvas = Canvas(size, ground)
    picture(canvas, random.Random(slug))  # noqa: S311  the same scatter of grains each time, no secret
    return canvas.finished()


def alt_text(slug: str) -> str:
    """What the picture shows, for those who do not see it. Raises KeyError."""
    return PICTURES[slug][2]
