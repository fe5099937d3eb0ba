"""MATLAB and NumPy arrays, and workbooks: what their names or physics tell is read, damage and what lacks is said."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import savemat

from retropace.errors import RetropaceError, UnreadableFile, UnsupportedFile
from retropace.readers import arrays, read_bytes, read_each, sheets
from retropace.readers.column_map import Columns, Wish, at_rate
from retropace.recording import MOTION_CHANNELS, Recording
from strangers import B, V
from writings import E0, A, D, G, M, N, T, W

IMU = np.concatenate([A, W]).T


def mat(**held: object) -> bytes:
    made = io.BytesIO()
    savemat(made, held, do_compression=True)
    return made.getvalue()


def npz(**held: np.ndarray) -> bytes:
    made = io.BytesIO()
    np.savez(made, **held)  # type: ignore[arg-type]
    return made.getvalue()


def npy(held: np.ndarray) -> bytes:
    made = io.BytesIO()
    np.save(made, held)
    return made.getvalue()


def cells(sheet: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet xmlns="urn:x"><sheetData>{sheet}</sheetData></worksheet>'.encode()


def workbook(*sheets_: tuple[str, list[str], np.ndarray]) -> bytes:
    """A workbook of (title, header, numbers (k, n)), words shared as Excel does it."""
    words = [word for _, header, _ in sheets_ for word in header]
    made, number = io.BytesIO(), 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        named = "".join(f'<sheet name="{title}"/>' for title, _, _ in sheets_)
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="urn:x"><sheets>{named}</sheets></workbook>')
        shared = "".join(f"<si><t>{word}</t></si>" for word in words)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="urn:x">{shared}</sst>')
        for place, (_, header, numbers) in enumerate(sheets_, 1):
            top = "".join(f'<c r="{chr(65 + at)}1" t="s"><v>{number + at}</v></c>' for at in range(len(header)))
            number += len(header)
            rows = "".join(
                "<row>"
                + "".join(f'<c r="{chr(65 + at)}{row}"><v>{value!r}</v></c>' for at, value in enumerate(line))
                + "</row>"
                for row, line in enumerate(numbers.T.tolist(), 2)
            )
            archive.writestr(f"xl/worksheets/sheet{place}.xml", cells(f"<row>{top}</row>{rows}"))
    return made.getvalue()


def assert_as_felt(recording: Recording) -> None:
    for stream, felt in (("accelerometer", A), ("gyroscope", W)):
        read = recording.motion[stream]
        assert np.stack([read.channels[key] for key in MOTION_CHANNELS[stream]]) == pytest.approx(felt, abs=0.01)
        assert np.ptp(read.time_s) == pytest.approx(np.ptp(T), abs=0.01)


AXES = dict(zip(("ax", "ay", "az", "gx", "gy", "gz"), IMU.T, strict=True))
ONE_HEADER = ["time (s)", *(f"acc_{c} (g)" for c in "xyz"), *(f"gyr_{c} (dps)" for c in "xyz")]
FILES = {
    "pyshoe.mat": mat(imu=IMU, ts=E0 + T, gt=np.zeros((N, 3)), zv=np.zeros(N)),
    "truth of another length.mat": mat(imu=IMU, ts=(E0 + T)[None, :], gt=np.ones((900, 3))),
    "openshoe.mat": mat(u=IMU.T, fs=100.0),
    "period.mat": mat(u=IMU.T, Ts=0.01),
    "struct.mat": mat(data={"foot": {"acc": A.T / G, "gyr": D.T, "time": T}, "fs": 100.0}),
    "cells.mat": mat(trial=np.array([{"acc": A.T, "gyro": W.T, "t": T}] * 2, dtype=object)),
    "names.npz": npz(acc=A.T, gyro=W.T, time=T),
    "matrix.npz": npz(imu=IMU, timestamps=(E0 + T) * 1e9),
    "seven.npy": npy(np.concatenate([T[None], A, W]).T),
    "axes.mat": mat(t=T, **AXES),
    "one.xlsx": workbook(("Sheet1", ONE_HEADER, np.concatenate([T[None], A / G, D]))),
    "phyphox.xlsx": workbook(
        ("Accelerometer", ["Time (s)", *(f"Acceleration {c} (m/s^2)" for c in "xyz")], np.concatenate([T[None], A])),
        ("Gyroscope", ["Time (s)", *(f"Gyroscope {c} (rad/s)" for c in "xyz")], np.concatenate([T[None], W])),
        ("Metadata Device", ["property", "value"], np.zeros((2, 3))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_it_is_read(name: str, tmp_path: Path) -> None:
    assert_as_felt(read_bytes(name, FILES[name]))
    (tmp_path / name).write_bytes(FILES[name])
    ((told, recording),) = read_each([tmp_path / name])
    assert told == name
    assert isinstance(recording, Recording)
    assert recording.origin.format == ("sheets" if name.endswith("xlsx") else "arrays")
    assert_as_felt(recording)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.mat", mat(u=IMU.T), r"no rate is named.*--rate 100"),
        ("a.npy", npy(IMU), r"no rate is named.*--rate 100"),
        ("a.mat", mat(title="walk", subject=7), "no arrays of samples"),
        ("a.mat", mat(emg=np.ones((900, 8))), "not understood"),
        ("a.npy", npy(np.arange(400.0)).replace(b"(400,)", b"(9e9,)"), "damaged"),
        ("a.npy", npy(np.arange(400)).replace(b"(400,)", b"(999,)"), "no arrays of samples"),
        ("a.mat", FILES["pyshoe.mat"][:2000], "damaged|no arrays"),
        ("a.xlsx", workbook(("S", ["a", "b"], np.zeros((2, 9)))), "not understood"),
        ("a.xlsx", workbook(), "no table of samples"),
    ],
)
def test_it_is_refused_with_what_to_do(name: str, data: bytes, what: str) -> None:
    with pytest.raises(RetropaceError, match=what) as refused:
        read_bytes(name, data)
    assert refused.value.remedy


def test_a_rate_that_is_told_is_all_it_needs() -> None:
    for name, data in (("a.mat", mat(u=IMU.T)), ("a.npy", npy(IMU)), ("a.npz", npz(imu=IMU))):
        assert_as_felt(read_bytes(name, data, columns=at_rate(100)))


def test_objects_are_never_loaded() -> None:
    made = io.BytesIO()
    np.save(made, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile, match="something else than numbers"):
        read_bytes("a.npy", made.getvalue())


def test_what_is_packed_to_hurt_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "LARGEST_BYTES", 1_000_000)
    with pytest.raises(UnreadableFile, match="more than is sensible"):
        read_bytes("a.mat", mat(u=np.zeros((6, 50_000))))


def test_files_of_hdf5_say_what_to_save_instead() -> None:
    with pytest.raises(UnsupportedFile, match=r"7\.3.*-v7"):
        read_bytes("a.mat", b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + b"\x89HDF\r\n\x1a\n")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 20_000), st.binary(min_size=1, max_size=40))
def test_damage_ends_in_a_recording_or_a_sentence(name: str, at: int, wrong: bytes) -> None:
    data = bytearray(FILES[name])
    place = at % len(data)
    data[place : place + len(wrong)] = wrong
    what = ""
    try:
        read_bytes(name, bytes(data))
    except RetropaceError as refused:
        what = refused.what
    assert "cannot mend" not in what


@pytest.mark.parametrize("reference", ["", "B7", "ZZZ99", "7", "b7"])
def test_columns_of_cells(reference: str) -> None:
    assert sheets.column_of(reference, 3) == {"B7": 1, "ZZZ99": 18_277}.get(reference, 3)


# -- several sensors ------------------------------------------------------------------------------------------------------

WRIST = np.concatenate([B, V]).T
#: Shorter, so that its arrays are of another length.
SHORT = {"t": T[:1400], "acc": B.T[:1400], "gyr": V.T[:1400]}
LONG = {"t": np.arange(2 * N) / 200, "acc": np.repeat(B.T, 2, axis=0), "gyr": np.repeat(V.T, 2, axis=0)}
FOOT = {"t": T, "acc": A.T, "gyr": W.T}
SIX = ["time", "ax", "ay", "az", "gx", "gy", "gz"]
#: Files with a wrist and a foot, the foot being A and W.
TWO = {
    "structs.mat": mat(data={"RWrist": {"acc": B.T, "gyr": V.T}, "LFoot": {"acc": A.T, "gyr": W.T}}, fs=100.0),
    "matrices.mat": mat(t=T, RW=WRIST, RF=IMU),
    "shorter.mat": mat(wrist=SHORT, foot=FOOT),
    "longer.mat": mat(wrist=LONG, foot=FOOT),
    "called.mat": mat(
        imu=[{"name": "wrist", "acc": B.T, "gyr": V.T}, {"name": "foot", "acc": A.T, "gyr": W.T}], fs=100.0
    ),
    "named.npz": npz(t=T, wrist_acc=B.T, wrist_gyr=V.T, foot_acc=A.T, foot_gyr=W.T),
    "places.xlsx": workbook(
        ("About", ["a", "b"], np.ones((2, 3))),
        ("RWrist", SIX, np.vstack([T, *B, *V])),
        ("LFoot", SIX, np.vstack([T, *A, *W])),
    ),
    "kinds.xlsx": workbook(
        *(
            (f"{place} {kind}", ["time", "x", "y", "z"], np.vstack([T, *axes]))
            for place, kind, axes in (
                ("Wrist", "Acc", B),
                ("Wrist", "Gyro", V),
                ("Foot", "Acc", A),
                ("Foot", "Gyro", W),
            )
        )
    ),
}


@pytest.mark.parametrize("name", TWO)
def test_of_several_the_foot_is_read_and_the_others_named(name: str) -> None:
    recording = read_bytes(name, TWO[name])
    assert_as_felt(recording)
    assert len(recording.chosen.of) == 2
    assert recording.chosen.placement == "foot"
    assert [repair.count for repair in recording.repairs if repair.kind == "several"] == [2]


@pytest.mark.parametrize("name", TWO)
def test_another_is_read_where_it_is_asked_for(name: str) -> None:
    wrist = next(called for called in read_bytes(name, TWO[name]).chosen.of if "w" in called)
    recording = read_bytes(name, TWO[name], columns=Columns({}, wish=Wish(wrist)))
    assert recording.chosen.placement == "wrist"
    turns = recording.motion["gyroscope"].channels["rotation_y_radps"]
    assert np.max(np.abs(turns)) == pytest.approx(np.max(np.abs(V)), abs=0.01)
    with pytest.raises(RetropaceError, match=f"Choose one of: .*{wrist}"):
        read_bytes(name, TWO[name], columns=Columns({}, wish=Wish("nose")))


def test_segments_without_gravity_are_refused_in_one_sentence() -> None:
    book = workbook(
        ("Segment Position", ["Frame", "Pelvis x"], np.ones((2, 60))),
        ("Sensor Free Acceleration", SIX[:4], np.vstack([T, *M])),
    )
    with pytest.raises(UnsupportedFile, match="without gravity"):
        read_bytes("mvn.xlsx", book)


def test_no_name_is_asked_for_where_there_is_none() -> None:
    with pytest.raises(RetropaceError, match="no sensors with names"):
        read_bytes("one.mat", mat(t=T, acc=A.T, gyr=W.T), columns=Columns({}, wish=Wish("foot")))
