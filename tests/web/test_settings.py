"""Settings: what is typed is kept, what cannot be used is told at its field, and home is hidden where it is said to be."""

import re
from typing import TYPE_CHECKING

import pytest

from made_files import gpx
from made_kept import keep_bytes
from retropace.person import ForwardBaseline, Person
from retropace.store import Settings
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

if TYPE_CHECKING:
    from .conftest import Client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_first_page_says_what_is_set(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(name="Ada", system="imperial", theme="dark", hide_radius_m=500.0))
    notebook.keep_person(Person(mass_kg=70.0, height_m=1.75, age_years=42))
    page = words(client.get("/settings").text)
    assert "Ada, miles, pounds, dark" in page
    assert "154 lb, 5 ft 9 in, 42 years" in page
    assert "1640 ft hidden round start and end of each track" in page
    assert "Nobody else can open this" in page
    assert "Sign out" not in page


def test_how_it_is_shown(client: "Client", notebook: Notebook) -> None:
    client.submit("/settings/display", name=" Ada\x07 ", system="imperial", theme="dark", zone="Europe/Berlin")
    told = notebook.settings()
    assert (told.name, told.system, told.theme, told.zone) == ("Ada", "imperial", "dark", "Europe/Berlin")
    assert '<html lang="en" data-theme="dark">' in client.get("/settings").text
    client.submit("/settings/display", name="", system="metric", theme="system", zone="")
    assert notebook.settings() == Settings()


@pytest.mark.parametrize(
    ("field", "typed"), [("zone", "Mars/Olympus"), ("theme", "pink"), ("system", "furlongs"), ("name", "x" * 61)]
)
def test_what_cannot_be_shown_is_told_at_its_field(
    client: "Client", notebook: Notebook, field: str, typed: str
) -> None:
    answer = client.submit("/settings/display", **{"name": "Ada", "system": "metric", "theme": "dark", field: typed})
    assert answer.status_code == 422
    assert f'id="trouble-{field}"' in answer.text
    assert notebook.settings() == Settings()


def test_the_body(client: "Client", notebook: Notebook) -> None:
    baseline = ForwardBaseline(30.0)
    notebook.keep_person(Person(backward_sessions=4, baseline=baseline))
    client.submit(
        "/settings/body", mass_kg="68,5", height_cm="172", age_years="38", resting_heart_rate_bpm="55", sex="female"
    )
    told = notebook.person()
    assert (told.mass_kg, told.height_m, told.age_years, told.sex) == (68.5, 1.72, 38, "female")
    assert (told.backward_sessions, told.baseline) == (4, baseline), "what the form does not ask stays"
    client.submit("/settings/body", mass_kg="", height_cm="", age_years="", sex="")
    assert notebook.person() == Person(resting_heart_rate_bpm=55, backward_sessions=4, baseline=baseline)


def test_the_body_in_pounds_and_feet_comes_back_as_it_was_typed(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(system="imperial"))
    client.submit("/settings/body", mass_lb="151", height_ft="5", height_in="8.5")
    told = notebook.person()
    assert told.mass_kg == pytest.approx(68.49, abs=0.01)
    assert told.height_m == pytest.approx(1.7399, abs=1e-4)
    page = client.get("/settings/body").text
    for name, value in (("mass_lb", "151"), ("height_ft", "5"), ("height_in", "8.5")):
        assert re.search(rf'name="{name}" value="{value}"', page), name


@pytest.mark.parametrize(
    ("field", "typed"),
    [("mass_kg", "12"), ("mass_kg", "nan"), ("height_cm", "300"), ("age_years", "-1"), ("age_years", "forty"),
     ("resting_heart_rate_bpm", "200"), ("backward_energy_ratio", "0.5"), ("sex", "x")],
)  # fmt: skip
def test_no_body_like_that(client: "Client", notebook: Notebook, field: str, typed: str) -> None:
    answer = client.submit("/settings/body", **{"mass_kg": "70", field: typed})
    assert answer.status_code == 422
    assert f'id="trouble-{field}"' in answer.text
    assert notebook.person() == Person()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("48.1371, 11.5754", (48.1371, 11.5754)), ("-33.9;18.4", (-33.9, 18.4)), ("48.1371° 11.5754°", (48.1371, 11.5754)),
     ("0, 0", (0.0, 0.0)), ("", None)],
)  # fmt: skip
def test_home_as_people_write_it(
    client: "Client", notebook: Notebook, typed: str, kept: tuple[float, float] | None
) -> None:
    notebook.keep_settings(Settings(home=(1.0, 2.0)))
    client.submit("/settings/home", home=typed, hide_radius_m="500")
    assert notebook.settings() == Settings(home=kept, hide_radius_m=500.0)


@pytest.mark.parametrize("typed", ["home", "91, 0", "1, 2, 3", "nan, nan", "48.1"])
def test_no_home_like_that(client: "Client", notebook: Notebook, typed: str) -> None:
    answer = client.submit("/settings/home", home=typed)
    assert answer.status_code == 400
    assert "This is no position." in answer.text
    assert f'value="{typed}"' in answer.text
    assert notebook.settings().home is None


def test_home_from_the_last_session_and_forgotten(client: "Client", notebook: Notebook, recordings: Recordings) -> None:
    assert "Where my last session began" not in client.get("/settings/home").text
    assert "None of your latest sessions has a position" in client.submit("/settings/home", act="session").text
    keep_bytes(recordings, "run.gpx", gpx())
    client.submit("/settings/home", act="session")
    assert notebook.settings().home == (50.0, 8.0)
    assert 'value="50.00000, 8.00000"' in client.get("/settings/home").text
    client.submit("/settings/home", act="forget")
    assert notebook.settings().home is None


def test_a_radius_of_ones_own_stays_among_the_choices(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(hide_radius_m=350.0))
    assert 'value="350" checked' in client.get("/settings/home").text
