"""Raw motion as public data sets and sensors' programs write it: read rightly, or refused in a sentence that says why."""

from dataclasses import replace

import numpy as np
import pytest

from retropace.errors import RetropaceError
from retropace.readers import read_bytes
from retropace.readers.column_map import Counts, at_rate
from retropace.readers.known import KNOWN
from strangers import STRANGERS
from writings import REST, WRITINGS, A, D, G, T, W, assert_as_felt, rows

READ = [name for name, writing in WRITINGS.items() if set(writing.holds) <= {"A", "W"}]
REFUSED = [name for name in WRITINGS if name not in READ]
RATELESS = [name for name in REFUSED if WRITINGS[name].holds == "no rate is named"]
ACCELERATION_ALONE = {"acc_exp01_user01.txt"}
#: Whose numbers are counts of no unit that anybody tells.
COUNTS = "hugadb.txt"


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str) -> None:
    assert_as_felt(read_bytes(name, WRITINGS[name].data), WRITINGS[name].holds)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(RetropaceError, match=WRITINGS[name].holds) as refused:
        read_bytes(name, WRITINGS[name].data)
    assert refused.value.remedy
    assert ("--rate" in refused.value.remedy) == (name in RATELESS)


@pytest.mark.parametrize("name", sorted({*RATELESS} - {COUNTS}))
def test_a_rate_that_is_told_is_all_it_needs(name: str) -> None:
    recording = read_bytes(name, WRITINGS[name].data, columns=at_rate(100))
    assert_as_felt(recording, "A" if name in ACCELERATION_ALONE else "AW")


def test_gravity_beside_acceleration_without_it_is_added() -> None:
    assert np.ptp(REST[2]) > 3, "or nothing would be shown"
    assert "sensorlog_ug.csv" in READ


def test_counts_stay_in_doubt_until_somebody_says_how_many_are_1_g() -> None:
    with pytest.raises(RetropaceError, match=r"nothing says how many are 1 g.*--counts"):
        read_bytes(COUNTS, WRITINGS[COUNTS].data, columns=at_rate(100))
    told = replace(at_rate(100), counts=Counts(16384, 16.4))
    assert_as_felt(read_bytes(COUNTS, WRITINGS[COUNTS].data, columns=told), "AW")
    with pytest.raises(RetropaceError, match="averages to 1"):
        read_bytes(COUNTS, WRITINGS[COUNTS].data, columns=replace(told, counts=Counts(1000, 16.4)))


def test_values_that_are_not_of_their_unit_are_left_out() -> None:
    named = "time,acc_x (g),acc_y (g),acc_z (g),gyr_x (rad/s),gyr_y (rad/s),gyr_z (rad/s)"
    recording = read_bytes("a.csv", rows(named, [T, *A / G, *D * 10]))
    assert set(recording.motion) == {"accelerometer"}
    assert any("quicker than anybody" in repair.note for repair in recording.repairs)
    recording = read_bytes("a.csv", rows(named, [T, *A, *W]))
    assert set(recording.motion) == {"gyroscope"}
    assert any("averages to 9" in repair.note for repair in recording.repairs)


@pytest.mark.parametrize("rate", [0.0, -1.0, 1e6, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(RetropaceError, match="cannot be"):
        at_rate(rate)


def test_what_the_documentation_claims_is_tried_here() -> None:
    made = {case for known in KNOWN for case in known.cases if not case.endswith((".mat", ".xlsx"))}
    assert made <= {*WRITINGS, *STRANGERS}
    assert not {case for known in KNOWN if known.note.startswith("refused") for case in known.cases} & set(READ)
