"""The door: every kind finds its reader by content, refusals are sentences, and one bad file never stops the rest."""

import gzip
import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile, UnusableInput
from retropace.readers import DAMAGES, READERS, UNSUPPORTED, Damage, kinds, read, read_bytes, read_each
from retropace.readers.foreign import FOREIGN_ZIPS, root_name
from retropace.recording import REPAIRS, Recording

GPX = (
    b'<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    + b"".join(
        f'<trkpt lat="47.{i:04}" lon="8"><time>2026-05-04T07:00:{i:02}Z</time></trkpt>'.encode() for i in range(30)
    )
    + b"</trkseg></trk></gpx>"
)
TCX = (
    b'<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
    b'<Activity Sport="Running"><Lap StartTime="2026-05-04T07:00:00Z"><Track>'
    + b"".join(
        f"<Trackpoint><Time>2026-05-04T07:00:{i:02}Z</Time><DistanceMeters>{3 * i}</DistanceMeters></Trackpoint>".encode()
        for i in range(30)
    )
    + b"</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
)
CSV = b"time (s),ax (g),ay (g),az (g)\n" + b"".join(f"{i / 50},0.1,{i % 7 / 10},0.99\n".encode() for i in range(100))
ABOUT = b"version,platform,standardisation\n3,android,false\n"
AXES = b"time,seconds_elapsed,z,y,x\n" + b"".join(
    f"{1_777_878_000_000_000_000 + i * 10**7},{i / 100},9.8,{i % 7},0.1\n".encode() for i in range(100)
)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


LOGGER = zipped({"Metadata.csv": ABOUT, "TotalAcceleration.csv": AXES})


@pytest.mark.parametrize(
    ("data", "kind"),
    [(GPX, "gpx"), (TCX, "tcx"), (CSV, "columns"), (LOGGER, "sensor_logger"), (gzip.compress(GPX), "gpx")],
)
@pytest.mark.parametrize(
    "name", ["run.fit", "run.tcx", "run.gpx", "run.csv", "run.zip", "run", "run.gz", "läufe/été.dat"]
)
def test_content_decides_and_names_lie(data: bytes, kind: str, name: str) -> None:
    recording = read_bytes(name, data)
    assert recording.origin.format == kind
    assert recording.origin.name == name
    assert recording.origin.sha256 == hashlib.sha256(data).hexdigest()
    assert recording.origin.size_bytes == len(data)


def test_every_reader_is_asked_once_and_tables_last() -> None:
    keys = [reader.key for reader in READERS]
    assert len(set(keys)) == len(keys)
    assert keys[-1] == "columns"
    assert all(suffix.startswith(".") for reader in READERS for suffix in reader.suffixes)
    assert set(REPAIRS) >= DAMAGES


def test_the_start_stays_light() -> None:
    code = "import sys, retropace.readers; print(sorted({'lxml', 'tzfpy', 'jinja2', 'rich', 'msgspec'} & set(sys.modules)))"
    src = Path(__file__).parents[2] / "src"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=src, check=True)
    assert shown.stdout.strip() == "[]"


