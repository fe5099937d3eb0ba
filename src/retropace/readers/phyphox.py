"""phyphox: the zip of CSV files it exports, in any of its separators and decimal signs, or a single file of them.

Column names carry their units and stay English whatever the phone's language. phyphox gives the same axes and signs on
Android and iOS. `meta/time.csv` tells when the clock ran: it stands still in a pause, and the sum is set right here.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from retropace.errors import UnsupportedFile
from retropace.readers.archive import ZIP_MARKS, Bundle, unzipped
from retropace.readers.columns import taken_from
from retropace.readers.headers import recognised
from retropace.readers.instants import instants
from retropace.readers.rows import number
from retropace.readers.streams import Taken, whole
from retropace.readers.table import table_of, words_of
from retropace.recording import FloatArray, Origin, Recording, Repair

#: The year 2200 [s since 1970].
_LATEST_S = 7.26e9
_ABOUT = ("meta/time.csv", "meta/device.csv")


def sniff(name: str, data: bytes) -> bool:
    """Whether this is a zip of phyphox, or one of its CSV files (first column: quoted time in seconds)."""
    if data[:4] in ZIP_MARKS:
        return is_recording(unzipped(name, data))
    return data[:64].removeprefix(b"\xef\xbb\xbf").startswith(b'"Time (s)"')


def is_recording(bundle: Bundle) -> bool:
    """Whether the bundle is one recording of phyphox."""
    return any(path in bundle.members for path in _ABOUT)


def read(name: str, data: bytes) -> Recording:
    """The recording in a zip, or what one of its CSV files holds by itself."""
    if data[:4] in ZIP_MARKS:
        return read_bundle(unzipped(name, data))
    return read_bundle(Bundle(name, {name.rsplit("/", 1)[-1]: lambda: data}))


def read_bundle(bundle: Bundle) -> Recording:
    """The recording in a bundle of CSV files. Raises UnsupportedFile where none of them is a sensor that is read."""
    runs = _runs(bundle)
    parts, passed_over = [], []
    for path, load in bundle.members.items():
        if path.startswith("meta/") or not path.lower().endswith((".csv", ".txt")):
            continue
        part = _part(path, load())
        if part is None:
            passed_over.append(path)
        else:
            parts.append(_dated(part, runs))
    if not parts:
        raise UnsupportedFile(
            "None of the sensors in the recording is read",
            file=bundle.name,
            remedy="Record Acceleration (with g), Gyroscope and Location in phyphox.",
        )
    lacking = [Repair("unknown_part", len(passed_over), f"({', '.join(passed_over[:5])}.)")] if passed_over else []
    pauses = [(a.end_s, b.system_s) for a, b in pairwise(runs)]
    return whole(Origin(bundle.name, "phyphox", device=_device(bundle)), parts, pauses=pauses, repairs=lacking)


def _part(path: str, data: bytes) -> Taken | None:
    table = table_of(data)
    columns = recognised(table.header, table.preamble, path) if table else None
    return taken_from(path, table, columns) if table and columns else None


@dataclass(frozen=True, slots=True)
class _Run:
    """The clock ran from `experiment_s` on (its own time), at `system_s` since 1970, until `end_s` since 1970."""

    experiment_s: float
    system_s: float
    end_s: float
    zone: str


def _runs(bundle: Bundle) -> list[_Run]:
    """Stretches between START and PAUSE in meta/time.csv; an unpaired START runs on."""
    load = bundle.members.get("meta/time.csv")
    rows = words_of(load()) if load else []
    events = [
        (row[0].upper(), number(row[1]), number(row[2]), row[3] if len(row) > 3 else "") for row in rows if len(row) > 2
    ]
    events = [event for event in events if abs(event[1]) < _LATEST_S and abs(event[2]) < _LATEST_S]
    runs = []
    for index, (kind, experiment_s, system_s, text) in enumerate(events):
        if kind == "START":
            after = events[index + 1] if index + 1 < len(events) else None
            runs.append(_Run(experiment_s, system_s, after[2] if after else np.inf, text))
    return sorted(runs, key=lambda run: run.experiment_s)


def _dated(part: Taken, runs: list[_Run]) -> Taken:
    """The part on the clock of the world, pauses put back; unchanged where the file does not tell the time."""
    if not runs:
        return part
    begins = np.array([run.experiment_s for run in runs])
    at = np.clip(np.searchsorted(begins, part.moments_s, side="right") - 1, 0, len(runs) - 1)
    system: FloatArray = np.array([run.system_s for run in runs])[at] + part.moments_s - begins[at]
    offset = instants([runs[0].zone.replace(" UTC", "")]).utc_offset
    return replace(part, moments_s=system, absolute=True, utc_offset=offset)


def _device(bundle: Bundle) -> str | None:
    load = bundle.members.get("meta/device.csv")
    told = {row[0]: row[1] for row in words_of(load()) if len(row) > 1} if load else {}
    words = [told.get("deviceBrand", ""), told.get("deviceModel", "")]
    return " ".join(word for word in words if word and word != "null") or None
