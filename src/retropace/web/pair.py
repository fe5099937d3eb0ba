"""Pair: the ribbons of two sessions one over the other, on one scale of time and one of speed."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what is drawn, and what it is called on the picture."""

    frame: Frame
    title: str


def sides(first: Summary, second: Summary, titles: tuple[str, str]) -> tuple[Side, Side]:
    """Both whole, or only where their repeats are, if both have some and they fill little of either."""
    pair = (first, second)
    spans = [zoom_span(summary) for summary in pair]
    frames = [_frame(summary) for summary in pair]
    if any(spans) and all(story.repeats(frame.bouts) for frame in frames):
        frames = [frame.between(*span) if span else frame for frame, span in zip(frames, spans, strict=True)]
    return Side(frames[0], titles[0]), Side(frames[1], titles[1])


def _frame(summary: Summary) -> Frame:
    return Frame(summary.grid, story.all_bouts(summary), summary.followed.steps if summary.followed else ())


def whole_svg(summary: Summary, width: float, name: str) -> str:
    """The whole session small, framed where `sides` shows only its repeats; "" where it shows all."""
    span = zoom_span(summary)
    if span is None:
        return ""
    bouts = story.all_bouts(summary)
    return thumbnail(
        summary.grid,
        bouts,
        label=story.ribbon_label(len(summary.grid), bouts),
        width=width,
        selected_s=span,
        name=name,
    )


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
