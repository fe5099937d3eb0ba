"""FIT: a recording, with the direction of every second → an activity file that watches and platforms read.

Direction travels in a developer field of our own (`fit_profile.DIRECTION_APPLICATION_ID`), lap names in the steps of an
embedded workout, because a FIT lap has no name. Cadence is written as FIT counts it, one foot a minute.

What FIT cannot hold: heights finer than 0.2 m, times finer than 1/128 s, orientation and device heading. Position errors
above 254 m are left out, and notes are cut to 254 bytes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from retropace.fit_profile import (
    BASE_TYPES,
    DEVELOPMENT,
    DIRECTION_APPLICATION_ID,
    DIRECTION_FIELD_NAME,
    EPOCH,
    INTENSITIES,
    MESSAGES,
    SEMICIRCLES_PER_DEGREE,
    SIMULATED_PRODUCT_NAME,
    SPORTS,
    SUB_SPORTS,
    TIMER_EVENT,
    TIMER_START,
    TIMER_STOP_ALL,
)
from retropace.recording import FloatArray, Lap, Recording, SportSpan
from retropace.writers.fit_encoder import DeveloperField, Rows, encode, one, timed
from retropace.writers.fit_motion import motion_rows

DIRECTION_FIELD = DeveloperField(DIRECTION_FIELD_NAME, 0, 0, BASE_TYPES["sint8"])
#: Times of a recording without a date count from here: FIT takes small times as seconds since the device was switched on.
UNDATED_START_S = 1.0
_ACTIVITY_FILE = 4
_LONGEST_TEXT = 254
_COARSEST_ERROR_M = 254.0
_LAP_EVENT, _SESSION_EVENT, _ACTIVITY_EVENT = 9, 8, 26
_STOP = 1
_OPEN_DURATION = 5
_OPEN_TARGET = 2
_OTHER_INTENSITY = "other"
#: Channel → record field, and factor from the channel's unit to the field's.
_FIELDS = {
    "altitude_m": ("enhanced_altitude", 1.0),
    "heart_rate_bpm": ("heart_rate", 1.0),
    "distance_m": ("distance", 1.0),
    "speed_mps": ("enhanced_speed", 1.0),
    "power_w": ("power", 1.0),
    "temperature_degc": ("temperature", 1.0),
    "contact_time_ms": ("stance_time", 1.0),
    "contact_balance_pct": ("stance_time_balance", 1.0),
    "vertical_oscillation_mm": ("vertical_oscillation", 1.0),
    "step_length_m": ("step_length", 1000.0),
}


def activity_bytes(recording: Recording, direction_code: FloatArray | None = None) -> bytes:
    """An activity file of `recording`; the same recording gives the same bytes.

    `direction_code` (n,) belongs to the rows of `recording.track`: −1 backward, 0 standing, 1 forward, 2 sideways, NaN
    unknown; None takes the recording's own channel, if it has one. Raises OutOfRange where FIT cannot hold a value.
    """
    if direction_code is None:
        direction_code = recording.track.channels.get("direction_code")
    zero_s = _zero(recording.start)
    timed_rows = [_timer(recording, zero_s), _records(recording, direction_code, zero_s), *_laps(recording, zero_s)]
    return encode(
        [
            *_introduction(recording, zero_s),
            *(_direction_description() if direction_code is not None else ()),
            *_workout(recording.laps),
            *(rows for rows in (*timed_rows, *motion_rows(recording.motion, zero_s)) if rows is not None),
            *_sessions(recording, zero_s),
            _activity(recording, zero_s),
        ]
    )


def _zero(start: datetime | None) -> float:
    """The recording's start on FIT's clock [s]."""
    return UNDATED_START_S if start is None else (start - EPOCH).total_seconds()


def _introduction(recording: Recording, zero_s: float) -> Iterator[Rows]:
    product = SIMULATED_PRODUCT_NAME if recording.origin.simulated else recording.origin.device or "retropace"
    yield one(
        MESSAGES["file_id"],
        type=_ACTIVITY_FILE,
        manufacturer=DEVELOPMENT,
        product=0,
        serial_number=1,
        time_created=zero_s,
        product_name=_shortened(product),
    )
    wearer = recording.wearer
    told = {
        "gender": {"female": 0.0, "male": 1.0}.get(wearer.sex or ""),
        "age": wearer.age_years,
        "height": wearer.height_m,
        "weight": wearer.mass_kg,
        "resting_heart_rate": wearer.resting_heart_rate_bpm,
    }
    known = {name: value for name, value in told.items() if value is not None}
    if known:
        yield one(MESSAGES["user_profile"], **known)


def _direction_description() -> Iterator[Rows]:
    application = np.frombuffer(DIRECTION_APPLICATION_ID, np.uint8).astype(np.float64)[None, :]
    index = np.array([float(DIRECTION_FIELD.index)])
    yield Rows(MESSAGES["developer_data_id"], {"application_id": application, "developer_data_index": index})
    yield one(
        MESSAGES["field_description"],
        developer_data_index=DIRECTION_FIELD.index,
        field_definition_number=DIRECTION_FIELD.number,
        fit_base_type_id=DIRECTION_FIELD.base.code,
        field_name=DIRECTION_FIELD.name,
    )


def _workout(laps: Sequence[Lap]) -> Iterator[Rows]:
    """One open step for each lap, so that its name and notes survive; nothing where no lap has either."""
    if not any(lap.name or lap.notes for lap in laps):
        return
    count = np.full(len(laps), 1.0)
    yield one(MESSAGES["workout"], num_valid_steps=len(laps), wkt_name="laps")
    yield Rows(
        MESSAGES["workout_step"],
        {
            "message_index": np.arange(len(laps), dtype=np.float64),
            "wkt_step_name": [_shortened(lap.name or "") for lap in laps],
            "notes": [_shortened(lap.notes or "") for lap in laps],
            "intensity": np.array([_intensity(lap) for lap in laps]),
            "duration_type": count * _OPEN_DURATION,
            "target_type": count * _OPEN_TARGET,
        },
    )


def _shortened(text: str) -> str:
    """`text` in at most 254 bytes of UTF-8, cut between characters."""
    return text.encode("utf-8")[:_LONGEST_TEXT].decode("utf-8", errors="ignore")


def _intensity(lap: Lap) -> float:
    return float(INTENSITIES.index(lap.intensity)) if lap.intensity in INTENSITIES else np.nan


def _timer(recording: Recording, zero_s: float) -> Rows:
    stops = [pause.start_s for pause in recording.pauses] + [recording.duration_s]
    starts = [0.0] + [pause.end_s for pause in recording.pauses]
    at_s = zero_s + np.array(starts + stops)
    kinds = np.array([float(TIMER_START)] * len(starts) + [float(TIMER_STOP_ALL)] * len(stops))
    events = np.full(at_s.size, float(TIMER_EVENT))
    # A stop belongs behind the record of its second, a start before it.
    woven_s = np.where(kinds == TIMER_START, at_s, np.nextafter(at_s, np.inf))
    rows = Rows(MESSAGES["event"], {"timestamp": np.floor(at_s), "event": events, "event_type": kinds})
    return timed(rows, woven_s)


def _records(recording: Recording, direction_code: FloatArray | None, zero_s: float) -> Rows | None:
    track = recording.track
    if not len(track):
        return None
    at_s = np.round((zero_s + track.time_s) * 128) / 128
    columns: dict[str, FloatArray] = {"timestamp": np.floor(at_s)}
    if np.any(at_s % 1):
        columns["time128"] = (at_s % 1) + 0.0
    columns |= _positions(recording)
    for channel, (name, factor) in _FIELDS.items():
        values = track.channels.get(channel)
        if values is not None:
            columns[name] = values * factor
    developer = {} if direction_code is None else {DIRECTION_FIELD: direction_code}
    return timed(Rows(MESSAGES["record"], columns | _cadence(recording), developer), at_s)


def _positions(recording: Recording) -> dict[str, FloatArray]:
    channels = recording.track.channels
    columns = {}
    for channel, name in (("latitude_deg", "position_lat"), ("longitude_deg", "position_long")):
        if channel in channels:
            semicircles = np.rint(channels[channel] * SEMICIRCLES_PER_DEGREE)
            # 180° east is 180° west.
            columns[name] = np.where(semicircles >= 2.0**31 - 1, -(2.0**31), semicircles)
    error = channels.get("position_error_m")
    if error is not None:
        columns["gps_accuracy"] = np.where(error <= _COARSEST_ERROR_M, error, np.nan)
    return columns


def _cadence(recording: Recording) -> dict[str, FloatArray]:
    steps = recording.track.channels.get("cadence_spm")
    if steps is None:
        return {}
    strides = np.round(steps / 2 * 128) / 128
    return {"cadence": np.floor(strides), "fractional_cadence": strides % 1}


def _laps(recording: Recording, zero_s: float) -> Iterator[Rows]:
    laps = recording.laps
    if not laps:
        return
    starts, ends = np.array([lap.start_s for lap in laps]), np.array([lap.end_s for lap in laps])
    columns = _span_columns(starts, ends, zero_s, _LAP_EVENT)
    columns["intensity"] = np.array([_intensity(lap) for lap in laps])
    if any(lap.name or lap.notes for lap in laps):
        columns["wkt_step_index"] = np.arange(len(laps), dtype=np.float64)
    yield timed(Rows(MESSAGES["lap"], columns), np.nextafter(zero_s + ends, np.inf))


def _span_columns(starts: FloatArray, ends: FloatArray, zero_s: float, event: int) -> dict[str, FloatArray]:
    """What laps and sessions have in common. A start is a whole second; what is over goes into the elapsed time."""
    begin = np.floor(zero_s + starts)
    each = np.ones(starts.size)
    return {
        "message_index": np.arange(starts.size, dtype=np.float64),
        "timestamp": np.ceil(zero_s + ends),
        "start_time": begin,
        "total_elapsed_time": zero_s + ends - begin,
        "event": each * event,
        "event_type": each * _STOP,
    }


def _sessions(recording: Recording, zero_s: float) -> Iterator[Rows]:
    spans = recording.sports or (SportSpan(0.0, recording.duration_s, "generic"),)
    starts, ends = np.array([span.start_s for span in spans]), np.array([span.end_s for span in spans])
    columns = _span_columns(starts, ends, zero_s, _SESSION_EVENT)
    columns["sport"] = np.array([_code(SPORTS, span.sport) for span in spans])
    columns["sub_sport"] = np.array([_code(SUB_SPORTS, span.sub_sport or "generic") for span in spans])
    columns["total_timer_time"] = np.array([_timer_s(recording, span.start_s, span.end_s) for span in spans])
    for name, total in (("total_distance", "distance_m"), ("total_calories", "energy_kcal")):
        if total in recording.reported:
            # The device's own total stands with the first session: it does not say how it is shared out.
            columns[name] = np.concatenate([[recording.reported[total]], np.zeros(len(spans) - 1)])
    yield Rows(MESSAGES["session"], columns)


def _code(words: dict[int, str], word: str) -> float:
    return float(next((number for number, known in words.items() if known == word), 0))


def _timer_s(recording: Recording, start_s: float, end_s: float) -> float:
    """Seconds of [start_s, end_s) in which the timer ran."""
    stood = sum(max(0.0, min(pause.end_s, end_s) - max(pause.start_s, start_s)) for pause in recording.pauses)
    return max(0.0, end_s - start_s - stood)


def _activity(recording: Recording, zero_s: float) -> Rows:
    end = np.ceil(zero_s + recording.duration_s)
    local = {} if recording.utc_offset is None else {"local_timestamp": end + recording.utc_offset.total_seconds()}
    return one(
        MESSAGES["activity"],
        timestamp=end,
        total_timer_time=_timer_s(recording, 0.0, recording.duration_s),
        num_sessions=max(1, len(recording.sports)),
        type=0,
        event=_ACTIVITY_EVENT,
        event_type=_STOP,
        **local,
    )
