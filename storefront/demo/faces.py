"""Portraits of invented members, drawn flat: nobody's photo stands in the demo."""

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

from storefront.demo.brush import Canvas, Point, Shape, box, ellipse, smooth


class Colours(NamedTuple):
    """One person's colours."""

    skin: str
    shade: str
    hair: str
    cloth: str
    trim: str


def _shoulders(canvas: Canvas, colours: Colours) -> None:
    """A brown blouse with a collar, from below."""
    body = smooth([(70, 1040), (120, 860), (300, 775), (420, 745), (580, 745), (700, 775), (880, 860), (930, 1040)])
    canvas.shadow(body, down=6, right=0, soft=26, depth=0.2)
    canvas.fill(body, colours.cloth)
    canvas.fill(smooth([(425, 640), (575, 640), (590, 770), (500, 850), (410, 770)]), colours.shade)
    for side in (-1, 1):
        canvas.fill(
            smooth([(500 + side * 70, 735), (500 + side * 118, 760), (500 + side * 40, 905), (500 + side * 4, 860)]),
            colours.trim,
        )
    canvas.line([(500, 880), (500, 1010)], 6, colours.trim)
    for y in (920, 985):
        canvas.fill(ellipse(500, y, 10, 10), colours.trim)


def _face(canvas: Canvas, colours: Colours, *, old: bool = False) -> None:
    """Ears, face, brows, eyes that smile, nose, mouth; with ``old`` lines at the eyes and the mouth."""
    for side in (-1, 1):
        canvas.fill(ellipse(500 + side * 178, 520, 30, 48), colours.shade)
    face = smooth(
        [
            (500, 290),
            (640, 330),
            (682, 470),
            (660, 610),
            (580, 715),
            (500, 740),
            (420, 715),
            (340, 610),
            (318, 470),
            (360, 330),
        ]
    )
    canvas.fill(face, colours.skin)
    canvas.inside(face, [(ellipse(500, 800, 200, 110), colours.shade + "66")])
    for side in (-1, 1):
        x = 500 + side * 82
        canvas.fill(ellipse(500 + side * 112, 600, 46, 30), "#d9705a40")
        canvas.line(_arc(x, 470, 44, -20), 13, colours.hair)
        canvas.line(_arc(x, 527, 34, -17), 12, "#2b1c14")
        if old:
            for lift in (-12, 6):
                canvas.line([(x + side * 52, 520 + lift), (x + side * 80, 512 + lift * 2)], 5, colours.shade)
            canvas.line(_slanted((500 + side * 70, 600), (500 + side * 92, 660), bend=side * 10), 6, colours.shade)
    canvas.line([(500, 530), (488, 592), (512, 600)], 9, colours.shade)
    canvas.fill(smooth([(430, 640), (500, 652), (570, 640), (545, 682), (500, 694), (455, 682)]), "#a8433a")
    canvas.fill(smooth([(446, 646), (500, 656), (554, 646), (540, 660), (500, 668), (460, 660)]), "#fff7ec")


def _arc(x: float, y: float, half: float, rise: float) -> list[Point]:
    """A soft bow over ``x``; ``rise`` below 0 bends it upward."""
    return smooth([(x - half, y), (x, y + rise), (x + half, y)], closed=False)


def _slanted(start: Point, end: Point, *, bend: float) -> list[Point]:
    middle = ((start[0] + end[0]) / 2 + bend, (start[1] + end[1]) / 2)
    return smooth([start, middle, end], closed=False)


def _hair(canvas: Canvas, colours: Colours, *, parted: bool) -> None:
    """Over the forehead, after the face."""
    if parted:
        for side in (-1, 1):
            lock: Sequence[Point] = [
                (500, 262),
                (500 + side * 130, 285),
                (500 + side * 198, 400),
                (500 + side * 190, 520),
                (500 + side * 166, 430),
                (500 + side * 100, 350),
                (500, 322),
            ]
            canvas.fill(smooth(lock), colours.hair)
    else:
        canvas.fill(
            smooth(
                [
                    (330, 470),
                    (318, 360),
                    (390, 268),
                    (500, 244),
                    (610, 268),
                    (682, 360),
                    (670, 470),
                    (640, 372),
                    (500, 330),
                    (360, 372),
                ]
            ),
            colours.hair,
        )


