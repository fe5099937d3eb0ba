"""Folded: a prescribed session with its warm-up and cool-down folded, so that the main set has room; and thumbnails.

The main set keeps one true scale. What is folded stands between break marks, at a scale of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retropace.prescription import MAIN
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.views import drawing
from retropace.views.planned import block, drawn_mps, scale

#: A part is folded where it would take more than this share of the picture, and takes this share then.
_LEAD, _TAIL = 0.2, 0.12
_BREAK_PX = 8.0
#: Between two blocks [px].
_GAP_PX = 1.0
#: About how wide a letter of the labels is [px].
_LETTER_PX = 7.6


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around the picture: the two sides above it; before, main set (in full and in brief) and after below."""

    forward: str
    backward: str
    before: str
    main: str
    main_brief: str
    after: str


@dataclass(frozen=True, slots=True)
class _Part:
    """Steps drawn at one scale from `left` to `right` [px]."""

    steps: tuple[Step, ...]
    left: float
    right: float

    @property
    def lasts_s(self) -> float:
        return sum(step.duration_s for step in self.steps)


def folded_svg(
    session: Session, words: Words, *, label: str, width: float = 608, height: float = 176, name: str = "f"
) -> str:
    """The session as an SVG element. `label` is read out in its place; `name` must be its own on a page."""
    zero, px_per_mps = scale(session, 30.0, height - 36.0)
    parts = _parts(session, width)
    drawn = [f"<defs>{drawing.hatch(f'{name}h')}{drawing.dots(f'{name}d')}</defs>"]
    for part in parts:
        for step, x, wide in _placed(part):
            drawn += block(step, x, wide, zero, px_per_mps, name)
        drawn.append(drawing.path(drawing.level(part.left, part.right, zero), "line"))
    drawn += [_slashes(part.right + _BREAK_PX / 2, zero) for part in parts[:-1]]
    drawn += [
        drawing.text(0, 13, words.forward, "lf"),
        drawing.text(width, 13, words.backward, "lb", "end"),
        *_labels(session, parts, words, width, height - 5),
    ]
    return drawing.image(width, height, label, drawn)


def thumbnail_svg(session: Session, *, hatch: str, width: float = 44, height: float = 40) -> str:
    """The session as small as a day of a calendar; words beside it say the same, so it is not read out.

    `hatch` is the id of a pattern that stands on the page (see `thumbnail_hatch`).
    """
    zero, px_per_mps = scale(session, 2.0, height - 2.0)
    per_s = width / max(session.duration_s, 1.0)
    shapes: dict[str, list[str]] = {}
    x = 0.0
    for step in session.steps:
        wide = step.duration_s * per_s
        _collect(shapes, step, (x, wide), zero, px_per_mps)
        x += wide
    drawn = [drawing.path("".join(data), css, f"url(#{hatch})" if css == "bk" else "") for css, data in shapes.items()]
    return _thumbnail([*drawn, drawing.path(drawing.level(0, width, zero), "line")], width, height)


def empty_thumbnail(*, width: float = 44, height: float = 40) -> str:
    """A day on which nothing goes backward: the line alone."""
    return _thumbnail([drawing.path(drawing.level(0, width, height / 2), "line faint")], width, height)


def thumbnail_hatch(name: str) -> str:
    """The pattern that thumbnails share, in an element of no size."""
    return f'<svg class="sr" width="0" height="0" aria-hidden="true"><defs>{drawing.hatch(name, 3.2, 1.3)}</defs></svg>'


def main_set(session: Session) -> slice:
    """Where the main set stands among the steps; all of them where there is none by name."""
    main = [k for k, step in enumerate(session.steps) if step.name in MAIN.values()]
    return slice(main[0], main[-1] + 1) if main else slice(0, len(session.steps))


# -- parts --------------------------------------------------------------------------------------------------------------


def _parts(session: Session, width: float) -> list[_Part]:
    """Warm-up, main set and cool-down; a part that is short enough stays at the scale of the main set."""
    main = main_set(session)
    before, after = session.steps[: main.start], session.steps[main.stop :]
    total = session.duration_s
    fold_before = sum(step.duration_s for step in before) / total > _LEAD
    fold_after = sum(step.duration_s for step in after) / total > _TAIL
    left = _LEAD * width if fold_before else 0.0
    right = width - _TAIL * width if fold_after else width
    middle = session.steps[main.start if fold_before else 0 : main.stop if fold_after else len(session.steps)]
    parts = [_Part(middle, left + _BREAK_PX * fold_before, right - _BREAK_PX * fold_after)]
    if fold_before:
        parts.insert(0, _Part(before, 0.0, left))
    if fold_after:
        parts.append(_Part(after, right, width))
    return parts


def _placed(part: _Part) -> Iterator[tuple[Step, float, float]]:
    """Each step with its place and width [px]; the pause inside a folded part takes what it takes."""
    per_s = (part.right - part.left) / part.lasts_s
    x = part.left
    for step in part.steps:
        wide = step.duration_s * per_s
        yield step, x, max(wide - _GAP_PX, 0.6 * wide)
        x += wide


def _slashes(x: float, zero: float) -> str:
    strokes = (drawing.stroke(at - 1, zero + 5, at + 1, zero - 5) for at in (x - 2, x + 2))
    return drawing.path("".join(strokes), "line")


def _labels(session: Session, parts: Sequence[_Part], words: Words, width: float, y: float) -> Iterator[str]:
    main = next(part for part in parts if session.steps[main_set(session)][0] in part.steps)
    folded_after = parts[-1] is not main
    room = (parts[-1].left if folded_after else width) - main.left
    if parts[0] is not main:
        yield drawing.text(0, y, words.before, "lab")
    fits = len(words.main) * _LETTER_PX <= room
    yield drawing.text(main.left, y, words.main if fits else words.main_brief, "strong")
    if folded_after:
        yield drawing.text(width, y, words.after, "lab", "end")


# -- thumbnails ---------------------------------------------------------------------------------------------------------


def _collect(
    shapes: dict[str, list[str]], step: Step, place: tuple[float, float], zero: float, px_per_mps: float
) -> None:
    """Add a step to the shapes of its kind, all of one kind in one path."""
    x, wide = place
    height = drawn_mps(step) * px_per_mps
    if height == 0 or step.direction is Direction.NONE:
        return
    x0, x1 = drawing.short(x), drawing.short(x + wide)
    top, line = drawing.short(zero - height), drawing.short(zero)
    box = f"M{x0} {line}V{top}H{x1}V{line}Z"
    if step.direction is Direction.BACKWARD:
        shapes.setdefault("bk", []).append(box)
        return
    shapes.setdefault("fw" if step.gait is Gait.WALK else "fr", []).append(box)
    shapes.setdefault("fe", []).append(f"M{x0} {top}H{x1}")


def _thumbnail(marks: Sequence[str], width: float, height: float) -> str:
    box = f'viewBox="0 0 {drawing.short(width)} {drawing.short(height)}"'
    return f'<svg class="thumb" {box} preserveAspectRatio="none" aria-hidden="true">{"".join(marks)}</svg>'
