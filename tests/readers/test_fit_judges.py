"""The FIT reader beside two readers by other people, on real files whole and damaged."""

import gzip
import math
import struct
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import fitdecode
import fitparse
import numpy as np
import pytest

from fit_bytes import sealed
from retropace.errors import UnreadableFile
from retropace.fit_profile import MESSAGE_BY_NUMBER, MESSAGES, Field
from retropace.readers import fit
from retropace.readers.fit_columns import Table

FOLDER = Path(__file__).parents[2] / "../shared/data/activity-files"
FILES = sorted(path for path in FOLDER.glob("*/*.fit*") if path.stat().st_size)
SMALL = [path for path in FILES if path.stat().st_size < 29_500 and path.suffix == ".fit"]
needs_files = pytest.mark.skipif(not FILES, reason=f"no real files: {FOLDER} is absent")
RECORD = MESSAGES["record"].number

#: Value by field number.
Message = dict[int, float]


@cache
def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def by_fitdecode(data: bytes) -> dict[int, list[Message]]:
    """Every message's own numeric fields, up to the first error."""
    found: dict[int, list[Message]] = {}
    lenient = {"check_crc": fitdecode.CrcCheck.DISABLED, "error_handling": fitdecode.ErrorHandling.IGNORE}
    with warnings.catch_warnings(), fitdecode.FitReader(data, processor=None, **lenient) as reader:
        warnings.simplefilter("ignore")
        try:
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    found.setdefault(frame.global_mesg_num, []).append(own_fields(frame.fields))
        except (fitdecode.FitError, struct.error, ValueError, KeyError, AssertionError, TypeError, UnicodeError):
            pass
    return found


def by_fitparse(data: bytes) -> list[Message]:
    return [own_fields(message.fields) for message in fitparse.FitFile(data).get_messages(RECORD)]


def own_fields(fields: list[Any]) -> Message:
    """Fields that the file itself holds, not those worked out from others; the first of each name."""
    told: Message = {}
    for field in fields:
        if field.field_def is None or getattr(field.field_def, "is_dev", False) or field.field_def.size > 8:
            continue
        scaled = isinstance(field.value, int | float) and field.parent_field is None
        value = field.value if scaled else field.raw_value
        number = field.field_def.def_num
        if number not in told and (value is None or isinstance(value, int | float)):
            told[number] = math.nan if value is None else float(value)
    return told


def assert_equal(table: Table, theirs: list[Message], fields: Iterable[Field]) -> None:
    """Every field that they found in some message has their value in that message, and none elsewhere."""
    held = {number for message in theirs for number in message}
    for field in fields:
        if field.number in held and field.base.name != "string" and field.parts == 1:
            expected = [message.get(field.number, math.nan) for message in theirs]
            np.testing.assert_array_equal(table.column(field.name)[: len(theirs)], expected, err_msg=field.name)


@needs_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_number_as_fitdecode_reads_it(path: Path) -> None:
    ours, theirs = fit.decode(content(path)), by_fitdecode(content(path))
    complete = not path.name.startswith("strava-android")  # bytes are missing in the middle; fitdecode stops there
    compared = 0
    for number in set(theirs) & set(MESSAGE_BY_NUMBER):
        messages = theirs[number] if complete or number != RECORD else theirs[number][:-1]
        assert len(ours[number]) == len(messages) or not complete
        assert_equal(ours[number], messages, MESSAGE_BY_NUMBER[number].fields.values())
        compared += len(messages)
    assert compared > 0


#: Why fitparse gives up on them.
BEYOND_FITPARSE = {"coros-pace-2-cycling-misaligned-fields.fit", "strava-android-app-201.10-b1218918.fit"}


