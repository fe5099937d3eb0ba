"""Session: one recording: what happened in it, how that is known, and the person's own word on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import numpy as np
from starlette.responses import Response

from retropace.correction import WORDS
from retropace.errors import NotFound, RetropaceError, StoreFailure, UnusableInput
from retropace.intake import read_sensor
from retropace.quantities import Direction
from retropace.review import Reviewed, tell_placement
from retropace.store.recordings import Kept
from retropace.summary import Summary
from retropace.views import charts, facts, rows, story
from retropace.views.bars import mirrored
from retropace.views.chances import Line, lines
from retropace.views.track import Track
from retropace.views.verdicts import asked, sign
from retropace.views.worn import PLACES, worn
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.pages import correcting, following
from retropace.web.pages.chart import (
    SIZES,
    View,
    drawn,
    form_drawn,
    overview,
    steps,
    track_of,
    view_kept,
    view_of,
)
from retropace.web.reviews import review
from retropace.web.visit import Visit
from retropace.web.wording import here

#: Rows of the first table of stretches, and of the one with all of them; more are folded.
_MOST_TELLING, _MOST_UNKNOWN, _MOST_ALL = 24, 6, 60
#: The longest name of a sensor that a form may send.
_LONGEST_NAME = 500
#: How much each witness of direction counts is our own choice, made where its evidence is weighed (`witness.CAPS`).
_SURELY_SOURCES = ("design",)


def session(visit: Visit) -> Response:
    """The page. An original that cannot be read any more has a page too."""
    try:
        found = _reviewed(visit)
    except NotFound:
        raise
    except RetropaceError as error:
        kept = visit.recordings.get(visit.path("recording"))
        damaged = isinstance(error, StoreFailure)
        told: dict[str, Any] = {"kept": kept, "day": following.day_words(kept.day), "error": error, "damaged": damaged}
        return page(visit, "session_unread.html", tab="sessions", own=visit.own, **told)
    return _shown(visit, found, view_of(visit, found.summary))


def part(visit: Visit) -> Response:
    """The drawings alone, of one size, for the page's script while it zooms."""
    found = _reviewed(visit)
    view = view_of(visit, found.summary)
    if view is None:
        raise NotFound("Nothing was recorded in this session")
    size = visit.asked("size")
    sizes = (size,) if size in SIZES else tuple(SIZES)
    made = drawn(found.summary, view, _track(visit, found.summary), visit.settings.system, sizes)
    parts: dict[str, Any] = {
        "chart": made,
        "view": view,
        "steps": steps(view),
        "at": _at(found.kept),
        "own": visit.own,
    }
    return page(visit, "session_chart.html", **parts)


def enlarged(visit: Visit) -> Response:
    """The enlargement of another stretch, for the page's script."""
    found = _reviewed(visit)
    view = view_of(visit, found.summary)
    if view is None:
        raise NotFound("Nothing was recorded in this session")
    about = correcting.question(visit, found.summary, view)
    return page(visit, "session_enlarged.html", enlarged=correcting.enlarged(found.summary, about.stretch, view))


# -- what the person says -------------------------------------------------------------------------------------------------


def correct(visit: Visit) -> Response:
    """Lay one correction over the recording; a form that cannot be used is shown again."""
    found = _reviewed(visit)
    view = view_kept(visit, found.summary)
    try:
        correction = correcting.said(visit, found.summary, len(found.corrections))
    except UnusableInput as error:
        return _shown(visit, found, view, refused=error)
    visit.recordings.correct(found.kept.id, correction)
    stretch = correcting.Stretch(correction.start_s, correction.end_s)
    words = correcting.direction_words(correction.direction)
    said = say("{start} to {end}: {direction}, as you said.", start=stretch.start, end=stretch.end, direction=words)
    return _back(visit, found.kept, view, said)


def undo(visit: Visit) -> Response:
    """Take back the latest correction."""
    found = _reviewed(visit)
    undone = visit.recordings.undo(found.kept.id)
    said = say("Your last correction is taken back.") if undone else say("There is no correction to take back.")
    return _back(visit, found.kept, view_kept(visit, found.summary), said)


def redo(visit: Visit) -> Response:
    """Bring back the correction that was taken back last."""
    found = _reviewed(visit)
    redone = visit.recordings.redo(found.kept.id)
    said = say("The correction is back.") if redone else say("There is no correction to bring back.")
    return _back(visit, found.kept, view_kept(visit, found.summary), said)


def follow(visit: Visit) -> Response:
    """Keep which prescribed session was followed."""
    kept = visit.recordings.get(visit.path("recording"))
    followed = following.chosen(visit, kept)
    visit.recordings.keep_session(kept.id, followed)
    said = say("Compared with “{name}” now.", name=followed.name) if followed else say("No plan was followed.")
    return see_other(visit, f"{_at(kept)}#planned", said)


