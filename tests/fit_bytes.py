"""FIT files for tests: written byte by byte where they must be odd, and whole activities with every channel."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import fastcrc
import numpy as np

from retropace.recording import (
    MOTION_CHANNELS,
    FloatArray,
    Lap,
    Origin,
    Pause,
    Recording,
    SportSpan,
    Stream,
    Wearer,
)

#: A FIT time in 2026.
T0 = 1_150_000_000
U8, S8, U16, S32, U32, STRING, ENUM, BYTE = 0x02, 0x01, 0x84, 0x85, 0x86, 0x07, 0x00, 0x0D


def definition(
    local: int,
    number: int,
    fields: Iterable[tuple[int, int, int]],
    *,
    order: str = "<",
    developer: Iterable[tuple[int, int, int]] = (),
) -> bytes:
    fields, developer = list(fields), list(developer)
    head = 0x40 | (0x20 if developer else 0) | local
    body = struct.pack(f"{order}BBBHB", head, 0, order == ">", number, len(fields))
    body += b"".join(bytes(field) for field in fields)
    return body + (bytes([len(developer)]) + b"".join(bytes(field) for field in developer) if developer else b"")


def fit_file(
    *messages: bytes, header: int = 14, size: int | None = None, crc: int | None = None, magic: bytes = b".FIT"
) -> bytes:
    body = b"".join(messages)
    head = struct.pack("<BBHI4s", header, 0x20, 2100, len(body) if size is None else size, magic)
    head += b"\0\0" if header == 14 else b""
    content = head + body
    return content + struct.pack("<H", fastcrc.crc16.arc(content) if crc is None else crc)


def sealed(data: bytes) -> bytes:
    """`data` with its last two bytes made the right checksum."""
    return data[:-2] + struct.pack("<H", fastcrc.crc16.arc(data[:-2]))


FILE_ID = definition(15, 0, [(0, 1, ENUM)]) + bytes([15, 4])
#: Records of a time and a heart rate.
PLAIN = definition(0, 20, [(253, 4, U32), (3, 1, U8)])


def beats(first: int, count: int, rate: int = 150, local: int = 0) -> bytes:
    return b"".join(struct.pack("<BIB", local, T0 + first + k, rate) for k in range(count))


def activity(seconds: int, *, motion_seconds: int = 0, seed: int = 1) -> Recording:
    """A made-up run with every channel, laps with names, a pause, and raw sensors at 100 Hz where asked for."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(float(seconds))
    turn_s = float(seconds // 3)

    def about(value: float, spread: float) -> FloatArray:
        return value + spread * rng.standard_normal(seconds)

    channels = {
        "latitude_deg": 47 + np.cumsum(about(0, 1e-5)),
        "longitude_deg": 8 + np.cumsum(about(0, 1e-5)),
        "position_error_m": np.rint(about(4, 0.5)),
        "altitude_m": about(430, 1),
        "distance_m": 2.8 * time_s,
        "speed_mps": about(2.8, 0.1),
        "heart_rate_bpm": np.rint(about(150, 3)),
        "cadence_spm": about(170, 3),
        "power_w": np.rint(about(250, 10)),
        "temperature_degc": np.rint(about(20, 1)),
        "contact_time_ms": about(250, 10),
        "contact_balance_pct": about(50, 0.5),
        "vertical_oscillation_mm": about(80, 5),
        "step_length_m": about(1.0, 0.02),
        "direction_code": np.where(time_s % 90 < 20, -1.0, 1.0),
    }
    fine_s = np.arange(motion_seconds * 100) / 100
    motion = {
        sensor: Stream(fine_s, {key: 10 * rng.standard_normal(fine_s.size) for key in MOTION_CHANNELS[sensor]})
        for sensor in ("accelerometer", "gyroscope", "magnetometer")
        if motion_seconds
    }
    return Recording(
        Origin("made", "made", device="Test watch"),
        datetime(2026, 5, 4, 7, tzinfo=UTC),
        timedelta(hours=2),
        Stream(time_s, channels),
        motion,
        laps=(
            Lap(0.0, turn_s, "FORWARD 60s", "recovery"),
            Lap(turn_s, seconds - 1.0, "BACK 20s", "active", "Turn, look"),
        ),
        pauses=(Pause(30.0, 41.0),) if seconds > 60 else (),
        sports=(SportSpan(0.0, seconds - 1.0, "running", "track"),),
        wearer=Wearer(70.5, 1.81, 40.0, "female", 52.0),
        reported={"distance_m": 2.8 * seconds, "energy_kcal": 321.0},
    )
