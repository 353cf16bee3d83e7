"""Fruit, roots, noodles and rice, dried or puffed."""

import math
import random

from storefront.demo.brush import Canvas, Point, Shape, box, ellipse, moved, ribbon, smooth


def tray(canvas: Canvas, cx: float, cy: float, radius: float) -> Shape:
    """A round woven bamboo tray seen from above; returns its floor."""
    rim, floor = ellipse(cx, cy, radius, radius), ellipse(cx, cy, radius - 44, radius - 44)
    canvas.shadow(rim, down=26, right=14, soft=22, depth=0.4)
    canvas.fill(rim, "#b5854a")
    canvas.fill(ellipse(cx, cy, radius - 12, radius - 12), "#cfa062")
    canvas.fill(ellipse(cx, cy, radius - 34, radius - 34), "#a87840")
    weave: list[tuple[Shape, str]] = [(floor, "#dcb676")]
    step = 46
    for row in range(-11, 12):
        for column in range(-11, 12):
            x, y = cx + column * step, cy + row * step
            across = (row + column) % 2 == 0
            slat = box(x - 21, y - 15, 42, 30, corner=5) if across else box(x - 15, y - 21, 30, 42, corner=5)
            weave.append((slat, "#e6c488" if across else "#d2a965"))
    canvas.inside(floor, weave)
    for i in range(36):  # the binding of the rim
        angle = i * math.pi / 18
        c, s = math.cos(angle), math.sin(angle)
        canvas.line(
            [
                (cx + c * (radius - 4), cy + s * (radius - 4)),
                (cx + math.cos(angle + 0.05) * (radius - 40), cy + math.sin(angle + 0.05) * (radius - 40)),
            ],
            7,
            "#8c602c",
        )
    return floor


def _banana_slice(canvas: Canvas, dice: random.Random, x: float, y: float, radius: float) -> None:
    bumps = [1 + dice.uniform(-0.06, 0.06) for _ in range(9)]
    turn = dice.uniform(0, math.tau)
    outline = [
        (x + math.cos(turn + i / 9 * math.tau) * radius * b, y + math.sin(turn + i / 9 * math.tau) * radius * b * 0.96)
        for i, b in enumerate(bumps)
    ]
    edge, flesh, heart = dice.choice(
        (("#b8731d", "#eeb548", "#d58f2b"), ("#a9661a", "#e5a63b", "#c98323"), ("#c07f28", "#f4c35c", "#dc9a36"))
    )
    canvas.fill(moved(smooth(outline), 6, 10), "#5a361548")
    canvas.fill(smooth(outline), edge)
    inner = [(x + (px - x) * 0.86, y + (py - y) * 0.86 - 3) for px, py in outline]
    canvas.fill(smooth(inner), flesh)
    for arm in range(3):  # three seed chambers: banana, not carrot
        angle = turn + arm * math.tau / 3
        c, s = math.cos(angle), math.sin(angle)
        canvas.fill(
            ellipse(
                x + c * radius * 0.3, y + s * radius * 0.3 - 2, radius * 0.27, radius * 0.13, turn=math.degrees(angle)
            ),
            heart,
        )
        for far in (0.24, 0.4):
            canvas.fill(
                ellipse(x + c * radius * far, y + s * radius * far - 2, radius * 0.045, radius * 0.045), "#6d3d10"
            )


def _banana(canvas: Canvas, spine: list[Point], *, width: float) -> None:
    curve = smooth(spine, closed=False, steps=16)
    body = ribbon(curve, lambda p: width * (0.3 + 0.7 * math.sin(math.pi * (0.1 + 0.82 * p)) ** 0.7))
    canvas.shadow(body, down=18, right=12, soft=12, depth=0.36)
    canvas.fill(body, "#f2c230")
    canvas.inside(
        body,
        [
            (ribbon([(x + width * 0.38, y + width * 0.42) for x, y in curve], lambda _: width * 0.42), "#dda51f"),
            (ribbon([(x - width * 0.26, y - width * 0.3) for x, y in curve], lambda _: width * 0.1), "#fade74"),
        ],
    )
    canvas.fill(ellipse(*curve[-1], width * 0.24, width * 0.24), "#5d4419")
    canvas.line(
        [curve[0], (curve[0][0] + (curve[0][0] - curve[6][0]) * 0.5, curve[0][1] + (curve[0][1] - curve[6][1]) * 0.5)],
        width * 0.5,
        "#a8982f",
    )


