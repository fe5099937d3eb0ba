"""Parts: the drawings of the printed page, in black with hatch, each with the words that are read out in its place."""

from collections.abc import Sequence
from typing import Any

from retropace.digest import digest
from retropace.progress import Fading, Progress, Week, pains
from retropace.quantities import System
from retropace.report.words import day, short
from retropace.review import Reviewed
from retropace.saying import sentence
from retropace.views import drawing
from retropace.views.bodymap import place_name
from retropace.views.fading import After, fading
from retropace.views.figures import moment
from retropace.views.hanging import Bar, hanging
from retropace.views.palette import PAPER
from retropace.views.ribbon import ribbon_svg
from retropace.views.story import all_bouts

#: Widths of drawings across the page and half across [px]; a letter is as large in each.
_WHOLE_PX, _HALF_PX = 860.0, 272.0
#: So many weeks, sessions and places fit.
_MOST_WEEKS, _MOST_SESSIONS, _MOST_PLACES = 16, 18, 2


def _drawn(svg: str, label: str) -> dict[str, str]:
    return {"svg": drawing.standalone(svg, PAPER), "label": label}


def weeks(found: Progress) -> dict[str, Any] | None:
    """Minutes backward a week against the plan of its time."""
    past = [week for week in found.weeks if not week.ahead][-_MOST_WEEKS:]
    ahead = [week for week in found.weeks if week.ahead]
    shown = [*past, *ahead[: max(2, 12 - len(past))]]
    if not any(week.sessions or week.planned_s for week in shown):
        return None
    label = "Minutes backward a week: " + "; ".join(_week_words(week) for week in shown)
    bars = [_bar(week, past[-1]) for week in shown]
    svg = hanging(
        bars, label=label, title="backward, minutes a week", clock=moment, width=_WHOLE_PX, height=158.0, name="w"
    )
    lighter = any(week.lighter for week in shown)
    said = any(week.told_s for week in shown)
    legend = [
        *(["hatched: recorded"] if any(week.recorded_s for week in shown) else []),
        *(["lightly hatched: by word"] if said else []),
        *(["dashed outline: the plan as each week began"] if any(week.planned_s for week in shown) else []),
        *(["diamond: lighter by plan"] if lighter else []),
    ]
    heading = "What was done" if any(week.sessions for week in shown) else "What is planned"
    return {"heading": heading, "drawing": _drawn(svg, label), "caption": sentence(f"{'; '.join(legend)}.")}


def _bar(week: Week, this: Week) -> Bar:
    mark = "now" if week is this else str(week.number) if week.number is not None else short(week.start)
    return Bar(mark, week.recorded_s, week.told_s, week.planned_s, week.lighter, week is this)


def _week_words(week: Week) -> str:
    done = "" if week.ahead else f" done {moment(week.reverse_s)}"
    planned = "" if week.planned_s is None else f" planned {moment(week.planned_s)}"
    return f"from {short(week.start)}{done}{planned}"


def session(latest: Reviewed | None, system: System) -> dict[str, Any] | None:
    """The last session as its ribbon, with what happened in a sentence."""
    if latest is None:
        return None
    made, summary = digest(latest), latest.summary
    label = f"Ribbon of {day(latest.kept.day)}: {made.headline}"
    svg = ribbon_svg(
        summary.grid,
        all_bouts(summary),
        label=label,
        width=_WHOLE_PX,
        height=178.0,
        plan=summary.followed.steps if summary.followed else (),
        system=system,
        name="s",
    )
    return {
        "heading": f"Last recorded session, {day(latest.kept.day)}",
        "told": made.headline,
        "simulated": summary.recording.origin.simulated,
        "drawing": _drawn(svg, label),
    }


def felt(found: Progress) -> dict[str, Any] | None:
    """Pain of each session, and soreness of the places that were sore most."""
    if not found.entries:
        return None
    drawings = [_soreness(one) for one in found.soreness[:_MOST_PLACES]]
    told = [_pain(found)]
    more = found.soreness[_MOST_PLACES:]
    if more:
        rest = ", ".join(f"{place_name(one.where)} {one.worst:g}" for one in more[:6])
        told.append(f"Also sore, at most: {rest} of 10.")
    if not found.soreness:
        answered = any(entry.answered("soreness_24h") for entry in found.entries)
        told.append("No soreness was told." if answered else "Nobody told of soreness.")
    return {"drawings": [*drawings, _pain_drawing(found)], "told": [*told, *_neck(found), *_signs(found)]}


def _soreness(one: Fading) -> dict[str, str]:
    place = place_name(one.where)
    title = f"Soreness, {place}"
    sessions = [After(str(s.number), (s.after_24h, s.after_48h)) for s in one.answered]
    label = f"{title}: " + ", ".join(
        f"session {s.number}: {_score(s.after_24h)} then {_score(s.after_48h)}" for s in one.answered
    )
    return _line(sessions, title, one.worst, label)


def _pain_drawing(found: Progress) -> dict[str, str]:
    days = pains(found.entries)
    sessions = [After(str(n), (p.during, p.hour, p.morning)) for n, p in enumerate(days, start=1)]
    worst = max((v for p in days for v in (p.during, p.hour, p.morning) if v is not None), default=0.0)
    label = "Pain: " + ", ".join(
        f"session {n}: {_score(p.during)}, {_score(p.hour)}, {_score(p.morning)}" for n, p in enumerate(days, start=1)
    )
    return _line(sessions, "Pain: during, hour, morning", worst, label)


def _line(sessions: Sequence[After], title: str, worst: float, label: str) -> dict[str, str]:
    """The sessions, the middle left out where there are too many, only some with their number."""
    chosen = list(sessions)
    if len(chosen) > _MOST_SESSIONS:
        half = _MOST_SESSIONS // 2
        chosen = [*chosen[:half], After("…", ()), *chosen[-half:]]
    step = 1 if len(chosen) <= 8 else 4
    marked = [After(one.mark if n % step == 0 or one.mark == "…" else "", one.scores) for n, one in enumerate(chosen)]
    svg = fading(
        marked, label=label, title=title, of_most=f"{worst:g} of 10", worst=worst, width=_HALF_PX, height=112.0
    )
    return _drawn(svg, label)


def _score(value: float | None) -> str:
    return "not told" if value is None else f"{value:g}"


def _pain(found: Progress) -> str:
    days = [p for p in pains(found.entries) if p.where]
    if not days:
        told = any(e.answered("pain_during") or e.answered("pain_morning") for e in found.entries)
        return "No pain was told." if told else "Nobody told of pain."
    last = days[-1]
    places = ", ".join(place_name(where) for where in last.where[:3])
    count = "session" if len(days) == 1 else "sessions"
    return f"Pain after {len(days)} {count}, last on {short(last.day)}: {places}."


def _neck(found: Progress) -> list[str]:
    told = [entry.neck_strain for entry in found.entries if entry.neck_strain is not None]
    return [f"Neck strain from looking behind: at most {max(told):g}, last {told[-1]:g} of 10."] if told else []


def _signs(found: Progress) -> list[str]:
    signs = [(e.day, sign) for e in found.entries for sign in e.red_flags]
    if not signs:
        return ["No sign to stop was told."]
    return ["Signs to stop: " + ", ".join(f"{sign.replace('_', ' ')} on {short(on)}" for on, sign in signs[-4:]) + "."]
