"""Clips: every sentence of every cue can be said, in its time; the file holds each clip where the table says."""

import functools
import random
import re
from collections.abc import Iterator

import miniaudio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_people import RULES, anybody
from made_sessions import limits, sessions, settings_of, unhurried
from retropace.cues import Cue, CueKind, spoken, timeline
from retropace.programme import build
from retropace.screening import Limits
from retropace.session import Session
from retropace.texts import texts
from retropace.voice.clips import clips_of, lasts_s, sprite, table

RATE = 24_000
#: Who looks out, and where, in all ways in which it changes what is said.
PLACES: tuple[dict[str, object], ...] = (
    {},
    {"spotter": True, "clear_length_m": 30.0},
    {"mirror": True, "clear_length_m": 60.0},
    {"spotter": True, "neck_strain": 9.0},
    {"mirror": True, "neck_strain": 9.0, "clear_length_m": 100.0},
    {"neck_strain": 9.0},
    {"treadmill": True},
    {"clear_length_m": 12.0},
)


def programmes() -> Iterator[tuple[Session, Limits, int]]:
    """Every session of every goal's programme of some people, in weeks 1, 5, 9 and the last."""
    for seed in range(24):
        who = anybody(random.Random(seed))
        plan = build(who.clearance, who.goal, who.calendar, RULES)
        for week in plan.weeks:
            if week.number in (1, 5, 9, len(plan.weeks)):
                for day in week.days:
                    if day.session is not None:
                        yield day.session, who.clearance.limits, week.number


@functools.cache
def every_cue() -> tuple[Cue, ...]:
    """Each different sentence of the sample with the shortest time it is given."""
    shortest: dict[str, Cue] = {}
    for number, (session, allowed, week) in enumerate(programmes()):
        for place in PLACES[number % 2 :: 2]:
            for cue in timeline(session, allowed, RULES, week=week, **place):  # type: ignore[arg-type]
                words = spoken(cue)
                if words not in shortest or cue.duration_s < shortest[words].duration_s:
                    shortest[words] = cue
    return tuple(shortest.values())


def counted(words: str) -> str:
    """The words alone, 25 as 20 and 5."""
    plain = words.lower().replace(",", "").replace(".", "")
    return re.sub(r"\b([2-9])([1-9])\b", r"\g<1>0 \2", plain)


def said_whole(words: str) -> bool:
    """Whether the clips say every word."""
    return counted(" ".join(clips_of(words))) == counted(words)


def room_s(cue: Cue) -> float:
    """The time for the words: that of the cue, without the glance after them."""
    return cue.duration_s - (RULES.number("cues.glance") if cue.kind == CueKind.LOOK else 0.0)


def test_every_sentence_of_every_goals_programme_has_its_clips() -> None:
    cues = every_cue()
    assert len(cues) > 500
    assert [spoken(cue) for cue in cues if not said_whole(spoken(cue))] == []


def test_every_row_of_clips_fits_its_cue() -> None:
    late = {spoken(cue): lasts_s(clips_of(spoken(cue))) for cue in every_cue()}
    assert [(s, round(t, 2)) for cue in every_cue() if (t := late[s := spoken(cue)]) > room_s(cue)] == []


@unhurried
@given(sessions, limits, settings_of)
def test_any_session_can_be_said_in_its_time(session: Session, allowed: Limits, how: dict[str, object]) -> None:
    for cue in timeline(session, allowed, RULES, **how):  # type: ignore[arg-type]
        row = clips_of(spoken(cue))
        assert row
        assert lasts_s(row) <= room_s(cue)


@pytest.mark.parametrize("number", range(100))
def test_every_number_up_to_99_is_said(number: int) -> None:
    heard = " ".join(clips_of(f"Walk, {number} seconds.")[1:])
    tens, one = divmod(number, 10)
    assert heard in {f"{number} seconds", f"{10 * tens} {one} seconds"}


def test_every_fixed_sentence_has_clips_that_say_all_of_it() -> None:
    fixed = [text for key, text in texts().items() if key.startswith("cues.") and isinstance(text, str)]
    for text in fixed:
        if "{" not in text and text:
            assert " ".join(clips_of(text)) == " ".join(w.strip(".,") for w in text.lower().split()), text


def test_a_name_of_its_own_is_left_out_and_the_rest_is_said() -> None:
    assert clips_of("Ankle circles, 1 minute.") == ("1 minute",)
    assert clips_of("Stand on the left leg, 20 seconds.") == ("20 seconds",)
    assert clips_of("Ankle circles next.") == ()
    assert clips_of("Warm-up drills, 5 minutes.") == ("warm-up drills", "5 minutes")


def test_what_is_too_large_to_say_is_left_out() -> None:
    assert clips_of("Walk, 600 minutes.") == ("walk",)
    assert clips_of("Reverse run, 20 seconds, repeat 3 of 120.") == ("reverse run", "20 seconds")


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    assert set(clips_of(text)) <= set(table())


# -- the file ----------------------------------------------------------------------------------------------------------


@functools.cache
def decoded() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    found = miniaudio.decode(sprite(), miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE)
    return np.asarray(found.samples, dtype=float)


def test_the_file_is_one_channel_and_small() -> None:
    info = miniaudio.mp3_get_info(sprite())
    assert (info.nchannels, info.sample_rate) == (1, RATE)
    assert len(sprite()) <= 260_000


@pytest.mark.parametrize("clip", sorted(table()))
def test_a_clip_begins_within_5_ms_of_its_offset_and_silence_is_around_it(clip: str) -> None:
    """Nothing louder than 3 % of it up to 5 ms before, something of it within 5 ms after; next to nothing follows."""
    offset_s, long_s = table()[clip]
    first, last = round(offset_s * RATE), round((offset_s + long_s) * RATE)
    heard = np.abs(decoded()[first - 600 : last + 600]) / np.abs(decoded()[first:last]).max()
    assert heard[: 600 - 120].max() < 0.03
    assert heard[600 : 600 + 120].max() > 0.005
    assert heard[-240:].max() < 0.1
