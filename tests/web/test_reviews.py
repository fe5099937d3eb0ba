"""Reviews: remembered, bounded, and never somebody else's."""

import threading

from made import FIRST_DAY, recording
from made_kept import keep, keep_bytes
from retropace.person import Person
from retropace.quantities import Direction
from retropace.readers import read_bytes
from retropace.recording import Declared
from retropace.simulate.demo import DEMO_PHONE, DEMO_PLACE, demo
from retropace.simulate.virtual import DEFAULT_START
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.summary import summarise
from retropace.web.reviews import Remembered, review
from retropace.writers.sensor_logger import archive_bytes


def test_the_same_is_not_read_twice(notebook: Notebook, recordings: Recordings) -> None:
    kept, remembered = keep(recordings, recording(FIRST_DAY)), Remembered()
    first = review(notebook, recordings, kept.id, remembered)
    assert review(notebook, recordings, kept.id, remembered).summary is first.summary


def test_whatever_a_summary_rests_on_makes_it_new(notebook: Notebook, recordings: Recordings) -> None:
    kept, remembered = keep(recordings, recording(FIRST_DAY)), Remembered()
    first = review(notebook, recordings, kept.id, remembered)
    recordings.correct(kept.id, Declared(10.0, 20.0, Direction.BACKWARD, "person"))
    corrected = review(notebook, recordings, kept.id, remembered)
    assert corrected.summary is not first.summary
    assert corrected.corrections == (Declared(10.0, 20.0, Direction.BACKWARD, "person"),)
    notebook.keep_person(Person(mass_kg=70.0))
    heavier = review(notebook, recordings, kept.id, remembered)
    assert heavier.summary.person.mass_kg == 70.0
    recordings.undo(kept.id)
    notebook.keep_person(Person())
    assert review(notebook, recordings, kept.id, remembered).summary is first.summary


def test_the_longest_unused_goes_first(notebook: Notebook, recordings: Recordings) -> None:
    ids = [keep(recordings, recording(FIRST_DAY, seed=seed)).id for seed in (1, 2, 3)]
    whole = Remembered()
    one = review(notebook, recordings, ids[0], whole)
    remembered = Remembered(most_bytes=int(2.5 * whole.bytes))
    kept = {each: review(notebook, recordings, each, remembered).summary for each in (ids[0], ids[1], ids[0], ids[2])}
    assert remembered.bytes <= 2.5 * whole.bytes
    assert review(notebook, recordings, ids[0], remembered).summary is kept[ids[0]]
    assert review(notebook, recordings, ids[1], remembered).summary is not kept[ids[1]]
    assert one.summary.bouts == kept[ids[0]].bouts


def test_one_that_is_larger_than_allowed_is_remembered_alone(notebook: Notebook, recordings: Recordings) -> None:
    remembered = Remembered(most_bytes=1)
    ids = [keep(recordings, recording(FIRST_DAY, seed=seed)).id for seed in (1, 2)]
    first = review(notebook, recordings, ids[0], remembered).summary
    assert review(notebook, recordings, ids[0], remembered).summary is first
    review(notebook, recordings, ids[1], remembered)
    assert review(notebook, recordings, ids[0], remembered).summary is not first


def test_raw_motion_is_let_go_and_changes_nothing(notebook: Notebook, recordings: Recordings) -> None:
    content = archive_bytes(demo(1, DEFAULT_START, DEMO_PLACE, DEMO_PHONE)[0])
    kept, remembered = keep_bytes(recordings, "phone.zip", content), Remembered()
    found = review(notebook, recordings, kept.id, remembered).summary
    whole = summarise(read_bytes("phone.zip", content))
    assert remembered.bytes < 2_000_000
    assert set(found.recording.motion) == set(whole.recording.motion)
    assert found.recording.duration_s == whole.recording.duration_s
    assert found.bouts == whole.bouts
    assert found.unknowns == whole.unknowns


def test_threads_may_ask_at_once(notebook: Notebook, recordings: Recordings) -> None:
    ids = [keep(recordings, recording(FIRST_DAY, seed=seed)).id for seed in (1, 2, 3)]
    remembered = Remembered(most_bytes=400_000)
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(each for each in ids * 3 if review(notebook, recordings, each, remembered).kept.id != each)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
