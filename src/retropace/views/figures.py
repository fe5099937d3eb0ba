"""Figures: an estimate as a person reads it: value, unit, band, grade and sources, or the reason why it is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

from retropace.estimate import Estimate
from retropace.metrics import BY_KEY
from retropace.quantities import System, elapsed, shown

_DAY_S = 86_400.0
#: From this many metres on, distances are told in kilometres or miles.
_LONG_M, _VERY_LONG_M = 1000.0, 100_000.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words. `value` is "unknown" where there is none; `band` is empty where the number is exact.

    `why_unknown` says why there is no number, or what of the recording the number leaves out.
    """

    key: str
    name: str
    value: str
    unit: str
    band: str
    grade: str
    sources: tuple[str, ...]
    why_unknown: str | None = None
    known: bool = True

    @property
    def told(self) -> str:
        """Value and unit: "392 kcal", "2:00", "unknown"."""
        return f"{self.value} {self.unit}".strip()

    @property
    def text(self) -> str:
        """Everything in one line: "392 kcal (346–437)", "unknown: no heart rate in the file"."""
        if not self.known and self.why_unknown is not None:
            return f"unknown: {inside(self.why_unknown)}"
        return f"{self.told} ({self.band})" if self.band else self.told


def figure(key: str, estimate: Estimate, system: System = "metric") -> Figure:
    """`estimate` of the metric `key` in words, in the reader's units."""
    metric = BY_KEY[key]
    about = (estimate.grade.value, estimate.sources)
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return Figure(key, metric.name, "unknown", "", "", *about, estimate.why_unknown, known=False)
    unit, decimals = _told_unit(metric.unit, metric.decimals, estimate.value)
    told = [
        _told(number, metric.unit, unit, decimals, system) for number in (estimate.value, estimate.low, estimate.high)
    ]
    band = "" if told[0] == told[1] == told[2] else between(told[1], told[2])
    return Figure(key, metric.name, told[0], _unit_words(unit, system), band, *about, estimate.why_unknown)


def figures(metrics: Mapping[str, Estimate], system: System = "metric") -> list[Figure]:
    """Every metric in words, in the order of `METRICS`."""
    return [figure(key, metrics[key], system) for key in BY_KEY if key in metrics]


def between(low: str, high: str) -> str:
    """A band in words; a dash beside minus signs would be misread.

    >>> between("3.8", "5.2"), between("−1.7", "−1.6")
    ('3.8–5.2', '−1.7 to −1.6')
    """
    return f"{low} to {high}" if "−" in low + high else f"{low}–{high}"


def inside(sentence: str) -> str:
    """A sentence as it stands after a colon: without its capital, unless the word is all capitals.

    >>> inside("Your body mass is not known"), inside("GPS was off")
    ('your body mass is not known', 'GPS was off')
    """
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def share_words(ratio: Estimate) -> str:
    """A ratio to forward as more or less, with its band.

    >>> from retropace.sources import Grade
    >>> share_words(Estimate.banded(0.76, 0.65, 0.90, Grade.MODELLED, "roos_2012"))
    '24 % less (10–35 %)'
    >>> share_words(Estimate.banded(1.03, 0.93, 1.13, Grade.MODELLED, "sussman_2000"))
    '3 % more (7 % less to 13 % more)'
    """
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return ""
    value, low, high = (round(100 * (number - 1)) for number in (ratio.value, ratio.low, ratio.high))
    if low >= 0 or high <= 0:
        nearer, farther = sorted((abs(low), abs(high)))
        return f"{_more_or_less(value)} ({nearer}–{farther} %)"
    return f"{_more_or_less(value)} ({_more_or_less(low)} to {_more_or_less(high)})"


def _more_or_less(percent: int) -> str:
    return f"{abs(percent)} % {'less' if percent < 0 else 'more'}"


def value(metrics: Mapping[str, Estimate], key: str) -> float | None:
    """The bare number of `key`, None where it is unknown or not there."""
    return metrics[key].value if key in metrics else None


def clock(seconds: float) -> str:
    """A length of time: seconds alone below a minute, then minutes and hours.

    >>> clock(8), clock(106), clock(4000.4)
    ('8 s', '1:46', '1:06:40')
    """
    whole = round(seconds)
    if abs(whole) < 60:
        return f"{whole} s"
    return moment(whole)


#: A point on the recording's clock.
moment = elapsed


def span(start_s: float, end_s: float) -> str:
    """A stretch on the recording's clock; from the second day on with its day.

    >>> span(300, 320), span(87600, 87900)
    ('5:00–5:20', 'day 2, 0:20:00–0:25:00')
    """
    day, begin = divmod(start_s, _DAY_S)
    if not day:
        return f"{moment(start_s)}–{moment(end_s)}"
    return f"day {int(day) + 1}, {_of_day(begin)}–{_of_day(end_s % _DAY_S)}"


def _of_day(seconds: float) -> str:
    told = moment(seconds)
    return told if told.count(":") == 2 else f"0:{told:0>5}"


def plain(number: float, unit: str, system: System = "metric") -> str:
    """A bare number with its unit, for totals that are not ours.

    >>> plain(5210.0, "m"), plain(301.4, "kcal")
    ('5.21 km', '301 kcal')
    """
    told, decimals = _told_unit(unit, 0 if abs(number) >= 20 else 1, number)
    return f"{_told(number, unit, told, decimals, system)} {_unit_words(told, system)}".strip()


def _told_unit(unit: str, decimals: int, number: float) -> tuple[str, int]:
    if unit == "m" and abs(number) >= _LONG_M:
        return "km", 2 if abs(number) < _VERY_LONG_M else 1
    return unit, decimals


def _told(number: float, stored: str, unit: str, decimals: int, system: System) -> str:
    if unit == "s":
        return clock(number)
    if unit == "min/km":
        return moment(60 * shown(number, unit, system)[0])
    factor = 0.001 if (stored, unit) == ("m", "km") else 1.0
    in_reach, _ = shown(number * factor, unit, system)
    return f"{in_reach:.{decimals}f}".replace("-", "−")


def _unit_words(unit: str, system: System) -> str:
    return "" if unit == "s" else shown(1.0, unit, system)[1]
