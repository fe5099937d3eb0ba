"""Cadence: some files count the steps of one foot, some of both; this tells which, and gives both."""

import numpy as np

from retropace.readers.sports import ON_FOOT
from retropace.recording import FloatArray, Repair, Stream

#: What people show on foot, both feet [steps/min]: about 110 walking, 165 running, changing near 2 m/s (imu.md 2).
#: Half of either means one foot; the line between the two readings is their geometric mean.
_WALK_SPM, _RUN_SPM, _RUN_FROM_MPS = 110.0, 165.0, 2.0
_MOVING_SPM = 20.0
_FEWEST_SAMPLES = 5
_SPEED_WINDOW_S = 10.0
_METRES_PER_DEGREE = 111_195.0


def both_feet(track: Stream, sports: frozenset[str], *, format_says_one: bool) -> tuple[Stream, list[Repair]]:
    """`track` with cadence in steps of both feet per minute, and the doubling where the format does not ask for it.

    `sports` are those of the recording. Where none of them is on foot, cadence counts turns or strokes and is left out.
    Where speed and cadence do not tell, the format decides.
    """
    cadence = track.channel("cadence_spm")
    if cadence is None:
        return track, []
    if sports and not sports & ON_FOOT:
        return Stream(track.time_s, {key: track.channels[key] for key in track.channels if key != "cadence_spm"}), []
    seen = _looks_like_one(track, cadence, sports)
    if not (format_says_one if seen is None else seen):
        return track, []
    doubled = Stream(track.time_s, {**track.channels, "cadence_spm": cadence * 2})
    count = int(np.count_nonzero(np.isfinite(cadence)))
    return doubled, [] if format_says_one else [Repair("cadence_doubled", count)]


def _looks_like_one(track: Stream, cadence: FloatArray, sports: frozenset[str]) -> bool | None:
    """Whether cadence counts one foot, judged by speed, else by sport; None where neither tells."""
    moving = cadence > _MOVING_SPM
    if np.count_nonzero(moving) < _FEWEST_SAMPLES:
        return None
    speed = travel_speed(track)
    known = moving & (speed > 0.5)
    if np.count_nonzero(known) >= _FEWEST_SAMPLES:
        expected = np.where(speed[known] >= _RUN_FROM_MPS, _RUN_SPM, _WALK_SPM)
        return bool(np.median(cadence[known] / expected) < np.sqrt(0.5))
    if not sports:
        return None
    expected_spm = _RUN_SPM if "running" in sports else _WALK_SPM
    return bool(np.median(cadence[moving]) < expected_spm * np.sqrt(0.5))


def travel_speed(track: Stream) -> FloatArray:
    """Rough speed (n,) [m/s] from the track's own speed, else its distance, else its positions; NaN where unknown."""
    speed = track.channel("speed_mps")
    if speed is not None:
        return speed
    covered = track.channel("distance_m")
    if covered is None:
        covered = _path_m(track)
    known = np.isfinite(covered)
    if np.count_nonzero(known) < 2:
        return np.full(len(track), np.nan)
    half = _SPEED_WINDOW_S / 2
    ahead, behind = (np.interp(track.time_s + by, track.time_s[known], covered[known]) for by in (half, -half))
    return np.asarray(np.abs(ahead - behind) / _SPEED_WINDOW_S)


def _path_m(track: Stream) -> FloatArray:
    """Path length along the positions (n,) [m], NaN where there is none."""
    path = np.full(len(track), np.nan)
    latitude, longitude = track.channel("latitude_deg"), track.channel("longitude_deg")
    if latitude is None or longitude is None:
        return path
    at = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    north = np.diff(latitude[at])
    east = (np.diff(longitude[at]) + 180) % 360 - 180
    moved = _METRES_PER_DEGREE * np.hypot(north, east * np.cos(np.radians(latitude[at][:-1])))
    path[at] = np.concatenate([[0.0], np.cumsum(moved)])
    return path
