"""Throws damaged files at the readers: nothing but a `RetropaceError` may come out, soon, and in little memory.

    .venv/bin/python validation/fuzz.py --count 20000            # of each format
    .venv/bin/python validation/fuzz.py --count 500 --format tcx --seed 7

Small whole files are made here, in memory; each mutant is one of them with a few wounds. Mutant `i` of a format and seed
is always the same. Work is done in child processes under a limit on memory, so that even a crash of a library would be
counted. A sentence that the last line of defence had to write (`readers._guarded`) counts as a fault too. Exits with 1
where there was any fault.
"""

import argparse
import gzip
import io
import json
import multiprocessing
import re
import resource
import struct
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from retropace.errors import RetropaceError
from retropace.readers import read_bytes
from retropace.recording import MOTION_CHANNELS, Lap, Origin, Recording, SportSpan, Stream
from retropace.writers.fit import activity_bytes

#: A file this small has to be done with in this time [s] and memory [bytes].
SLOWEST_S = 2.0
MOST_BYTES = 1_500_000_000
_BATCH = 500
_START = datetime(2026, 5, 4, 7, tzinfo=UTC)
Seed = tuple[str, bytes]
Rng = np.random.Generator


# --- whole files ------------------------------------------------------------------------------------------------------


def _recording(n: int = 60) -> Recording:
    seconds = np.arange(n, dtype=float)
    track = {
        "latitude_deg": 47 + seconds * 2e-5,
        "longitude_deg": 8 + seconds * 1e-5,
        "altitude_m": 400 + np.sin(seconds),
        "distance_m": seconds * 2.5,
        "speed_mps": np.full(n, 2.5),
        "heart_rate_bpm": 140 + seconds % 7,
        "cadence_spm": np.full(n, 166.0),
    }
    fine = np.arange(200) / 50
    motion = {name: Stream(fine, {key: np.sin(fine) for key in MOTION_CHANNELS[name]}) for name in ("accelerometer",)}
    laps = (Lap(0, n / 2, "backward", "active"), Lap(n / 2, n - 1.0, None, "rest", "walk"))
    sports = (SportSpan(0, n - 1.0, "running"),)
    origin = Origin("fuzz.fit", "fit", device="watch")
    return Recording(origin, _START, track=Stream(seconds, track), motion=motion, laps=laps, sports=sports)