FOREIGN = {
    "a web page": b"<!DOCTYPE html><html><body>Please log in</body></html>",
    "a KML map": b'<?xml version="1.0"?><!-- x --><kml xmlns="http://www.opengis.net/kml/2.2"/>',
    "a Suunto SML log": b'<?xml version="1.0"?><sml Version="2.0"/>',
    "a PWX activity": b'<pwx xmlns="http://www.peaksware.com/PWX/1/0"/>',
    "an Apple Health export": b"<?xml version='1.0'?><!DOCTYPE HealthData [<!ELEMENT a ANY>]><HealthData locale='x'/>",
    "a planned workout": b"<workout_file><name>x</name></workout_file>",
    "a phyphox experiment": b'<phyphox version="1.19"><title>x</title></phyphox>',
    "a Polar HRM log": b"[Params]\r\nVersion=106\r\n[HRData]\r\n120\r\n121\r\n",
    "an NMEA log": b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n" * 9,
    "a Strava stream": b'{"latlng": {"data": [[1,2]], "original_size": 5}}',
    "a Google location history": b'{"timelineObjects": [{"latitudeE7": 5}]}',
    "a Sensor Logger recording as JSON": b'[{"sensor":"Accelerometer","seconds_elapsed":"0.1"}]',
    "a GeoJSON map": b'{"type": "FeatureCollection", "features": []}',
    "JSON": b'{"a": 1}',
    "an Axivity recording": b"MD\xfc\x03" + bytes(1020),
    "a GENEActiv recording": b"Device Identity\r\nDevice Unique Serial Code:012345\r\n",
    "an ActiGraph table of counts": b"------------ Data File Created By ActiGraph GT3X+ ActiLife v6\n1,2,3\n1,2,3\n",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "a PDF document": b"%PDF-1.7\n",
    "a video": b"\0\0\0\x18ftypmp42" + bytes(40),
    "an Office document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
    "a database": b"SQLite format 3\0" + bytes(40),
    "an archive of another kind": b"Rar!\x1a\x07\x01\0" + bytes(40),
    "XML of another kind": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a motion capture": b"HIERARCHY\nROOT Hips\n{\n",
    "a calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "a FitoTrack backup": b"<fito-track><version>3</version></fito-track>",
    "a Suunto log as JSON": b'{"DeviceLog": {"Header": {}}}',
    "a video or sound": b"RIFF\x24\0\0\0WAVEfmt ",
    "an HDF5 file": b"\x89HDF\r\n\x1a\n" + bytes(40),
    "a MATLAB file of version 7.3": b"MATLAB 7.3 MAT-file, Platform: GLNXA64" + bytes(600),
    "a Parquet table": b"PAR1" + bytes(40),
    "an Android application": zipped({"AndroidManifest.xml": b"", "classes.dex": b""}),
    "a Word or other Office document": zipped({"[Content_Types].xml": b"", "word/document.xml": b""}),
    "a KMZ map": zipped({"doc.kml": b"<kml/>"}),
    "an ActiGraph recording": zipped({"log.bin": b"", "info.txt": b""}),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_known_kinds_are_refused_with_advice(what: str) -> None:
    with pytest.raises(UnsupportedFile, match=f"The file is {what}.*does not read.*file") as caught:
        read_bytes("file", FOREIGN[what])
    assert caught.value.remedy


def test_every_row_of_the_unsupported_is_reached() -> None:
    named = {kind.name for kind in UNSUPPORTED} | {kind for kind, _, _ in FOREIGN_ZIPS}
    told = set()
    for data in FOREIGN.values():
        with pytest.raises(UnsupportedFile) as caught:
            read_bytes("file", data)
        told.add(caught.value.what.removeprefix("The file is ").removesuffix(", which retropace does not read"))
    assert told == named


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b" \r\n\t"])
def test_empty(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read_bytes("a.fit", data)


@pytest.mark.parametrize("data", [b"Dear diary", b"\x01\x02\x03\x04" * 50, b"42"])
def test_unknown(data: bytes) -> None:
    with pytest.raises(UnsupportedFile, match=r"no kind that retropace knows.*FIT, TCX, GPX"):
        read_bytes("a.dat", data)


def test_strict_refuses_damage_and_nothing_else() -> None:
    assert read_bytes("a.gpx", GPX, Damage.STRICT).repairs == ()
    with pytest.raises(UnreadableFile, match=r"ends too early.*a\.gpx.*copy it again"):
        read_bytes("a.gpx", GPX[:-200], Damage.STRICT)
    assert [repair.kind for repair in read_bytes("a.gpx", GPX[:-200]).repairs] == ["truncated"]
    twice = GPX.replace(b"<trkseg>", b'<trkseg><trkpt lat="47.0000" lon="8"><time>2026-05-04T07:00:00Z</time></trkpt>')
    assert [repair.kind for repair in read_bytes("a.gpx", twice, Damage.STRICT).repairs] == ["time_repeated"]


def test_a_broken_gzip_keeps_what_came_before() -> None:
    packed = gzip.compress(GPX + b" " * 5)
    recording = read_bytes("a.gpx.gz", packed[: len(packed) * 2 // 3])
    assert {repair.kind for repair in recording.repairs} == {"truncated"}
    with pytest.raises(UnreadableFile, match="packed twice"):
        read_bytes("a.gz", gzip.compress(gzip.compress(GPX)))


def test_one_file_in_a_zip_is_that_file() -> None:
    recording = read_bytes("a.zip", zipped({"folder/run.gpx": GPX, "__MACOSX/x": b"1"}))
    assert recording.origin.name == "a.zip/folder/run.gpx"
    assert recording.origin.sha256 == hashlib.sha256(GPX).hexdigest()
    with pytest.raises(UnusableInput, match=r"2 files.*choose one"):
        read_bytes("a.zip", zipped({"a.gpx": GPX, "b.tcx": TCX}))
    with pytest.raises(UnreadableFile, match="archive is empty"):
        read_bytes("a.zip", zipped({}))
    with pytest.raises(UnreadableFile, match="another archive"):
        read_bytes("a.zip", zipped({"b.zip": zipped({"a.gpx": GPX})}))
    assert read_bytes("a.zip", zipped({"b.zip": LOGGER})).origin.format == "sensor_logger"


def test_each_of_many(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.gpx").write_bytes(GPX)
    (tmp_path / "a.txt").write_bytes(b"Dear diary")
    (tmp_path / "sub" / "c.zip").write_bytes(
        zipped({"d.tcx": TCX, "deep/e.gpx": GPX[:300], "f.zip": zipped({"g.gpx": GPX}), "h.zip": LOGGER})
    )
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "Metadata.csv").write_bytes(ABOUT)
    (tmp_path / "walk" / "TotalAcceleration.csv").write_bytes(AXES)
    found = list(read_each([tmp_path, tmp_path / "b.gpx", tmp_path / "none.fit"]))
    root = tmp_path.name
    told = {name: outcome.origin.format if isinstance(outcome, Recording) else type(outcome) for name, outcome in found}
    assert told == {
        f"{root}/walk": "sensor_logger",
        f"{root}/a.txt": UnsupportedFile,
        f"{root}/b.gpx": "gpx",
        "c.zip/d.tcx": "tcx",
        "c.zip/deep/e.gpx": "gpx",
        "c.zip/f.zip": UnreadableFile,
        "c.zip/h.zip": "sensor_logger",
        "b.gpx": "gpx",
        "none.fit": UnreadableFile,
    }


def test_a_folder_of_many_is_not_one_recording(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_bytes(GPX)
    with pytest.raises(UnusableInput, match="folder of files"):
        read(tmp_path)
    assert read(tmp_path / "a.gpx").origin.format == "gpx"


def test_the_last_line_of_defence_keeps_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> Recording:
        raise MemoryError("a fault of ours")

    monkeypatch.setattr(kinds, "recording_in", stumble)
    with pytest.raises(UnreadableFile, match=r"cannot mend.*MemoryError") as caught:
        read_bytes("a.gpx", GPX)
    assert isinstance(caught.value.__cause__, MemoryError)


def attempts(data: bytes) -> Iterator[Recording | RetropaceError]:
    try:
        yield read_bytes("any", data)
    except RetropaceError as error:
        yield error


@given(
    st.binary(max_size=500),
    st.sampled_from([b"", GPX[:200], TCX[:150], CSV[:80], LOGGER[:40], b"\x1f\x8b\x08", b"PK\x03\x04"]),
)
def test_any_bytes_end_in_a_recording_or_a_sentence(data: bytes, head: bytes) -> None:
    outcome = next(iter(attempts(head + data)))
    assert isinstance(outcome, Recording) or "cannot mend" not in str(outcome)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<gpx>", "gpx"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<x:gpx xmlns:x="u">', "gpx"),
        ('<?xml version="1.0" encoding="UTF-16"?><kml>'.encode("utf-16"), "kml"),
        (b"<!-- <gpx> --><!DOCTYPE kml><kml>", "kml"),
        (b"words < numbers", ""),
        (b"", ""),
    ],
)
def test_root_names(data: bytes, name: str) -> None:
    assert root_name(data) == name
