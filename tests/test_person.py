"""Person files: known fields in range, or one sentence that names the field."""

from pathlib import Path

import pytest

from retropace.errors import UnusableInput
from retropace.person import Person, load_person
from retropace.recording import Wearer


def test_a_full_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("mass_kg = 70\nsex = 'female'\nage_years = 40\n[baseline]\nminutes = 60\ncadence_spm_at_3 = 166\n")
    person = load_person(path)
    assert (person.mass_kg, person.sex, person.height_m) == (70.0, "female", None)
    assert person.baseline is not None
    assert person.baseline.cadence_spm_at_3 == 166.0


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("mass_kg = 7", "mass_kg"),
        ("mass_kg = 'heavy'", "mass_kg"),
        ("mass_kg = true", "mass_kg"),
        ("weight = 70", "weight"),
        ("sex = 'x'", "sex"),
        ("baseline = 3", "baseline"),
        ("[baseline]\nminutes = 'x'", "baseline.minutes"),
        ("[baseline]\ncadence_spm_at_3 = 3", "baseline.minutes"),
        ("[baseline]\nnonsense = 3", "baseline.nonsense"),
        ("mass_kg = nan", "mass_kg"),
        ("[", "read"),
    ],
)
def test_rubbish_is_refused_with_its_field(tmp_path: Path, content: str, field: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(content)
    with pytest.raises(UnusableInput, match=field):
        load_person(path)


def test_what_the_person_said_wins_over_the_watch() -> None:
    person = Person(mass_kg=70).with_wearer(Wearer(mass_kg=80, height_m=1.8))
    assert (person.mass_kg, person.height_m) == (70, 1.8)
