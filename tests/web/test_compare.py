"""Compare: which two, what is told of both, and one outing in two files."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from made_files import FORWARD, backward_run, fit, gpx
from retropace.intake import intake
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings

from .conftest import TODAY

if TYPE_CHECKING:
    from .conftest import Client


@pytest.fixture
def bring(notebook: Notebook, recordings: Recordings) -> Callable[..., Kept]:
    """Takes in a made file."""

    def brought(content: bytes, name: str = "run.fit") -> Kept:
        (outcome,) = intake(notebook, recordings, name, content, TODAY)
        assert outcome.kept is not None
        return outcome.kept

    return brought


def test_the_earlier_one_stands_first_whatever_the_order(client: "Client", bring: Callable[..., Kept]) -> None:
    newer, older = bring(fit(1, backward_run(8))), bring(fit(8, backward_run(4)))
    page = ""
    for query in (f"a={newer.id}&b={older.id}", f"s={older.id}&s={newer.id}", f"first={newer.id}&second={older.id}"):
        page = client.get(f"/sessions/compare?{query}").text
        assert "<h1>1:20 more backward the second time; no difference in speed can be told.</h1>" in page
        assert page.index("Thu 12 Nov") < page.index("Thu 19 Nov")
        assert page.count('aria-label="Both sessions on one scale') == 2, "in two widths"
    assert page.count("1:20 more") == 2
    assert "none can be told" in page


def test_every_pattern_and_mark_has_a_name_of_its_own(client: "Client", bring: Callable[..., Kept]) -> None:
    newer, older = bring(fit(1, backward_run(8))), bring(fit(8, backward_run(4)))
    page = client.get(f"/sessions/compare?a={newer.id}&b={older.id}").text
    named = re.findall(r' id="([^"]+)"', page)
    assert len(named) == len(set(named))
    for reference in set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', page)):
        assert next(filter(None, reference)) in named


def test_with_one_the_other_is_offered_the_like_first(client: "Client", bring: Callable[..., Kept]) -> None:
    one = bring(fit(0, backward_run(6)))
    like, much_more, forward = bring(fit(3, backward_run(5))), bring(fit(5, backward_run(15))), bring(fit(7, FORWARD))
    page = client.get(f"/sessions/compare?a={one.id}").text
    assert "<h1>Compare it with which one?</h1>" in page
    offered = re.findall(rf"compare\?a={one.id}&amp;b=(\w+)", page)
    assert offered == [like.id, much_more.id, forward.id]
    assert page.index('id="like"') < page.index(f"b={like.id}") < page.index('id="others"') < page.index(much_more.id)


def test_the_last_like_it_can_be_asked_for(client: "Client", bring: Callable[..., Kept]) -> None:
    one = bring(fit(0, backward_run(6)))
    bring(fit(9, backward_run(6, 21)))
    last = bring(fit(4, backward_run(5)))
    page = client.get(f"/sessions/compare?a={one.id}&b=last").text
    assert f'href="/sessions/{last.id}"' in page
    assert "Mon 16 Nov" in page
    page = client.get(f"/sessions/compare?a={last.id}&b=last").text
    assert "Wed 11 Nov" in page
    assert "Mon 16 Nov" in page


def test_nothing_like_it_is_said(client: "Client", bring: Callable[..., Kept]) -> None:
    one = bring(fit(0, backward_run(6)))
    bring(fit(4, FORWARD))
    assert "None before it is like it" in client.get(f"/sessions/compare?a={one.id}&b=last").text


def test_none_chosen_too_many_and_too_few(client: "Client", bring: Callable[..., Kept]) -> None:
    assert "Two sessions are needed to compare" in client.get("/sessions/compare").text
    kept = [bring(fit(days_ago, FORWARD)) for days_ago in range(3)]
    assert "<h1>Choose two sessions to compare</h1>" in client.get("/sessions/compare?a=nonsense").text
    page = client.get("/sessions/compare?" + "&".join(f"s={one.id}" for one in kept)).text
    assert "Two at a time: choose again." in page
    assert page.count('type="checkbox"') == 3


def test_one_outing_in_two_files_keep_one(client: "Client", bring: Callable[..., Kept], recordings: Recordings) -> None:
    first, second = bring(fit(0, FORWARD)), bring(gpx(), "run.gpx")
    page = client.get(f"/sessions/compare?a={first.id}&b={second.id}").text
    assert "These two look like one outing" in page
    assert "position, heart rate, cadence" in page
    keep_fit = re.search(r'href="(/sessions/\w+/delete)">Keep only FIT', page)
    assert keep_fit is not None
    assert keep_fit.group(1) == f"/sessions/{second.id}/delete"
    client.submit(keep_fit.group(1))
    assert [kept.id for kept in recordings.all()] == [first.id]


def test_where_one_is_unknown_it_says_so(client: "Client", bring: Callable[..., Kept]) -> None:
    known, unknown = bring(fit(0, backward_run(6))), bring(gpx(4), "run.gpx")
    page = client.get(f"/sessions/compare?a={known.id}&b={unknown.id}").text
    assert "<h1>How long you went backward cannot be compared.</h1>" in page
    assert "nothing in the file saw which way you faced." in page
