"""The zip of a coached session: everything in it on one clock, signs as the platform has them, rubbish in one sentence."""

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_coached import FIRST, RUN, START, Marks, Sent, coached, guide_of, line_parts, reverse, walk
from retropace.coached import RECORDS, streams, zipped
from retropace.errors import RetropaceError, UnreadableFile
from retropace.quantities import Direction
from retropace.readers import READERS, Damage, kinds, read, read_bytes, read_each
from retropace.readers.coached import FORMAT, quaternions, sniff
from retropace.recording import FloatArray, Recording
from retropace.session import Session
from retropace.store.coached_runs import Run

SHORT = Session("Short", (walk(15), reverse(10), walk(15)))
GUIDE = guide_of(SHORT)
AT = Run(RUN, START.date(), START, 60, GUIDE)


def zip_of(sent: Sent, *, simulated: bool = False, **members: bytes) -> bytes:
    """The zip that becomes of what was sent, some members replaced."""
    made = zipped(Run(RUN, START.date(), START, 60, sent.guide), streams(sent.bodies), simulated=simulated)
    return with_members(made, {name.replace("_", "."): content for name, content in members.items()})


def with_members(made: bytes, members: Mapping[str, bytes | None]) -> bytes:
    if not members:
        return made
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as archive, zipfile.ZipFile(out, "w") as other:
        for name in archive.namelist():
            content = members.get(name, archive.read(name))
            if content is not None:
                other.writestr(name, content)
    return out.getvalue()


@cache
def sent(platform: str = "Android") -> Sent:
    return coached(GUIDE, platform=platform)


@cache
def whole() -> bytes:
    return zip_of(sent())


@cache
def small() -> bytes:
    """Ten seconds of it."""
    return zip_of(Sent(GUIDE, {stream: parts[:1] for stream, parts in sent().bodies.items()}))


def made_of(lines: list[dict[str, Any]], **more: Any) -> Recording:
    """A recording of lines only, with what a phone might add."""
    bodies = {"lines": line_parts(lines)} | {name: [rows.tobytes()] for name, rows in more.items()}
    return read_bytes("x.zip", zip_of(Sent(GUIDE, bodies)))


def at(second: float) -> float:
    return START.timestamp() * 1000 + 1000 * second


def line(kind: str, second: float, **more: Any) -> dict[str, Any]:
    return {"k": kind, "at_ms": at(second)} | more


def upward(recording: Recording) -> FloatArray:
    axes = recording.motion["accelerometer"].channels.values()
    return np.array([np.median(axis) for axis in axes])


def test_everything_in_it() -> None:
    found = read_bytes("coached-2026-11-22-1005.zip", whole())
    assert found.origin.format == "coached"
    assert found.origin.device == "Android (simulated)"
    assert found.origin.simulated
    assert found.start is not None
    assert abs(found.start - START) < timedelta(milliseconds=20)
    assert found.utc_offset == timedelta(hours=1)
    assert {"latitude_deg", "longitude_deg", "speed_mps", "position_error_m"} <= set(found.track.channels)
    assert set(found.motion) == {"accelerometer", "gyroscope", "orientation", "heading"}
    assert np.median(np.diff(found.motion["accelerometer"].time_s)) == pytest.approx(1 / 60, abs=1e-3)
    assert not found.repairs
    assert not found.declared
    assert found.played is not None
    assert found.played.session == SHORT
    assert found.played.start_s == pytest.approx(8.0, abs=0.02)
    assert [lap.start_s for lap in found.laps] == pytest.approx([8, 23, 33, 48], abs=0.02)
    assert {(lap.name, lap.notes) for lap in found.laps} == {(None, None)}, (
        "a lap's name would be taken for a declaration"
    )


def test_it_is_one_of_the_readers(tmp_path: Path) -> None:
    keys = [reader.key for reader in READERS]
    assert keys.index("coached") < keys.index("sensor_logger")
    assert sniff("x", whole())
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "a.zip").write_bytes(whole())
    with zipfile.ZipFile(io.BytesIO(whole())) as archive:
        archive.extractall(tmp_path / "all" / "b")
    found = dict(read_each([tmp_path / "all"]))
    assert sorted(found) == ["all/a.zip", "all/b"]
    assert {one.origin.format for one in found.values() if isinstance(one, Recording)} == {"coached"}
    assert read(tmp_path / "all" / "b").played == read_bytes("x.zip", whole()).played


def test_gravity_has_the_sign_of_the_standard_whatever_the_platform() -> None:
    android, iphone = read_bytes("a.zip", whole()), read_bytes("b.zip", zip_of(sent("iPhone")))
    assert iphone.origin.device == "iPhone (simulated)"
    assert upward(iphone) == pytest.approx(upward(android), abs=1e-3)
    assert np.linalg.norm(upward(android)) == pytest.approx(9.8, abs=0.5)
    with zipfile.ZipFile(io.BytesIO(zip_of(sent("iPhone")))) as archive:
        raw = archive.read("motion.csv").split(b"\n")[1].split(b",")
    assert float(raw[6]) == pytest.approx(-upward(android)[2], abs=6), "the zip holds what the browser gave"


