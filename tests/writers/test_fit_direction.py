"""Direction given back to FIT: other readers find it, and ours recognises the same again."""

from dataclasses import replace

import fitdecode
import numpy as np

from made import FIRST_DAY, Part, recording, session_of
from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.readers import fit
from retropace.summary import BoutSummary, Summary, summarise
from retropace.writers.fit import activity_bytes
from retropace.writers.fit_direction import activity_with_direction, direction_codes


def seconds_of(summary: Summary, direction: Direction) -> float:
    return sum(item.bout.duration_s for item in summary.bouts if item.bout.direction == direction)


def test_what_was_recognised_is_recognised_again_without_what_told_it() -> None:
    first = summarise(recording(FIRST_DAY, facing=True), session=session_of(FIRST_DAY))
    assert seconds_of(first, Direction.BACKWARD) >= 100
    read = fit.read("a.fit", activity_with_direction(first))
    again = summarise(read)
    assert not read.motion
    for direction in (Direction.BACKWARD, Direction.FORWARD):
        assert abs(seconds_of(again, direction) - seconds_of(first, direction)) <= 3
    np.testing.assert_array_equal(read.track.channels["direction_code"], direction_codes(first))


def test_laps_say_backward_to_tools_that_know_no_direction() -> None:
    summary = summarise(recording(FIRST_DAY, code=True))
    laps = fit.read("a.fit", activity_with_direction(summary)).laps
    backward = [lap for lap in laps if (lap.name or "").startswith("BACK")]
    told = [i.bout for i in summary.bouts if i.bout.direction == Direction.BACKWARD]
    assert [(lap.start_s, lap.end_s) for lap in backward] == [(bout.start_s, bout.end_s) for bout in told]
    assert {lap.intensity for lap in backward} == {"active"}


def test_a_strict_reader_finds_the_field() -> None:
    data = activity_with_direction(summarise(recording(FIRST_DAY, code=True)))
    strict = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}
    with fitdecode.FitReader(data, **strict) as reader:
        frames = [f for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA and f.name == "record"]
    codes = [frame.get_value("direction", fallback=None) for frame in frames]
    assert codes.count(-1) >= 100
    assert codes.count(1) > codes.count(-1)


def test_an_assumption_is_not_written_as_a_fact() -> None:
    made = recording((Part(600, 2.6, 165),), laps=True)
    summary = summarise(made)
    assert all(item.bout.assumed for item in summary.bouts if item.bout.direction == Direction.FORWARD)
    assert activity_with_direction(summary) == activity_bytes(made)


def test_unknown_and_sideways_stretches_have_no_lap() -> None:
    summary = summarise(recording(FIRST_DAY, code=True))
    ways = (Direction.UNKNOWN, Direction.SIDEWAYS, Direction.BACKWARD, Direction.FORWARD)
    bouts = [Bout(60.0 * k, 60.0 * (k + 1), Gait.RUN, way, 1.0, ("field",)) for k, way in enumerate(ways)]
    odd = replace(summary, bouts=tuple(BoutSummary(bout, {}) for bout in bouts))
    read = fit.read("a.fit", activity_with_direction(odd))
    assert [lap.name for lap in read.laps] == ["BACK 60s", "RUN 60s"]
    codes = read.track.channels["direction_code"]
    assert np.isnan(codes[:60]).all()
    assert [float(codes[60 * k + 30]) for k in (1, 2, 3)] == [2.0, -1.0, 1.0]
