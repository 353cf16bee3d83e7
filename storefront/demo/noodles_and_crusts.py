"""Sweet potato strips, glass noodles, puffed rice crusts."""

import math
import random

from storefront.demo.brush import Canvas, Point, Shape, box, ellipse, moved, ribbon, smooth


def soft_sweet_potato(canvas: Canvas, dice: random.Random) -> None:
    """Amber strips with a soft shine on a plate, a purple-skinned root behind them."""
    canvas.fill(box(0, 0, 1000, 1000), "#e7d0c4")
    for x in (-60, 300, 660):
        canvas.fill([(x, 0), (x + 120, 0), (x + 120, 1000), (x, 1000)], "#e2c8ba")
    root = smooth(
        [
            (120, 300),
            (190, 190),
            (340, 120),
            (540, 105),
            (720, 130),
            (850, 90),
            (905, 118),
            (800, 215),
            (640, 300),
            (420, 350),
            (230, 360),
        ]
    )
    canvas.shadow(root, down=26, right=10, soft=18, depth=0.42)
    canvas.fill(root, "#8f3a57")
    canvas.inside(
        root,
        [
            (smooth([(100, 330), (400, 300), (700, 230), (900, 110), (900, 300), (500, 420), (120, 420)]), "#752c47"),
            (smooth([(230, 215), (400, 150), (560, 138), (420, 178), (270, 245)]), "#ad5874"),
            *[
                (ellipse(dice.randint(200, 780), dice.randint(150, 310), dice.randint(16, 34), 4, turn=-14), "#67263d")
                for _ in range(14)
            ],
        ],
    )
    plate = ellipse(510, 610, 420, 320)
    canvas.shadow(plate, down=28, right=10, soft=22, depth=0.4)
    canvas.fill(plate, "#f6f1e5")
    canvas.fill(ellipse(510, 602, 408, 306), "#fdfaf2")
    canvas.fill(ellipse(510, 612, 318, 230), "#ebe3d0")
    canvas.fill(ellipse(510, 618, 310, 222), "#f3ecdc")
    strips = [
        (350, 520, -32),
        (640, 505, 26),
        (480, 480, 4),
        (300, 640, 18),
        (700, 630, -24),
        (520, 740, -6),
        (430, 610, -48),
        (590, 625, 42),
        (505, 575, -10),
    ]
    for i, (x, y, turn) in enumerate(strips):
        _strip(canvas, dice, x, y, turn, ("#d06a17", "#c65d12", "#db7a22")[i % 3])


def _strip(canvas: Canvas, dice: random.Random, x: float, y: float, turn: float, colour: str) -> None:
    tilt = math.radians(turn)
    bend = dice.uniform(-22, 22)
    spine = smooth(
        [
            (x + d * math.cos(tilt) - b * math.sin(tilt), y + d * math.sin(tilt) + b * math.cos(tilt))
            for d, b in ((-150, bend), (-60, -bend * 0.4), (50, bend * 0.3), (150, -bend))
        ],
        closed=False,
    )
    shape = ribbon(spine, lambda p: 40 * (0.42 + 0.58 * math.sin(math.pi * (0.05 + 0.9 * p)) ** 0.5))
    canvas.fill(moved(shape, 8, 15), "#5a301a55")
    canvas.fill(shape, colour)
    canvas.inside(
        shape,
        [
            (ribbon(moved(spine, 0, 22), lambda _: 15), "#a8480c"),
            (ribbon(moved(spine[5:-5], 0, -13), lambda p: 8 * math.sin(math.pi * p)), "#f5b266"),
            (ribbon(moved(spine[8:-10], 4, 3), lambda _: 2), "#b5540f"),
        ],
    )


def glass_noodles(canvas: Canvas, dice: random.Random) -> None:
    """Two skeins of grey-gold noodles, tied with bamboo string."""
    leaf = smooth([(-60, 700), (200, 560), (620, 520), (1060, 600), (1060, 960), (600, 1000), (100, 980)])
    canvas.fill(leaf, "#6f9d58")
    canvas.inside(
        leaf,
        [(ribbon([(-60, 830), (400, 760), (1060, 790)], lambda _: 8), "#a4c487")]
        + [(ribbon([(x, 790), (x + 120, 520)], lambda _: 3), "#83ad69") for x in range(-60, 1060, 90)]
        + [(ribbon([(x, 790), (x + 120, 1050)], lambda _: 3), "#83ad69") for x in range(-60, 1060, 90)],
    )
    for top, turn in ((180, -4), (480, 5)):
        _skein(canvas, dice, 500, top + 140, turn)


