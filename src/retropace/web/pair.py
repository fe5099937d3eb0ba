"""Pair: the ribbons of two sessions one over the other, on one scale of time and one of speed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retropace.quantities import System, shown
from retropace.summary import Summary
from retropace.views import drawing, story
from retropace.views.charts import Frame
from retropace.views.ribbon import (
    GUTTER_PX,
    Profile,
    Scale,
    plan_marks,
    profile,
    scale,
    speed_axis,
    thumbnail,
    time_axis,
    unknown_names,
)
from retropace.views.ribbon import marks as ribbon_marks
from retropace.views.story import zoom_span
from retropace.views.timeline import timeline
from retropace.web.language import say

#: Heights [px] of a ribbon, of the words above and below it, and of the time axis under both.
_RIBBON_PX, _ABOVE_PX, _BELOW_PX, _AXIS_PX = 132.0, 48.0, 34.0, 20.0
_TITLE_PX = 15.0
#: So much [s] is shown before the first repeat and after the last.
_LEAD_S = 20.0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what is drawn, and what it is called on the picture."""

    frame: Frame
    title: str


def sides(first: Summary, second: Summary, titles: tuple[str, str]) -> tuple[Side, Side]:
    """Both from their start; or from shortly before their first backward repeat to the last, where `near` says so."""
    pair = (first, second)
    windows = [window(summary) for summary in pair] if near(*pair) else [None, None]
    frames = [_from_zero(_frame(summary), span) for summary, span in zip(pair, windows, strict=True)]
    return Side(frames[0], titles[0]), Side(frames[1], titles[1])


def near(first: Summary, second: Summary) -> bool:
    """Whether only the repeats are drawn: both have some, and they fill little of either."""
    return any(map(zoom_span, (first, second))) and all(story.repeats(story.all_bouts(s)) for s in (first, second))


def window(summary: Summary) -> tuple[float, float]:
    """Start and end [s] of the part with every backward repeat, a little more on both sides."""
    found = story.repeats(story.all_bouts(summary))
    return found[0][0].start_s - _LEAD_S, found[-1][-1].end_s + _LEAD_S


def _frame(summary: Summary) -> Frame:
    return Frame(summary.grid, story.all_bouts(summary), summary.followed.steps if summary.followed else ())


def _from_zero(frame: Frame, span: tuple[float, float] | None) -> Frame:
    """The part of a frame within `span`, its time counted from where that begins: two then begin together."""
    part = frame if span is None else frame.between(*span)
    if not len(part.grid):
        return part
    begin = float(part.grid.time_s[0]) if span is None else span[0]
    return Frame(
        replace(part.grid, time_s=part.grid.time_s - begin),
        [replace(bout, start_s=bout.start_s - begin, end_s=bout.end_s - begin) for bout in part.bouts],
        [replace(step, start_s=step.start_s - begin, end_s=step.end_s - begin) for step in part.plan],
    )


def whole_svg(summary: Summary, width: float, name: str) -> str:
    """The whole session small, framed where `near` sessions show their repeats."""
    bouts = story.all_bouts(summary)
    label = story.ribbon_label(len(summary.grid), bouts)
    return thumbnail(summary.grid, bouts, label=label, width=width, selected_s=window(summary), name=name)


def pair_svg(first: Side, second: Side, *, label: str, width: float, name: str, system: System = "metric") -> str:
    """Both as one SVG element `width` wide. `label` is read out in its place, `name` must be its own on the page."""
    pair = (first, second)
    drawn = [_profile(side.frame, other.frame, width) for side, other in (pair, pair[::-1])]
    fit = _fit(drawn, pair)
    marks: list[str] = []
    top = 0.0
    for number, (side, ribbon) in enumerate(zip(pair, drawn, strict=True)):
        marks.append(drawing.text(0, top + _TITLE_PX, side.title, "strong"))
        top += _ABOVE_PX
        if ribbon is None:
            marks.append(drawing.text(0, top, say("There is nothing to draw: the file holds no samples over time.")))
            top += _BELOW_PX
            continue
        placed = Scale(fit.zero + top, fit.px_per_mps)
        marks += _panel(ribbon, placed, side, top, width, f"{name}{number}", system)
        top += _RIBBON_PX + _BELOW_PX
    lines = [ribbon.line for ribbon in drawn if ribbon is not None]
    if lines:
        marks += time_axis(max(lines, key=lambda line: float(line.right[-1])), top + _AXIS_PX - 4)
    if any(side.frame.plan for side in pair):
        top += _AXIS_PX
        marks.append(drawing.text(width, top + _AXIS_PX - 4, say("dashed outline: planned"), "lab", "end"))
    return drawing.image(width, top + _AXIS_PX, label, marks)


def _panel(ribbon: Profile, fit: Scale, side: Side, top: float, width: float, name: str, system: System) -> list[str]:
    """One ribbon with its axis and the names of its two sides; the axis runs on where the other one is longer."""
    bottom = top + _RIBBON_PX
    marks = speed_axis(fit, top, bottom, GUTTER_PX, width, system) if ribbon.speed_seen else []
    marks += plan_marks(ribbon, fit, side.frame.plan)
    marks += ribbon_marks(ribbon, fit, name)
    marks += unknown_names(ribbon, fit)
    unit = shown(1.0, "m/s", system)[1] if ribbon.speed_seen else say("no speed recorded: heights say nothing")
    return [
        *marks,
        drawing.text(GUTTER_PX, top - 8, say("forward ›"), "lf"),
        drawing.text(width, top - 8, unit, "lab", "end"),
        drawing.text(GUTTER_PX, bottom + 16, say("‹ backward"), "lb"),
    ]


def _profile(frame: Frame, other: Frame, width: float) -> Profile | None:
    """The ribbon, as much narrower than the drawing as its time is shorter than the other's."""
    own, beside = (timeline(f.grid, GUTTER_PX, width) for f in (frame, other))
    if own is None:
        return None
    share = 1.0 if beside is None else min(1.0, own.recorded_s / beside.recorded_s)
    return profile(frame.grid, frame.bouts, GUTTER_PX, GUTTER_PX + share * (width - GUTTER_PX))


def _fit(drawn: Sequence[Profile | None], pair: tuple[Side, Side]) -> Scale:
    """One scale of speed that fits both, and where the line stands below the top of each."""
    own = [
        scale(ribbon, 0.0, _RIBBON_PX, side.frame.plan)
        for ribbon, side in zip(drawn, pair, strict=True)
        if ribbon is not None
    ]
    up = max((fit.zero / fit.px_per_mps for fit in own), default=1.0)
    down = max(((_RIBBON_PX - fit.zero) / fit.px_per_mps for fit in own), default=1.0)
    return Scale(_RIBBON_PX * up / (up + down), _RIBBON_PX / (up + down))
