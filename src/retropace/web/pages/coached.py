"""Coached: what a phone's coach recorded comes in, part by part, and becomes a session like any other. For our own scripts.

Whatever was answered with success is on the disk; everything may be sent again and changes nothing then.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.responses import JSONResponse, Response

from retropace.coached import file_name, streams, zipped
from retropace.digest import digest_of
from retropace.errors import Conflict, NotFound, UnusableInput
from retropace.intake import intake
from retropace.store.coached_runs import LARGEST_PART_BYTES, CoachedRuns, Run, is_place, is_run_id, missing
from retropace.store.recordings import Kept
from retropace.views.figures import clock
from retropace.web.doors import Door
from retropace.web.language import say
from retropace.web.memory import give_back
from retropace.web.sockets import end_spotting
from retropace.web.visit import Visit, day_from

T = TypeVar("T")

#: A guide of two hours has thousands of cues; the last word of a run has a few numbers [bytes].
_LARGEST_GUIDE_BYTES, _LARGEST_WORD_BYTES = 2_000_000, 10_000
#: So many missing parts are named.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Begun:
    """What a phone says when a run begins: `began_ms` since 1970, `offset_min` its local time minus UTC."""

    run: str
    day: str
    began_ms: float
    offset_min: int
    guide: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many parts of each stream a run has."""

    parts: dict[str, int]


def every_run(visit: Visit) -> Response:
    """The runs under way and done, the latest first."""
    runs = [{"run": run.id, "day": run.day.isoformat(), "state": run.state} for run in _runs(visit).all()]
    return _told({"runs": runs})


def begin(visit: Visit) -> Response:
    """A run begins, or is begun already."""
    told = _brought(visit, Begun)
    try:
        began = dt.datetime.fromtimestamp(told.began_ms / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        remedy = "Send milliseconds since 1970."
        raise UnusableInput("The run began at no time there is", field="began_ms", remedy=remedy) from error
    run = Run(told.run, day_from(told.day, "day"), began, told.offset_min, told.guide)
    kept = _runs(visit).begin(run, visit.house.clock())
    return _told({"run": kept.id, "state": kept.state})


def put_part(visit: Visit) -> Response:
    """A part of a stream, kept when this is answered."""
    stream, part = visit.path("stream"), visit.path("part")
    if not is_place(stream, part):
        raise NotFound("There is no such part of a run", remedy="Number the parts of a stream from 0.")
    sent = visit.request.headers.get("x-sha256", "").strip().lower()
    kept = _runs(visit).put(_run_id(visit), stream, int(part), visit.body, sent)
    return _told({"sha256": kept.sha256})


def one_run(visit: Visit) -> Response:
    """What came of a run, and what became of it."""
    runs = _runs(visit)
    run = runs.get(_run_id(visit))
    parts = [
        {"stream": part.stream, "part": part.part, "bytes": part.size_bytes, "sha256": part.sha256}
        for part in runs.manifest(run.id)
    ]
    return _told({"run": run.id, "state": run.state, "parts": parts} | _outcome(visit, run))


def finish(visit: Visit) -> Response:
    """All of a run has come: it becomes a recording, worked out at once. Raises Conflict where parts are missing."""
    runs, ended = _runs(visit), _brought(visit, Ended)
    run = runs.get(_run_id(visit))
    if run.state == "open":
        _require_all(runs, run, ended)
        run = runs.finish(run.id, _kept_of(visit, runs, run))
        end_spotting(visit.house, visit.person_id, run.id)
        give_back()
    return _told(_outcome(visit, run) | {"told": _words(visit, run)})


def forget(visit: Visit) -> Response:
    """A run is forgotten with whatever came of it; the session that it became stays."""
    _runs(visit).forget(_run_id(visit))
    return _told({"forgotten": True})


def _kept_of(visit: Visit, runs: CoachedRuns, run: Run) -> str | None:
    """Which recording a run became, None where nothing was felt. Raises as intake does."""
    found = streams(runs.bodies(run.id))
    if not found.felt:
        return None
    content = zipped(run, found, simulated=visit.simulated)
    outcomes = list(intake(visit.notebook, visit.recordings, file_name(run), content, run.began_local.date()))
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
    return next((outcome.kept.id for outcome in outcomes if outcome.kept is not None), None)


def _require_all(runs: CoachedRuns, run: Run, ended: Ended) -> None:
    """Raise Conflict, with which parts are missing, where not all of them came."""
    if not all(is_place(stream, str(count)) for stream, count in ended.parts.items()):
        raise UnusableInput("These are no numbers of parts", field="parts", remedy="Count motion, orientation, lines.")
    lacking = missing(runs.manifest(run.id), ended.parts)
    if lacking:
        named = ", ".join(f"{stream} {part}" for stream, part in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        what = f"Not everything has arrived: {named}{more}"
        raise Conflict(what, field="parts", remedy="Send the rest, then finish again.")


def _outcome(visit: Visit, run: Run) -> dict[str, str | None]:
    """Where the session of a run is, and where it is told; None for what there is not."""
    if run.state == "open":
        return {"session": None, "log": None}
    kept = _recording(visit, run)
    day = run.began_local.date() if kept is None else kept.day
    return {"session": None if kept is None else f"/sessions/{kept.id}", "log": f"/log/{day}"}


def _recording(visit: Visit, run: Run) -> Kept | None:
    """The recording of a run, None where there was none or it was deleted."""
    try:
        return None if run.recording is None else visit.recordings.get(run.recording)
    except NotFound:
        return None


def _words(visit: Visit, run: Run) -> str:
    """What happened, in a few words."""
    kept = _recording(visit, run)
    found = None if kept is None else digest_of(visit.notebook, visit.recordings, kept)
    if found is None:
        return say("Nothing was recorded: tell it yourself.")
    return say("{time} backward", time=clock(found.reverse_s)) if found.reverse_s else found.headline


def _runs(visit: Visit) -> CoachedRuns:
    return CoachedRuns(visit.house.database, visit.person_id)


def _run_id(visit: Visit) -> str:
    run = visit.path("run")
    if not is_run_id(run):
        raise NotFound("There is no such run", remedy="Begin it first.")
    return run


def _brought(visit: Visit, kind: type[T]) -> T:
    """The record in a request's JSON. Raises UnusableInput naming the field that does not fit."""
    import msgspec

    try:
        return msgspec.json.decode(visit.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        what, _, place = str(error).partition(" - at `$")
        raise UnusableInput(what.rstrip("."), field=place.strip("`.") or "body", remedy="Reload the coach.") from error


def _told(found: dict[str, Any]) -> Response:
    return JSONResponse(found, headers={"cache-control": "no-store"})


DOORS = (
    Door("/coach/runs", every_run),
    Door("/coach/runs", begin, methods=("POST",), most_body_bytes=_LARGEST_GUIDE_BYTES),
    Door("/coach/runs/{run}", one_run),
    Door("/coach/runs/{run}", forget, methods=("DELETE",)),
    Door("/coach/runs/{run}/done", finish, methods=("POST",), most_body_bytes=_LARGEST_WORD_BYTES),
    Door("/coach/runs/{run}/{stream}/{part}", put_part, methods=("PUT",), most_body_bytes=LARGEST_PART_BYTES),
)