def wear(visit: Visit) -> Response:
    """Keep where the sensor was worn, as the person says; figures are computed anew."""
    kept = visit.recordings.get(visit.path("recording"))
    word = visit.text("placement", 20)
    tell_placement(visit.recordings, kept.id, word)
    said = say("Worn: {place}, as you said.", place=PLACES[word]) if word else say("Found from the motion again.")
    return see_other(visit, f"{_at(kept)}#worn", said)


def choose(visit: Visit) -> Response:
    """Read another of the sensors in its file; what was said of where the first one was is not said of this one."""
    kept = visit.recordings.get(visit.path("recording"))
    name = visit.text("sensor", _LONGEST_NAME)
    read_sensor(visit.notebook, visit.recordings, kept, name, visit.today)
    return see_other(visit, f"{_at(kept)}#worn", say("“{name}” is read now.", name=name))


# -- to take away ---------------------------------------------------------------------------------------------------------


def report(visit: Visit) -> Response:
    """The report as one HTML file. It may be passed on, so home stays hidden as the owner set it."""
    from retropace.views.page import html_report

    found = _reviewed(visit)
    shared = visit.owner_settings
    made = html_report(
        found.summary, system=visit.settings.system, hide_radius_m=shared.hide_radius_m, home=shared.home
    )
    return _download(made.encode(), "text/html; charset=utf-8", _file_name(found.kept, "html"))


def picture(visit: Visit) -> Response:
    """Headline, facts and ribbon as a picture; it holds no position."""
    from retropace.views.picture import png_report

    found = _reviewed(visit)
    return _download(
        png_report(found.summary, system=visit.settings.system), "image/png", _file_name(found.kept, "png")
    )


def figures(visit: Visit) -> Response:
    """Every figure as JSON, as `analyse --json` writes it; `series=yes` adds the once-a-second channels."""
    from retropace.views.document import document, document_json

    found = _reviewed(visit)
    content = document_json([document(found.summary, series=visit.asked("series") == "yes")])
    return _download(content, "application/json", _file_name(found.kept, "json"))


def original(visit: Visit) -> Response:
    """The file as it came in."""
    kept = visit.recordings.get(visit.path("recording"))
    return _download(visit.recordings.original(kept), "application/octet-stream", kept.name.rpartition("/")[2])


def _file_name(kept: Kept, ending: str) -> str:
    return f"retropace-{kept.day}-{kept.id}.{ending}"


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, media_type=kind, headers=headers)


# -- the page's parts -----------------------------------------------------------------------------------------------------


def _reviewed(visit: Visit) -> Reviewed:
    return review(visit.notebook, visit.recordings, visit.path("recording"))


def _at(kept: Kept) -> str:
    return f"/sessions/{kept.id}"


def _back(visit: Visit, kept: Kept, view: View | None, said: str) -> Response:
    shown = "" if view is None else f"?{view.query}"
    return see_other(visit, f"{_at(kept)}{shown}#correct", said)


def _track(visit: Visit, summary: Summary) -> Track:
    """All of the way on one's own page; where somebody else looks, home stays hidden as the owner set it."""
    system = visit.settings.system
    way = track_of(summary, visit.hide_radius_m, visit.owner_settings.home, system)
    if not visit.own or way.svg is None:
        return way
    words = say("Only you see all of it: home, or start and end, stay hidden in what you share.")
    if not visit.owner_settings.hide_radius_m:
        words = say("All of it is in what you share too: under Settings you can hide where you live.")
    return replace(way, words=words)


def _shown(visit: Visit, found: Reviewed, view: View | None, refused: UnusableInput | None = None) -> Response:
    summary = found.summary
    parts = _head(visit, found) | _told(visit, summary) | {"view": view, "refused": refused}
    if view is None:
        parts |= {"chart": None, "steps": [], "question": None, "corrections": [], "options": []}
    else:
        way = _track(visit, summary)
        parts |= {"chart": drawn(summary, view, way, visit.settings.system), "steps": steps(view), "track": way}
        parts["overview"] = overview(summary, view)
        parts |= {"form": form_drawn(summary, view), "chances": _chances(summary)}
        parts |= _correction(visit, found, view, refused)
    return page(visit, "session.html", status=200 if refused is None else 400, tab="sessions", **parts)


def _head(visit: Visit, found: Reviewed) -> dict[str, Any]:
    kept, summary = found.kept, found.summary
    entry = (
        next((entry for entry in visit.notebook.log() if entry.day == kept.day), None) if visit.may_see("log") else None
    )
    return {
        "kept": kept,
        "at": _at(kept),
        "own": visit.own,
        "title": story.headline(summary),
        "occasion": story.occasion(summary),
        "zone": story.zone(summary),
        "place": story.where(summary),
        "made_up": summary.recording.origin.simulated and not visit.simulated,
        "facts": facts.facts(summary, visit.settings.system),
        "entry": entry,
        "origin": summary.recording.origin,
        "raw_motion": bool(summary.recording.motion) and not len(summary.recording.track),
        "speed_heard": bool(np.isfinite(summary.grid.speed_mps).any()),
        "here": here,
    }


