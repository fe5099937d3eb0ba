"""The folder: what is kept is read back equal; what a person broke is answered with the file and the field."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.doses import Goal
from retropace.errors import UnusableInput
from retropace.log import Done, LogEntry, Part, Side
from retropace.place import Place, Surface, Watcher
from retropace.screening import Answers
from retropace.store import Screened, Store, Wanted
from retropace.store.folder import Folder, entry_text, load_entry
from retropace.timetable import Calendar

DAY = dt.date(2026, 11, 22)
BY_PART = st.dictionaries(
    st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10).map(lambda x: round(x, 1))
)


def entries() -> st.SearchStrategy[LogEntry]:
    return st.builds(
        LogEntry,
        day=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
        done=st.sampled_from(Done),
        effort=st.none() | st.floats(0, 10),
        pain_during=BY_PART,
        pain_hour=BY_PART,
        pain_morning=BY_PART,
        soreness_24h=BY_PART,
        soreness_48h=BY_PART,
        neck_strain=st.none() | st.floats(0, 10),
        stumbles=st.integers(0, 20),
        falls=st.integers(0, 3),
        red_flags=st.lists(st.sampled_from(["chest_pressure", "fall"]), unique=True).map(tuple),
        sleep_hours=st.none() | st.floats(0, 24),
        notes=st.text(max_size=50),
        reverse_s=st.none() | st.floats(0, 4000),
        measured=st.booleans(),
    )


@given(entries())
def test_an_entry_is_read_back_equal(tmp_path_factory: pytest.TempPathFactory, entry: LogEntry) -> None:
    folder = Folder(tmp_path_factory.mktemp("f"))
    folder.keep_entry(entry)
    assert list(folder.log()) == [entry]


def test_screening_and_wishes_are_read_back_equal(tmp_path: Path) -> None:
    store: Store = Folder(tmp_path / "me")
    assert (list(store.screenings()), store.wanted(), list(store.log())) == ([], None, [])
    place = Place(Surface.TRACK, 0.0, 100.0, 2.5, dry=True, watcher=Watcher.SPOTTER)
    screened = Screened(
        Answers(DAY, 40.0, "female", pregnant=False, health={"chest_pain": False}, tests={"sit_to_stand_5_s": 9.1}),
        place,
    )
    wanted = Wanted(Goal.REVERSE, Calendar(DAY, 12, frozenset({0, 2, 4}), frozenset({DAY}), {DAY: "race"}))
    store.keep_screened(screened)
    store.keep_wanted(wanted)
    assert list(store.screenings()) == [screened]
    assert store.wanted() == wanted


def test_screenings_stay_in_order(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for day in (DAY, DAY + dt.timedelta(days=90)):
        folder.keep_screened(Screened(Answers(day), Place()))
    assert [found.answers.day for found in folder.screenings()] == [DAY, DAY + dt.timedelta(days=90)]
    assert len(list((tmp_path / "screening").iterdir())) == 2


def test_one_entry_a_day_and_in_order(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for day, effort in ((DAY, 3.0), (DAY - dt.timedelta(days=1), 2.0), (DAY, 5.0)):
        folder.keep_entry(LogEntry(day, Done.ALL, effort))
    assert [entry.effort for entry in folder.log()] == [2.0, 5.0]


def test_the_text_is_readable() -> None:
    text = entry_text(LogEntry(DAY, Done.PARTLY, 4, soreness_24h={(Part.CALF, Side.LEFT): 4}))
    assert '"calf left" = 4' in text
    assert "day = 2026-11-22" in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "day"),
        ("day = 2026-11-22\ndone = 'most'", "done"),
        ("day = 2026-11-22\ndone = 'all'\neffort = 11", "effort"),
        ("day = 2026-11-22\ndone = 'all'\neffort = 'hard'", "effort"),
        ("day = 2026-11-22\ndone = 'all'\nmood = 3", "mood"),
        ("day = 2026-11-22\ndone = 'all'\n[pain_during]\n'tail left' = 3", "tail left"),
        ("day = 2026-11-22\ndone = 'all'\n[pain_during]\n'calf' = 3", "calf"),
        ("day = 2026-11-22\ndone = 'all'\n[pain_during]\n'calf left' = 12", "calf left"),
        ("day = 2026-11-22\ndone = 'all'\npain_during = 3", "pain_during"),
        ("not toml [", "read"),
    ],
)
def test_rubbish_is_answered_with_file_and_field(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "entry.toml"
    path.write_text(content)
    with pytest.raises(UnusableInput, match=says) as caught:
        load_entry(path)
    assert "entry.toml" in str(caught.value)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableInput, match="--folder"):
        Folder(tmp_path / "file").keep_wanted(Wanted(Goal.TRY, Calendar(DAY, 1)))
