"""Loach, dried and fried, and crab paste."""

import math
import random

from storefront.demo.brush import Canvas, Point, box, ellipse, moved, ribbon, smooth


def _loach(
    canvas: Canvas,
    x: float,
    y: float,
    length: float,
    angle: float,
    bend: float,
    *,
    colours: tuple[str, str, str],
    fat: float = 0.058,
) -> None:
    """One loach from the head at (x, y) along ``angle``; ``colours``: body, belly, marks."""
    body, belly, marks = colours
    turn = math.radians(angle)

    def at(along: float, across: float = 0) -> Point:
        """A place on the fish: ``along`` from nose (0) to tail (1), ``across`` in lengths."""
        across += bend * math.sin(math.pi * along) + bend * 0.5 * math.sin(2 * math.pi * along)
        px, py = length * along, length * across
        return (x + px * math.cos(turn) - py * math.sin(turn), y + px * math.sin(turn) + py * math.cos(turn))

    def half(place: float) -> float:
        if place < 0.12:
            return length * fat * (0.35 + 0.65 * math.sqrt(place / 0.12))
        return length * fat * (1 - 0.62 * ((place - 0.12) / 0.88) ** 1.4)

    spine = [at(i / 40) for i in range(41)]
    tail = smooth(
        [
            at(0.97, 0.012),
            at(1.05, 0.06),
            at(1.12, 0.048),
            at(1.115, 0),
            at(1.12, -0.048),
            at(1.05, -0.06),
            at(0.97, -0.012),
        ]
    )
    back_fin = smooth([at(0.5, -fat * 0.6), at(0.56, -fat * 1.75), at(0.62, -fat * 1.6), at(0.64, -fat * 0.5)])
    low_fin = smooth([at(0.68, fat * 0.4), at(0.72, fat * 1.35), at(0.77, fat * 1.2), at(0.78, fat * 0.3)])
    side_fin = smooth([at(0.17, fat * 0.6), at(0.21, fat * 1.7), at(0.26, fat * 1.6), at(0.24, fat * 0.6)])
    shape = ribbon(spine, half)
    canvas.fill(moved(shape, 7, 11), "#5a361540")
    for fin in (tail, back_fin, low_fin, side_fin):
        canvas.fill(fin, marks)
    for end in ((-0.045, 0.03), (-0.05, 0.0), (-0.045, -0.03)):  # barbels: what makes it a loach
        canvas.line([at(0.012, end[1] * 0.5), at(*end)], length * 0.007, marks)
    canvas.fill(shape, body)
    canvas.fill(
        ribbon(
            [at(i / 40, fat * 0.42) for i in range(3, 38)],
            lambda p: length * fat * 0.4 * math.sin(math.pi * min(p + 0.06, 1)) ** 0.5 * (1 - 0.55 * p),
        ),
        belly,
    )
    for i in range(9):
        place = 0.2 + i * 0.085
        spot = at(place, -fat * (0.32 if i % 2 else 0.1) * (1 - 0.4 * place))
        canvas.fill(ellipse(*spot, length * 0.018 * (1.2 - place * 0.6), length * 0.012, turn=angle), marks)
    gill = [
        at(0.125 + 0.02 * math.cos(t / 6 * math.pi), fat * 0.68 * math.sin((t - 3) / 6 * math.pi)) for t in range(7)
    ]
    canvas.line(gill, length * 0.007, marks)
    eye = at(0.05, -fat * 0.32)
    canvas.fill(ellipse(*eye, length * 0.0145, length * 0.0145), "#fff3d6")
    canvas.fill(ellipse(*eye, length * 0.0085, length * 0.0085), "#2a1a10")


def dried_loach(canvas: Canvas, dice: random.Random) -> None:
    """Seen from above: a bamboo drying rack in the sun, fish laid in two rows."""
    for i in range(7):  # the yard below, in shade
        canvas.fill(box(0, i * 150 - 20, 1000, 70), "#c9ab74")
    poles = [ribbon([(x, -30), (x + 6, 1030)], lambda _: 27) for x in (92, 902)]
    slats = [box(-30, y, 1060, 34, corner=14) for y in range(34, 1000, 72)]
    canvas.shadow(*slats, *poles, down=20, right=14, soft=14, depth=0.34)
    for i, slat in enumerate(slats):
        canvas.fill(slat, "#dcb877" if i % 2 else "#e3c284")
        y = slat[0][1]
        canvas.fill(box(-30, y + 4, 1060, 8, corner=4), "#f0d7a2")
        for knot in (dice.randint(120, 430), dice.randint(520, 900)):
            canvas.fill(box(knot, y, 8, 34), "#c39a58")
    for pole in poles:
        canvas.fill(pole, "#a97634")
    for x in (92, 902):
        canvas.fill(ribbon([(x - 12, -30), (x - 6, 1030)], lambda _: 6), "#c7954d")
        for y in (118, 406, 694, 982):
            for k in (-11, 0, 11):  # the lashing
                canvas.line([(x - 30, y + k - 12), (x + 33, y + k + 8)], 7, "#6f4a1e")
    colours = (("#8a5328", "#cf9a52", "#4e2e13"), ("#9c6331", "#dcab63", "#5c3817"), ("#7d4a22", "#c48f4a", "#472910"))
    for row in range(6):
        y = 92 + row * 164
        to_the_right = row % 2 == 0
        start = (178 if to_the_right else 822, y + dice.randint(-6, 6))
        angle = dice.randint(-4, 4) + (180 if not to_the_right else 0)
        _loach(canvas, *start, 575, angle, dice.choice((-0.03, 0.028, 0.04)), colours=colours[row % 3], fat=0.082)


