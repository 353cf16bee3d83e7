"""Drawn: chè lam on a banana leaf, beside a cup of tea."""

import math
import random

from storefront.demo.brush import Canvas, Shape, box, ellipse, moved, ribbon, smooth


def che_lam(canvas: Canvas, dice: random.Random) -> None:
    """Soft brown bars rolled in rice flour on a banana leaf, peanuts showing, a cup of green tea."""
    canvas.fill(box(0, 0, 1000, 1000), "#c9a06c")
    for i, x in enumerate(range(0, 1000, 200)):
        canvas.fill(box(x, 0, 198, 1000), ("#cda572", "#c79d68")[i % 2])
    leaf = smooth(
        [
            (20, 420),
            (160, 280),
            (460, 230),
            (780, 250),
            (985, 340),
            (960, 640),
            (860, 860),
            (520, 930),
            (180, 900),
            (40, 720),
        ]
    )
    canvas.shadow(leaf, down=18, right=8, soft=14, depth=0.36)
    canvas.fill(leaf, "#4f8a45")
    veins: list[tuple[Shape, str]] = [(ribbon([(0, 640), (500, 580), (1000, 560)], lambda _: 9), "#8fbf70")]
    for x in range(-40, 1040, 46):
        veins += [
            (ribbon([(x, 612 - x * 0.06), (x + 90, 200)], lambda _: 2.5), "#5f9a53"),
            (ribbon([(x, 612 - x * 0.06), (x + 90, 960)], lambda _: 2.5), "#5f9a53"),
        ]
    canvas.inside(leaf, veins)
    bars = [(140, 590, -7), (430, 560, 4), (700, 600, -5), (210, 740, 6), (500, 735, -4), (330, 430, -3), (590, 415, 5)]
    for x, y, turn in sorted(bars, key=lambda bar: bar[1]):
        _bar(canvas, dice, x, y, turn)
    saucer = ellipse(800, 200, 168, 118)
    canvas.shadow(saucer, down=18, right=8, soft=14, depth=0.4)
    canvas.fill(saucer, "#efe9da")
    canvas.fill(ellipse(800, 194, 156, 106), "#fbf8ef")
    canvas.fill(moved(ellipse(800, 170, 108, 76), 6, 18), "#cfc6b2")
    canvas.fill(ellipse(800, 164, 112, 80), "#f7f3e8")
    canvas.line(ellipse(800, 164, 106, 75), 6, "#35618e")
    canvas.fill(ellipse(800, 168, 92, 63), "#a3a83a")
    canvas.fill(ellipse(790, 160, 62, 38), "#b9bd55")


def _bar(canvas: Canvas, dice: random.Random, x: float, y: float, turn: float) -> None:
    tilt = math.radians(turn)

    def at(shape: Shape) -> Shape:
        return [
            (x + px * math.cos(tilt) - py * math.sin(tilt), y + px * math.sin(tilt) + py * math.cos(tilt))
            for px, py in shape
        ]

    top, front = at(box(0, 0, 230, 74, corner=16)), at(box(0, 34, 230, 92, corner=16))
    canvas.fill(moved(front, 8, 16), "#25401f70")
    canvas.fill(front, "#9a5f27")
    canvas.inside(
        front,
        [
            (
                at(ellipse(dice.uniform(14, 216), dice.uniform(80, 118), 15, 10, turn=dice.randint(0, 90))),
                dice.choice(("#f0d9a6", "#e3c17f")),
            )
            for _ in range(9)
        ]
        + [(at(ellipse(dice.uniform(10, 220), dice.uniform(78, 122), 5, 4)), "#fbf3df") for _ in range(16)],
    )
    canvas.fill(top, "#e9d2a4")
    canvas.inside(
        top,
        [
            (
                at(ellipse(dice.uniform(10, 220), dice.uniform(8, 66), dice.uniform(12, 30), dice.uniform(6, 14))),
                "#f8ecd0",
            )
            for _ in range(16)
        ]
        + [
            (at(ellipse(dice.uniform(20, 210), dice.uniform(14, 60), 12, 8, turn=dice.randint(0, 90))), "#c9995a")
            for _ in range(4)
        ],
    )