def _tcx() -> bytes:
    points = "".join(
        f"<Trackpoint><Time>{(_START + timedelta(seconds=i)).isoformat()}</Time><Position><LatitudeDegrees>{47 + i * 2e-5}"
        f"</LatitudeDegrees><LongitudeDegrees>{8 + i * 1e-5}</LongitudeDegrees></Position><DistanceMeters>{i * 2.5}"
        f"</DistanceMeters><HeartRateBpm><Value>{140 + i % 7}</Value></HeartRateBpm><Extensions><n:TPX>"
        f"<n:Speed>2.5</n:Speed><n:RunCadence>83</n:RunCadence></n:TPX></Extensions></Trackpoint>"
        for i in range(40)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns:n="http://www.garmin.com/xmlschemas/'
        'ActivityExtension/v2" xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity '
        'Sport="Running"><Id>2026-05-04T07:00:00Z</Id><Lap StartTime="2026-05-04T07:00:00Z"><TotalTimeSeconds>40'
        "</TotalTimeSeconds><DistanceMeters>100</DistanceMeters><Calories>9</Calories><Intensity>Active</Intensity><Track>"
        f"{points}</Track><Notes>backward</Notes></Lap></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def _gpx() -> bytes:
    segments = ["", ""]
    for i in range(40):
        segments[i // 20] += (
            f'<trkpt lat="{47 + i * 2e-5}" lon="{8 + i * 1e-5}"><ele>{400 + i}</ele><time>'
            f"{(_START + timedelta(seconds=i + 60 * (i // 20))).isoformat()}</time><extensions><t:TrackPointExtension><t:hr>"
            f"{140 + i % 7}</t:hr><t:cad>83</t:cad></t:TrackPointExtension></extensions></trkpt>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="fuzz" '
        'xmlns="http://www.topografix.com/GPX/1/1" xmlns:t="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><name>Run</name><type>9</type>'
        f"{''.join(f'<trkseg>{segment}</trkseg>' for segment in segments)}</trk></gpx>"
    ).encode()


def _axes(i: int) -> str:
    return f"{9.8 + np.sin(i):.4f},{np.cos(i):.4f},{0.1 * i:.4f}"


def _logger() -> dict[str, bytes]:
    zero = 1_777_878_000_000_000_000
    rows = "".join(f"{zero + i * 10_000_000},{i / 100},{_axes(i)}\n" for i in range(60))
    places = "".join(f"{zero + i * 1_000_000_000},{i},5,2.5,90,400,8.{i:05},47.{i:05}\n" for i in range(5))
    quaternions = "".join(f"{zero + i * 10_000_000},{i / 100},0,0,0.7,0.71,0,0,0\n" for i in range(60))
    return {
        "Metadata.csv": b"version,device name,recording timezone,platform,standardisation\n3,P,Europe/Rome,ios,false\n",
        "Accelerometer.csv": f"time,seconds_elapsed,z,y,x\n{rows}".encode(),
        "Gravity.csv": f"time,seconds_elapsed,z,y,x\n{rows}".encode(),
        "Gyroscope.csv": f"time,seconds_elapsed,z,y,x\n{rows}".encode(),
        "Orientation.csv": f"time,seconds_elapsed,qz,qy,qx,qw,roll,pitch,yaw\n{quaternions}".encode(),
        "Location.csv": (
            f"time,seconds_elapsed,horizontalAccuracy,speed,bearing,altitude,longitude,latitude\n{places}".encode()
        ),
        "Annotation.csv": f"time,seconds_elapsed,text,millisecond_press_duration\n{zero},0,backward,90\n".encode(),
    }


def _phyphox() -> dict[str, bytes]:
    rows = "".join(f"{i / 100:.9E},{_axes(i)}\n" for i in range(60))
    return {
        "Accelerometer.csv": f'"Time (s)","X (m/s^2)","Y (m/s^2)","Z (m/s^2)"\n{rows}'.encode(),
        "Gyroscope.csv": f'"Time (s)","Gyroscope x (rad/s)","Gyroscope y (rad/s)","Gyroscope z (rad/s)"\n{rows}'.encode(),
        "meta/time.csv": (
            b'"event","experiment time","system time","system time text"\n'
            b'"START",0.0E0,1777878000.0,"2026-05-04 09:00:00.000 UTC+02:00"\n'
            b'"PAUSE",3.0E-1,1777878000.3,"2026-05-04 09:00:00.300 UTC+02:00"\n'
            b'"START",3.0E-1,1777878060.0,"2026-05-04 09:01:00.000 UTC+02:00"\n'
        ),
        "meta/device.csv": b'"property","value"\n"deviceModel","Phone"\n',
    }


def _coached() -> dict[str, bytes]:
    zero = 1_777_878_000_000
    motion = "".join(f"{zero + 16 * i},0,0,0,{_axes(i)},1.5,-2.5,nan,16.7\n" for i in range(60))
    turns = "".join(f"{zero + 16 * i},{i % 360},5,-5,nan,nan,1\n" for i in range(60))
    marks: list[dict[str, object]] = [
        {"mark": "begin", "platform": "iPhone", "agent": "Safari"},
        {"mark": "piece", "index": 0, "state": "reverse"},
        {"mark": "pause"},
        {"mark": "resume"},
        {"mark": "end"},
    ]
    lines = [{"k": "mark", "at_ms": zero + 5000 * i} | mark for i, mark in enumerate(marks)]
    lines += [{"k": "position", "at_ms": zero + 1000 * i, "lat": 47 + i / 1e5, "lon": 8.0} for i in range(20)]
    lines += [{"k": "heart", "at_ms": zero + 1000 * i, "bpm": 120} for i in range(20)]
    piece = {"start_s": 0, "end_s": 20, "doing": "reverse_run", "state": "reverse", "words": "Back", "speed_mps": 1.8}
    about = {"format": "retropace coached session", "offset_min": 120, "guide": {"name": "Day", "pieces": [piece]}}
    return {
        "run.json": json.dumps(about).encode(),
        "motion.csv": f"at_ms,ax,ay,az,gx,gy,gz,ra,rb,rg,interval_ms\n{motion}".encode(),
        "orientation.csv": f"at_ms,alpha,beta,gamma,compass,compass_accuracy,absolute\n{turns}".encode(),
        "lines.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines),
    }


def _tables() -> list[Seed]:
    rows = list(zip(range(80), *zip(*(_axes(i).split(",") for i in range(80)), strict=True), strict=True))
    comma = "timestamp,accel_x,accel_y,accel_z\n" + "".join(
        f"{1777878000000 + 10 * i},{x},{y},{z}\n" for i, x, y, z in rows
    )
    tabs = "Acquisition frequency: 100 Hz\nPacketCounter\tAcc_X\tAcc_Y\tAcc_Z\n" + "".join(
        f"{i}.0\t{x}\t{y}\t{z}\n" for i, x, y, z in rows
    )
    german = '"t (s)";"ax (m/s^2)";"ay (m/s^2)";"az (m/s^2)"\n' + "".join(
        f"{i / 100};{x};{y};{z}\n".replace(".", ",") for i, x, y, z in rows
    )
    track = "time,lat,lon,hr,speed (km/h)\n" + "".join(
        f"{(_START + timedelta(seconds=i)).isoformat()},47.{i:04},8.{i:04},{140 + i % 5},9.1\n" for i in range(60)
    )
    return [("a.csv", comma.encode()), ("b.txt", tabs.encode()), ("c.csv", german.encode()), ("d.csv", track.encode())]


def _several() -> list[Seed]:
    """Tables of several sensors: side by side, in rows of their own, under lines of names, and with every value named."""
    axes = [[float(value) for value in _axes(i).split(",")] for i in range(160)]
    six = [[*row, *(value / 9.8 for value in row)] for row in axes]
    names = [f"{place}_{word}_{axis}" for place in ("wrist", "LeftFoot") for word in ("acc", "gyr") for axis in "xyz"]
    beside = [",".join(map(str, (i / 100, *row, *row))) for i, row in enumerate(six)]
    stacked = [
        f"{i / 100},{place},{','.join(map(str, row))}" for i, row in enumerate(six) for place in ("foot", "wrist")
    ]
    over = ",wrist,,,,,,foot,,,,,\ntime,ax,ay,az,gx,gy,gz,ax,ay,az,gx,gy,gz"
    labelled = [
        f"t:{i / 100} " + " ".join(f"a{axis}:{value}" for axis, value in zip("xyz", row, strict=True))
        for i, row in enumerate(axes)
    ]
    files = {
        "beside.csv": [",".join(["time", *names]), *beside],
        "stacked.csv": ["time,position,ax,ay,az,gx,gy,gz", *stacked],
        "lines.csv": [over, *beside],
        "labelled.txt": labelled,
    }
    return [(name, "\n".join([*lines, ""]).encode()) for name, lines in files.items()]


def _arrays() -> list[Seed]:
    """Structs, matrices and sheets of two sensors."""
    from scipy.io import savemat

    axes = np.array([[float(value) for value in _axes(i).split(",")] for i in range(160)])
    t = np.arange(160) / 100
    mat, packed, npz = io.BytesIO(), io.BytesIO(), io.BytesIO()
    held = {"t": t, "wrist": {"acc": axes, "gyr": axes / 9.8}, "foot": {"acc": axes, "gyr": axes / 9.8}, "fs": 100.0}
    savemat(mat, held)
    savemat(
        packed,
        {"RF": np.hstack([axes, axes / 9.8]), "RW": np.hstack([axes, axes / 9.8]), "fs": 100.0},
        do_compression=True,
    )
    np.savez(npz, t=t, foot_acc=axes, wrist_acc=axes)
    return [
        ("a.mat", mat.getvalue()),
        ("b.mat", packed.getvalue()),
        ("c.npz", npz.getvalue()),
        ("d.xlsx", _book(t, axes)),
    ]


def _book(
    t: np.ndarray[tuple[int], np.dtype[np.float64]], axes: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> bytes:
    """A workbook of two sheets."""
    rows = [["time", "ax", "ay", "az"], *np.column_stack([t, axes]).tolist()]
    lines = "".join(
        "<row>"
        + "".join(
            f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>"
            for cell in row
        )
        + "</row>"
        for row in rows
    )
    sheet = f'<worksheet xmlns="urn:x"><sheetData>{lines}</sheetData></worksheet>'.encode()
    book = b'<workbook xmlns="urn:x"><sheets><sheet name="Foot"/><sheet name="Wrist"/></sheets></workbook>'
    return zipped({"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet, "xl/worksheets/sheet2.xml": sheet})


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def seeds() -> dict[str, list[Seed]]:
    """Whole files of each format."""
    fit = activity_bytes(_recording())
    return {
        "fit": [("a.fit", fit), ("b.fit", fit + fit)],
        "tcx": [("a.tcx", _tcx()), ("b.tcx", _tcx().replace(b"\n", b"\r\n").replace(b"n:", b"ns3:"))],
        "gpx": [("a.gpx", _gpx()), ("b.gpx", "﻿".encode() + _gpx())],
        "sensor_logger": [("a.zip", zipped(_logger())), ("Gyroscope.csv", _logger()["Gyroscope.csv"])],
        "phyphox": [("a.zip", zipped(_phyphox())), ("Accelerometer.csv", _phyphox()["Accelerometer.csv"])],
        "coached": [("a.zip", zipped(_coached()))],
        "columns": _tables(),
        "several": _several(),
        "arrays": _arrays(),
        "packed": [
            ("a.gpx.gz", gzip.compress(_gpx(), mtime=0)),
            ("b.zip", zipped({"run.tcx": _tcx()})),
            ("c.zip", zipped({"a.fit": fit, "b.gpx": _gpx()})),
        ],
    }


# --- wounds -----------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_NUMBERS = (
    b"", b"-1", b"0", b"-0", b"1e308", b"-1e308", b"1e-320", b"nan", b"inf", b"1,5", b"9" * 400, b"0x1F", b"4294967295",
    b"-2147483648", b"18446744073709551615", b"180", b"12:00", b"2026-02-30T25:61:61Z", b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00", "٣".encode(), b"1_0",
)  # fmt: skip
_TOKENS = (
    b"<", b">", b"&", b"&amp;", b"<!--", b"]]>", b"<![CDATA[", b"\0" * 40, b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"\n", b",",
    b";", b"\t", b"<?xml version='1.0'?>", b"</Track>", b"<trkseg>", b"<a>" * 300, b"\xc3\x28", b"PK\x03\x04", b"PK\x05\x06",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>", b"@DATA", b"# ", b"\x1f\x8b\x08",
)  # fmt: skip


def _place(rng: Rng, data: bytes) -> tuple[int, int]:
    """A stretch of the data, short more often than long."""
    start = int(rng.integers(0, len(data) + 1))
    length = int(min(len(data) - start, rng.geometric(1 / max(2.0, len(data) / rng.choice([4, 40, 400])))))
    return start, start + length


def _flip(rng: Rng, data: bytes) -> bytes:
    wounded = bytearray(data)
    for _ in range(int(rng.integers(1, 20))):
        if wounded:
            wounded[int(rng.integers(len(wounded)))] ^= 1 << int(rng.integers(8))
    return bytes(wounded)


def _cut(rng: Rng, data: bytes) -> bytes:
    return data[: int(rng.integers(0, len(data) + 1))]


def _behead(rng: Rng, data: bytes) -> bytes:
    return data[_place(rng, data)[1] :]


def _drop(rng: Rng, data: bytes) -> bytes:
    start, end = _place(rng, data)
    return data[:start] + data[end:]


def _double(rng: Rng, data: bytes) -> bytes:
    start, end = _place(rng, data)
    return data[:end] + data[start:end] * int(rng.integers(1, 4)) + data[end:]


def _swap(rng: Rng, data: bytes) -> bytes:
    first, second, third, fourth = sorted(int(at) for at in rng.integers(0, len(data) + 1, 4))
    return data[:first] + data[third:fourth] + data[second:third] + data[first:second] + data[fourth:]


def _blank(rng: Rng, data: bytes) -> bytes:
    start, end = _place(rng, data)
    fill = bytes([int(rng.choice([0, 32, 255, int(rng.integers(256))]))])
    return data[:start] + fill * (end - start) + data[end:]


def _insert(rng: Rng, data: bytes) -> bytes:
    at = int(rng.integers(0, len(data) + 1))
    token = _TOKENS[int(rng.integers(len(_TOKENS)))] if rng.random() < 0.7 else rng.bytes(int(rng.integers(1, 60)))
    return data[:at] + token + data[at:]


def _renumber(rng: Rng, data: bytes) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _flip(rng, data)
    chosen = found[int(rng.integers(len(found)))]
    return data[: chosen.start()] + _NUMBERS[int(rng.integers(len(_NUMBERS)))] + data[chosen.end() :]


def _length(rng: Rng, data: bytes) -> bytes:
    """Overwrite two or four bytes, as a wrong length would be; the head holds most lengths."""
    head = len(data) if rng.random() < 0.5 else min(len(data), 64)
    at = int(rng.integers(0, max(1, head)))
    value = int(rng.choice([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]))
    patch = struct.pack("<I", value)[: int(rng.choice([1, 2, 4]))]
    return data[:at] + patch + data[at + len(patch) :]


WOUNDS: tuple[Callable[[Rng, bytes], bytes], ...] = (
    _flip, _cut, _behead, _drop, _double, _swap, _blank, _insert, _renumber, _renumber, _length,
)  # fmt: skip


def wounded(rng: Rng, data: bytes, others: list[bytes]) -> bytes:
    """`data` with one to four wounds; sometimes the rest of another file is put in place of its own."""
    for _ in range(int(rng.integers(1, 5))):
        data = WOUNDS[int(rng.integers(len(WOUNDS)))](rng, data)
    if rng.random() < 0.1:
        other = others[int(rng.integers(len(others)))]
        data = data[: _place(rng, data)[0]] + other[_place(rng, other)[0] :]
    return data


def mutant(every: dict[str, list[Seed]], kind: str, seed: int, number: int) -> Seed:
    """Mutant `number` of a format: a name and its bytes. A zip is wounded outside, or inside one of its members."""
    rng = np.random.default_rng([seed, number, *kind.encode()])
    name, data = every[kind][int(rng.integers(len(every[kind])))]
    others = [whole for files in every.values() for _, whole in files]
    if data[:2] == b"PK" and rng.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {inside: archive.read(inside) for inside in archive.namelist()}
        chosen = list(members)[int(rng.integers(len(members)))]
        members[chosen] = wounded(rng, members[chosen], others)
        return name, zipped(members)
    return name, wounded(rng, data, others)


# --- outcomes ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    faults: list[str] = field(default_factory=list)


def outcome(name: str, data: bytes) -> str:
    """read, repaired or refused; anything else is a fault in words."""
    try:
        recording = read_bytes(name, data)
    except RetropaceError as error:
        sentence = str(error)
        if error.__cause__ is not None and "in a way that retropace cannot mend" in sentence:
            return f"unforeseen {type(error.__cause__).__name__}: {error.__cause__}"
        return "refused" if 10 < len(sentence) < 600 and "\n" not in sentence else f"a poor sentence: {sentence!r}"
    except Exception as error:  # noqa: BLE001 (that is what is looked for)
        return f"{type(error).__name__}: {error}"
    return "repaired" if recording.repairs else "read"


def tried(every: dict[str, list[Seed]], kind: str, seed: int, number: int, tally: Tally) -> None:
    """Read one mutant and note what became of it."""
    name, data = mutant(every, kind, seed, number)
    begun = time.process_time()
    became = outcome(name, data)
    took = time.process_time() - begun
    tally.slowest_s = max(tally.slowest_s, took)
    if took > SLOWEST_S and became in ("read", "repaired", "refused"):
        became = f"took {took:.1f} s"
    if became not in ("read", "repaired", "refused"):
        tally.faults.append(f"{kind} {number}: {became}")
        became = "fault"
    tally.outcomes[became] += 1


def _child(link: Connection, kind: str, seed: int, numbers: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    every, tally = seeds(), Tally()
    for number in numbers:
        link.send(number)
        tried(every, kind, seed, number, tally)
    tally.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    link.send(tally)


def run(kind: str, count: int, seed: int) -> Tally:
    """All mutants of one format, a batch to a process."""
    total = Tally()
    for first in range(0, count, _BATCH):
        for tally in _batch(kind, seed, range(first, min(count, first + _BATCH))):
            total.outcomes += tally.outcomes
            total.slowest_s = max(total.slowest_s, tally.slowest_s)
            total.peak_mb = max(total.peak_mb, tally.peak_mb)
            total.faults += tally.faults
    return total


def _batch(kind: str, seed: int, numbers: range) -> Iterator[Tally]:
    """Tallies of one batch; where a process dies, the mutant is a fault and the next process goes on behind it."""
    while numbers:
        ours, theirs = multiprocessing.Pipe()
        child = multiprocessing.get_context("fork").Process(target=_child, args=(theirs, kind, seed, numbers))
        child.start()
        theirs.close()
        number = numbers[0]
        try:
            while not isinstance(said := ours.recv(), Tally):
                number = said
            yield said
            numbers = range(0)
        except EOFError:
            child.join()
            yield Tally(Counter(fault=1), faults=[f"{kind} {number}: the process died ({child.exitcode})"])
            numbers = range(number + 1, numbers.stop)
        child.join()


def main() -> int:
    """Print a table; 1 where there was a fault."""
    every = seeds()
    parser = argparse.ArgumentParser(description="Throw damaged files at the readers.")
    parser.add_argument("--count", type=int, default=1000, help="mutants of each format")
    parser.add_argument("--format", choices=every, help="this format only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the mutants that were faults")
    chosen = parser.parse_args()
    faults: list[str] = []
    print(
        f"{'format':14} {'mutants':>8} {'read':>7} {'repaired':>9} {'refused':>8} {'faults':>7} {'slowest':>9} {'memory':>8}"
    )
    for kind in [chosen.format] if chosen.format else every:
        tally = run(kind, chosen.count, chosen.seed)
        n = tally.outcomes
        print(
            f"{kind:14} {n.total():8} {n['read']:7} {n['repaired']:9} {n['refused']:8} {n['fault']:7} "
            f"{tally.slowest_s * 1e3:6.0f} ms {tally.peak_mb:5.0f} MB",
            flush=True,
        )
        faults += tally.faults
    for fault in faults:
        print(fault)
        if chosen.keep:
            kind, number = fault.split(":")[0].split(" ")
            name, data = mutant(every, kind, chosen.seed, int(number))
            chosen.keep.mkdir(parents=True, exist_ok=True)
            (chosen.keep / f"{kind}-{number}-{name}").write_bytes(data)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
