"""Doses: the main set of a session in numbers, and the tables in which it grows, row by row."""

import enum
from dataclasses import dataclass, replace
from functools import lru_cache

from retropace.findings import Level
from retropace.quantities import Gait
from retropace.rules import Rules
from retropace.screening import Clearance, Group

#: One kilometre an hour [m/s].
KMH_MPS = 1 / 3.6
#: From so many bouts on, a lighter set drops whole ones. With fewer, sets of one length would differ once lightened.
_MANY = 6


class Goal(enum.StrEnum):
    """What somebody comes for."""

    TRY = "try"  # just one session
    REVERSE = "reverse"  # reverse intervals that grow
    INTERVALS = "intervals"  # 1 min forward, 30 s reverse
    WARM_UP = "warm_up"  # 5 minutes reverse inside an ordinary run
    WALK = "walk"  # backward walking
    KNEE = "knee"  # backward walking beside knee rehabilitation
    TREADMILL = "treadmill"  # backward walking on a treadmill in manual mode


class Track(enum.StrEnum):
    """The dose tables; each row of each is in rules/programme.toml."""

    REVERSE = "reverse"
    INTERVALS = "intervals"
    WARM_UP = "warm_up"
    WALK = "walk"
    TREADMILL = "treadmill"


#: Tracks on which the main set is walked.
WALKED = frozenset({Track.WALK, Track.TREADMILL})

_TRACK_OF = {
    Goal.TRY: Track.REVERSE,
    Goal.REVERSE: Track.REVERSE,
    Goal.INTERVALS: Track.INTERVALS,
    Goal.WARM_UP: Track.WARM_UP,
    Goal.WALK: Track.WALK,
    Goal.KNEE: Track.WALK,
    Goal.TREADMILL: Track.TREADMILL,
}


@dataclass(frozen=True, slots=True)
class MainSet:
    """`total_s` seconds backward in bouts of `bout_s`, the last one shorter where it does not divide.

    Between bouts `recovery_s` forward at the gait `recovery`. `run_s` is an ordinary forward run around it, where there is
    one. `speed_mps` is a ceiling.

    >>> MainSet(Gait.RUN, 300, 120, 2.0).bouts_s
    (120, 120, 60)
    """

    gait: Gait
    total_s: float
    bout_s: float
    speed_mps: float
    recovery_s: float = 60.0
    recovery: Gait = Gait.WALK
    run_s: float = 0.0

    @property
    def bouts_s(self) -> tuple[float, ...]:
        """Length of each bout [s]."""
        whole, rest = divmod(self.total_s, self.bout_s)
        return (self.bout_s,) * int(whole) + ((rest,) if rest > 0 else ())

    def at_most(self, total_s: float, bout_s: float, speed_mps: float) -> "MainSet":
        """The same, but nothing above these. A total that has to shrink is cut to whole bouts."""
        bout = min(self.bout_s, bout_s)
        total = min(self.total_s, total_s)
        if total < self.total_s:
            total = max(total // bout * bout, min(total, bout))
        return replace(self, total_s=total, bout_s=min(bout, total), speed_mps=min(self.speed_mps, speed_mps))

    def lightened(self, least: float, most: float) -> "MainSet":
        """The same with a share from `least` to `most` taken off: whole bouts where there are many, else some of the last.

        >>> MainSet(Gait.RUN, 200, 25, 1.8).lightened(0.25, 0.35).bouts_s
        (25, 25, 25, 25, 25, 25)
        >>> MainSet(Gait.RUN, 300, 150, 2.0).lightened(0.25, 0.35).bouts_s
        (150, 60.0)
        """
        keep = 1 - (least + most) / 2
        count = len(self.bouts_s)
        fewer = round(count * keep)
        if count >= _MANY and self.total_s == count * self.bout_s and 1 - most <= fewer / count <= 1 - least:
            return replace(self, total_s=fewer * self.bout_s)
        total = float(round(self.total_s * keep))
        return replace(self, total_s=total, bout_s=min(self.bout_s, total))


def track_of(goal: Goal, clearance: Clearance, rules: Rules) -> Track:
    """The table that `goal` leads through, within what the clearance allows."""
    track = _TRACK_OF[goal]
    if track is Track.TREADMILL:
        return track if clearance.limits.treadmill_kmh is not None else Track.WALK
    return track if track is Track.WALK or may_run(clearance, rules) else Track.WALK


def may_run(clearance: Clearance, rules: Rules) -> bool:
    """Whether backward running is cleared, at a speed at which people run."""
    limits = clearance.limits
    fast_enough = limits.speed_mps >= rules.number("place.slowest_run")
    return clearance.level is Level.RUN and limits.backward_run and fast_enough


@lru_cache(maxsize=64)
def rows(track: Track, rules: Rules) -> tuple[MainSet, ...]:
    """Every row of a track, smallest first; no row is below the one before in total, bout or speed."""
    totals, bouts = rules.numbers(f"programme.{track}_total_s"), rules.numbers(f"programme.{track}_bout_s")
    table = zip(totals, bouts, _speeds(track, len(totals), rules), strict=True)
    gait, recovery_s = Gait.WALK if track in WALKED else Gait.RUN, rules.number("programme.recovery_s")
    made = [MainSet(gait, total, bout, speed, recovery_s) for total, bout, speed in table]
    if track is Track.TREADMILL:
        made = [replace(row, recovery=Gait.STAND) for row in made]
    if track is Track.INTERVALS:
        jogged = int(rules.number("programme.intervals_jog_row"))
        made[jogged:] = [replace(row, recovery=Gait.RUN) for row in made[jogged:]]
    if track is Track.WARM_UP:
        made[-1] = replace(made[-1], run_s=rules.number("programme.warm_up_run_s"))
    return tuple(made)


def _speeds(track: Track, count: int, rules: Rules) -> tuple[float, ...]:
    """The speed ceiling of each row [m/s]."""
    if track is Track.WALK:
        return (rules.number("programme.walk_speed_mps"),) * count
    if track is Track.TREADMILL:
        return tuple(kmh * KMH_MPS for kmh in rules.numbers("programme.treadmill_kmh"))
    return rules.numbers(f"programme.{track}_speed_mps")


def last_row(track: Track, rules: Rules) -> int:
    """Number of the track's last row."""
    return len(rows(track, rules)) - 1


def walking_day(row: int, rules: Rules) -> MainSet:
    """The main set of the weekly walking day beside row `row` of a running track: a minute at a time."""
    table = rules.numbers("programme.walk_day_s")
    total = table[min(row, len(table) - 1)]
    bout = rules.numbers("programme.walk_bout_s")[0]
    return MainSet(
        Gait.WALK, total, bout, rules.number("programme.walk_speed_mps"), rules.number("programme.recovery_s")
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """Where somebody enters a track: the first row, the row the first advance leaps to (0: none), the rule that says so."""

    row: int
    leap: int
    rule: str


def entry(track: Track, clearance: Clearance, rules: Rules) -> Entry:
    """The row at which a track is entered: the short end where care is asked for."""
    careful = clearance.limits.start_low or clearance.group in (Group.OLDER, Group.REHABILITATION)
    rule = ("walk_" if track in WALKED else "") + ("enter_low" if careful else "enter")
    row = int(rules.number(f"programme.{rule}"))
    if track in WALKED or careful or clearance.group is not Group.ATHLETE:
        return Entry(row, 0, f"programme.{rule}")
    return Entry(row, int(rules.number("programme.enter_athlete")), "programme.enter_athlete")
