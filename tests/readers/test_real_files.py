"""Other people's real files: each gives a recording or a clear sentence, with as many points as it holds, and soon."""

import re
import time
from pathlib import Path

import numpy as np
import pytest

from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile
from retropace.readers import load_columns, read
from retropace.recording import Recording

DATA = Path(__file__).parents[2] / "../shared/data"
ACTIVITIES = DATA / "activity-files"
MAPS = Path(__file__).parent / "maps"
if not DATA.is_dir():
    pytest.skip("the folder ../shared/data is absent", allow_module_level=True)

FILES = sorted(path for path in ACTIVITIES.rglob("*") if path.is_file())
#: Files that hold no recording, and the word that says why.
REFUSED = {
    "2012_02_05_09_03_59.fit": "totals, but no samples",
    "F783095113000500-2014-10-07T05_01_41-0.sml": "SML",
    "MetadataOnly.gpx": "no track",
    "Route-only.tcx": "course",
    "Suunto-Spartan-Ultra.kml": "KML",
    "TomTom-without-distance-extension.kml": "KML",
    "empty-sessions.fit": "empty",
    "unicode_with_bom.gpx": "route or waypoints",
}
_POINT = re.compile(rb"<(?:\w+:)?(?:Trackpoint|trkpt)[\s>]")


def taken(path: Path) -> tuple[Recording | RetropaceError, float]:
    begun = time.process_time()
    try:
        outcome: Recording | RetropaceError = read(path)
    except RetropaceError as error:
        outcome = error
    return outcome, time.process_time() - begun


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_activity_file(path: Path) -> None:
    outcome, seconds = taken(path)
    assert seconds < 2
    if path.name in REFUSED:
        assert isinstance(outcome, UnreadableFile | UnsupportedFile)
        assert REFUSED[path.name] in str(outcome)
        return
    assert isinstance(outcome, Recording)
    assert outcome.start is not None
    assert 2000 < outcome.start.year < 2030
    assert outcome.duration_s > 1
    bounds = [
        *((lap.start_s, lap.end_s) for lap in outcome.laps),
        *((pause.start_s, pause.end_s) for pause in outcome.pauses),
        *((span.start_s, span.end_s) for span in outcome.sports),
    ]
    for start_s, end_s in bounds:
        assert 0 <= start_s < end_s
        assert start_s <= outcome.duration_s
        # A FIT lap ends when the device says so, be that after its last sample.
        assert end_s <= outcome.duration_s or outcome.origin.format == "fit"


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in (".tcx", ".gpx")], ids=lambda path: path.name
)
def test_no_point_is_lost_unsaid(path: Path) -> None:
    outcome, _ = taken(path)
    if not isinstance(outcome, Recording):
        return
    dropped = sum(
        repair.count for repair in outcome.repairs if repair.kind in ("no_time", "time_repeated", "time_jump")
    )
    assert len(outcome.track) + dropped == len(_POINT.findall(path.read_bytes()))


@pytest.mark.parametrize("path", sorted((DATA / "counted-steps-imu").glob("*.csv"))[::6], ids=lambda path: path.stem)
def test_counted_steps(path: Path) -> None:
    recording = read(path)
    assert recording.start is not None
    assert recording.start.year == 2018
    force = np.stack(list(recording.motion["accelerometer"].channels.values()))
    assert 8 < np.median(np.linalg.norm(force, axis=0)) < 20
    assert {repair.kind for repair in recording.repairs} >= {"units_assumed", "time_batched"}
    steps = np.diff(recording.motion["gyroscope"].time_s)
    assert np.median(steps) == pytest.approx(1 / 23.5, rel=0.15)
    assert np.mean(steps > 1.5 * np.median(steps)) < 0.06  # packets that the radio lost


@pytest.mark.parametrize(
    "path", sorted((DATA / "wrist-watch-imu").rglob("*_accel.csv"))[::7], ids=lambda path: path.stem
)
def test_wrist_watch(path: Path) -> None:
    if "vertical" in path.name:
        with pytest.raises(UnsupportedFile, match="vertical_Accel_x"):
            read(path)
        return
    recording = read(path, columns=load_columns(MAPS / "weda_fall.toml"))
    assert set(recording.motion) == {"accelerometer", "gyroscope"}
    for stream in recording.motion.values():
        assert np.diff(stream.time_s) == pytest.approx(np.full(len(stream) - 1, 0.0203), rel=0.08)
    assert {"time_batched"} <= {repair.kind for repair in recording.repairs} <= {"time_batched", "time_backward"}


@pytest.mark.parametrize(
    "path", sorted((DATA / "phone-in-pocket-imu").rglob("*_acc_*.txt"))[::3], ids=lambda path: path.stem
)
def test_phone_in_pocket(path: Path) -> None:
    recording = read(path, columns=load_columns(MAPS / "mobifall.toml"))
    rates = {name: (len(stream) - 1) / np.ptp(stream.time_s) for name, stream in recording.motion.items()}
    assert rates["accelerometer"] == pytest.approx(93, abs=8)
    assert rates["gyroscope"] == pytest.approx(200, abs=2)
    alone = read(path)
    assert set(alone.motion) == {"accelerometer"}


@pytest.mark.parametrize(
    "path", sorted((DATA / "feet-and-lower-back-imu").glob("*.txt"))[::5], ids=lambda path: path.stem
)
def test_feet_and_lower_back(path: Path) -> None:
    recording = read(path)
    for name in ("accelerometer", "gyroscope"):
        assert np.median(np.diff(recording.motion[name].time_s)) == pytest.approx(0.01)
    assert "magnetometer" not in recording.motion
    assert recording.start is None
