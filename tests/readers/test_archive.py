"""Archives and folders: what is inside, and nothing that could hurt."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import RetropaceError, UnreadableFile
from retropace.readers import archive
from retropace.readers.archive import Bundle, folder_bundle, gunzipped, parts, read_file, unzipped


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def test_members_without_hidden_ones() -> None:
    inside = {
        "b/c.gpx": b"3",
        "a.fit": b"1",
        ".DS_Store": b"x",
        "__MACOSX/._a.fit": b"x",
        "b/.hidden/z.fit": b"x",
        "d/": b"",
    }
    bundle = unzipped("many.zip", zipped(inside))
    assert {path: load() for path, load in bundle.members.items()} == {"a.fit": b"1", "b/c.gpx": b"3"}
    assert bundle.within("b").members["c.gpx"]() == b"3"
    assert bundle.named("A") is None
    assert Bundle("x", {"Gyroscope.CSV": lambda: b"5"}).named("gyroscope") == b"5"


def test_folders_that_are_one_recording_are_parted_from_single_files() -> None:
    inside = {
        "walk/Metadata.csv": b"",
        "walk/sub/x.csv": b"",
        "run.fit": b"",
        "other/Metadata.csv": b"",
        "other/y.fit": b"",
    }
    bundle = unzipped("many.zip", zipped(inside))
    found = list(parts(bundle, lambda part: "Metadata.csv" in part.members and part.name.endswith("walk")))
    assert [part.name if isinstance(part, Bundle) else part[0] for part in found] == [
        "many.zip/walk",
        "many.zip/other/Metadata.csv",
        "many.zip/other/y.fit",
        "many.zip/run.fit",
    ]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    tight, long = zipped({"a.csv": bytes(30_000_000)}), zipped({"a.csv": bytes(1001)})
    many = zipped({f"{number}.fit": b"" for number in range(10_001)})
    heavy = zipped({f"{number}.csv": bytes(1000) for number in range(5)})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(UnreadableFile, match="impossibly tightly"):
        unzipped("bomb.zip", tight)
    with pytest.raises(UnreadableFile, match="more than 10000 files"):
        unzipped("bomb.zip", many)
    monkeypatch.setattr(archive, "LARGEST_BYTES", 1000)
    with pytest.raises(UnreadableFile, match="more than 1 GB"):
        unzipped("bomb.zip", long)
    with pytest.raises(UnreadableFile, match="more than 4 GB"):
        unzipped("bomb.zip", heavy)


def test_a_member_that_is_longer_than_it_says_stays_within_what_it_says() -> None:
    data = bytearray(zipped({"a.csv": b"0123456789" * 100}, zipfile.ZIP_STORED))
    data[data.index(b"PK\x01\x02") + 24] = 10  # the size in the archive's list
    bundle = unzipped("a.zip", bytes(data))
    with pytest.raises(UnreadableFile, match="damaged inside"):
        bundle.members["a.csv"]()


def test_a_password_is_named() -> None:
    data = bytearray(zipped({"a.csv": b"1,2"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    with pytest.raises(UnreadableFile, match="password"):
        unzipped("a.zip", bytes(data)).members["a.csv"]()


def test_damaged_archives_are_sentences() -> None:
    whole = zipped({"a.csv": b"0123456789" * 100})
    with pytest.raises(UnreadableFile, match="damaged or incomplete"):
        unzipped("a.zip", whole[:-30])
    wrong = whole.replace(b"\x33", b"\x34", 1)
    with pytest.raises(UnreadableFile, match=r"a\.zip"):
        unzipped("a.zip", wrong[:60] + b"\xff" * 5 + wrong[65:]).members["a.csv"]()


@given(st.binary(max_size=300), st.integers(0, 200))
def test_any_bytes_behind_a_zips_mark(data: bytes, cut: int) -> None:
    for candidate in (b"PK\x03\x04" + data, zipped({"a": b"1"})[:cut] + data):
        try:
            for load in unzipped("a.zip", candidate).members.values():
                load()
        except RetropaceError:
            pass


def test_gzip_whole_broken_off_and_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 400
    packed = gzip.compress(data)
    assert gunzipped("a.gpx.gz", packed) == ("a.gpx", data, [])
    name, inside, repairs = gunzipped("a.gpx.gz", packed[:-200])
    assert name == "a.gpx"
    assert data.startswith(inside)
    assert [repair.kind for repair in repairs] == ["truncated"]
    with pytest.raises(UnreadableFile, match="damaged"):
        gunzipped("a.gz", b"\x1f\x8b\x08" + b"\xff" * 50)
    with pytest.raises(UnreadableFile, match="more than is sensible"):
        gunzipped("a.gz", gzip.compress(bytes(30_000_000)))


def test_folders_are_sorted_hidden_files_and_loops_left_out(tmp_path: Path) -> None:
    for path in ("b.fit", "a/c.gpx", "a/.hidden", ".git/d.fit", "__MACOSX/e.fit"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(path.encode())
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    bundle = folder_bundle(tmp_path)
    assert {path: load() for path, load in bundle.members.items()} == {"a/c.gpx": b"a/c.gpx", "b.fit": b"b.fit"}


def test_files_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_file(tmp_path / "none.fit")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_file(tmp_path)
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_file(tmp_path / "a\0b")
    (tmp_path / "large.fit").write_bytes(b"12345")
    monkeypatch.setattr(archive, "LARGEST_BYTES", 4)
    with pytest.raises(UnreadableFile, match="larger than 1 GB"):
        read_file(tmp_path / "large.fit")