def woman_in_a_palm_hat(canvas: Canvas) -> None:
    """Nón lá with its silk ribbon."""
    colours = Colours("#e2ad84", "#c88d63", "#2a1d18", "#7a4b2f", "#5d3722")
    canvas.fill(
        smooth([(320, 420), (300, 640), (350, 760), (650, 760), (700, 640), (680, 420), (500, 300)]), colours.hair
    )
    _shoulders(canvas, colours)
    _face(canvas, colours)
    _hair(canvas, colours, parted=True)
    for side in (-1, 1):  # the ribbon that holds the hat
        canvas.line(_slanted((500 + side * 200, 405), (500 + side * 60, 742), bend=side * 34), 20, "#b8405e")
    hat: Shape = smooth(
        [(500, 40), (560, 92), (880, 388), (860, 418), (500, 372), (140, 418), (120, 388), (440, 92)], steps=6
    )
    canvas.shadow(hat, down=26, right=0, soft=22, depth=0.3)
    canvas.fill(hat, "#ecd9a8")
    rings = [(_ring(y), "#c9ad6e88") for y in range(120, 400, 34)]
    canvas.inside(hat, rings)
    canvas.inside(hat, [(smooth([(500, 30), (930, 430), (640, 420)]), "#b9975530")])


def _ring(y: float) -> Shape:
    """One hoop of the hat, a little lower in the middle."""
    lower = smooth([(40, y + 40), (500, y), (960, y + 40)], closed=False)
    return [*lower, *((x, v + 7) for x, v in reversed(lower))]


def man_in_a_felt_hat(canvas: Canvas) -> None:
    """An old farmer in a green soft hat, grey at the temples."""
    colours = Colours("#cf9468", "#ad7148", "#8d867c", "#4c5d6b", "#35434e")
    _shoulders(canvas, colours)
    _face(canvas, colours, old=True)
    canvas.fill(smooth([(446, 628), (500, 618), (554, 628), (530, 640), (500, 634), (470, 640)]), colours.hair)
    for side in (-1, 1):
        canvas.fill(
            smooth(
                [(500 + side * 160, 380), (500 + side * 190, 400), (500 + side * 186, 520), (500 + side * 164, 470)]
            ),
            colours.hair,
        )
    crown = smooth([(318, 372), (340, 210), (430, 150), (570, 150), (660, 210), (682, 372), (500, 352)])
    canvas.shadow(crown, down=16, right=0, soft=18, depth=0.28)
    canvas.fill(crown, "#5d6b45")
    canvas.inside(crown, [(smooth([(520, 120), (720, 200), (720, 400), (600, 380)]), "#4a573666")])
    brim = smooth([(240, 378), (500, 322), (760, 378), (800, 412), (500, 388), (200, 412)])
    canvas.fill(brim, "#4d5a39")
    canvas.line(smooth([(322, 344), (500, 308), (678, 344)], closed=False), 24, "#39442a")


def woman_in_a_scarf(canvas: Canvas) -> None:
    """A grandmother with a checked scarf over her hair."""
    colours = Colours("#d8a07a", "#b97d57", "#6d655e", "#3d4f49", "#2b3a35")
    _shoulders(canvas, colours)
    back = smooth(
        [(500, 170), (690, 240), (740, 440), (716, 640), (640, 780), (360, 780), (284, 640), (260, 440), (310, 240)]
    )
    canvas.shadow(back, down=14, right=0, soft=20, depth=0.25)
    canvas.fill(back, "#7d2f2b")
    _face(canvas, colours, old=True)
    _hair(canvas, colours, parted=True)
    front = smooth(
        [
            (262, 470),
            (290, 260),
            (420, 166),
            (580, 166),
            (710, 260),
            (738, 470),
            (668, 400),
            (610, 316),
            (500, 290),
            (390, 316),
            (332, 400),
        ]
    )
    canvas.fill(front, "#7d2f2b")
    checks = [(box(x, 100, 10, 420), "#c98b6a66") for x in range(250, 760, 52)]
    checks += [(box(200, y, 620, 10), "#c98b6a66") for y in range(150, 520, 48)]
    canvas.inside(front, checks)
    knot = smooth([(440, 762), (500, 748), (560, 762), (610, 860), (548, 846), (500, 800), (452, 846), (390, 860)])
    canvas.fill(knot, "#6c2824")


# name: (who draws it, ground colour)
FACES: dict[str, tuple[Callable[[Canvas], None], str]] = {
    "palm-hat": (woman_in_a_palm_hat, "#d8e2c4"),
    "felt-hat": (man_in_a_felt_hat, "#e8d6b8"),
    "scarf": (woman_in_a_scarf, "#ead3c6"),
}


def face_png(name: str) -> bytes:
    """The portrait called ``name``, 640 pixels square. Raises KeyError."""
    draw, ground = FACES[name]
    canvas = Canvas(640, ground)
    draw(canvas)
    out = io.BytesIO()
    canvas.finished().save(out, "PNG", compress_level=1)
    return out.getvalue()