def fried_loach(canvas: Canvas, dice: random.Random) -> None:
    """A blue-rimmed bowl, crisp golden loach heaped in it, chilli and lime leaf."""
    canvas.fill(box(0, 640, 1000, 360), "#d9a76c")
    for y in (735, 850, 960):
        canvas.fill(box(0, y, 1000, 5), "#c8935777")
    bowl = smooth(
        [(118, 520), (150, 690), (250, 815), (380, 868), (620, 868), (750, 815), (850, 690), (882, 520)], closed=False
    )
    foot = box(372, 852, 256, 50, corner=18)
    canvas.shadow(ellipse(500, 890, 330, 40), down=14, right=10, soft=22, depth=0.5)
    canvas.fill(foot, "#d8d3c4")
    canvas.fill(ellipse(500, 520, 382, 128), "#e9e4d6")
    canvas.fill(ellipse(500, 526, 352, 108), "#c9bfa8")
    fish = (("#d98a2b", "#f2b95a", "#a55a16"), ("#cf7b22", "#ecab4a", "#96500f"), ("#e29a3a", "#f7ca74", "#b0661d"))
    canvas.fill(ellipse(500, 505, 330, 118), "#b8691c")
    heap = [
        (150, 470, 470, -8, -0.10),
        (850, 475, 470, 187, -0.10),
        (235, 380, 460, 14, -0.09),
        (800, 400, 480, 170, 0.10),
        (190, 505, 500, 4, 0.06),
        (820, 530, 470, 178, -0.07),
        (300, 250, 400, 30, -0.10),
        (720, 262, 390, 152, 0.10),
        (250, 560, 480, -6, 0.05),
        (290, 330, 430, 8, -0.08),
    ]
    leaves = [(330, 300, 95, 40, -35), (700, 340, 90, 36, 30), (610, 560, 80, 32, 12)]
    for i, (x, y, length, angle, bend) in enumerate(heap):
        if i in (6, 9):
            _lime_leaf(canvas, *leaves[0 if i == 6 else 1])
        _loach(canvas, x, y, length, angle, bend, colours=fish[i % 3], fat=0.07)
    _lime_leaf(canvas, *leaves[2])
    for x, y, r, tilt in (
        (430, 400, 30, 20),
        (585, 455, 27, -25),
        (380, 520, 26, 10),
        (655, 420, 24, 40),
        (505, 330, 24, 0),
    ):
        canvas.fill(ellipse(x + 4, y + 7, r, r * 0.8, turn=tilt), "#5a241550")
        canvas.fill(ellipse(x, y, r, r * 0.8, turn=tilt), "#c22a1e")
        canvas.fill(ellipse(x, y, r * 0.66, r * 0.5, turn=tilt), "#f08a5b")
        for dx, dy in ((-0.25, 0), (0.2, 0.15), (0.1, -0.2)):
            canvas.fill(ellipse(x + dx * r, y + dy * r, r * 0.12, r * 0.1), "#fbe3a8")
    front = bowl + ellipse(500, 520, 382, 128, start=0, end=180)
    canvas.fill(front, "#f7f3e9")
    canvas.inside(
        front,
        [
            (smooth([(700, 480), (900, 480), (900, 900), (560, 900), (700, 800)]), "#e6dfcf"),
            *[
                (
                    ellipse(500, 545 + d, 392, 132, start=0, end=180)
                    + ellipse(500, 545 + d - w, 392, 132, start=180, end=0),
                    c,
                )
                for d, w, c in ((14, 14, "#35618e"), (36, 6, "#35618e"))
            ],
            *[
                (ellipse(500 + 360 * math.sin(a), 640 + 118 * math.cos(a), 22, 22), "#4f7ba6")
                for a in (-1.1, -0.72, -0.36, 0, 0.36, 0.72, 1.1)
            ],
            *[
                (ellipse(500 + 360 * math.sin(a), 640 + 118 * math.cos(a), 9, 9), "#f7f3e9")
                for a in (-1.1, -0.72, -0.36, 0, 0.36, 0.72, 1.1)
            ],
        ],
    )
    canvas.line(ellipse(500, 520, 382, 128, start=0, end=180), 12, "#fdfbf5")


def _lime_leaf(canvas: Canvas, x: float, y: float, length: float, width: float, turn: float) -> None:
    canvas.fill(ellipse(x + 5, y + 8, length, width, turn=turn), "#4a2c1044")
    canvas.fill(ellipse(x, y, length, width, turn=turn), "#3f7d3a")
    tilt = math.radians(turn)
    end = (length * 0.85 * math.cos(tilt), length * 0.85 * math.sin(tilt))
    canvas.line([(x - end[0], y - end[1]), (x + end[0], y + end[1])], 5, "#79ad5c")


