"""Compare: two sessions side by side, and what can be told of their difference; first which two, where that is open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from retropace.digest import Digest, digest
from retropace.review import Reviewed
from retropace.store.recordings import looks_like
from retropace.summary import Summary
from retropace.views import story
from retropace.views.facts import notes
from retropace.web.comparison import comparison, headline
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say
from retropace.web.listing import Standing
from retropace.web.outing import what_it_was, when
from retropace.web.pages.sessions import rows_of, stand
from retropace.web.pair import near, pair_svg, sides, whole_svg
from retropace.web.reviews import review
from retropace.web.small_ribbon import patterns_svg
from retropace.web.visit import Visit

#: Drawing widths [px]: a phone of 390 px with its margins, and everything wider.
PHONE_PX, WIDE_PX = 350.0, 920.0
#: Sessions offered to compare with, beside those that are like it.
_MOST_OFFERED, _MOST_LIKE = 24, 3
#: Like another is what went backward between half and twice as long, or, without any of it, lasted so.
_LIKE_RATIO = 2.0


def compare(visit: Visit) -> Response:
    """Two sessions, the earlier one first; with one, or none, the choice of the other."""
    found = stand(visit)
    chosen = _chosen(visit, found)
    if len(chosen) != 2:
        return _choice(visit, found, chosen)
    return _compared(visit, *(review(visit.notebook, visit.recordings, kept.id) for kept, _ in _in_order(chosen)))


def _chosen(visit: Visit, found: Sequence[Standing]) -> list[Standing]:
    """The sessions named in the address, each once. `b=last` is the latest before it that is like it."""
    by_id = {pair[0].id: pair for pair in found}
    named = [visit.asked(name) for name in ("a", "first", "b", "second")]
    named += visit.request.query_params.getlist("s")
    if "last" in named:
        one = next((by_id[name] for name in named if name in by_id), None)
        named += [pair[0].id for pair in alike(one, found)[:1]] if one is not None else []
    return [by_id[name] for name in dict.fromkeys(named) if name in by_id]


def _in_order(chosen: Sequence[Standing]) -> list[Standing]:
    return sorted(chosen, key=lambda pair: (pair[0].day, _start(pair)))


def alike(one: Standing, found: Sequence[Standing]) -> list[Standing]:
    """Earlier sessions like this one, the latest first: of the same plan, else about as long backward, else as long."""
    kept, own = one
    if own is None:
        return []
    earlier = [
        pair
        for pair in found
        if pair[0].id != kept.id
        and pair[1] is not None
        and not _same_outing(one, pair)
        and (pair[0].day, _start(pair)) < (kept.day, _start(one))
    ]
    same_plan = [pair for pair in earlier if own.planned and pair[1] is not None and pair[1].planned == own.planned]
    return same_plan or [pair for pair in earlier if pair[1] is not None and _like(own, pair[1])]


def _same_outing(one: Standing, other: Standing) -> bool:
    return looks_like(one[0], [other[0]]) is not None


def _start(pair: Standing) -> float:
    return -math.inf if pair[0].started is None else pair[0].started.timestamp()


def _like(one: Digest, other: Digest) -> bool:
    if bool(one.reverse_s) != bool(other.reverse_s) or _ran(one) != _ran(other):
        return False
    own, theirs = (one.reverse_s, other.reverse_s) if one.reverse_s else (one.duration_s, other.duration_s)
    return own / _LIKE_RATIO <= theirs <= own * _LIKE_RATIO


def _ran(found: Digest) -> bool:
    """Whether more of the way backward was run than walked."""
    return found.reverse_run_s > found.reverse_walk_s


# -- the choice -------------------------------------------------------------------------------------------------------


def _choice(visit: Visit, found: Sequence[Standing], chosen: Sequence[Standing]) -> Response:
    one = chosen[0] if len(chosen) == 1 else None
    like = alike(one, found)[:_MOST_LIKE] if one is not None else []
    shown = {pair[0].id for pair in like} | ({one[0].id} if one is not None else set())
    others = [pair for pair in found if pair[0].id not in shown][:_MOST_OFFERED]
    return page(
        visit,
        "compare_choice.html",
        tab="sessions",
        one=rows_of(visit, [one])[0] if one is not None else None,
        like=rows_of(visit, like),
        others=rows_of(visit, others),
        too_many=len(chosen) > 2,
        total=len(found),
        patterns=patterns_svg(),
    )


# -- the two ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """One of the two as it stands over its column: when, what it was, what recorded it and what is in the file."""

    id: str
    when: str
    what: str
    note: str
    file: str
    holds: str
    simulated: bool


def _compared(visit: Visit, first: Reviewed, second: Reviewed) -> Response:
    system = visit.settings.system
    pair = (first.summary, second.summary)
    heads = [_head(visit, found) for found in (first, second)]
    same = looks_like(second.kept, [first.kept]) is not None
    titles = [f"{head.when} · {head.file}" if same else head.when for head in heads]
    drawn = sides(*pair, titles=(titles[0], titles[1]))
    label = say(
        "Both sessions on one scale of time and speed. {first} {second}", first=_label(first), second=_label(second)
    )
    parts = comparison(*pair, system=system)
    return page(
        visit,
        "compare.html",
        tab="sessions",
        title=headline(parts),
        heads=heads,
        phone=pair_svg(*drawn, label=label, width=PHONE_PX, name="p", system=system),
        wide=pair_svg(*drawn, label=label, width=WIDE_PX, name="w", system=system),
        wholes=[whole_svg(summary, PHONE_PX, f"o{number}") for number, summary in enumerate(pair)]
        if near(*pair)
        else [],
        parts=parts,
        notes=notes([(row.name, (row.first, row.second)) for part in parts for row in part.rows]),
        same=same,
        own=visit.own,
    )


def _label(found: Reviewed) -> str:
    return story.ribbon_label(len(found.summary.grid), story.all_bouts(found.summary))


def _head(visit: Visit, found: Reviewed) -> Head:
    told, origin = digest(found), found.summary.recording.origin
    return Head(
        found.kept.id,
        when(told, visit.today),
        what_it_was(told),
        found.kept.note,
        " · ".join(part for part in (origin.format.upper(), origin.device) if part),
        _holds(found.summary),
        origin.simulated and not visit.simulated,
    )


def _holds(summary: Summary) -> str:
    """What the file holds, for whoever has to choose between two of one outing."""
    track = summary.recording.track
    named = {
        say("position"): track.channel("latitude_deg"),
        say("heart rate"): track.channel("heart_rate_bpm"),
        say("cadence"): track.channel("cadence_spm"),
        say("power"): track.channel("power_w"),
        say("raw motion"): summary.recording.motion or None,
        say("laps"): summary.recording.laps or None,
    }
    return ", ".join(name for name, held in named.items() if held is not None)


DOORS = (Door("/sessions/compare", compare, shares="sessions"),)
