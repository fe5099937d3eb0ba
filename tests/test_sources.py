"""Sources: each once, complete, and nothing resting on what nobody read."""

import importlib
import re
from collections.abc import Iterator

import pytest

from retropace.errors import UncitedValue
from retropace.metrics import METRICS
from retropace.sources import Cited, Source, bibliography, cited, require_known

#: Rooms whose constants are models and decisions; the edge only reads and writes.
CORE = ("witness", "direction", "baseline", "plan", "gait", "energy", "knee", "load", "claims")
DESIGNS = {"review", "trial", "experiment", "table", "press", "standard", "design"}


def constants() -> Iterator[tuple[str, Cited]]:
    for room in CORE:
        for name, value in vars(importlib.import_module(f"retropace.{room}")).items():
            if isinstance(value, Cited):
                yield f"{room}.{name}", value


CONSTANTS = list(constants())


@pytest.mark.parametrize("source", bibliography().values(), ids=lambda source: source.key)
def test_source_is_complete(source: Source) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", source.key)
    assert all((source.authors, source.title, source.venue, source.population, source.where))
    assert source.grade in DESIGNS
    assert 1900 <= source.year <= 2026
    assert source.n is None or source.n >= 1
    assert source.doi is None or source.doi.startswith("10.")


def test_each_paper_once() -> None:
    sources = [source for source in bibliography().values() if source.grade not in ("press", "design")]
    for dois in ([s.doi for s in sources if s.doi], [s.title.lower() for s in sources if s.key != "adesola_2009"]):
        assert len(dois) == len({doi.lower() for doi in dois})


def test_unread_sources_say_so() -> None:
    for source in bibliography().values():
        remembered = "from memory" in source.where or source.where.startswith("only ")
        assert source.seen or remembered, f"{source.key} is unread and does not say how it is known"


def test_there_are_constants_to_check() -> None:
    assert len(CONSTANTS) >= 25


@pytest.mark.parametrize(("name", "constant"), CONSTANTS, ids=[name for name, _ in CONSTANTS])
def test_no_constant_rests_on_what_nobody_read(name: str, constant: Cited) -> None:
    assert constant.sources, name
    assert all(bibliography()[key].seen for key in constant.sources), f"{name} cites what nobody read"
    assert constant.low <= constant.value <= constant.high, name


def test_no_metric_rests_on_what_nobody_read() -> None:
    assert not [(m.key, key) for m in METRICS for key in m.sources if not bibliography()[key].seen]


def test_the_duplicate_study_is_never_counted() -> None:
    used = {key for _, constant in CONSTANTS for key in constant.sources} | {k for m in METRICS for k in m.sources}
    assert "adesola_2009" not in used


@pytest.mark.parametrize("keys", [(), ("nobody_1900",), ("williford_1998", "nobody_1900")])
def test_a_constant_without_a_known_source_does_not_load(keys: tuple[str, ...]) -> None:
    with pytest.raises(UncitedValue):
        cited(1.0, "m", *keys)
    with pytest.raises(UncitedValue, match="The rule cites"):
        require_known(keys, "The rule")


def test_the_band_of_a_constant_defaults_to_the_constant() -> None:
    assert cited(9.80665, "m/s2", "cgpm_1901") == Cited(9.80665, 9.80665, 9.80665, "m/s2", ("cgpm_1901",))


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("williford_1998", "Williford 1998"),
        ("new_scientist_2001", "New Scientist 2001"),
        ("van_eijden_1986", "van Eijden 1986"),
    ],
)
def test_short_citation(key: str, short: str) -> None:
    assert bibliography()[key].short == short