def crab_paste(canvas: Canvas, dice: random.Random) -> None:
    """A jar of rust-coloured paste under a tied cloth, and the small crab it is made from."""
    canvas.fill(box(0, 690, 1000, 310), "#b98a5b")
    canvas.fill(box(0, 690, 1000, 14), "#cda274")
    jar = smooth(
        [
            (300, 330),
            (262, 400),
            (250, 520),
            (252, 760),
            (290, 828),
            (450, 842),
            (610, 828),
            (648, 760),
            (650, 520),
            (638, 400),
            (600, 330),
        ],
        steps=12,
    )
    canvas.shadow(moved(jar, 30, 10), ellipse(470, 838, 230, 30), down=10, right=22, soft=20, depth=0.42)
    canvas.fill(jar, "#f3ead7")
    canvas.inside(
        jar,
        [
            (box(200, 420, 500, 460), "#94391c"),
            (ellipse(450, 420, 210, 24), "#b4532b"),
            *[
                (
                    ellipse(
                        dice.randint(255, 645),
                        dice.randint(460, 815),
                        dice.randint(7, 14),
                        dice.randint(5, 9),
                        turn=dice.randint(0, 90),
                    ),
                    dice.choice(("#b4532b", "#7c2c14", "#c8703d")),
                )
                for _ in range(60)
            ],
            (box(262, 350, 34, 480, corner=16), "#ffffff55"),
        ],
    )
    label = box(318, 520, 264, 196, corner=20)
    canvas.fill(label, "#fbf3e0")
    canvas.fill(box(332, 534, 236, 168, corner=12), "#a8431e")
    canvas.fill(box(338, 540, 224, 156, corner=8), "#fbf3e0")
    _crab(canvas, 450, 622, 0.44, carapace="#a8431e", legs="#a8431e", eyes=False)
    cloth = smooth(
        [(282, 330), (300, 258), (380, 222), (520, 222), (600, 258), (618, 330), (560, 346), (450, 352), (340, 346)]
    )
    skirt = smooth(
        [
            (280, 322),
            (250, 402),
            (292, 388),
            (330, 418),
            (378, 394),
            (420, 424),
            (462, 396),
            (508, 422),
            (548, 394),
            (592, 414),
            (618, 388),
            (650, 400),
            (620, 322),
        ]
    )
    canvas.fill(moved(skirt, 4, 12), "#3a1f0f40")
    canvas.fill(skirt, "#3f6a4b")
    canvas.fill(cloth, "#4d7d59")
    canvas.inside(cloth, [(ellipse(430, 235, 150, 60), "#5d8f69")])
    canvas.line(smooth([(276, 330), (360, 350), (450, 354), (540, 350), (624, 330)], closed=False), 18, "#d9b36b")
    canvas.line(smooth([(600, 346), (640, 372), (690, 368)], closed=False), 11, "#d9b36b")
    canvas.line(smooth([(600, 346), (636, 400), (660, 430)], closed=False), 11, "#d9b36b")
    canvas.shadow(ellipse(770, 850, 120, 60), down=24, right=8, soft=14, depth=0.4)
    _crab(canvas, 775, 838, 1.0, carapace="#7d4a36", legs="#a4634a", eyes=True)


def _crab(canvas: Canvas, x: float, y: float, scale: float, *, carapace: str, legs: str, eyes: bool) -> None:
    def at(points: list[Point], side: int) -> list[Point]:
        return [(x + side * px * scale, y + py * scale) for px, py in points]

    for side in (-1, 1):
        for knee, foot in (
            ((120, -42), (172, 20)),
            ((128, -8), (176, 62)),
            ((116, 28), (150, 100)),
            ((92, 52), (104, 124)),
        ):
            canvas.line(smooth(at([(60, knee[1] * 0.5 + 8), knee, foot], side), closed=False), 15 * scale, legs)
        canvas.line(smooth(at([(62, -36), (118, -74), (108, -122)], side), closed=False), 20 * scale, legs)
        canvas.fill(
            smooth(at([(112, -104), (146, -132), (140, -186), (112, -162), (96, -196), (66, -168), (80, -122)], side)),
            legs,
        )
        if eyes:
            canvas.line(at([(26, -50), (32, -84)], side), 9 * scale, legs)
            canvas.fill(ellipse(*at([(33, -90)], side)[0], 13 * scale, 13 * scale), "#20140e")
            canvas.fill(ellipse(*at([(36, -94)], side)[0], 4 * scale, 4 * scale), "#ffffff")
    canvas.fill(
        smooth(at([(-96, -22), (-60, -62), (0, -70), (60, -62), (96, -22), (70, 48), (0, 66), (-70, 48)], 1)), carapace
    )
    if eyes:
        canvas.fill(smooth(at([(-72, -22), (-44, -46), (0, -52), (44, -46), (72, -22), (0, -30)], 1)), "#96604a")
        for side in (-1, 1):
            canvas.line(smooth(at([(24, 6), (36, 22), (28, 38)], side), closed=False), 6 * scale, "#5f3426")
