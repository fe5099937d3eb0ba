"""Planned: a prescribed session as the mirror ribbon in blocks. Walking is low, backward hangs below the line."""

from collections.abc import Iterator
from itertools import accumulate

from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.views import drawing

#: Height of a block [m/s] where the step asks for no speed: a picture, not a prescription.
_NOMINAL_MPS = {
    (Gait.RUN, Direction.FORWARD): 2.4,
    (Gait.WALK, Direction.FORWARD): 1.1,
    (Gait.RUN, Direction.BACKWARD): 1.9,
    (Gait.WALK, Direction.BACKWARD): 0.9,
}
#: Half height [px] of sideways steps, which have no speed along facing.
_SIDEWAYS_PX = 5.0
#: The picture shows at least this much [m/s] above the line and below it.
_LEAST_UP_MPS, _LEAST_DOWN_MPS = 1.4, 1.0
_TICKS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240)
_TICK_PX = 48.0


def planned_svg(
    session: Session, *, label: str, width: float = 600, height: float = 96, name: str = "p", words: bool = True
) -> str:
    """The session as an SVG element; with `words`, the sides are named and minutes marked along the bottom.

    `label` is read out in its place; `name` must be its own where several stand on one page.
    """
    top, bottom = (20.0, height - 24.0) if words else (1.0, height - 1.0)
    zero, px_per_mps = scale(session, top, bottom)
    per_s = (width - 2) / session.duration_s
    drawn = [f"<defs>{drawing.hatch(f'{name}h', 3.6, 1.2)}{drawing.dots(f'{name}d')}</defs>"]
    for step, start_s in zip(session.steps, starts(session), strict=True):
        drawn += block(step, 1 + start_s * per_s, step.duration_s * per_s, zero, px_per_mps, name)
    drawn.append(drawing.path(drawing.level(1, width - 1, zero), "line"))
    if words:
        drawn += [drawing.text(1, 11, "forward ›", "lf"), *_minutes(session, per_s, width, height)]
        if any(step.direction == Direction.BACKWARD for step in session.steps):
            drawn.append(drawing.text(width - 1, height - 5, "‹ backward", "lb", "end"))
    return drawing.image(width, height, label, drawn)


def repeats_svg(
    session: Session,
    limit_mps: float,
    *,
    label: str,
    backward: str,
    limit: str,
    width: float = 350,
    height: float = 112,
    name: str = "f",
) -> str:
    """The repeats of a session under the speed nobody may pass: a dashed line at `limit_mps` [m/s], named `limit`.

    `backward` stands under the blocks; `label` is read out in place of the picture.
    """
    top, bottom = 8.0, height - 30.0
    down = max(limit_mps, _LEAST_DOWN_MPS, *(-drawn_mps(step) for step in session.steps))
    px_per_mps = (bottom - top) / (_LEAST_UP_MPS + down)
    zero = top + _LEAST_UP_MPS * px_per_mps
    per_s = width / session.duration_s
    drawn = [f"<defs>{drawing.hatch(f'{name}h')}</defs>"]
    for step, start_s in zip(session.steps, starts(session), strict=True):
        drawn += block(step, start_s * per_s, step.duration_s * per_s, zero, px_per_mps, name)
    drawn.append(drawing.path(drawing.level(0, width, zero), "line"))
    drawn.append(drawing.path(drawing.level(0, width, zero + limit_mps * px_per_mps), "limit"))
    drawn += [drawing.text(0, height - 6, backward, "lb"), drawing.text(width, height - 6, limit, "strong", "end")]
    return drawing.image(width, height, label, drawn)


def starts(session: Session) -> Iterator[float]:
    """When each step begins [s]."""
    return accumulate((step.duration_s for step in session.steps[:-1]), initial=0.0)


def drawn_mps(step: Step) -> float:
    """How high to draw a step [m/s], backward negative; 0 where it does not go along facing."""
    nominal = _NOMINAL_MPS.get((step.gait, step.direction), 0.0)
    height = step.speed_mps if step.speed_mps is not None and nominal else nominal
    return -height if step.direction == Direction.BACKWARD else height


def scale(session: Session, top: float, bottom: float) -> tuple[float, float]:
    """Where the line stands, and pixels per metre a second: one scale on both sides."""
    speeds = [drawn_mps(step) for step in session.steps]
    up = max(_LEAST_UP_MPS, *speeds)
    down = max(_LEAST_DOWN_MPS, *(-speed for speed in speeds))
    per_mps = (bottom - top) / (up + down)
    return top + up * per_mps, per_mps


def block(step: Step, x: float, width: float, zero: float, px_per_mps: float, name: str) -> list[str]:
    """One step from `x` on, `width` wide, above the line at `zero` or below it. `name` prefixes its patterns."""
    if step.gait == Gait.STAND:
        return [drawing.path(drawing.level(x + 1.5, max(x + width - 1.5, x + 1.6), zero), "st")]
    if step.direction == Direction.SIDEWAYS:
        return [drawing.rectangle(x, zero - _SIDEWAYS_PX, width, 2 * _SIDEWAYS_PX, "se", f"url(#{name}d)")]
    height = abs(drawn_mps(step)) * px_per_mps
    if step.direction == Direction.BACKWARD:
        edge = drawing.rectangle(x, zero, width, height, "be")
        return [
            drawing.rectangle(x, zero, width, height, "bw" if step.gait == Gait.WALK else "", f"url(#{name}h)"),
            edge,
        ]
    edge = drawing.path(drawing.level(x, x + width, zero - height), "fe")
    return [drawing.rectangle(x, zero - height, width, height, "fw" if step.gait == Gait.WALK else "fr"), edge]


def _minutes(session: Session, per_s: float, width: float, height: float) -> Iterator[str]:
    every = next((m for m in _TICKS_MIN if m * 60 * per_s >= _TICK_PX), _TICKS_MIN[-1])
    # The last fifth belongs to the word for backward.
    minutes = range(0, int(0.82 * session.duration_s // 60) + 1, every)
    for minute in minutes:
        x = 1 + minute * 60 * per_s
        if x < 0.82 * width:
            word = f"{minute} min" if minute == minutes[-1] or minute == 0 else f"{minute}"
            yield drawing.text(x, height - 5, word, "lab", "start" if minute == 0 else "middle")


def planned_strip(session: Session, width: int = 60) -> tuple[str, str, str]:
    """The same in characters: above the line, the line, below it, each `width` wide; walking is low."""
    edges = [*starts(session), session.duration_s]
    above, line, below = [" "] * width, ["─"] * width, [" "] * width
    column_s = session.duration_s / width
    at = 0
    for column in range(width):
        while at < len(session.steps) - 1 and edges[at + 1] <= (column + 0.5) * column_s:
            at += 1
        step = session.steps[at]
        walk = step.gait == Gait.WALK
        if step.direction == Direction.BACKWARD:
            below[column] = "▔" if walk else "▀"
        elif step.direction == Direction.FORWARD:
            above[column] = "▁" if walk else "▄"
        elif step.direction == Direction.SIDEWAYS:
            line[column] = "~"
    return "".join(above), "".join(line), "".join(below)