def _told(visit: Visit, summary: Summary) -> dict[str, Any]:
    system = visit.settings.system
    telling = rows.telling(summary)
    backward = Direction.BACKWARD in summary.by_direction
    return {
        "telling": rows.rows(summary, system, telling, _MOST_TELLING if backward else _MOST_UNKNOWN) if telling else [],
        "stretches": rows.rows(summary, system, most=_MOST_ALL),
        "count": len(summary.bouts),
        "speed_sources": summary.session["speed_mps"].sources if "speed_mps" in summary.session else (),
        "surely_sources": _SURELY_SOURCES,
        "witnesses": story.witness_lines(story.all_bouts(summary)),
        "has_backward": backward,
        "bars": [(c, mirrored(c, f"b{i}")) for i, c in enumerate(facts.comparisons(summary, system))],
        "numbers": facts.metric_rows(summary, system, first=True),
        "more": facts.metric_rows(summary, system, first=False),
        "notes": facts.notes,
        "unknowns": summary.unknowns,
        "repairs": facts.repair_lines(summary),
        "device": facts.device_lines(summary, system),
        "against": following.against(summary),
        "planned": summary.planned,
        "statements": [(sign(claim.verdict), claim) for claim in asked()] if backward else [],
        "track": None,
        "form": {},
        "chances": [],
        "worn": worn(summary),
        "sensors": summary.recording.chosen,
        "places": PLACES,
        "zoom_query": _zoom_query,
        "fix_query": lambda row: correcting.Stretch(row.start_s, row.end_s).query,
    }


def _chances(summary: Summary) -> list[Line]:
    """The strip as a table, as far as anybody reads one."""
    frame = charts.frame_of(summary)
    return [] if frame.chances is None else lines(frame.chances, frame.grid, frame.bouts)[:_MOST_ALL]


def _zoom_query(view: View, row: rows.Row | following.Done) -> str:
    """The address's query that shows a line of a table, with as much again around it."""
    margin = max(5.0, (row.end_s - row.start_s) / 2)
    return view.showing(row.start_s - margin, row.end_s + margin).query


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the answers to which way somebody went; `key` is pressed for it."""

    word: str
    label: str
    key: str


def _ways() -> list[_Way]:
    labels = {
        "backward": _Way("backward", say("Backward"), "B"),
        "forward": _Way("forward", say("Forward"), "F"),
        "sideways": _Way("sideways", say("Sideways"), "S"),
        "standing": _Way("standing", say("Standing"), "T"),
        "unknown": _Way("unknown", say("Leave unknown"), "U"),
    }
    return [labels[word] for word in sorted(WORDS, key=list(labels).index)]


def _correction(visit: Visit, found: Reviewed, view: View, refused: UnusableInput | None) -> dict[str, Any]:
    if not visit.own:
        return {"question": None, "options": [], "corrections": correcting.lines(found.corrections)}
    about = correcting.question(visit, found.summary, view)
    typed = (about.stretch.start, about.stretch.end)
    folded = about.kind == "none" and refused is None
    if refused is not None:
        typed = visit.text("from", 40), visit.text("to", 40)
    return {
        "question": about,
        "enlarged": correcting.folded(about.stretch, view)
        if folded
        else correcting.enlarged(found.summary, about.stretch, view),
        "typed": typed,
        "ways": _ways(),
        "corrections": correcting.lines(found.corrections),
        "can_redo": visit.recordings.can_redo(found.kept.id),
        "options": following.options(visit, found.kept),
    }


def _door(path: str, answer: Callable[[Visit], Response], *, shares: str | None = None) -> Door:
    return Door(f"/sessions/{{recording}}{path}", answer, shares=shares)


def _form(path: str, answer: Callable[[Visit], Response]) -> Door:
    return Door(f"/sessions/{{recording}}{path}", answer, methods=("POST",))


DOORS = (
    _door("", session, shares="sessions"),
    _door("/part", part, shares="sessions"),
    _door("/report.html", report, shares="sessions"),
    _door("/picture.png", picture, shares="sessions"),
    _door("/figures.json", figures, shares="sessions"),
    _door("/enlarged", enlarged),
    _door("/original", original),
    _form("/correct", correct),
    _form("/undo", undo),
    _form("/redo", redo),
    _form("/followed", follow),
    _form("/worn", wear),
    _form("/sensor", choose),
)