def dried_banana(canvas: Canvas, dice: random.Random) -> None:
    """Golden slices spread on a bamboo tray, two small bananas beside it."""
    leaf = smooth([(-40, 60), (160, -40), (520, -60), (300, 140), (60, 300), (-60, 330)])
    canvas.fill(leaf, "#7ea75a")
    canvas.line(smooth([(-40, 220), (180, 70), (500, -50)], closed=False), 12, "#a9c77f")
    tray(canvas, 470, 520, 432)
    spots: list[Point] = [(470, 520)]
    for ring, count in ((150, 6), (285, 12)):
        spots += [
            (470 + math.cos(i / count * math.tau + ring) * ring, 520 + math.sin(i / count * math.tau + ring) * ring)
            for i in range(count)
        ]
    for x, y in spots:
        _banana_slice(canvas, dice, x + dice.randint(-9, 9), y + dice.randint(-9, 9), dice.randint(64, 71))
    _banana(canvas, [(985, 560), (935, 720), (810, 850), (650, 935)], width=52)
    _banana(canvas, [(1015, 640), (975, 810), (860, 925), (720, 1000)], width=52)


def bowl(
    canvas: Canvas, *, cx: float, top: float, wide: float, deep: float, colour: str, shade: str, light: str
) -> tuple[Shape, Shape]:
    """Back of a bowl with its shadow on the table; returns (front, mouth) to be filled after its content."""
    mouth = ellipse(cx, top, wide, wide * 0.3)
    front = ellipse(cx, top, wide, wide * 0.3, start=0, end=180) + smooth(
        [
            (cx - wide, top),
            (cx - wide * 0.9, top + deep * 0.5),
            (cx - wide * 0.45, top + deep),
            (cx + wide * 0.45, top + deep),
            (cx + wide * 0.9, top + deep * 0.5),
            (cx + wide, top),
        ],
        closed=False,
    )
    canvas.shadow(ellipse(cx, top + deep, wide * 0.75, 36), down=14, right=14, soft=20, depth=0.45)
    canvas.fill(mouth, light)
    canvas.fill(ellipse(cx, top + 6, wide * 0.93, wide * 0.26), shade)
    return front, mouth


def _bowl_front(
    canvas: Canvas,
    front: Shape,
    *,
    cx: float,
    top: float,
    wide: float,
    deep: float,
    colour: str,
    shade: str,
    light: str,
) -> None:
    canvas.fill(front, colour)
    canvas.inside(
        front,
        [
            (
                smooth(
                    [
                        (cx + wide * 0.55, top - 20),
                        (cx + wide * 1.1, top - 20),
                        (cx + wide, top + deep * 1.1),
                        (cx + wide * 0.1, top + deep * 1.1),
                        (cx + wide * 0.5, top + deep * 0.7),
                    ]
                ),
                shade,
            )
        ],
    )
    canvas.line(ellipse(cx, top, wide, wide * 0.3, start=0, end=180), 12, light)


def dried_vegetables(canvas: Canvas, dice: random.Random) -> None:
    """A clay bowl heaped with crisp slices in many colours."""
    canvas.fill(box(0, 650, 1000, 350), "#c79a6b")
    for y in (740, 850, 955):
        canvas.fill(box(0, y, 1000, 5), "#b3865777")
    clay = {"cx": 500.0, "top": 540.0, "wide": 390.0, "deep": 310.0}
    front, _ = bowl(canvas, **clay, colour="#8a4a2c", shade="#6f3820", light="#a8603d")
    spots = [
        (x, y)
        for y, xs in (
            (330, (430, 570)),
            (385, (330, 470, 600, 690)),
            (440, (250, 380, 510, 640, 760)),
            (500, (190, 310, 440, 560, 690, 810)),
            (556, (240, 360, 480, 610, 740)),
        )
        for x in xs
    ]
    kinds = [_carrot, _beet, _taro, _bean, _jackfruit]
    for i, (x, y) in enumerate(spots):
        kinds[i * 3 % 5](canvas, x + dice.randint(-16, 16), y + dice.randint(-10, 10), dice.randint(-40, 40))
    _bowl_front(canvas, front, **clay, colour="#8a4a2c", shade="#743c22", light="#b56d48")
    canvas.inside(
        front,
        [
            (ribbon(ellipse(500, 610, 400, 122, start=0, end=180), lambda _: 5), "#c98a63"),
            (ribbon(ellipse(500, 634, 396, 124, start=0, end=180), lambda _: 3), "#c98a63"),
        ],
    )
    for kind, x, y in ((_carrot, 140, 880), (_taro, 830, 900), (_bean, 250, 930), (_beet, 905, 800)):
        kind(canvas, x, y, 20)


