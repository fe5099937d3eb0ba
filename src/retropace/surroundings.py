"""Surroundings: what a place allows, how long a stretch it has room for, and how often to look behind there.

Nobody has measured stopping backward; the distances are our own choice, resting on people who walked forward.
"""

import math
from dataclasses import dataclass

from retropace.findings import Effect, Finding, Level, find, told
from retropace.place import Place, Surface, Watcher
from retropace.rules import Reason, Rules

_UNEVEN = frozenset({Surface.GRAVEL, Surface.TRAIL, Surface.SAND})
#: What somebody reads who has not told us, by field.
_TO_TELL = {
    "surface": "what is underfoot",
    "slope": "whether it is flat",
    "clear_width_m": "how wide it is",
    "dry": "whether it is dry",
    "daylight": "whether there is daylight",
    "others": "whether people or bicycles may cross",
}
#: What looking out means, by who or what does it.
_LOOKING_OUT = {
    Watcher.SPOTTER: "have a spotter beside you",
    Watcher.MIRROR: "carry or set up a mirror",
    Watcher.RAIL: "keep a rail or counter within reach",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a place allows. `clear_run_m` is its straight without the run-off, None where there is no end to it (a belt)."""

    findings: tuple[Finding, ...]
    clear_run_m: float | None
    belt_run: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """The longest stretch in one go, at which speed at most; `slowed_by` is the rule that took speed, where one did."""

    bout_s: float
    speed_mps: float
    slowed_by: str | None = None


def clear_distance_m(speed_mps: float, glance_s: float, rules: Rules) -> float:
    """How far the way must be clear at a glance [m]: what is covered until the next glance, seeing and reacting, braking.

    C = v T + v · 1.0 s + v² / (2 · 1.5 m/s²) + 2 m, all three constants of our own choice (rule place.clear_distance).

    >>> import datetime as dt; from retropace.rules import rules_on
    >>> round(clear_distance_m(1.6, 4, rules_on(dt.date(2026, 11, 22))), 1)
    10.9
    """
    react_s, brake_mps2, spare_m = rules.numbers("place.clear_distance")
    return speed_mps * (glance_s + react_s) + speed_mps**2 / (2 * brake_mps2) + spare_m


def glance_interval_s(speed_mps: float, clear_length_m: float | None, rules: Rules) -> float:
    """How often to look behind [s] at `speed_mps`: place.glance, sooner where the clear way is short.

    Walking one interval, running another, and never more than a few metres unseen. 0 says that no glance is enough there;
    `clear_length_m` None that the way has no end.

    >>> import datetime as dt; from retropace.rules import rules_on
    >>> [round(glance_interval_s(speed, 60, rules_on(dt.date(2026, 11, 22))), 1) for speed in (0.8, 1.8, 2.4)]
    [5.0, 4.0, 3.0]
    """
    walking_s, running_s, unseen_m = rules.numbers("place.glance")
    interval_s = walking_s
    if speed_mps > rules.number("screening.walk_speed"):
        interval_s = min(running_s, unseen_m / speed_mps)
    if clear_length_m is not None and speed_mps > 0:
        room_m = clear_length_m - clear_distance_m(speed_mps, 0.0, rules)
        interval_s = max(0.0, min(interval_s, room_m / speed_mps))
    return interval_s


def ground(place: Place, rules: Rules) -> Ground:
    """What `place` allows, unknown things counted as doubtful."""
    if place.surface is Surface.TREADMILL:
        return _belt(place, rules)
    findings = [*_underfoot(place, rules), *_around(place, rules), *_unknown(place, rules)]
    findings.append(find(rules, "place.walk_first", Effect.NOTE))
    length_m = _known(place.clear_length_m)
    if length_m is None:
        length_m = rules.number("place.unknown_length")
        findings.append(find(rules, "place.unknown_length", Effect.GENTLE))
    elif length_m < _shortest_m(rules):
        needed_m = math.ceil(_shortest_m(rules))
        findings.append(find(rules, "place.clear_distance", Effect.WALK, length_m=length_m, needed_m=needed_m))
        return Ground(tuple(findings), 0.0, _helped(place))
    elif length_m < rules.number("place.run_length") and place.surface is not Surface.HALL:
        findings.append(find(rules, "place.run_length", Effect.WALK, length_m=length_m))
    return Ground(tuple(findings), length_m - rules.number(run_off_rule(place)), _helped(place))


def run_off_rule(place: Place) -> str:
    """The rule that says how much of the way stays free to stop in."""
    return "place.hall_run_off" if place.surface is Surface.HALL else "place.run_off"


def glance_there_s(place: Place, clear_run_m: float | None, speed_mps: float, rules: Rules) -> float:
    """How often to look behind at `place` [s], 0 where there is no room to move; see `glance_interval_s`."""
    if clear_run_m == 0:
        return 0.0
    length_m = None if clear_run_m is None else clear_run_m + rules.number(run_off_rule(place))
    return glance_interval_s(speed_mps, length_m, rules)


def stretch(clear_run_m: float | None, level: Level, rules: Rules) -> Stretch:
    """The longest stretch in one go that fits `clear_run_m`, at whatever speed up to the cap it is done.

    To run, a short straight first takes speed, down to the slowest run, then time.
    """
    longest_s = rules.number("place.longest_bout")
    top_mps = rules.number("screening.speed_cap" if level is Level.RUN else "screening.walk_speed")
    if clear_run_m is None:
        return Stretch(longest_s, top_mps)
    slowest_mps = rules.number("place.slowest_run") if level is Level.RUN else top_mps
    fitting_mps = _down(clear_run_m / rules.number("place.repeat_to_fit"), 0.1)
    speed_mps = min(top_mps, max(slowest_mps, fitting_mps))
    bout_s = min(longest_s, _down(clear_run_m / speed_mps, 1.0))
    slowed_by = "place.slowest_run" if speed_mps == slowest_mps else "place.repeat_to_fit"
    return Stretch(bout_s, speed_mps, slowed_by if speed_mps < top_mps else None)


def room(place: Place, clear_run_m: float | None, bout_s: float, speed_mps: float, rules: Rules) -> Reason | None:
    """Why `bout_s` is the longest stretch at `speed_mps`; None where there is no room, or nobody said how much."""
    if clear_run_m is None or bout_s >= rules.number("place.longest_bout"):
        return told(rules, "place.longest_bout", bout_s=bout_s)
    if bout_s <= 0 or _known(place.clear_length_m) is None:
        return None
    run_off_m = rules.number(run_off_rule(place))
    way = {"length_m": clear_run_m + run_off_m, "way_m": bout_s * speed_mps, "run_off_m": run_off_m}
    return told(rules, run_off_rule(place), bout_s=bout_s, speed_mps=speed_mps, **way)


def belt(level: Level, speed_mps: float, place: Place, rules: Rules) -> tuple[float, str]:
    """The fastest belt [km/h] for a cleared person whom `speed_mps` caps, and the rule it rests on."""
    key = "place.treadmill_walk"
    if level is Level.RUN and _helped(place):
        key = "place.treadmill_harness" if place.treadmill_harness else "place.treadmill_run"
    return min(rules.number(key), _down(3.6 * speed_mps, 0.1)), key


def looked_after(watcher: Watcher | None, needed: frozenset[Watcher], rules: Rules) -> Reason | None:
    """Who must look out, and whether that is so here; None where nobody need."""
    if Watcher.NOBODY in needed:
        return None
    who = ", or ".join(words for kind, words in _LOOKING_OUT.items() if kind in needed)
    who = who[0].upper() + who[1:]
    if watcher is None or watcher in needed:
        return told(rules, "place.watcher_needed", who=who)
    now = "you have nobody yet" if watcher is Watcher.NOBODY else f"a {watcher} is not enough here"
    return told(rules, "place.watcher", who=who, now=now)


def _belt(place: Place, rules: Rules) -> Ground:
    findings = [find(rules, "place.treadmill_space", Effect.NOTE)]
    slope = _known(place.slope)
    if slope is not None and slope > rules.number("place.treadmill_slope"):
        findings.append(find(rules, "place.treadmill_slope", Effect.WALK, slope=slope))
    elif slope is not None and abs(slope) > rules.number("place.slope"):
        findings.append(find(rules, "place.slope", Effect.WALK, slope=slope))
    if not _helped(place):
        findings.append(find(rules, "place.treadmill_clip"))
    return Ground(tuple(findings), None, _helped(place))


def _helped(place: Place) -> bool:
    return bool(place.treadmill_clip) and bool(place.treadmill_helper)


def _underfoot(place: Place, rules: Rules) -> list[Finding]:
    findings = []
    if place.surface in _UNEVEN:
        findings.append(find(rules, "place.uneven", surface=str(place.surface)))
    if place.surface is Surface.HALL:
        findings.append(find(rules, "place.hall"))
    slope = _known(place.slope)
    if slope is not None and abs(slope) > rules.number("place.slope"):
        findings.append(find(rules, "place.slope", Effect.WALK, slope=slope))
    if place.dry is False:
        findings.append(find(rules, "place.wet"))
    return findings


def _around(place: Place, rules: Rules) -> list[Finding]:
    findings = []
    width = _known(place.clear_width_m)
    if width is not None and width < rules.number("place.width"):
        findings.append(find(rules, "place.width", Effect.WALK, width_m=width))
    if place.daylight is False:
        findings.append(find(rules, "place.dark"))
    if place.others:
        findings.append(find(rules, "place.others"))
    return findings


def _unknown(place: Place, rules: Rules) -> list[Finding]:
    missing = [words for name, words in _TO_TELL.items() if getattr(place, name) is None]
    missing += [_TO_TELL[name] for name in ("slope", "clear_width_m") if _is_nan(getattr(place, name))]
    return [find(rules, "place.unknown", missing=", ".join(missing))] if missing else []


def _shortest_m(rules: Rules) -> float:
    """The shortest place to walk backward in: where a walker with his glances could still stop [m]."""
    walk_mps = rules.number("screening.walk_speed")
    return clear_distance_m(walk_mps, glance_interval_s(walk_mps, None, rules), rules)


def _down(value: float, to: float) -> float:
    """`value` rounded down to a multiple of `to`, forgiving what floating point takes."""
    return round(math.floor(value / to + 1e-9) * to, 6)


def _known(value: float | None) -> float | None:
    return None if _is_nan(value) else value


def _is_nan(value: float | None) -> bool:
    return value is not None and math.isnan(value)
