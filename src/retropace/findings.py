"""Findings: each thing that narrows what somebody may do, with its reason, and what all of them leave together.

A finding only ever takes away, so one more of them never allows more: levels and speeds take the lowest, watchers what all
agree on.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from retropace.place import Watcher
from retropace.rules import Reason, Rules


class Level(enum.StrEnum):
    """What somebody is cleared for, most first."""

    RUN = "run"  # reverse running within limits
    WALK = "walk"  # backward walking, with a spotter or rail where the limits say so
    NOT_NOW = "not_now"  # a red flag: see somebody first


class Effect(enum.StrEnum):
    """What a finding leads to, strongest first; the rules name these words."""

    NOT_NOW = "not_now"  # see somebody first
    CAREFUL = "careful"  # walk backward slowly, with a spotter or rail
    WALK = "walk"  # walk backward, with a spotter or rail
    SPOTTER = "spotter"  # a person must look out
    GENTLE = "gentle"  # run at the short end, slower, with a spotter or mirror
    EYES = "eyes"  # a spotter or mirror must look
    NOTE = "note"  # worth saying; takes nothing away


ANYBODY = frozenset(Watcher)
_SOMEBODY = ANYBODY - {Watcher.NOBODY}
_AT_HAND = frozenset({Watcher.SPOTTER, Watcher.RAIL})
_PERSON = frozenset({Watcher.SPOTTER})


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Where it says so: `see` whom to see, `again_days` how soon to ask again, `watchers` who may look out.

    `treadmill` is False where none may be used.
    """

    reason: Reason
    effect: Effect
    see: str | None = None
    again_days: int | None = None
    watchers: frozenset[Watcher] = ANYBODY
    treadmill: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """What findings leave: level, watchers any one of whom must look out, the short end or not, speed and what caps it."""

    level: Level
    watchers: frozenset[Watcher]
    start_low: bool
    speed_mps: float
    speed_rule: str
    treadmill: bool


#: What each effect leaves: level, watchers, the short end, and the rule that caps the speed.
_LEAVES: dict[Effect, tuple[Level, frozenset[Watcher], bool, str]] = {
    Effect.NOT_NOW: (Level.NOT_NOW, _PERSON, True, "screening.careful_speed"),
    Effect.CAREFUL: (Level.WALK, _AT_HAND, True, "screening.careful_speed"),
    Effect.WALK: (Level.WALK, _AT_HAND, True, "screening.walk_speed"),
    Effect.SPOTTER: (Level.RUN, _PERSON, False, "screening.speed_cap"),
    Effect.GENTLE: (Level.RUN, _SOMEBODY, True, "screening.gentle_speed"),
    Effect.EYES: (Level.RUN, _SOMEBODY, False, "screening.speed_cap"),
    Effect.NOTE: (Level.RUN, ANYBODY, False, "screening.speed_cap"),
}


def told(rules: Rules, key: str, **inputs: float | str | bool) -> Reason:
    """A reason in the rule's own sentence, its {names} filled from `inputs`."""
    return rules.reason(key, rules.rule(key).says.format(**inputs), **inputs)


def find(rules: Rules, key: str, effect: Effect | None = None, **inputs: float | str | bool) -> Finding:
    """A finding that rests on the rule `key`; its effect is the rule's value unless `effect` says otherwise."""
    return Finding(told(rules, key, **inputs), effect or Effect(str(rules.rule(key).value)))


def together(findings: Iterable[Finding], rules: Rules) -> Left:
    """What `findings` leave of everything; of nothing found, everything."""
    found = tuple(findings)
    effects = [effect for effect in Effect if effect is Effect.NOTE or any(f.effect is effect for f in found)]
    levels, watchers, lows, speeds = zip(*(_LEAVES[effect] for effect in effects), strict=True)
    slowest = min(speeds, key=rules.number)
    return Left(
        level=max(levels, key=list(Level).index),
        watchers=frozenset.intersection(*watchers, *(finding.watchers for finding in found)),
        start_low=any(lows),
        speed_mps=rules.number(slowest),
        speed_rule=slowest,
        treadmill=all(finding.treadmill for finding in found),
    )


def strongest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """`findings` in the order of their effect; alike ones as they came."""
    return tuple(sorted(findings, key=lambda finding: list(Effect).index(finding.effect)))
