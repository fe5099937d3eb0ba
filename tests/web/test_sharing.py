"""Sharing from invitation to end: one link, one taker, what was chosen, stopped at once, every look written down."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from browsing import Browser
from made_kept import doubtful_run, keep
from neighbours import NOW, Neighbourhood, Somebody, neighbourhood
from retropace.log import Done, LogEntry, Part, Side
from retropace.store.audit import Audit
from retropace.store.sharing import Sharing
from retropace.web.pages.sharing import page_words


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


@pytest.fixture
def ada(where: Neighbourhood) -> Somebody:
    made = where.somebody("ada")
    made.live()
    return made


@pytest.fixture
def coach(where: Neighbourhood) -> Somebody:
    return where.somebody("coach@example.org")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def invite(browser: Browser, *shares: str, name: str = "Dr. Kim", days: str = "7") -> str:
    """Make a link; its path."""
    page = browser.submit("/sharing/invite", name=name, shares=list(shares), days=days)
    assert page.status_code == 200, words(page.text)
    found = re.search(r'value="http://testserver(/invited/[\w-]+)"', page.text)
    assert found
    assert 'class="qr"' in page.text
    return found[1]


def test_from_the_link_to_the_end(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    owner, viewer = where.browser(ada), where.browser(coach)
    link = invite(owner, "plan", "sessions")
    assert link.rpartition("/")[2] not in owner.get("/sharing").text, "it was shown once"
    offered = words(viewer.get(link).text)
    assert "adaName wants to show you" in offered
    assert "Screening" not in offered
    viewer.submit(f"{link}/accept")
    assert "adaName" in viewer.get("/people").text
    assert viewer.get("/with/ada-id/plan").status_code == 200
    assert viewer.get("/with/ada-id/log/all").status_code == 404
    mine = words(owner.get("/sharing").text)
    assert "Dr. Kim" in mine
    assert "coach@example.org" in mine
    assert "Looked last today 09:00" in mine
    owner.submit(f"/sharing/with/{coach.person_id}", shares=["log"])
    assert viewer.get("/with/ada-id/plan").status_code == 404
    assert viewer.get("/with/ada-id/log/all").status_code == 200
    owner.submit(f"/sharing/with/{coach.person_id}/stop")
    assert viewer.get("/with/ada-id/log/all").status_code == 404
    assert "adaName" not in viewer.get("/people").text


def test_a_link_works_once_and_not_for_ever(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    owner = where.browser(ada)
    link, late, back = (
        invite(owner, "plan"),
        invite(owner, "plan", days="1"),
        invite(owner, "plan", name="Somebody else"),
    )
    where.browser(coach).submit(f"{link}/accept")
    third = where.browser(where.somebody("third"))
    assert third.get(link).status_code == 404
    assert third.submit(f"{link}/accept").status_code == 404
    taken_back = next(one for one in Sharing(where.house.database).invitations("ada-id", NOW) if one.name[0] == "S")
    owner.submit(f"/sharing/invitations/{taken_back.id}/withdraw")
    assert third.submit(f"{back}/accept").status_code == 404
    where.clock.wait(days=1)
    answer = third.submit(f"{late}/accept")
    assert answer.status_code == 404
    assert "This invitation is not open any more." in answer.text
    assert third.get("/with/ada-id/plan").status_code == 404


def test_declined_and_left(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    owner, viewer = where.browser(ada), where.browser(coach)
    link = invite(owner, "plan")
    viewer.submit(f"{link}/decline")
    assert viewer.submit(f"{link}/accept").status_code == 404
    viewer.submit(f"{invite(owner, 'plan')}/accept")
    viewer.submit("/people/ada-id/leave")
    assert viewer.get("/with/ada-id/plan").status_code == 404
    assert "Nobody sees anything of yours" in owner.get("/sharing").text


def test_signing_in_goes_on_to_the_invitation(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    link = invite(where.browser(ada), "plan")
    assert where.browser().get(link).url.params["next"] == link


@pytest.mark.parametrize(
    ("form", "said"),
    [({"name": "", "shares": ["plan"]}, "The invitation has no name"), ({"name": "Kim"}, "Nothing is chosen"),
     ({"name": "Kim", "shares": ["plan", "everything"]}, "Nothing is chosen"),
     ({"name": "Kim", "shares": ["plan"], "days": "3650"}, "is not one of the answers")],
)  # fmt: skip
def test_what_is_no_invitation(where: Neighbourhood, ada: Somebody, form: dict[str, object], said: str) -> None:
    answer = where.browser(ada).submit("/sharing/invite", **form)
    assert answer.status_code == 400
    assert said in answer.text


def test_nobody_accepts_their_own(where: Neighbourhood, ada: Somebody) -> None:
    owner = where.browser(ada)
    link = invite(owner, "plan")
    assert "your own invitation" in owner.get(link).text
    assert owner.submit(f"{link}/accept").status_code == 400
    assert where.browser(where.somebody("eve")).get(link).status_code == 200, "it is still open"


def test_every_look_is_written_down(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    ada.share(coach, called="Kim, physio")
    kept = ada.recordings.all()[0].id
    viewer = where.browser(coach)
    for path in ("/plan", f"/sessions/{kept}", f"/sessions/{kept}/part", f"/sessions/{kept}/report.html", "/plan"):
        assert viewer.get(f"/with/ada-id{path}").status_code == 200
    viewer.get("/with/ada-id/sessions/no-such-one")
    viewer.get("/people")
    looks = {look.page: look for look in Audit(where.house.database).looks("ada-id")}
    assert looks.keys() == {"/plan", f"/sessions/{kept}", f"/sessions/{kept}/report.html", "/people"}
    assert looks["/plan"].times == 2
    where.clock.wait(days=1)
    viewer.get("/with/ada-id/plan")
    page = words(where.browser(ada).get("/sharing/looks").text)
    assert "Mon 23 Nov Plan Kim, physio 09:00 Sun 22 Nov" in page
    assert f"Sessions: {kept}/report.html" in page
    assert "Kim" not in where.browser(coach).get("/sharing/looks").text


def test_a_page_in_words() -> None:
    assert [page_words(path) for path in ("/log/all", "/", "/elsewhere", "/people")] == [
        "Log",
        "Today",
        "/elsewhere",
        "Their list of people",
    ]


def test_pages_with_somebody_lead_on_with_them(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    """Every link of a shared page that is about the other one stays there, opens, and no form is offered."""
    ada.share(coach)
    viewer = where.browser(coach)
    kept = ada.recordings.all()[0].id
    for path in ("/", "/plan", "/sessions", f"/sessions/{kept}", "/log/all", "/progress", "/welcome/result"):
        page = viewer.get(f"/with/ada-id{path}")
        assert page.status_code == 200, path
        assert "You look at <b>adaName</b>’s pages. They see that you did." in page.text
        assert 'method="post"' not in page.text, path
        for link in set(re.findall(r'href="(/[^"#]*)', page.text)):
            assert viewer.get(link.replace("&amp;", "&")).status_code == 200, (path, link)


# -- home stays hidden ----------------------------------------------------------------------------------------------------


def test_the_track_of_somebody_else_is_hidden_round_home(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    kept = keep(ada.recordings, doubtful_run())
    ada.share(coach, "sessions")
    channels = doubtful_run().track.channels
    degrees = [channels["latitude_deg"], channels["longitude_deg"]]
    positions = {f"{value:.4f}" for column in degrees for value in column if np.isfinite(value)}
    assert len(positions) > 4
    own = where.browser(ada).get(f"/sessions/{kept.id}").text
    shared = where.browser(coach).get(f"/with/ada-id/sessions/{kept.id}").text
    ada.notebook.keep_settings(replace(ada.notebook.settings(), home=None))
    ends = where.browser(coach).get(f"/with/ada-id/sessions/{kept.id}").text
    ada.notebook.keep_settings(replace(ada.notebook.settings(), home=None, hide_radius_m=0.0))
    open_to_all = where.browser(coach).get(f"/with/ada-id/sessions/{kept.id}").text
    assert track(own) == track(open_to_all) != ""
    assert track(ends) != track(own)
    assert "hidden" in words(ends)
    assert "Only you see all of it" in own
    for html in (shared, ends, open_to_all):
        assert "latitude" not in html
        assert not [position for position in positions if position in html], "no exact position anywhere"


def track(html: str) -> str:
    found = re.search(r'<svg[^>]*class="[^"]*track.*?</svg>', html, re.DOTALL)
    return found[0] if found else ""


# -- who needs an eye -----------------------------------------------------------------------------------------------------


def test_who_needs_an_eye_comes_first_and_only_for_what_is_shared(where: Neighbourhood, coach: Somebody) -> None:
    for login, shares in (
        ("fine", ("log", "plan")),
        ("sore", ("log",)),
        ("secret", ("sessions",)),
        ("new", ("screening",)),
    ):
        person = where.somebody(login)
        if login != "new":
            person.live()
        person.share(coach, *shares)
        entry = LogEntry(NOW.date() - dt.timedelta(days=1), Done.ALL, 4.0, {(Part.KNEE, Side.LEFT): 4.0})
        if login in ("sore", "secret"):
            person.notebook.keep_entry(entry)
    page = words(where.browser(coach).get("/people").text)
    assert "2 people need you today" in page
    order = [page.index(name) for name in ("soreName", "new", "fineName", "secretName")]
    assert order == sorted(order)
    assert "Pain: left knee 4 of 10, told of Sat 21 Nov" in page
    assert page.count("Pain") == 1, "what is not shared is not told"
    assert "Not screened yet" in page


def test_the_list_changes_with_what_is_told(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    ada.share(coach)
    viewer = where.browser(coach)
    assert "Nobody needs you today" in viewer.get("/people").text
    entry = LogEntry(NOW.date(), Done.PARTLY, 5.0, red_flags=("palpitations",))
    ada.notebook.keep_entry(entry)
    page = words(viewer.get("/people").text)
    assert "1 person needs you today" in page
    assert "since Sun 22 Nov" in page
    ada.notebook.remove_entry(NOW.date())
    assert "Nobody needs you today" in viewer.get("/people").text
    where.clock.wait(days=7)
    assert "Nothing told since Fri 20 Nov" in words(viewer.get("/people").text)


def test_one_record_that_cannot_be_read_hides_nobody(where: Neighbourhood, ada: Somebody, coach: Somebody) -> None:
    ben = where.somebody("ben")
    ben.live()
    for person in (ada, ben):
        person.share(coach)
    with where.house.database.transaction() as store:
        store.run("UPDATE log_entry SET record = 'rubbish' WHERE person = 'ada-id'")
    page = words(where.browser(coach).get("/people").text)
    assert "Something they told cannot be read any more" in page
    assert "benName" in page
