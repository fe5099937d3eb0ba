"""FIT spans: laps, pauses and sports of an activity, and what it says of the device, the person and its own totals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import numpy as np

from retropace.fit_profile import (
    DEVELOPMENT,
    INTENSITIES,
    MANUFACTURERS,
    SPORTS,
    SUB_SPORTS,
    TIMER_EVENT,
    TIMER_START,
    TIMER_STOPS,
)
from retropace.quantities import QUANTITIES
from retropace.readers.fit_columns import Messages, Table, table
from retropace.recording import FloatArray, Lap, Pause, SportSpan, Wearer

#: Laps and sports farther than this [s] from the samples come from a clock that had not been set, or from damage.
_FARTHEST_S = 31 * 86_400.0
_QUARTER_HOUR_S = 900.0
#: Nobody does more sports in a row, or wears more recorders.
MOST_SPORTS, MOST_DEVICES = 100, 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """Times [s] of a recording's first and last sample on the file's clock."""

    first_s: float
    last_s: float

    def span(self, start_s: float, end_s: float) -> tuple[float, float] | None:
        """[start_s, end_s) in seconds from the first sample, cut to begin at 0; None where it is nowhere near."""
        if not (start_s <= end_s and self.first_s - _FARTHEST_S <= start_s <= self.last_s + _FARTHEST_S):
            return None
        start, end = max(0.0, start_s - self.first_s), end_s - self.first_s
        return (start, end) if end > start else None


def laps(messages: Messages, stretch: Stretch) -> Iterator[Lap]:
    """Laps in the order of their beginning, named by the step of the embedded workout that they belong to."""
    marked = table(messages, "lap")
    starts, ends = _bounds(marked)
    step, intensity = marked.column("wkt_step_index"), marked.column("intensity")
    steps = _workout_steps(messages)
    for row in np.argsort(starts, kind="stable"):
        span = stretch.span(float(starts[row]), float(ends[row]))
        if span is not None:
            name, notes = steps.get(step[row], (None, None))
            yield Lap(*span, name, _intensity(intensity[row]), notes)


def _bounds(marked: Table) -> tuple[FloatArray, FloatArray]:
    """Starts and ends of laps or sessions on the file's clock; a missing start is the end of the one before."""
    written, elapsed = marked.column("timestamp"), marked.column("total_elapsed_time")
    starts = marked.column("start_time")
    ends = np.where(np.isfinite(starts + elapsed), starts + elapsed, written)
    previous = np.concatenate([[np.nan], ends[:-1]])[: starts.size]
    return np.where(np.isnan(starts), previous, starts), ends


def _workout_steps(messages: Messages) -> Mapping[float, tuple[str | None, str | None]]:
    """Name and notes of each step of the embedded workout, by its index."""
    steps = table(messages, "workout_step")
    named = zip(steps.text("wkt_step_name"), steps.text("notes"), strict=True)
    return dict(zip(steps.column("message_index").tolist(), named, strict=True))


def _intensity(code: float) -> str | None:
    return INTENSITIES[int(code)] if 0 <= code < len(INTENSITIES) else None


def pauses(messages: Messages, stretch: Stretch) -> Iterator[Pause]:
    """Where the timer was stopped and started again."""
    events = table(messages, "event")
    timed = (events.column("event") == TIMER_EVENT) & np.isfinite(events.column("timestamp"))
    times, kinds = events.column("timestamp")[timed], events.column("event_type")[timed]
    stopped: float | None = None
    for row in np.argsort(times, kind="stable"):
        if kinds[row] in TIMER_STOPS:
            stopped = float(times[row]) if stopped is None else stopped
        elif kinds[row] == TIMER_START and stopped is not None:
            span = stretch.span(stopped, float(times[row]))
            if span is not None:
                yield Pause(*span)
            stopped = None


def sports(messages: Messages) -> list[SportSpan]:
    """Sports in the order of their beginning, with times on the file's clock.

    From the sessions; a file that broke off before them may name the sport in `sport` messages or laps.
    """
    told = table(messages, "session")
    starts, ends = _bounds(told)
    if len(told) == 0:
        told = table(messages, "sport")
        starts, ends = _sport_bounds(told, table(messages, "record"))
    if len(told) == 0:
        told = table(messages, "lap")
        starts, ends = _bounds(told)
    codes, sub_codes = told.column("sport"), told.column("sub_sport")
    known = np.flatnonzero(np.isfinite(codes) & (starts <= ends))[:MOST_SPORTS]
    spans = [
        SportSpan(
            float(starts[row]), float(ends[row]), _word(SPORTS, codes[row]) or "generic", _sub_sport(sub_codes[row])
        )
        for row in known
    ]
    return sorted(spans, key=lambda span: span.start_s)


