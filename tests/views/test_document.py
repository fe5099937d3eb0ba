"""Document: JSON that keeps its promises."""

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from retropace.errors import UnreadableFile
from retropace.quantities import Direction
from retropace.summary import Summary
from retropace.views import document as module
from retropace.views.document import document, document_json, json_schema, refusal_json, schema_text

DOCS = Path(__file__).parents[2] / "docs"
#: So many of the first and last seconds are looked at: this validator takes 12 s for those of a month.
_SECONDS = 2000
SUMMARIES = ("repeats_summary", "forward_summary", "month_summary", "empty_summary")


def decoded(summary: Summary, *, series: bool = False) -> Any:
    return json.loads(document_json([document(summary, series=series)]))


@pytest.mark.parametrize("name", SUMMARIES)
@pytest.mark.parametrize("series", [False, True])
def test_every_document_fits_the_schema(request: pytest.FixtureRequest, name: str, *, series: bool) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    jsonschema.Draft202012Validator.check_schema(json_schema())
    made = decoded(request.getfixturevalue(name), series=series)
    for column, values in (made.get("series") or {}).items():
        made["series"][column] = values[:_SECONDS] + values[-_SECONDS:] if isinstance(values, list) else values
    validator.validate(made)


def test_the_written_schema_is_fresh() -> None:
    written = (DOCS / "summary.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: PYTHONPATH=src .venv/bin/python docs/generate.py"


def test_every_field_is_explained() -> None:
    told = (DOCS / "json.md").read_text(encoding="utf-8")
    types = [t for t in vars(module).values() if isinstance(t, type) and t.__module__ == module.__name__]
    names = {f"{t.__name__}.{f.name}": f.name for t in types if is_dataclass(t) for f in fields(t)}
    assert len(names) >= 50
    missing = {where for where, name in names.items() if f"`{name}`" not in told and f'"{name}"' not in told}
    assert missing == set()


def test_numbers_are_those_of_the_summary(repeats_summary: Summary) -> None:
    made = decoded(repeats_summary)
    energy = repeats_summary.session["energy_gross_kcal"]
    assert made["session"]["energy_gross_kcal"]["value"] == energy.value
    assert made["session"]["energy_gross_kcal"]["low"] == energy.low
    assert made["session"]["energy_gross_kcal"]["unit"] == "kcal"
    assert made["bouts"][1]["direction"] == "backward"
    assert made["bouts"][1]["known_by"] == ["plan", "heading"]
    assert len(made["bouts"]) == len(repeats_summary.bouts)
    assert made["recording"]["local_start"] == "2026-05-12T18:04:00+02:00"
    assert made["recording"]["simulated"] is True
    assert made["planned"]["followed"][1]["step"]["direction"] == "backward"


def test_unknown_is_null_with_a_reason(forward_summary: Summary) -> None:
    energy = decoded(forward_summary)["session"]["energy_gross_kcal"]
    assert energy["value"] is None
    assert energy["low"] is None
    assert "mass" in energy["why_unknown"]


def test_every_cited_source_is_listed(repeats_summary: Summary) -> None:
    made = decoded(repeats_summary)
    cited = {key for number in made["session"].values() for key in number["sources"]}
    assert cited <= set(made["sources"])


def test_series_keep_sign_and_silence(repeats_summary: Summary) -> None:
    beats = repeats_summary.grid.heart_rate_bpm.copy()
    beats[5] = np.nan
    series = decoded(replace(repeats_summary, grid=replace(repeats_summary.grid, heart_rate_bpm=beats)), series=True)[
        "series"
    ]
    assert series["heart_rate_bpm"][5] is None
    assert series["velocity_mps"][310] < -1
    assert series["velocity_mps"][100] > 1
    assert series["velocity_mps"][632] is None
    assert series["direction"][632] == "unknown"
    assert not any("latitude" in key or "longitude" in key for key in series)


def test_several_documents_are_one_to_a_line(repeats_summary: Summary, empty_summary: Summary) -> None:
    lines = document_json(document(s) for s in (repeats_summary, empty_summary)).splitlines()
    assert [json.loads(line)["recording"]["name"] for line in lines] == ["evening.fit", "empty.gpx"]


def test_nan_in_totals_of_the_device_is_left_out(repeats_summary: Summary) -> None:
    recording = replace(repeats_summary.recording, reported={"distance_m": float("nan"), "energy_kcal": 5.0})
    assert decoded(replace(repeats_summary, recording=recording))["recording"]["reported"] == {"energy_kcal": 5.0}


def test_refusal() -> None:
    error = UnreadableFile("The file ends in the middle", file="a.fit", offset=812, remedy="Copy it again.")
    told = json.loads(refusal_json("a.fit", error))
    assert told["schema"] == "retropace.refusal/1"
    assert (told["what"], told["offset"], told["remedy"]) == ("The file ends in the middle", 812, "Copy it again.")


def test_directions_are_the_words_of_the_nomenclature() -> None:
    assert set(json_schema()["$defs"]["Direction"]["enum"]) == {d.value for d in Direction}