def _skein(canvas: Canvas, dice: random.Random, cx: float, cy: float, turn: float) -> None:
    tilt = math.radians(turn)

    def at(x: float, y: float) -> Point:
        return (cx + x * math.cos(tilt) - y * math.sin(tilt), cy + x * math.sin(tilt) + y * math.cos(tilt))

    outline = smooth(
        [
            at(*p)
            for p in (
                (-385, -95),
                (-260, -140),
                (-120, -96),
                (120, -96),
                (260, -140),
                (385, -95),
                (418, 0),
                (385, 95),
                (260, 140),
                (120, 96),
                (-120, 96),
                (-260, 140),
                (-385, 95),
                (-418, 0),
            )
        ]
    )
    canvas.shadow(outline, down=28, right=10, soft=18, depth=0.42)
    canvas.fill(outline, "#b9ab90")
    strands: list[tuple[Shape, str]] = []
    for i in range(25):
        y = -132 + i * 11
        squeeze = 0.66
        pinch = [
            at(-430, y * 0.82),
            at(-260, y + dice.randint(-5, 5)),
            at(-118, y * squeeze),
            at(0, y * squeeze + dice.randint(-4, 4)),
            at(118, y * squeeze),
            at(260, y + dice.randint(-5, 5)),
            at(430, y * 0.82),
        ]
        strands.append(
            (
                ribbon(smooth(pinch, closed=False), lambda _: 3.4),
                dice.choice(("#e9e1cd", "#d8ccb2", "#f4eee0", "#cabd9f")),
            )
        )
    canvas.inside(outline, strands)
    for side in (-1, 1):  # the folded ends
        for r in range(4):
            loop = [
                at(side * (388 + (18 - r * 9) * math.cos(math.radians(a))), (104 - r * 22) * math.sin(math.radians(a)))
                for a in range(-80, 81, 10)
            ]
            canvas.line(loop, 6, ("#f1eadb", "#d5c8ac")[r % 2])
    for x in (-128, 0, 128):
        band = ribbon([at(x, -100), at(x + 5, 0), at(x, 100)], lambda _: 15)
        canvas.fill(moved(band, 5, 4), "#5a401540")
        canvas.fill(band, "#8c9a3f" if x == 0 else "#a3ae55")
        canvas.line([at(x - 5, -92), at(x - 1, 0), at(x - 5, 92)], 4, "#c8cf86")


def crisp_rice(canvas: Canvas, dice: random.Random) -> None:
    """A stack of round golden rice crusts, the top one under shredded pork."""
    canvas.fill(box(0, 620, 1000, 380), "#a8683f")
    canvas.fill(box(0, 620, 1000, 12), "#bd7d51")
    plate = ellipse(500, 800, 430, 120)
    canvas.shadow(plate, down=24, right=8, soft=18, depth=0.5)
    canvas.fill(plate, "#2f5d6b")
    canvas.fill(ellipse(500, 788, 418, 108), "#3f7483")
    for i, (cx, cy) in enumerate(((505, 740), (490, 655), (512, 570))):
        _crust(canvas, dice, cx, cy, 340 - i * 8, 128, floss=i == 2)


def _crust(canvas: Canvas, dice: random.Random, cx: float, cy: float, rx: float, ry: float, *, floss: bool) -> None:
    def ragged(scale: float, lift: float) -> Shape:
        return smooth(
            [
                (
                    cx + rx * scale * (1 + dice.uniform(-0.022, 0.022)) * math.cos(i / 26 * math.tau),
                    cy + lift + ry * scale * math.sin(i / 26 * math.tau),
                )
                for i in range(26)
            ],
            steps=5,
        )

    side = ragged(1, 44)
    canvas.fill(moved(side, 6, 16), "#3d1c0a60")
    canvas.fill(side, "#b87420")
    for i in range(58):
        angle = math.pi * i / 57
        canvas.fill(
            ellipse(
                cx + rx * 0.985 * math.cos(angle),
                cy + 26 + ry * math.sin(angle) + dice.randint(-12, 14),
                15,
                10,
                turn=dice.randint(-30, 30),
            ),
            dice.choice(("#e2a640", "#cf8d2c", "#f0c069")),
        )
    top = ragged(1, 0)
    canvas.fill(top, "#e7ae48")
    for _ in range(330):
        angle, far = dice.uniform(0, math.tau), math.sqrt(dice.uniform(0, 0.97))
        canvas.fill(
            ellipse(cx + rx * far * math.cos(angle), cy + ry * far * math.sin(angle), 14, 8, turn=dice.randint(0, 180)),
            dice.choice(("#f6d184", "#f0bf62", "#fbe2a8", "#dc9b37")),
        )
    if not floss:
        return
    mound = smooth(
        [
            (cx - 215, cy - 4),
            (cx - 170, cy - 78),
            (cx - 70, cy - 132),
            (cx + 50, cy - 140),
            (cx + 150, cy - 88),
            (cx + 212, cy - 8),
            (cx + 120, cy + 44),
            (cx - 110, cy + 48),
        ]
    )
    canvas.fill(moved(mound, 8, 14), "#5a2c0a55")
    canvas.fill(mound, "#9a4f1c")
    for _ in range(190):
        angle, far = dice.uniform(0, math.tau), math.sqrt(dice.uniform(0, 1))
        x, y = cx + 200 * far * math.cos(angle), cy - 42 + 84 * far * math.sin(angle)
        bend, half = dice.uniform(-13, 13), dice.uniform(20, 36)
        lean = dice.uniform(-12, 12)
        canvas.line(
            smooth([(x - half, y - lean), (x, y + bend), (x + half, y + lean)], closed=False, steps=5),
            5,
            dice.choice(("#c8782f", "#b5621f", "#dd9a4e", "#8a4316")),
        )
    for x, y, turn in (
        (cx - 60, cy - 96, -30),
        (cx + 40, cy - 60, 20),
        (cx + 110, cy - 92, 50),
        (cx - 120, cy - 36, 10),
        (cx - 10, cy - 130, 0),
    ):
        canvas.fill(ellipse(x, y, 22, 9, turn=turn), "#4f8a3a")
        canvas.fill(ellipse(x, y, 12, 4, turn=turn), "#8bbd63")