def test_turning_is_about_the_axes_that_browsers_mean() -> None:
    rows = np.zeros(100, RECORDS["motion"])
    rows["at_ms"] = at(0) + 16 * np.arange(100)
    rows["gz"], rows["ra"], rows["rb"], rows["rg"] = 9.81, 90.0, -180.0, 45.0
    axes = made_of([], motion=rows).motion["gyroscope"].channels
    assert [float(axis[0]) for axis in axes.values()] == pytest.approx([np.pi / 2, -np.pi, np.pi / 4])


def test_what_a_phone_does_not_tell_is_missing() -> None:
    rows = np.full(60, np.nan, RECORDS["motion"])
    rows["at_ms"] = at(0) + 16 * np.arange(60)
    rows["ax"] = 1.0
    places = [line("position", k, lat=50 + k / 1e5, lon=8.0, speed_mps=None, altitude_m=None) for k in range(20)]
    found = made_of(places, motion=rows)
    assert not found.motion, "without gravity it tells nothing"
    assert set(found.track.channels) == {"latitude_deg", "longitude_deg"}
    unknown = [line("position", k, lat=50.0, lon=8.0, speed_mps=-1, heading_deg=-1, accuracy_m=0) for k in range(20)]
    assert set(made_of(unknown).track.channels) == {"latitude_deg", "longitude_deg", "position_error_m"}


def test_hearts_pods_and_belts() -> None:
    lines = [line("heart", k + 0.3, bpm=120 + k, rr_ms=[500, 501]) for k in range(20)]
    lines += [line("pod", k + 0.5, speed_mps=2.5, cadence_spm=170, stride_m=None, running=True) for k in range(20)]
    track = made_of(lines).track
    assert np.nanmax(track.channels["heart_rate_bpm"]) == 139
    assert set(track.channels) == {"heart_rate_bpm", "speed_mps", "cadence_spm"}
    lines += [line("position", k, lat=50.0, lon=8.0, speed_mps=1.0) for k in range(20)]
    assert np.nanmax(made_of(lines).track.channels["speed_mps"]) == 1.0, "satellites are believed before a pod"
    lines += [line("belt", k + 0.7, speed_mps=1.1, incline=0.0) for k in range(20)]
    treadmill = made_of(lines).track
    assert np.nanmax(treadmill.channels["speed_mps"]) == pytest.approx(1.1)
    assert "latitude_deg" not in treadmill.channels


def test_on_a_treadmill_nobody_moves_over_ground() -> None:
    guide = guide_of(SHORT, treadmill=True)
    felt = coached(guide)
    found = read_bytes("x.zip", zip_of(felt))
    assert not len(found.track)
    assert found.played is not None
    assert found.duration_s > 40


def test_which_way_the_phone_points() -> None:
    rows = np.zeros(40, RECORDS["orientation"])
    rows["at_ms"] = at(0) + 100 * np.arange(40)
    rows["alpha"], rows["absolute"], rows["compass"], rows["compass_accuracy"] = 30.0, 1.0, np.nan, np.nan
    flat = made_of([], orientation=rows).motion
    assert flat["heading"].channels["device_heading_deg"][0] == pytest.approx(330.0)
    assert flat["orientation"].channels["quaternion_z"][0] == pytest.approx(np.sin(np.deg2rad(15)))
    rows["beta"] = 90.0  # upright: the screen faces the person, who looks north-north-west
    assert made_of([], orientation=rows).motion["heading"].channels["device_heading_deg"][0] == pytest.approx(150.0)
    rows["compass"], rows["compass_accuracy"] = 77.0, 10.0
    assert made_of([], orientation=rows).motion["heading"].channels["device_heading_deg"][0] == pytest.approx(77.0)
    rows["compass_accuracy"], rows["absolute"] = -1.0, 0.0
    assert set(made_of([], orientation=rows).motion) == {"orientation"}, "nothing knows where north is"


def test_of_two_orientations_the_one_that_knows_north_counts() -> None:
    rows = np.zeros(40, RECORDS["orientation"])
    rows["at_ms"] = at(0) + 100 * np.arange(40)
    rows["absolute"] = np.arange(40) % 2
    rows["alpha"], rows["compass"] = np.where(rows["absolute"] == 1, 90.0, 200.0), np.nan
    found = made_of([], orientation=rows).motion
    assert len(found["orientation"]) == 20
    assert set(found["heading"].channels["device_heading_deg"]) == {270.0}


@given(st.tuples(*[st.floats(-np.pi, np.pi)] * 3))
def test_a_quaternion_turns_as_the_angles_do(angles: tuple[float, float, float]) -> None:
    a, b, g = angles
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_y = np.array([[np.cos(g), 0, np.sin(g)], [0, 1, 0], [-np.sin(g), 0, np.cos(g)]])
    w, x, y, z = (float(part[0]) for part in quaternions(*(np.array([angle]) for angle in angles)))
    turned = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    assert turned == pytest.approx(about_z @ about_x @ about_y, abs=1e-9)


