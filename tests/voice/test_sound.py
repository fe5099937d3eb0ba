"""Sound: tones and words as samples, each where and when it belongs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.voice import table, tones
from retropace.voice.sound import RATE, Mixer, Samples, cue_sound, tone_sound, words_sound


def played(mixer: Mixer, begins_s: float, blocks: list[int]) -> Samples:
    """What a loudspeaker was given, asked for so many samples at a time, evenly."""
    found, at_s = [], begins_s
    for frames in blocks:
        found.append(np.frombuffer(mixer.block(at_s, frames), dtype="<i2").reshape(-1, 2) / 32767)
        at_s += frames / RATE
    return np.concatenate(found).astype(np.float32)


@pytest.mark.parametrize("name", sorted(tones()))
def test_a_tone_has_its_notes_in_pitch_time_and_side(name: str) -> None:
    sound = tone_sound(name)
    for note in tones()[name].notes:
        first = round((note.at_s + 0.005) * RATE)
        last = round((note.at_s + note.lasts_s - 0.005) * RATE)
        left, right = sound[first:last, 0], sound[first:last, 1]
        heard = left if note.pan <= 0 else right
        other = right if note.pan <= 0 else left
        spectrum = np.abs(np.fft.rfft(heard, 1 << 16))
        assert np.argmax(spectrum) * RATE / (1 << 16) == pytest.approx(note.hz, rel=0.03)
        assert np.abs(other).max() == pytest.approx((1 - abs(note.pan)) * np.abs(heard).max(), abs=1e-6)
    assert np.abs(sound).max() <= 1


def test_words_are_as_long_as_the_table_says_and_unknown_ones_are_left_out() -> None:
    sound = words_sound(["reverse run", "20 seconds", "no such clip"])
    assert len(sound) == pytest.approx((table()["reverse run"][1] + table()["20 seconds"][1]) * RATE, abs=2)
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound).max() > 0.3
    assert words_sound([]).shape == (0, 2)


def test_a_cue_is_its_tone_then_its_words() -> None:
    sound = cue_sound({"clips": ["look left"], "tone": "look_left"})
    after = round(tones()["look_left"].after_s * RATE)
    assert np.array_equal(sound[: len(tone_sound("look_left")) // 2, 1], np.zeros(len(tone_sound("look_left")) // 2))
    assert np.array_equal(sound[after + 200 :], words_sound(["look left"])[200:])
    assert len(cue_sound({"clips": [], "tone": None})) == 0


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=40), st.floats(-0.2, 0.5))
def test_a_sound_is_heard_at_its_time_however_it_is_asked_for(blocks: list[int], at_s: float) -> None:
    mixer, click = Mixer(), np.ones((5, 2), dtype=np.float32)
    mixer.place(100.0 + at_s, click)
    heard = np.flatnonzero(played(mixer, 100.0, blocks)[:, 0])
    first = round(at_s * RATE)
    assert list(heard) == [at for at in range(first, first + 5) if 0 <= at < sum(blocks)]


def test_a_stream_that_was_away_is_told_the_time_anew() -> None:
    mixer = Mixer()
    mixer.block(10.0, 2400)
    mixer.place(20.0, np.ones((5, 2), dtype=np.float32))
    assert np.frombuffer(mixer.block(20.0, 10), dtype="<i2").any()


def test_a_stream_asked_a_little_late_goes_on_evenly() -> None:
    mixer, long = Mixer(), np.full((RATE, 2), 0.5, dtype=np.float32)
    mixer.place(10.0, long)
    one = mixer.block(10.0, 2400)
    other = mixer.block(10.13, 2400)
    assert one == other


def test_what_is_taken_back_is_not_heard_and_loud_sounds_are_clipped() -> None:
    mixer = Mixer()
    for _ in range(3):
        mixer.place(1.0, np.ones((10, 2), dtype=np.float32))
    assert np.frombuffer(mixer.block(1.0, 5), dtype="<i2").max() == 32767
    mixer.hush()
    assert not np.frombuffer(mixer.block(1.0 + 5 / RATE, 5), dtype="<i2").any()
