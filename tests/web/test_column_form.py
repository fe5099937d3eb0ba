"""Column form: everything offered can be read, guesses are shown, and answers become a map."""

import json
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from made_files import HEADER, table
from retropace.errors import UnusableInput
from retropace.intake import explain
from retropace.quantities import QUANTITIES
from retropace.readers import Columns, UnknownColumns, read_bytes
from retropace.readers.units import TIME_UNITS, factor
from retropace.web.column_form import MOST_COLUMNS, form_for, groups, said
from retropace.web.house import House
from retropace.web.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence


def visit(house: House, **fields: str) -> Visit:
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    return Visit(Request(scope), house, "local", "local", FormData(fields), "")


def unknown(header: "Sequence[str]" = HEADER) -> UnknownColumns:
    with pytest.raises(UnknownColumns) as told:
        read_bytes("trip.csv", table(header=tuple(header)))
    return told.value


def test_everything_offered_can_be_read() -> None:
    values = [option.value for group in groups() for option in group.options]
    assert len(values) == len(set(values)) > 30
    for value in values:
        key, _, unit = value.partition("|")
        if key == "time":
            assert unit == "iso" or unit in TIME_UNITS
        else:
            assert key in QUANTITIES
            assert factor(key, unit) is not None


def test_names_and_values_are_shown_and_guesses_chosen(house: House) -> None:
    form = form_for(visit(house), unknown())
    assert [asked.name for asked in form.asked] == list(HEADER)
    assert form.asked[1].values == ("9.4", "9.5", "9.6")
    assert [asked.chosen for asked in form.asked] == ["", "", ""]
    # A known name without a unit, beside a time nobody can tell.
    form = form_for(visit(house), unknown(("when", "speed (km/h)", "hr")))
    assert [asked.chosen for asked in form.asked] == ["", "speed_mps|km/h", "heart_rate_bpm|beats/min"]


def test_what_was_said_before_is_chosen_again(house: House) -> None:
    found = visit(house)
    explain(found.notebook, HEADER, Columns({"speed_mps": ("#2", "km/h")}, "#1", "ms"))
    assert [asked.chosen for asked in form_for(found, unknown()).asked] == ["time|ms", "speed_mps|km/h", ""]


def test_very_wide_tables_are_asked_about_in_part(house: House) -> None:
    wide = UnknownColumns("x", "wide.csv", "", [f"c{n}" for n in range(200)], [["1"] * 200])
    form = form_for(visit(house), wide)
    assert (len(form.asked), form.left_out) == (MOST_COLUMNS, 200 - MOST_COLUMNS)


def test_nothing_sent_says_nothing(house: House) -> None:
    assert said(visit(house)) is None


def test_answers_become_a_map(house: House) -> None:
    header = json.dumps(list(HEADER))
    told = said(visit(house, header=header, c0="time|ms", c1="speed_mps|km/h", rate_hz="50"))
    assert told == (HEADER, Columns({"speed_mps": ("#2", "km/h")}, "#1", "ms"))
    told = said(visit(house, header=header, c1="speed_mps|km/h", rate_hz="0,5"))
    assert told == (HEADER, Columns({"speed_mps": ("#2", "km/h")}, rate_hz=0.5))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"header": "nonsense"}, "The form cannot be read"),
        ({"header": '{"a": 1}'}, "The form cannot be read"),
        ({"header": "[1, 2]"}, "The form cannot be read"),
        ({"c0": "time|ms"}, "No column is said to be a measurement"),
        ({"c1": "speed_mps|km/h"}, "Nothing says when each row was measured"),
        ({"c0": "time|ms", "c1": "time|s", "c2": "speed_mps|m/s"}, "Two columns are said to be the same thing"),
        ({"c0": "time|fortnights", "c1": "speed_mps|m/s"}, "Two columns are said to be the same thing"),
        ({"c1": "speed_mps|m/s", "rate_hz": "1e9"}, "'1e9' cannot be used"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(fields: dict[str, str], sentence: str, house: House) -> None:
    with pytest.raises(UnusableInput, match=sentence):
        said(visit(house, **({"header": json.dumps(list(HEADER))} | fields)))
