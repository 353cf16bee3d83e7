"""Rice, eggs, honey and a sweet for tea."""

import math
import random

from storefront.demo.brush import Canvas, Point, Shape, box, ellipse, moved, ribbon, smooth


def sticky_rice(canvas: Canvas, dice: random.Random) -> None:
    """An open cloth sack of round white grains, an ear of rice leaning on it."""
    canvas.fill(box(0, 720, 1000, 280), "#b98d57")
    canvas.fill(box(0, 720, 1000, 12), "#cda36c")
    sack = smooth(
        [
            (210, 400),
            (176, 560),
            (170, 740),
            (200, 880),
            (330, 918),
            (560, 922),
            (720, 900),
            (770, 860),
            (780, 700),
            (760, 540),
            (726, 400),
        ]
    )
    canvas.shadow(moved(sack, 20, 6), ellipse(480, 905, 310, 36), down=12, right=20, soft=20, depth=0.42)
    canvas.fill(ellipse(468, 398, 268, 96), "#8d6c42")
    heap = smooth(
        [(220, 400), (290, 300), (400, 232), (500, 222), (600, 268), (690, 350), (722, 404), (600, 470), (330, 470)]
    )
    canvas.fill(heap, "#efe8d8")
    grains: list[tuple[Shape, str]] = []
    for _ in range(430):
        x, y = dice.uniform(215, 725), dice.uniform(215, 480)
        turn = dice.randint(0, 180)
        grains.append((ellipse(x + 2, y + 4, 15, 8, turn=turn), "#cfc3a8"))
        grains.append((ellipse(x, y, 15, 8, turn=turn), dice.choice(("#fffdf7", "#f8f3e6", "#fbf8ef"))))
    canvas.inside(heap, grains)
    canvas.fill(sack, "#d6b27a")
    front: list[tuple[Shape, str]] = []
    for i in range(34):
        front.append((box(150, 390 + i * 16, 660, 3), "#caa368"))
        front.append((box(160 + i * 19, 380, 3, 560), "#caa368"))
    front += [
        (smooth([(640, 380), (800, 380), (800, 940), (560, 940), (690, 760)]), "#b98f5455"),
        (smooth([(300, 420), (340, 560), (322, 700), (304, 560)]), "#b98f5466"),
        (smooth([(600, 430), (630, 540), (612, 640), (590, 540)]), "#b98f5466"),
    ]
    canvas.inside(sack, front)
    canvas.fill(box(330, 590, 280, 210, corner=14), "#f7efdc")
    canvas.line([(352, 612), (588, 612)], 5, "#a8431e")
    canvas.line([(352, 778), (588, 778)], 5, "#a8431e")
    _ear(canvas, [(395, 760), (440, 700), (500, 650), (556, 640)], 0.62, stalk="#1f6b3b", grain="#c98f1f")
    rolled = smooth(
        [
            (196, 386),
            (240, 350),
            (330, 428),
            (470, 452),
            (610, 430),
            (700, 352),
            (742, 388),
            (700, 470),
            (600, 506),
            (470, 518),
            (330, 504),
            (232, 466),
        ]
    )
    canvas.fill(moved(rolled, 2, 12), "#5a3c1550")
    canvas.fill(rolled, "#e3c592")
    canvas.line(smooth([(232, 412), (330, 468), (470, 488), (610, 468), (708, 412)], closed=False), 6, "#c9a468")
    _ear(canvas, [(960, 960), (900, 760), (880, 560), (820, 380), (690, 250)], 1.25, stalk="#8a9a3c", grain="#dba62c")
    for _ in range(26):
        x, y, turn = dice.uniform(60, 330), dice.uniform(915, 980), dice.randint(0, 180)
        canvas.fill(ellipse(x + 3, y + 5, 15, 8, turn=turn), "#7a572d66")
        canvas.fill(ellipse(x, y, 15, 8, turn=turn), "#fbf7ec")


