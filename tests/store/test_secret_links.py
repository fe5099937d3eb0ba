"""Secret links: one a person, found by their secret only, gone when taken back, and with the person they belong to."""

import datetime as dt
from dataclasses import replace

from retropace.store.database import Database
from retropace.store.notebook import Notebook
from retropace.store.secret_links import CalendarLinks, Feed


def test_made_found_and_kept(database: Database, notebook: Notebook) -> None:
    links = CalendarLinks(database)
    assert links.of(notebook.person_id) is None
    made = links.renew(notebook.person_id, Feed(busy_only=True, at=dt.time(7, 15), alarm_min=30))
    assert links.of(notebook.person_id) == made
    assert links.find(made.token) == made
    changed = replace(made, feed=replace(made.feed, sequence=4, changed=dt.datetime(2026, 11, 22, tzinfo=dt.UTC)))
    links.keep(changed)
    assert links.find(made.token) == changed


def test_a_new_secret_ends_the_old_one(database: Database, notebook: Notebook) -> None:
    links = CalendarLinks(database)
    first = links.renew(notebook.person_id, Feed())
    second = links.renew(notebook.person_id, first.feed)
    assert links.find(first.token) is None
    assert second.feed == first.feed
    links.keep(first)
    assert links.find(first.token) is None, "what is kept late brings nothing back"


def test_taken_back(database: Database, notebook: Notebook) -> None:
    links = CalendarLinks(database)
    made = links.renew(notebook.person_id, Feed())
    assert links.revoke(notebook.person_id)
    assert not links.revoke(notebook.person_id)
    assert links.find(made.token) is None


def test_everybody_has_their_own_and_it_goes_with_them(database: Database, notebook: Notebook) -> None:
    other = Notebook(database, "other")
    other.begin()
    links = CalendarLinks(database)
    mine, theirs = links.renew(notebook.person_id, Feed()), links.renew("other", Feed())
    assert mine.token != theirs.token
    assert mine.feed.identity != theirs.feed.identity
    links.revoke(notebook.person_id)
    assert links.find(theirs.token) == theirs
    other.end()
    assert links.find(theirs.token) is None
