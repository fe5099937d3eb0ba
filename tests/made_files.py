"""Files as people send them: made activities, tables nobody explained, archives with something wrong in them."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from made import FIRST_DAY, Part, recording
from retropace.quantities import Direction
from retropace.writers.fit import activity_bytes

#: When every made file begins, unless it says otherwise.
START = dt.datetime(2026, 11, 20, 17, 5, tzinfo=dt.UTC)
#: A run forward, short.
FORWARD = (Part(240, 2.6, 165),)
HEADER = ("when", "schnell", "herz")


@cache
def fit(days_ago: int = 0, parts: tuple[Part, ...] = FIRST_DAY, seed: int = 1) -> bytes:
    """A FIT file with a direction for every second."""
    made = replace(recording(parts, code=True, seed=seed), start=START - dt.timedelta(days=days_ago))
    return activity_bytes(made, made.track.channels["direction_code"])


@cache
def gpx(days_ago: int = 0, seconds: int = 240) -> bytes:
    """The beginning of the same outing as GPX."""
    start = START - dt.timedelta(days=days_ago)
    points = "".join(
        f'<trkpt lat="{50 + 2.6 * second / 111_195:.7f}" lon="8.0">'
        f"<time>{(start + dt.timedelta(seconds=second)).isoformat()}</time></trkpt>"
        for second in range(seconds)
    )
    return (
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    ).encode()


def table(seconds: int = 240, header: tuple[str, ...] = HEADER) -> bytes:
    """A table whose names say nothing to us: milliseconds, km/h, beats."""
    rows = [f"{1000 * second};{9.4 + 0.1 * (second % 3):.1f};{140 + second % 5}" for second in range(seconds)]
    return "\n".join([";".join(header), *rows]).encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of files by path."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return made.getvalue()


def backward_run(
    repeats: int, seconds: int = 20, speed_mps: float = 1.9, heart_rate_bpm: float = 150.0
) -> tuple[Part, ...]:
    """A warm-up and so many repeats."""
    repeat = Part(seconds, speed_mps, 175, Direction.BACKWARD, heart_rate_bpm)
    return (Part(120, 1.4, 112), *(repeat, Part(60, 1.3, 110)) * repeats, Part(60, 2.6, 165))