def test_pauses() -> None:
    marks = Marks(START).begin().at(8, "piece", index=0).at(12, "pause").at(20, "resume").at(40, "end")
    found = read_bytes("x.zip", zip_of(coached(GUIDE, marks=marks)))
    assert [(pause.start_s, pause.end_s) for pause in found.pauses] == [pytest.approx((12, 20), abs=0.02)]


def test_gaps_stay_gaps() -> None:
    rows = np.zeros(200, RECORDS["motion"])
    rows["at_ms"] = at(0) + 16 * np.arange(200) + np.where(np.arange(200) < 100, 0, 60_000)
    rows["gz"] = 9.81
    times = made_of([], motion=rows).motion["accelerometer"].time_s
    assert times.size == 200
    assert np.diff(times).max() == pytest.approx(60.016)


def test_what_broke_off_is_counted() -> None:
    bodies = dict(sent().bodies)
    bodies["motion"] = [bodies["motion"][0][:-7], *bodies["motion"][1:]]
    bodies["lines"] = [*bodies["lines"], b'{"k": "heart", "at_ms"']
    found = read_bytes("x.zip", zip_of(Sent(GUIDE, bodies)))
    assert [(repair.kind, repair.count, repair.note) for repair in found.repairs] == [
        ("corrupt", 2, "(lines: 1, motion: 1.)")
    ]
    with pytest.raises(UnreadableFile, match="damaged"):
        read_bytes("x.zip", zip_of(Sent(GUIDE, bodies)), Damage.STRICT)


def test_without_its_guide_the_sensors_are_read_all_the_same() -> None:
    start = b'{"format": "' + FORMAT.encode()
    found = read_bytes("x.zip", with_members(whole(), {"run.json": start + b'", "guide": {'}))
    assert found.played is not None, "marks say what was asked, roughly"
    assert [step.direction for step in found.played.session.steps][1] is Direction.BACKWARD
    assert len(found.track) > 30
    assert [repair.kind for repair in found.repairs] == ["corrupt"]


@pytest.mark.parametrize("name", ["motion.csv", "orientation.csv", "positions.csv", "lines.jsonl"])
def test_without_one_of_its_files(name: str) -> None:
    found = read_bytes("x.zip", with_members(whole(), {name: None}))
    assert (found.played is None) == (name == "lines.jsonl")


def test_nothing_felt_is_a_sentence() -> None:
    with pytest.raises(UnreadableFile, match="no two samples"):
        made_of(Marks(START).begin().pieces(GUIDE, 1.0).lines)


_RUBBISH = st.one_of(
    st.binary(max_size=200),
    st.just(b""),
    st.text(max_size=100).map(str.encode),
    st.sampled_from([b"[" * 50_000, b"\xff\xfe\0", b"1" * 5000, b'{"k":"mark","mark":"piece","at_ms":1e400}', b"null"]),
)


def _line(draw: Any) -> dict[str, Any]:
    anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just([]))
    known = draw(st.sampled_from(["position", "heart", "pod", "belt", "mark", "x"]))
    fields: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(["lat", "lon", "speed_mps", "bpm", "mark", "index", "platform"]), anything)
    )
    return {"k": known, "at_ms": draw(st.one_of(st.floats(at(0), at(100)), anything))} | fields


@st.composite
def _lines(draw: Any) -> bytes:
    made = [json.dumps(_line(draw)).encode() for _ in range(draw(st.integers(0, 12)))]
    return b"\n".join([*made, draw(_RUBBISH)])


@given(name=st.sampled_from(["motion.csv", "orientation.csv", "positions.csv", "run.json"]), rubbish=_RUBBISH)
@settings(max_examples=60, deadline=None)
def test_rubbish_in_any_member_is_a_sentence_at_most(name: str, rubbish: bytes) -> None:
    with suppress(RetropaceError):
        kinds.recording_in("x.zip", with_members(small(), {name: rubbish}))


@given(lines=_lines(), keeps=st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_lines_are_a_sentence_at_most(lines: bytes, keeps: bool) -> None:
    members = {"lines.jsonl": lines} | ({} if keeps else {"motion.csv": None, "orientation.csv": None})
    with suppress(RetropaceError):
        kinds.recording_in("x.zip", with_members(small(), members))


@given(
    about=st.dictionaries(
        st.sampled_from(["guide", "offset_min", "broken", "simulated"]),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=3)),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["pieces", "safety", "name", "start_s", "words", "state"]), inner)
            ),
        ),
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_run_json_says(about: dict[str, Any]) -> None:
    told = json.dumps({"format": FORMAT} | about).encode()
    kinds.recording_in("x.zip", with_members(small(), {"run.json": told}))


@given(cut=st.integers(1, 3000))
@settings(max_examples=30, deadline=None)
def test_a_zip_that_breaks_off_is_a_sentence(cut: int) -> None:
    with pytest.raises(RetropaceError):
        kinds.recording_in("x.zip", whole()[:-cut])


def test_the_first_session_is_all_there() -> None:
    found = read_bytes("x.zip", zip_of(coached(guide_of(FIRST))))
    assert found.played is not None
    assert found.played.session == FIRST
