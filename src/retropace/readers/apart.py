"""Apart: one recording whose sensors stand in files of their own.

They are one where they hold different sensors at the same time, by one clock. Where that cannot be known, nothing is joined.
"""

from collections.abc import Sequence

import numpy as np

from retropace.readers import sensor_logger
from retropace.readers.archive import Bundle
from retropace.readers.column_map import Columns
from retropace.readers.columns import table_in, taken_from
from retropace.readers.siblings import NotOne, are_one
from retropace.readers.streams import Taken, whole
from retropace.recording import Origin, Recording, Repair

#: Sensors of one device start together but for this [s]; by clocks of their own, more would be anybody's guess.
TOGETHER_S = 1.0
#: A clock that shows more than this at the first sample ran before: since the device was switched on, for both alike [s].
RAN_BEFORE_S = 60.0
#: Of the shorter of two sensors at least this share lies within the other's time.
LEAST_SHARED = 0.5
#: Files whose names say nothing are of one length, but for this [s] or this share.
ALIKE_S, ALIKE_SHARE = 2.0, 0.05


def read_bundle(bundle: Bundle, columns: Columns | None = None) -> Recording:
    """The one recording in several files, `columns` without channels for all. Raises NotOne where they are not one."""
    files = [(path, load()) for path, load in bundle.members.items()]
    if all(sensor_logger.sniff(path, data) for path, data in files):
        return _sensor_logger(bundle)
    parts = [
        (path.rpartition("/")[2], taken_from(path, table_in(path, data, columns), columns)) for path, data in files
    ]
    apart_s = _apart_s(bundle, [part for _, part in parts])
    told = ", ".join(f"{name}: {' and '.join(_sensors(part))}" for name, part in parts)
    joined = Repair("joined", len(parts), f"({told}; they begin {apart_s * 1000:.0f} ms apart.)")
    return whole(Origin(bundle.name, "columns"), [part for _, part in parts], repairs=[joined])


def _sensor_logger(bundle: Bundle) -> Recording:
    recording = sensor_logger.read_bundle(bundle)
    if len(recording.motion) + (len(recording.track) > 0) < 2 and "Gravity" not in "".join(bundle.members):
        raise _not_one("They hold one sensor together", bundle)
    return recording


def _sensors(part: Taken) -> list[str]:
    return [*part.motion, *(["track"] if part.track else [])]


def _not_one(why: str, bundle: Bundle) -> NotOne:
    return NotOne(why, file=bundle.name, remedy="Read each by itself.")


def _apart_s(bundle: Bundle, parts: Sequence[Taken]) -> float:
    """How far apart the files begin [s]. Raises NotOne where they are not known to be one recording."""
    sensors = [sensor for part in parts for sensor in _sensors(part)]
    if len(set(sensors)) < len(sensors):
        raise _not_one("They hold the same sensor", bundle)
    if len({part.absolute for part in parts}) > 1:
        raise _not_one("One tells the time of day and another does not", bundle)
    spans = [_span(part) for part in parts]
    begins = [begin for begin, _ in spans]
    lengths = [end - begin for begin, end in spans]
    apart_s = max(begins) - min(begins)
    if not parts[0].absolute and apart_s > TOGETHER_S and min(begins) < RAN_BEFORE_S:
        why = (
            f"They begin {apart_s:.1f} s apart by clocks that tell no time of day, so what belongs to what is not known"
        )
        raise _not_one(why, bundle)
    if min(end for _, end in spans) - max(begins) < LEAST_SHARED * min(lengths):
        raise _not_one("Their times do not overlap", bundle)
    unlike_s = max(lengths) - min(lengths)
    if unlike_s > max(ALIKE_S, ALIKE_SHARE * max(lengths)) and not are_one(list(bundle.members)):
        raise _not_one("They are not of one length", bundle)
    return apart_s


def _span(part: Taken) -> tuple[float, float]:
    known = part.moments_s[np.isfinite(part.moments_s)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
