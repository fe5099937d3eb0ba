"""Damaged FIT files: what is kept, what is said about it, and that nobody's time or memory is wasted."""

import struct
import time
import tracemalloc
from collections.abc import Callable

import fastcrc
import numpy as np
import pytest

from fit_bytes import FILE_ID, PLAIN, T0, U8, U16, U32, activity, beats, definition, fit_file, sealed
from retropace.errors import RetropaceError
from retropace.readers import fit
from retropace.recording import Recording
from retropace.writers.fit import activity_bytes

WHOLE = fit_file(FILE_ID, PLAIN, beats(0, 200))
BODY = WHOLE[14:-2]
FIRST_RECORD = 14 + len(FILE_ID) + len(PLAIN)


def kinds(recording: Recording) -> list[str]:
    return [repair.kind for repair in recording.repairs]


def seconds(recording: Recording) -> list[int]:
    """Which of the 200 seconds were recovered."""
    assert recording.start is not None
    return [int(instant) for instant in recording.track.time_s]


@pytest.mark.parametrize("length", [FIRST_RECORD + 6, FIRST_RECORD + 600, FIRST_RECORD + 603, len(WHOLE) - 3])
def test_truncated(length: int) -> None:
    recording = fit.read("a", WHOLE[:length])
    assert seconds(recording) == list(range((length - FIRST_RECORD) // 6))
    assert kinds(recording) == ["truncated"]
    assert f"{length - 14} are there" in recording.repairs[0].note


@pytest.mark.parametrize("missing", [1, 2])
def test_a_lost_checksum_loses_nothing(missing: int) -> None:
    recording = fit.read("a", WHOLE[:-missing])
    assert len(recording.track) == 200
    assert kinds(recording) == ["crc"]


def test_wrong_checksum() -> None:
    recording = fit.read("a", WHOLE[:-2] + b"\0\0")
    assert seconds(recording) == list(range(200))
    assert kinds(recording) == ["crc"]


@pytest.mark.parametrize("size", [0, 100, 10_000])
@pytest.mark.parametrize("behind", [b"", bytes(777)])
def test_a_header_that_promises_the_wrong_size(size: int, behind: bytes) -> None:
    recording = fit.read("a", fit_file(BODY, size=size, crc=0) + behind)
    assert seconds(recording) == list(range(200))
    assert kinds(recording)[0] == "truncated" if size != 100 else recording.repairs


def test_zeros_behind_the_end_are_filling() -> None:
    assert fit.read("a", WHOLE + bytes(1000)).repairs == ()


def test_garbage_behind_the_end_is_named() -> None:
    recording = fit.read("a", WHOLE + b"\x55garbage" * 40)
    assert seconds(recording) == list(range(200))
    assert kinds(recording) == ["corrupt"]
    assert str(len(WHOLE)) in recording.repairs[0].note


def test_the_header_is_preceded_by_something() -> None:
    assert seconds(fit.read("a", b"HTTP/1.1 200 OK\r\n\r\n" + WHOLE)) == list(range(200))


@pytest.mark.parametrize("seal", [True, False])
def test_garbage_in_the_middle(*, seal: bool) -> None:
    at = FIRST_RECORD + 6 * 80
    rng = np.random.default_rng(3)
    damaged = WHOLE[:at] + rng.integers(0, 256, 300, np.uint8).tobytes() + WHOLE[at + 300 :]
    recording = fit.read("a", sealed(damaged) if seal else damaged)
    kept = seconds(recording)
    assert set(range(79)) | set(range(131, 200)) <= set(kept) <= set(range(80)) | set(range(130, 200))
    assert "corrupt" in kinds(recording)


@pytest.mark.parametrize("lost", [1, 2, 3, 5, 11])
def test_lost_bytes_cost_one_or_two_records(lost: int) -> None:
    at = FIRST_RECORD + 6 * 100 + 3
    recording = fit.read("a", WHOLE[:at] + WHOLE[at + lost :])
    gone = set(range(200)) - set(seconds(recording))
    assert gone <= {99, 100, 101, 102}
    assert "corrupt" in kinds(recording)


def test_a_wrong_time_in_a_damaged_file_costs_that_record_only() -> None:
    at = FIRST_RECORD + 6 * 100
    damaged = WHOLE[:at] + struct.pack("<BI", 0, T0 + 20_000_000) + WHOLE[at + 5 :]
    assert set(range(200)) - set(seconds(fit.read("a", damaged))) == {100}


def test_the_clock_is_set_during_a_damaged_file() -> None:
    early = b"".join(struct.pack("<BIB", 0, 900 + k, 150) for k in range(5))
    data = fit_file(FILE_ID, PLAIN, early, beats(0, 100), crc=1)
    table = fit.decode(data)[20]
    assert len(table) == 105


def test_a_second_file_is_found_behind_a_damaged_one() -> None:
    later = fit_file(FILE_ID, PLAIN, beats(300, 50))
    recording = fit.read("a", WHOLE[:-70] + later)
    assert len(recording.track) == 200 - 12 + 50
    assert {"chained", "truncated"} <= set(kinds(recording))


def test_a_header_with_a_wrong_first_byte() -> None:
    recording = fit.read("a", b"\x33" + WHOLE[1:])
    assert seconds(recording) == list(range(200))
    assert kinds(recording) == ["crc"]


def test_a_real_kind_of_layout_survives_damage_too() -> None:
    whole = activity_bytes(activity(300, motion_seconds=5))
    everything = len(fit.decode(whole)[20])
    rng = np.random.default_rng(11)
    for _ in range(25):
        at = int(rng.integers(1500, len(whole)))
        damaged = whole[:at] + rng.integers(0, 256, 40, np.uint8).tobytes() + whole[at + int(rng.integers(0, 80)) :]
        assert len(fit.decode(damaged)[20]) >= everything - 6


WIDEST = [(number, 255, U8) for number in range(255)]
LONGEST = definition(0, 20, WIDEST, developer=[(n, 255, 0) for n in range(255)])
SHORT = definition(0, 20, [(3, 1, U8)])
OFFSETS = definition(0, 165, [(253, 4, U32), (1, 254, U16), (2, 254, U16), (3, 254, U16), (4, 254, U16)])
HEADER = WHOLE[:14]


def noise() -> bytes:
    """A million bytes by chance."""
    return np.random.default_rng(5).integers(0, 256, 1_000_000, np.uint8).tobytes()


#: Files made to waste time or memory.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "huge definition": lambda: fit_file(FILE_ID, LONGEST, bytes(1000)),
    "messages of one byte": lambda: fit_file(FILE_ID, definition(0, 20, []), bytes(1_000_000)),
    "messages of two bytes": lambda: fit_file(FILE_ID, SHORT, bytes(1_000_000)),
    "many definitions": lambda: fit_file(
        FILE_ID, *(definition(0, 20, [(253, 4, U32), (k % 250, 1 + k // 250 % 250, U8)]) for k in range(30_000))
    ),
    "many headers": lambda: HEADER * 70_000,
    "headers that promise much": lambda: b"".join(
        HEADER[:4] + struct.pack("<I", 900_000 - 14 * k) + HEADER[8:] for k in range(60_000)
    ),
    "declared four gigabytes": lambda: fit_file(FILE_ID, PLAIN, beats(0, 10), size=2**32 - 1),
    "noise": lambda: fit_file(FILE_ID, PLAIN, noise()),
    "noise unsealed": lambda: fit_file(FILE_ID, PLAIN, noise(), crc=0),
    "wounds all over": lambda: fit_file(FILE_ID, PLAIN, (beats(0, 3) + b"\xff\xfe\xfd") * 40_000, crc=0),
    "one time everywhere": lambda: fit_file(FILE_ID, PLAIN, b"\x00\x45" * 400_000, crc=0),
    "wide samples": lambda: fit_file(FILE_ID, OFFSETS, bytes(1021) * 900),
    "many devices": lambda: fit_file(
        FILE_ID, definition(0, 23, [(27, 3, 0x07)]), b"\0ab\0" * 200_000, PLAIN, beats(0, 9)
    ),
    "many files in one": lambda: fit_file(definition(0, 0, [(0, 1, U8)]), b"\0\xff" * 400_000, PLAIN, beats(0, 9)),
    "many laps": lambda: fit_file(
        FILE_ID, definition(0, 19, [(253, 4, U32), (23, 1, U8)]), beats(0, 150_000), PLAIN, beats(0, 9)
    ),
    "many sports": lambda: fit_file(
        FILE_ID,
        definition(0, 18, [(253, 4, U32), (2, 4, U32), (5, 1, U8)]),
        b"".join(struct.pack("<BIIB", 0, T0 + k, T0, k % 3) for k in range(60_000)),
        definition(1, 20, [(253, 4, U32), (4, 1, U8)]),
        beats(0, 60_000, local=1),
    ),
    "many pauses": lambda: fit_file(
        FILE_ID,
        definition(0, 21, [(253, 4, U32), (0, 1, U8), (1, 1, U8)]),
        b"".join(struct.pack("<BIBB", 0, T0 + k, 0, 4 * (k % 2)) for k in range(100_000)),
        PLAIN,
        beats(0, 9),
    ),
    "many calibrations": lambda: fit_file(
        FILE_ID,
        definition(0, 167, [(0, 1, U8), (1, 4, U32), (2, 4, U32)]),
        bytes([0, 0, 1, 0, 0, 0, 1, 0, 0, 0]) * 80_000,
    ),
    "compressed times": lambda: fit_file(FILE_ID, SHORT, b"\x9f\x9f" * 400_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    began = time.process_time()
    try:
        fit.read("a", data)
    except RetropaceError as error:
        told = str(error)
        assert "a" in told
    spent = time.process_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 10, "seconds of CPU while memory is being traced"
    assert peak < 100 * len(data) + 5_000_000


def test_the_checksum_is_the_one_of_the_protocol() -> None:
    # The usual check value of CRC-16/ARC.
    assert fastcrc.crc16.arc(b"123456789") == 0xBB3D