def _sport_bounds(told: Table, records: Table) -> tuple[FloatArray, FloatArray]:
    """A `sport` message has no time: it holds from the next record in the file until the next such message."""
    times = records.column("timestamp")
    if np.all(np.isnan(times)):
        return np.full(len(told), np.nan), np.full(len(told), np.nan)
    after = np.minimum(np.searchsorted(records.at, told.at), len(records) - 1)
    starts = times[after]
    return starts, np.concatenate([starts[1:], [np.nanmax(times)]])[: len(told)]


def _word(words: Mapping[int, str], code: float) -> str | None:
    return words.get(int(code)) if np.isfinite(code) else None


def _sub_sport(code: float) -> str | None:
    word = _word(SUB_SPORTS, code)
    return None if word == "generic" else word


def sport_spans(told: list[SportSpan], stretch: Stretch) -> Iterator[SportSpan]:
    """`told` in seconds from the recording's start; neighbours of one sport are joined."""
    for (sport, sub_sport), neighbours in groupby(told, key=lambda span: (span.sport, span.sub_sport)):
        spans = [span for one in neighbours if (span := stretch.span(one.start_s, one.end_s)) is not None]
        if spans:
            yield SportSpan(spans[0][0], max(end_s for _, end_s in spans), sport, sub_sport)


def device(messages: Messages) -> str | None:
    """The recorder in words: its maker where we know the number, its product name or else number."""
    for message in ("file_id", "device_info"):
        told = table(messages, message)
        own = np.arange(len(told)) if message == "file_id" else np.flatnonzero(told.column("device_index") == 0)
        makers, products, names = told.column("manufacturer"), told.column("product"), told.text("product_name")
        for row in own[:MOST_DEVICES]:
            words = _device_words(makers[row], products[row], names[row])
            if words:
                return words
    return None


def _device_words(maker: float, product: float, name: str | None) -> str | None:
    known = _word(MANUFACTURERS, maker)
    if name is None and known is None:
        return (
            f"product {product:.0f} of maker {maker:.0f}"
            if product == product and maker not in (0, DEVELOPMENT)
            else None
        )
    if name is None:
        name = f"product {product:.0f}" if product == product and product != 0 else ""
    return name if known is None or name.lower().startswith(known.lower()) else f"{known} {name}".strip()


def product_name(messages: Messages) -> str | None:
    """What `file_id` calls the recorder."""
    return next((name for name in table(messages, "file_id").text("product_name") if name), None)


def wearer(messages: Messages) -> Wearer:
    """What the device's profile says of the person, as far as it is plausible."""
    profile = table(messages, "user_profile")
    gender = _latest(profile, "gender")
    return Wearer(
        mass_kg=_plausible("mass_kg", _latest(profile, "weight")),
        height_m=_plausible("height_m", _latest(profile, "height")),
        age_years=_plausible("age_years", _latest(profile, "age")),
        sex=None if gender not in (0, 1) else ("female", "male")[int(gender)],
        resting_heart_rate_bpm=_plausible("heart_rate_bpm", _latest(profile, "resting_heart_rate")),
    )


def _latest(told: Table, name: str) -> float | None:
    values = told.column(name)
    values = values[np.isfinite(values)]
    return float(values[-1]) if values.size else None


def _plausible(key: str, value: float | None) -> float | None:
    return value if value is not None and QUANTITIES[key].plausible(value) else None


#: Our name for a total → session field.
_TOTALS = {
    "distance_m": "total_distance",
    "energy_kcal": "total_calories",
    "elapsed_s": "total_elapsed_time",
    "timer_s": "total_timer_time",
    "ascent_m": "total_ascent",
    "descent_m": "total_descent",
}


def reported(messages: Messages) -> dict[str, float]:
    """Totals that the device computed itself, summed over the sessions."""
    sessions = table(messages, "session")
    totals = {name: sessions.column(field) for name, field in _TOTALS.items()}
    return {name: float(np.nansum(values)) for name, values in totals.items() if np.isfinite(values).any()}


def utc_offset(messages: Messages) -> timedelta | None:
    """Local time minus UTC, where the file knows both: whole quarters of an hour, as all time zones are.

    No difference at all says nothing: devices that do not know their zone write the same time twice.
    """
    told = table(messages, "activity")
    apart = told.column("local_timestamp") - told.column("timestamp")
    apart = apart[np.isfinite(apart)]
    if not apart.size or apart[-1] == 0:
        return None
    quarters = round(float(apart[-1]) / _QUARTER_HOUR_S)
    exact = abs(float(apart[-1]) - quarters * _QUARTER_HOUR_S) <= 60
    return timedelta(seconds=quarters * _QUARTER_HOUR_S) if exact and abs(quarters) <= 14 * 4 else None