def _carrot(canvas: Canvas, x: float, y: float, turn: float) -> None:
    petals = smooth(
        [
            (
                x + (78 if i % 2 else 60) * math.cos(math.radians(turn + i * 36)),
                y + (62 if i % 2 else 47) * math.sin(math.radians(turn + i * 36)),
            )
            for i in range(10)
        ]
    )
    canvas.fill(moved(petals, 5, 10), "#4a2c1048")
    canvas.fill(petals, "#e0691d")
    canvas.fill(ellipse(x, y - 2, 40, 30), "#f28c3a")
    canvas.fill(ellipse(x, y - 2, 17, 13), "#f7b066")


def _beet(canvas: Canvas, x: float, y: float, turn: float) -> None:
    canvas.fill(ellipse(x + 5, y + 10, 72, 54, turn=turn), "#4a2c1048")
    for size, colour in ((1, "#7d1f4e"), (0.8, "#a8336c"), (0.56, "#8c2659"), (0.32, "#b84a80")):
        canvas.fill(ellipse(x, y - 2, 72 * size, 54 * size, turn=turn), colour)


def _taro(canvas: Canvas, x: float, y: float, turn: float) -> None:
    canvas.fill(ellipse(x + 5, y + 10, 76, 52, turn=turn), "#4a2c1048")
    canvas.fill(ellipse(x, y, 76, 52, turn=turn), "#8a6a7d")
    canvas.fill(ellipse(x, y - 3, 68, 45, turn=turn), "#e9dde2")
    for i in range(7):
        angle = math.radians(i * 51 + turn)
        far = 0.62 if i % 2 else 0.34
        canvas.line(
            [
                (x + 66 * far * math.cos(angle) - 5, y + 44 * far * math.sin(angle) - 2),
                (x + 66 * far * math.cos(angle) + 6, y + 44 * far * math.sin(angle) + 2),
            ],
            4,
            "#a57b96",
        )


def _bean(canvas: Canvas, x: float, y: float, turn: float) -> None:
    tilt = math.radians(turn)
    spine = smooth(
        [
            (x + d * math.cos(tilt) - b * math.sin(tilt), y + d * math.sin(tilt) + b * math.cos(tilt))
            for d, b in ((-92, 16), (-40, -8), (40, -8), (92, 16))
        ],
        closed=False,
    )
    pod = ribbon(spine, lambda p: 5 + 17 * math.sin(math.pi * p) ** 0.5)
    canvas.fill(moved(pod, 5, 10), "#4a2c1048")
    canvas.fill(pod, "#4f8a3a")
    canvas.line([(px, py - 6) for px, py in spine[4:-4]], 5, "#83b45c")


def _jackfruit(canvas: Canvas, x: float, y: float, turn: float) -> None:
    tilt = math.radians(turn)
    points = [(-70, -10), (-30, -46), (40, -44), (74, 0), (40, 40), (-34, 38)]
    shape = smooth(
        [
            (x + px * math.cos(tilt) - py * math.sin(tilt), y + px * math.sin(tilt) + py * math.cos(tilt))
            for px, py in points
        ]
    )
    canvas.fill(moved(shape, 5, 10), "#4a2c1048")
    canvas.fill(shape, "#d99a1c")
    canvas.fill([(x + (px - x) * 0.84, y + (py - y) * 0.84 - 3) for px, py in shape], "#f3c23f")
    canvas.line(smooth([(x - 34, y + 6), (x, y - 8), (x + 36, y + 2)], closed=False), 6, "#dba42a")