@needs_files
@pytest.mark.parametrize("path", [p for p in SMALL if p.name not in BEYOND_FITPARSE], ids=lambda path: path.name)
def test_every_record_as_fitparse_reads_it(path: Path) -> None:
    theirs = by_fitparse(content(path))
    table = fit.decode(content(path)).get(RECORD)
    assert (0 if table is None else len(table)) == len(theirs)
    if table is not None:
        assert_equal(table, theirs, [field for name, field in MESSAGES["record"].fields.items() if name != "timestamp"])


@needs_files
def test_strava_file_with_lost_bytes_goes_on_behind_each_loss() -> None:
    path = next(path for path in FILES if path.name.startswith("strava-android"))
    recording = fit.read(path.name, content(path))
    assert len(fit.decode(content(path))[RECORD]) > 10 * len(by_fitdecode(content(path))[RECORD])
    assert recording.duration_s == pytest.approx(recording.reported["elapsed_s"], abs=20)
    assert {"truncated", "corrupt"} <= {repair.kind for repair in recording.repairs}


def recovered(records: list[tuple[float, ...]], true: set[tuple[float, ...]]) -> int:
    """How many different true records are among those read from a damaged file."""
    return len(true & set(records))


KEYS = {
    name: MESSAGES["record"].fields[name].number for name in ("timestamp", "position_lat", "distance", "heart_rate")
}


def our_records(data: bytes) -> list[tuple[float, ...]]:
    table = fit.decode(data).get(RECORD)
    if table is None:
        return []
    return list(zip(*(np.nan_to_num(table.column(key), nan=-1).tolist() for key in KEYS), strict=True))


def their_records(data: bytes) -> list[tuple[float, ...]]:
    def cell(value: float) -> float:
        return -1.0 if math.isnan(value) else value

    return [
        tuple(cell(m.get(number, math.nan)) for number in KEYS.values()) for m in by_fitdecode(data).get(RECORD, [])
    ]


def variants(data: bytes) -> dict[str, bytes]:
    """`data` broken off at every 7 %, with flipped and lost bytes, a wrong checksum, header sizes of zero and nonsense."""
    rng = np.random.default_rng(len(data))
    broken = {f"cut at {7 * k} %": data[: len(data) * 7 * k // 100] for k in range(1, 15)}
    broken["wrong checksum"] = data[:-1] + bytes([data[-1] ^ 0xFF])
    broken["no checksum"] = data[:-2]
    broken["size zero"] = data[:4] + bytes(4) + data[8:]
    broken["size too small"] = data[:4] + (len(data) // 2).to_bytes(4, "little") + data[8:]
    broken["size too large"] = data[:4] + (3 * len(data)).to_bytes(4, "little") + data[8:]
    broken["zeros behind"] = data + bytes(5000)
    broken["size zero, zeros behind"] = data[:4] + bytes(4) + data[8:] + bytes(5000)
    for number in range(6):
        at = int(rng.integers(14, len(data)))
        flipped = data[:at] + bytes([data[at] ^ int(rng.integers(1, 256))]) + data[at + 1 :]
        broken[f"flip {number}"] = flipped
        broken[f"flip {number}, sealed"] = sealed(flipped)
        broken[f"loss {number}"] = data[:at] + data[at + int(rng.integers(1, 60)) :]
    return broken


@needs_files
@pytest.mark.parametrize("path", [path for path in SMALL if path.stat().st_size > 3000], ids=lambda path: path.name)
def test_damaged_files_yield_at_least_what_fitdecode_recovers(path: Path) -> None:
    true = set(our_records(content(path)))
    assert true == set(their_records(content(path)))
    for name, data in variants(content(path)).items():
        ours = our_records(data)
        assert recovered(ours, true) >= recovered(their_records(data), true), name
        if "loss" not in name and "flip" not in name and "cut" not in name:
            assert len(ours) >= len(true), name
        try:
            recording = fit.read(path.name, data)
            assert recording.repairs or "behind" in name or "sealed" in name, name
        except UnreadableFile:
            assert recovered(ours, true) == 0 or "cut at 7 " in name
