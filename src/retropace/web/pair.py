"""Pair: the ribbons of two sessions one over the other, on one scale of time and one of speed."""

from dataclasses import dataclass, replace

from retropace.quantities import System
from retropace.summary import Summary
from retropace.views import drawing, story
from retropace.views.charts import Frame
from retropace.views.ribbon import GUTTER_PX, Profile, Scale, panel, profile, scale, thumbnail, time_axis
from retropace.views.story import zoom_span
from retropace.views.timeline import timeline

#: Heights [px] of a ribbon, of the words above and below it, and of the time axis under both.
_RIBBON_PX, _ABOVE_PX, _BELOW_PX, _AXIS_PX = 132.0, 44.0, 30.0, 20.0
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
    drawn = [_profile(side.frame, other.frame, width) for side, other in ((first, second), (second, first))]
    fits = _fits(drawn, (first, second))
    marks: list[str] = []
    top = _ABOVE_PX
    longest: Profile | None = None
    for number, (side, ribbon, fit) in enumerate(zip((first, second), drawn, fits, strict=True)):
        marks.append(drawing.text(0, top - _ABOVE_PX + _TITLE_PX, side.title, "strong"))
        if ribbon is None or fit is None:
            marks.append(drawing.text(0, top + 20, "nothing to draw: the recording holds no seconds"))
            top += _ABOVE_PX + 20
            continue
        placed = Scale(fit.zero + top, fit.px_per_mps)
        marks += panel(ribbon, placed, (top, top + _RIBBON_PX), f"{name}{number}", system, side.frame.plan)
        longest = ribbon if longest is None or ribbon.line.right[-1] > longest.line.right[-1] else longest
        top += _RIBBON_PX + _BELOW_PX + _ABOVE_PX
    height = top - _ABOVE_PX + _AXIS_PX
    if longest is not None:
        marks += time_axis(longest.line, height - 4)
    return drawing.image(width, height, label, marks)


def _profile(frame: Frame, other: Frame, width: float) -> Profile | None:
    """The ribbon, as much narrower than the drawing as its time is shorter than the other's."""
    own, beside = (timeline(f.grid, GUTTER_PX, width) for f in (frame, other))
    if own is None:
        return None
    share = 1.0 if beside is None else min(1.0, own.recorded_s / beside.recorded_s)
    return profile(frame.grid, frame.bouts, GUTTER_PX, GUTTER_PX + share * (width - GUTTER_PX))


def _fits(drawn: list[Profile | None], pair: tuple[Side, Side]) -> list[Scale | None]:
    """Where the line of each stands below its top; one scale of speed for both, and the line in the same place."""
    own = [
        None if ribbon is None else scale(ribbon, 0.0, _RIBBON_PX, side.frame.plan)
        for ribbon, side in zip(drawn, pair, strict=True)
    ]
    known = [fit for fit in own if fit is not None]
    if not known:
        return own
    up = max(fit.zero / fit.px_per_mps for fit in known)
    down = max((_RIBBON_PX - fit.zero) / fit.px_per_mps for fit in known)
    shared = Scale(_RIBBON_PX * up / (up + down), _RIBBON_PX / (up + down))
    return [None if fit is None else shared for fit in own]