def _ear(canvas: Canvas, spine: list[Point], scale: float, *, stalk: str, grain: str) -> None:
    curve = smooth(spine, closed=False, steps=14)
    canvas.line(curve, 8 * scale, stalk)
    first = len(curve) // 3
    for i in range(first, len(curve), 2):
        (x, y), (px, py) = curve[i], curve[i - 1]
        along = math.degrees(math.atan2(y - py, x - px))
        for side in (-1, 1):
            turn = along + side * 34
            gx, gy = x + 22 * scale * math.cos(math.radians(turn)), y + 22 * scale * math.sin(math.radians(turn))
            canvas.fill(ellipse(gx + 2, gy + 4, 24 * scale, 10 * scale, turn=turn), "#6b4a1255")
            canvas.fill(ellipse(gx, gy, 24 * scale, 10 * scale, turn=turn), grain)
            canvas.fill(ellipse(gx - 2, gy - 3 * scale, 13 * scale, 3.5 * scale, turn=turn), "#f3d27a")


def duck_eggs(canvas: Canvas, dice: random.Random) -> None:
    """Large pale blue eggs on straw in a shallow basket."""
    canvas.fill(box(0, 0, 1000, 1000), "#e8d9b8")
    for board in range(40, 1000, 120):
        canvas.fill(box(0, board, 1000, 4), "#dccaa2")
    rim = ellipse(500, 530, 450, 400)
    canvas.shadow(rim, down=30, right=12, soft=24, depth=0.42)
    canvas.fill(rim, "#8a5d2e")
    for i in range(64):  # a braided rim
        a = i / 64 * math.tau
        canvas.fill(
            ellipse(500 + 425 * math.cos(a), 530 + 375 * math.sin(a), 32, 15, turn=math.degrees(a) + 52),
            "#b98445" if i % 2 else "#a5723a",
        )
    nest = ellipse(500, 530, 396, 346)
    canvas.fill(nest, "#a87b35")
    straw: list[tuple[Shape, str]] = []
    for _ in range(300):
        x, y = dice.uniform(90.0, 910), dice.uniform(170, 890)
        a, half = dice.uniform(0, math.pi), dice.uniform(50, 110)
        straw.append(
            (
                ribbon(
                    [
                        (x - half * math.cos(a), y - half * math.sin(a)),
                        (x, y + 8),
                        (x + half * math.cos(a), y + half * math.sin(a)),
                    ],
                    lambda _: 4,
                ),
                dice.choice(("#d8ae55", "#e7c678", "#c69840", "#f0d792")),
            )
        )
    canvas.inside(nest, straw)
    eggs: list[tuple[float, float, float]] = [
        (330, 360, -28),
        (512, 320, 8),
        (690, 372, 30),
        (250, 528, -60),
        (430, 506, 12),
        (610, 512, -16),
        (765, 540, 62),
        (345, 690, -24),
        (525, 702, 30),
        (690, 690, -40),
    ]
    for i, (x, y, turn) in enumerate(eggs):
        _egg(canvas, x, y, turn, ("#d9e4dd", "#f1ecdc", "#cfdfdc")[i % 3], ("#b3c6bf", "#d6cbb0", "#a9c0be")[i % 3])
    for _ in range(16):
        x, y, a = dice.uniform(180, 820), dice.uniform(300, 800), dice.uniform(0, math.pi)
        canvas.line([(x, y), (x + 90 * math.cos(a), y + 90 * math.sin(a))], 6, dice.choice(("#e7c678", "#d8ae55")))


def _egg(canvas: Canvas, x: float, y: float, turn: float, colour: str, shade: str) -> None:
    tilt = math.radians(turn)

    def outline(scale: float, dx: float, dy: float) -> Shape:
        points = []
        for i in range(48):
            a = i / 48 * math.tau
            px, py = 84 * math.sin(a) * (1 + 0.16 * math.cos(a)), 112 * math.cos(a)
            points.append(
                (
                    x + dx + scale * (px * math.cos(tilt) - py * math.sin(tilt)),
                    y + dy + scale * (px * math.sin(tilt) + py * math.cos(tilt)),
                )
            )
        return points

    egg = outline(1, 0, 0)
    canvas.fill(outline(1.02, 10, 18), "#5a3c1560")
    canvas.fill(egg, shade)
    canvas.inside(egg, [(outline(0.92, -12, -14), colour), (ellipse(x - 30, y - 42, 26, 34, turn=30), "#ffffffb0")])


