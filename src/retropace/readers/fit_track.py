"""FIT track: from record messages to the channels of a recording."""

import numpy as np
import numpy.typing as npt

from retropace.fit_profile import (
    DIRECTION_APPLICATION_ID,
    DIRECTION_FIELD_NAME,
    MESSAGES,
    SEMICIRCLES_PER_DEGREE,
)
from retropace.readers.fit_columns import Messages, Table, blocks, table
from retropace.readers.fit_frames import Frames
from retropace.readers.fit_heart import stored_heart_rate
from retropace.readers.sports import ON_FOOT
from retropace.recording import FloatArray, Repair, SportSpan

#: Sports in which cadence counts steps.
STEPPED_SPORTS = ON_FOOT | {"mountaineering", "snowshoeing", "transition", "floor_climbing"}
#: ... and kinds of them that count as such under any sport.
STEPPED_KINDS = frozenset({"treadmill", "indoor_running", "indoor_walking"})
#: Sports that say nothing about the feet; running dynamics or a median speed [m/s] that no cyclist keeps up decide.
UNDECIDED = frozenset({"generic", "training", "multisport", "fitness_equipment"})
FASTEST_ON_FOOT_MPS = 4.5
#: FIT counts the steps of one foot. A median above this many per minute counts both already: 130 would be 260 steps.
MOST_STRIDES_PER_MINUTE = 130.0

_PLAIN = {
    "altitude_m": ("enhanced_altitude", "altitude", 1.0),
    "heart_rate_bpm": ("heart_rate", None, 1.0),
    "power_w": ("power", None, 1.0),
    "temperature_degc": ("temperature", None, 1.0),
    "position_error_m": ("gps_accuracy", None, 1.0),
    "contact_time_ms": ("stance_time", None, 1.0),
    "contact_balance_pct": ("stance_time_balance", None, 1.0),
    "vertical_oscillation_mm": ("vertical_oscillation", None, 1.0),
    "step_length_m": ("step_length", None, 1e-3),
    "latitude_deg": ("position_lat", None, 1 / SEMICIRCLES_PER_DEGREE),
    "longitude_deg": ("position_long", None, 1 / SEMICIRCLES_PER_DEGREE),
    "distance_m": ("distance", None, 1.0),
    "speed_mps": ("enhanced_speed", "speed", 1.0),
}
#: Devices write 0 here while nobody steps; no step is that short.
_STEPPING = {"contact_time_ms", "vertical_oscillation_mm", "step_length_m", "contact_balance_pct"}


def record_times(records: Table) -> FloatArray:
    """Seconds (n,) since the FIT epoch, with the fraction where a device writes one."""
    return records.column("timestamp") + np.nan_to_num(records.column("time128"))


def track_channels(
    frames: Frames, messages: Messages, sports: list[SportSpan]
) -> tuple[dict[str, FloatArray], list[Repair]]:
    """Channels (n,) of the records in our names and units, unmended, and what had to be decided."""
    records = table(messages, "record")
    channels = {key: values for key, names in _PLAIN.items() if (values := _filled(records, *names)) is not None}
    for key in _STEPPING & channels.keys():
        channels[key] = np.where(channels[key] == 0, np.nan, channels[key])
    for key, values in _compressed(frames, records).items():
        channels[key] = np.where(np.isnan(channels[key]), values, channels[key]) if key in channels else values
    stored = stored_heart_rate(frames, messages, record_times(records))
    if stored is not None:
        known = channels.get("heart_rate_bpm", np.full(len(records), np.nan))
        channels["heart_rate_bpm"] = np.where(np.isnan(known) | (known == 0), stored, known)
    direction = records.developer.get((DIRECTION_APPLICATION_ID, DIRECTION_FIELD_NAME))
    if direction is not None:
        channels["direction_code"] = direction
    cadence, repairs = _cadence(records, sports)
    return channels | cadence, repairs


def _filled(records: Table, name: str, other: str | None, factor: float) -> FloatArray | None:
    """Column `name`, its gaps filled from `other`, times `factor`; None where the file has neither."""
    values = records.columns.get(name)
    spare = records.columns.get(other) if other else None
    if values is None or spare is None:
        values = spare if values is None else values
    else:
        values = np.where(np.isnan(values), spare, values)
    return values if values is None or factor == 1.0 else values * factor


def _cadence(records: Table, sports: list[SportSpan]) -> tuple[dict[str, FloatArray], list[Repair]]:
    """Steps per minute where the sport is on foot, NaN elsewhere; empty where nobody counted."""
    strides = _filled(records, "cadence", "cadence256", 1.0)
    if strides is None:
        return {}, []
    if "fractional_cadence" in records.columns:
        strides = strides + np.nan_to_num(records.columns["fractional_cadence"])
    strides = np.where(_on_foot(records, sports, strides), strides, np.nan)
    turning = strides[strides > 0]
    if turning.size and np.median(turning) > MOST_STRIDES_PER_MINUTE:
        return {"cadence_spm": strides}, [Repair("cadence_halved", turning.size, "The file counts both feet already.")]
    return {"cadence_spm": 2 * strides}, []


def _on_foot(records: Table, sports: list[SportSpan], strides: FloatArray) -> npt.NDArray[np.bool_]:
    undecided = np.ones(len(records), dtype=bool)
    on_foot = np.zeros(len(records), dtype=bool)
    times = record_times(records)
    alone = len({(span.sport, span.sub_sport) for span in sports}) == 1
    for span in sports:
        within = np.full(len(records), alone) | ((times >= span.start_s) & (times <= span.end_s))
        undecided[within] = span.sport in UNDECIDED and span.sub_sport not in STEPPED_KINDS
        on_foot[within] = span.sport in STEPPED_SPORTS or span.sub_sport in STEPPED_KINDS
    if undecided.any() and _moves_like_feet(records, undecided & (strides > 0)):
        return on_foot | undecided
    return on_foot


def _moves_like_feet(records: Table, rows: npt.NDArray[np.bool_]) -> bool:
    dynamics = ("stance_time", "vertical_oscillation", "step_length")
    if any(np.nanmax(records.column(name)[rows], initial=0) > 0 for name in dynamics):
        return True
    speed = _filled(records, "enhanced_speed", "speed", 1.0)
    moving = speed[rows] if speed is not None else np.empty(0)
    moving = moving[np.isfinite(moving)]
    return bool(moving.size and np.median(moving) <= FASTEST_ON_FOOT_MPS)


def _compressed(frames: Frames, records: Table) -> dict[str, FloatArray]:
    """Speed and distance packed into twelve bits each: 0.01 m/s, and sixteenths of a metre that roll over at 256 m."""
    field = MESSAGES["record"].fields["compressed_speed_distance"]
    speed, metres = np.full(len(records), np.nan), np.full(len(records), np.nan)
    for block in blocks(frames, "record"):
        octets = block.octets(field)
        if octets is None or octets.shape[1] != 3:
            continue
        first, middle, last = octets.astype(np.int64).T
        told = (octets != 0xFF).any(axis=1)
        rows = np.searchsorted(records.at, block.at)
        speed[rows] = np.where(told, (first | (middle & 0x0F) << 8) / 100, np.nan)
        metres[rows] = np.where(told, (middle >> 4 | last << 4) / 16, np.nan)
    told = np.isfinite(metres)
    if not told.any():
        return {}
    metres[told] = metres[told][0] + np.cumsum(np.diff(metres[told], prepend=metres[told][0]) % 256.0)
    return {"speed_mps": speed, "distance_m": metres}
