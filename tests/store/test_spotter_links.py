"""Spotter links: for one run and some hours, one a person, and nothing in the database opens anything."""

import datetime as dt

from retropace.store.database import Database
from retropace.store.notebook import Notebook
from retropace.store.secret_links import CalendarLinks, Feed
from retropace.store.spotter_links import LASTS, SpotterLinks

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
RUN = "00000000-0000-4000-8000-000000000001"


def test_made_and_found_for_half_a_day(database: Database, notebook: Notebook) -> None:
    links = SpotterLinks(database)
    token, made = links.renew(notebook.person_id, RUN, NOW)
    assert len(token) == 22, "128 bits"
    assert (made.person_id, made.run, made.expires) == (notebook.person_id, RUN, NOW + LASTS)
    assert links.find(token, NOW) == made
    assert links.find(token, NOW + LASTS - dt.timedelta(seconds=1)) == made
    assert links.find(token, NOW + LASTS) is None
    assert links.find("", NOW) is None


def test_what_is_kept_opens_nothing(database: Database, notebook: Notebook) -> None:
    links = SpotterLinks(database)
    token, made = links.renew(notebook.person_id, RUN, NOW)
    with database.transaction(write=False) as store:
        row = store.one("SELECT token FROM secret_link WHERE person = :person", person=notebook.person_id)
    assert row == (made.key,)
    assert token not in made.key
    assert links.find(made.key, NOW) is None
    assert CalendarLinks(database).find(made.key) is None


def test_a_new_one_ends_the_old_one_and_leaves_the_calendar(database: Database, notebook: Notebook) -> None:
    links, calendar = SpotterLinks(database), CalendarLinks(database).renew(notebook.person_id, Feed())
    first, _ = links.renew(notebook.person_id, RUN, NOW)
    second, _ = links.renew(notebook.person_id, RUN, NOW)
    assert links.find(first, NOW) is None
    assert links.find(second, NOW) is not None
    assert CalendarLinks(database).find(calendar.token) == calendar


def test_it_ends_with_its_run(database: Database, notebook: Notebook) -> None:
    links = SpotterLinks(database)
    token, _ = links.renew(notebook.person_id, RUN, NOW)
    assert not links.end(notebook.person_id, "another-run")
    assert not links.end("somebody else", RUN)
    assert links.find(token, NOW) is not None
    assert links.end(notebook.person_id, RUN)
    assert not links.end(notebook.person_id, RUN)
    assert links.find(token, NOW) is None
