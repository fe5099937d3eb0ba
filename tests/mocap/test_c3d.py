"""C3D files, written here by the library's own writer."""

import io
import warnings
from pathlib import Path

import c3d
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_captures import HIP_M
from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.mocap import gate, read, sense, truth
from retropace.quantities import Direction, Gait
from retropace.readers import read_bytes
from retropace.recording import FloatArray

DATA = Path(__file__).parents[2] / "../shared/data/mocap"
RATE_HZ = 100.0
_LEGS = {"FEP": (0.0, 0.1, 0.0), "FEO": (0.0, 0.1, -0.42), "TIO": (0.0, 0.1, -0.84), "TOE": (0.14, 0.1, -0.88)}


def points(count: int = 300, speed_mps: float = -0.9) -> dict[str, FloatArray]:
    """Points of Vicon's model, going along y while facing -y [mm]; the thighs swing."""
    time_s = np.arange(count) / RATE_HZ
    middle = np.stack([0 * time_s, -speed_mps * time_s, HIP_M + 0.02 * np.cos(4 * np.pi * time_s)], axis=1)
    found = {"MIDPEL": middle}
    for letter, sign in (("L", 1), ("R", -1)):
        swing = sign * 0.3 * np.sin(2 * np.pi * time_s)
        for name, (x, y, z) in _LEGS.items():
            ahead, up = x + np.sin(swing) * -z, np.cos(swing) * z  # turned about the hip
            found[letter + name] = middle + np.stack([np.full(count, sign * y), -ahead, up], axis=1)
    return {name: 1000 * place for name, place in found.items()}


def file_bytes(named: dict[str, FloatArray]) -> bytes:
    writer = c3d.Writer(point_rate=RATE_HZ, analog_rate=RATE_HZ)
    writer.set_point_labels(list(named))
    places = np.stack(list(named.values()), axis=1)
    lost = np.where(np.isnan(places[:, :, :1]), -1.0, 0.0)
    table = np.concatenate([np.nan_to_num(places), lost, np.zeros_like(lost)], axis=2)
    writer.add_frames([(frame, np.zeros((1, 1))) for frame in table])
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        writer.write(stream)
    return stream.getvalue()


WHOLE = file_bytes(points())


def written(folder: Path, content: bytes = WHOLE) -> Path:
    path = folder / "made.c3d"
    path.write_bytes(content)
    return path


def test_points_become_a_clip(tmp_path: Path) -> None:
    clip = read(written(tmp_path))
    assert (len(clip), clip.rate_hz) == (300, RATE_HZ)
    assert clip.position_m["knee_left"] == pytest.approx(points()["LFEO"] / 1000, abs=1e-3)
    told = truth(clip)
    assert [(bout.gait, bout.direction) for bout in told.bouts] == [(Gait.WALK, Direction.BACKWARD)]
    assert told.facing_rad == pytest.approx(-np.pi / 2, abs=1e-6)
    assert np.median(told.along_mps) == pytest.approx(-0.9, abs=0.02)
    assert len(sense(clip, "pocket").motion["gyroscope"]) > 250
    assert gate(clip).trust == "geometry"


def test_a_point_that_was_not_seen_cuts_the_clip(tmp_path: Path) -> None:
    named = points()
    named["LTIO"][200:203] = np.nan
    clip = read(written(tmp_path, file_bytes(named)))
    assert len(clip) == 200
    assert clip.repairs[0].kind == "corrupt"


def test_missing_joints_are_named(tmp_path: Path) -> None:
    named = points()
    del named["RFEO"]
    with pytest.raises(UnreadableFile, match="names no knee_right"):
        read(written(tmp_path, file_bytes(named)))


@settings(deadline=None)
@given(st.data())
def test_damage_is_one_sentence(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, 3000))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    path = written(tmp_path_factory.mktemp("c3d"), bytes(content[:end]))
    try:
        clip = read(path)
    except UnreadableFile:
        return
    assert all(np.all(np.isfinite(values)) for values in clip.position_m.values())


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_rubbish_is_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(written(tmp_path_factory.mktemp("c3d"), content))


def test_as_a_recording_it_is_refused_with_advice() -> None:
    with pytest.raises(UnsupportedFile, match=r"motion capture.*run virtual"):
        read_bytes("walk.c3d", WHOLE)


def test_another_kind_of_file_is_no_capture(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(b"")
    with pytest.raises(UnsupportedFile, match="no motion capture"):
        read(path)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_a_real_walk() -> None:
    clip = read(DATA / "neura/S02-Trial-Walk-1-vicon.c3d")
    assert (clip.source, clip.performer, len(clip)) == ("neura", "S02", 2503)
    walked = [bout for bout in truth(clip).bouts if bout.gait is Gait.WALK]
    assert [bout.direction for bout in walked] == [Direction.FORWARD]
    assert 6 < walked[0].duration_s < 12
