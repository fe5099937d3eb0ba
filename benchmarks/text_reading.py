"""How long the other formats take to become a recording: 3 h of TCX and GPX at 1 Hz, 1 h of raw motion as CSV.

Files are made in memory, the same every time; the readers take turns in one process. For TCX and GPX the walk of lxml alone
over the same points, nothing kept, stands beside: what is above it is ours. CPU time, so that a busy machine matters less.
Run: .venv/bin/python benchmarks/text_reading.py
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from retropace.readers import read_bytes

SECONDS, MOTION_ROWS, TURNS = 10_800, 360_000, 11
BUDGET_S = {"3 h TCX, 8 channels": 0.3, "3 h GPX, 5 channels": 0.2}
_START = datetime(2026, 5, 4, 7, tzinfo=UTC)


def tcx() -> bytes:
    points = "".join(
        f"<Trackpoint>\n <Time>{(_START + timedelta(seconds=i)).isoformat()}</Time>\n <Position>\n  <LatitudeDegrees>"
        f"{47 + i * 2e-5:.15f}</LatitudeDegrees>\n  <LongitudeDegrees>{8 + i * 1e-5:.15f}</LongitudeDegrees>\n </Position>\n"
        f" <AltitudeMeters>{400 + i % 9}.2</AltitudeMeters>\n <DistanceMeters>{i * 2.8:.6f}</DistanceMeters>\n"
        f" <HeartRateBpm>\n  <Value>{140 + i % 9}</Value>\n </HeartRateBpm>\n"
        f" <Extensions>\n  <ns3:TPX>\n   <ns3:Speed>2.8</ns3:Speed>\n   "
        f"<ns3:RunCadence>{83 + i % 3}</ns3:RunCadence>\n  </ns3:TPX>\n </Extensions>\n</Trackpoint>\n"
        for i in range(SECONDS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase xmlns:ns3="http://www.garmin.com/xmlschemas/'
        'ActivityExtension/v2" xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity '
        f'Sport="Running"><Lap StartTime="{_START.isoformat()}"><TotalTimeSeconds>{SECONDS}</TotalTimeSeconds><Track>'
        f"{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def gpx() -> bytes:
    points = "".join(
        f'<trkpt lat="{47 + i * 2e-5:.7f}" lon="{8 + i * 1e-5:.7f}">\n <ele>{400 + i % 9}.2</ele>\n <time>'
        f"{(_START + timedelta(seconds=i)).isoformat()}</time>\n <extensions>\n  <t:TrackPointExtension>\n   <t:hr>"
        f"{140 + i % 9}</t:hr>\n   <t:cad>{83 + i % 3}</t:cad>\n  </t:TrackPointExtension>\n </extensions>\n</trkpt>\n"
        for i in range(SECONDS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="benchmark" xmlns:t="http://www.garmin.com/'
        'xmlschemas/TrackPointExtension/v1" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>'
        f"{points}</trkseg></trk></gpx>"
    ).encode()


def motion() -> bytes:
    """Nine axes at 100 Hz for an hour, with as many digits as phones write."""
    values = np.random.default_rng(1).normal(size=(MOTION_ROWS, 9))
    values[:, 2] += 9.8
    names = ",".join(f"{sensor}_{axis} ({unit})" for sensor, unit in _SENSORS for axis in "xyz")
    rows = "\n".join(f"{i / 100}," + ",".join(map(repr, row)) for i, row in enumerate(values.tolist()))
    return f"time (s),{names}\n{rows}\n".encode()


_SENSORS = (("acc", "m/s^2"), ("gyro", "rad/s"), ("mag", "µT"))


def lxml_alone(data: bytes, leaf: str) -> int:
    count = 0
    for _, element in etree.iterparse(io.BytesIO(data), tag=f"{{*}}{leaf}", resolve_entities=False, recover=True):
        count += sum(1 for child in element.iter() if child.text)
        element.clear()
    return count


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    files = {"3 h TCX, 8 channels": ("a.tcx", tcx()), "3 h GPX, 5 channels": ("a.gpx", gpx())}
    works: dict[str, tuple[Callable[[], object], int]] = {}
    for (what, (name, data)), leaf in zip(files.items(), ("Trackpoint", "trkpt"), strict=True):
        works[what] = (lambda name=name, data=data: read_bytes(name, data), TURNS)  # type: ignore[misc]
        works[f"{what}: lxml alone"] = (lambda data=data, leaf=leaf: lxml_alone(data, leaf), TURNS)  # type: ignore[misc]
    rows = motion()
    works[f"1 h CSV, 9 axes, {len(rows) / 1e6:.0f} MB"] = (lambda: read_bytes("a.csv", rows), 3)
    taken: dict[str, list[float]] = {what: [] for what in works}
    for turn in range(TURNS):
        for what, (work, turns) in works.items():
            if turn < turns:
                taken[what].append(seconds(work))
    print(f"{'':36} {'median':>8} {'best':>8} {'budget':>8}")
    for what, times in taken.items():
        budget = f"{BUDGET_S[what]:.2f} s" if what in BUDGET_S else ""
        print(f"{what:36} {statistics.median(times):6.3f} s {min(times):6.3f} s {budget:>8}")


if __name__ == "__main__":
    main()
