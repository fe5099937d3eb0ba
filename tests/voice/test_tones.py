"""Tones: what tells cues apart without words."""

from itertools import pairwise

from retropace.cues import CueKind
from retropace.voice.tones import tone_of, tones, tones_json


def contour(name: str) -> list[int]:
    """Whether each note is higher (1), lower (-1) or like (0) the one before."""
    hz = [note.hz for note in tones()[name].notes]
    return [(b > a) - (b < a) for a, b in pairwise(hz)]


def test_every_tone_that_a_player_asks_for_is_there() -> None:
    told = {"reverse", "walk", "stop", "done", "count", "halfway", "look_left", "look_right", "lost", "alarm"}
    assert told <= set(tones_json())
    fields = {"at_s", "hz", "lasts_s", "level", "pan", "shape"}
    assert all(set(note) == fields for row in tones_json().values() for note in row)


def test_notes_are_audible_and_in_order() -> None:
    for name, tone in tones().items():
        starts = [note.at_s for note in tone.notes]
        assert starts == sorted(starts), name
        for note in tone.notes:
            assert 300 <= note.hz <= 2000, name
            assert 0 < note.level <= 1
            assert note.lasts_s >= 0.03
            assert note.shape in {"sine", "triangle", "square", "sawtooth"}


def test_reverse_falls_walk_rises_and_stop_stays() -> None:
    assert contour("reverse") == [-1]
    assert contour("walk") == [1]
    assert contour("stop") == [0, 0]


def test_sides_differ_by_side_and_by_pitch() -> None:
    left, right = tones()["look_left"].notes, tones()["look_right"].notes
    assert {note.pan for note in left} == {-1}
    assert {note.pan for note in right} == {1}
    assert max(note.hz for note in left) * 1.5 < min(note.hz for note in right)


def test_the_alarm_alternates_as_loud_as_can_be() -> None:
    notes = tones()["alarm"].notes
    assert [note.hz for note in notes] == [660, 990] * (len(notes) // 2)
    assert {note.level for note in notes} == {1.0}
    assert tones()["alarm"].lasts_s > 1


def test_before_words_a_tone_is_over_soon() -> None:
    for kind in ("reverse", "walk", "stop", "count", "halfway", "look_left", "look_right", "look_mirror"):
        assert tones()[kind].lasts_s <= tones()[kind].after_s + 1e-9 <= 0.2, kind


def test_every_kind_of_cue_has_its_tone_or_is_words_only() -> None:
    silent = {kind for kind in CueKind if kind != CueKind.LOOK and tone_of(kind.value, None) is None}
    assert silent == {CueKind.NEXT, CueKind.FORM}
    assert tone_of("run", None) == "walk"
    assert [tone_of("look", side) for side in ("left", "right", None)] == ["look_left", "look_right", "look_mirror"]
