"""Kept weeks: one mark a week, below the line where there was a session, on it where rest was the plan, empty else."""

from collections.abc import Sequence

from retropace.views import drawing

#: What a week can be.
WENT, RESTED, NOTHING = "went", "rested", "nothing"
_PLACE, _HIGH = 24.0, 22.0


def kept_weeks(weeks: Sequence[str], *, label: str, name: str) -> str:
    """The weeks, oldest first, as an SVG element read out as `label`."""
    width = _PLACE * max(len(weeks), 1)
    marks = [f"<defs>{drawing.hatch(f'{name}h')}</defs>"]
    for number, week in enumerate(weeks):
        marks.append(_week(week, _PLACE * number, name))
    marks.append(drawing.path(drawing.level(0, width, 6), "line"))
    return drawing.image(width, _HIGH + 10, label, marks, "kept")


def _week(week: str, left: float, name: str) -> str:
    if week == WENT:
        return drawing.rectangle(left + 3, 6, _PLACE - 6, _HIGH, "bb", f"url(#{name}h)", radius=2)
    if week == RESTED:
        return drawing.path(drawing.level(left + 4, left + _PLACE - 4, 6), "st")
    return drawing.rectangle(left + 3, 6, _PLACE - 6, _HIGH, "plan", radius=2)