def honey(canvas: Canvas, dice: random.Random) -> None:
    """A jar of honey, a dipper with a thread of it, a piece of comb."""
    canvas.fill(box(0, 700, 1000, 300), "#c68a3f")
    canvas.fill(box(0, 700, 1000, 12), "#d9a159")
    comb = smooth([(600, 800), (640, 640), (760, 590), (900, 620), (965, 740), (930, 880), (780, 920), (650, 900)])
    jar = smooth(
        [
            (190, 380),
            (160, 450),
            (152, 600),
            (160, 790),
            (200, 866),
            (380, 880),
            (560, 866),
            (600, 790),
            (608, 600),
            (600, 450),
            (570, 380),
        ],
        steps=12,
    )
    canvas.shadow(moved(jar, 20, 6), comb, ellipse(380, 872, 230, 30), down=16, right=16, soft=18, depth=0.42)
    canvas.fill(comb, "#b9770f")
    cells: list[tuple[Shape, str]] = [(moved(comb, -4, -12), "#e9a820")]
    for row in range(8):
        for column in range(8):
            x, y = 590.0 + column * 58 + (29 if row % 2 else 0), 590.0 + row * 50
            hexagon: Shape = [
                (x + 27 * math.sin(k * math.pi / 3), y + 27 * math.cos(k * math.pi / 3)) for k in range(6)
            ]
            cells.append((hexagon, dice.choice(("#c47f10", "#d18d16", "#b87409"))))
            cells.append(([(px * 0.55 + x * 0.45 - 2, py * 0.55 + y * 0.45 - 4) for px, py in hexagon], "#f5c74d"))
    canvas.inside(comb, cells)
    canvas.fill(jar, "#fbeecb")
    canvas.inside(
        jar,
        [
            (box(120, 440, 520, 460), "#e2950f"),
            (ellipse(380, 440, 230, 26), "#f5bb3a"),
            (smooth([(480, 430), (640, 430), (640, 900), (380, 900), (520, 760)]), "#cc7f08"),
            (box(182, 410, 32, 420, corner=16), "#ffffff66"),
            (box(226, 420, 12, 330, corner=6), "#ffffff44"),
        ],
    )
    canvas.fill(box(176, 330, 408, 66, corner=18), "#8a5a2c")
    canvas.fill(box(164, 262, 432, 92, corner=24), "#c89a5b")
    canvas.fill(box(164, 262, 432, 30, corner=15), "#dcb57b")
    for i in range(13):
        canvas.fill(box(188 + i * 31, 296, 6, 48, corner=3), "#a97b3f")
    label = box(250, 540, 264, 210, corner=22)
    canvas.fill(label, "#fdf6e3")
    _bee(canvas, 382, 640)
    tip = (770, 420)
    canvas.line([(985, 60), (840, 300)], 26, "#9a672f")
    canvas.line([(980, 60), (836, 298)], 8, "#bd8a4d")
    for i in range(5):
        t = i / 4
        x, y = 838 - 74 * t, 306 + 124 * t
        rx = 70 * math.sin(math.pi * (0.22 + 0.6 * t)) + 14
        canvas.fill(ellipse(x, y, rx, 17, turn=31), "#e2950f" if i % 2 else "#a9743a")
        canvas.fill(ellipse(x - 8, y - 5, rx * 0.6, 6, turn=31), "#f7c95c" if i % 2 else "#c99656")
    drip = smooth(
        [
            (tip[0] - 22, tip[1]),
            (tip[0] + 22, tip[1]),
            (tip[0] + 14, 500),
            (tip[0] + 9, 600),
            (tip[0] + 20, 690),
            (tip[0], 716),
            (tip[0] - 20, 690),
            (tip[0] - 7, 600),
            (tip[0] - 12, 500),
        ]
    )
    canvas.fill(drip, "#efa51d")
    canvas.line([(tip[0] - 4, 470), (tip[0] - 1, 640)], 5, "#fbd679")


def _bee(canvas: Canvas, x: float, y: float) -> None:
    for turn, dx in ((-38, -26), (38, 26)):
        canvas.fill(ellipse(x + dx, y - 52, 26, 48, turn=turn), "#c9dde2")
    body = ellipse(x, y + 8, 74, 48)
    canvas.fill(body, "#f2b52b")
    canvas.inside(body, [(box(x - 34 + i * 38, y - 60, 19, 140), "#3a2410") for i in range(3)])
    canvas.fill(ellipse(x - 76, y + 6, 26, 26), "#3a2410")
    canvas.line(smooth([(x - 88, y - 14), (x - 104, y - 36), (x - 118, y - 38)], closed=False), 5, "#3a2410")
