"""Two people in one house never see each other's anything: every door, one by one, as a list that grows by itself."""

import datetime as dt
import io
import re
from collections.abc import Iterator

import httpx2
import pytest
from pypdf import PdfReader
from starlette.datastructures import FormData
from starlette.requests import Request

from browsing import Browser
from every_door import filled
from neighbours import NOW, RUN, TODAY, Neighbourhood, Somebody, neighbourhood
from retropace.errors import StoreFailure
from retropace.situation import situation
from retropace.store.api_tokens import ApiTokens
from retropace.store.coached_runs import CoachedRuns
from retropace.store.sharing import SHARES, Sharing
from retropace.store.sign_ins import SignIns
from retropace.web.app import doors
from retropace.web.doors import Door, Needs
from retropace.web.failure import refusal
from retropace.web.identity import UNSAFE
from retropace.web.visit import Visit

DOORS = doors()


def ids(door: Door) -> str:
    return f"{door.methods[0]} {door.path}"


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path_factory.mktemp("neighbours"), sign_up=True) as made:
        yield made


@pytest.fixture(scope="module")
def ada(where: Neighbourhood) -> Somebody:
    made = where.somebody("ada")
    made.live()
    return made


@pytest.fixture(scope="module")
def ben(where: Neighbourhood) -> Somebody:
    made = where.somebody("ben")
    made.live()
    return made


@pytest.fixture(scope="module")
def coach(where: Neighbourhood, ada: Somebody) -> Somebody:
    """Ada shares everything with the coach, Ben nothing."""
    made = where.somebody("coach")
    ada.share(made)
    return made


@pytest.fixture(scope="module")
def of_ada(where: Neighbourhood, ada: Somebody, coach: Somebody) -> dict[str, str]:
    """What stands in addresses, from Ada's data. A new door's parameter belongs here, or its test fails."""
    database = where.house.database
    kept = ada.recordings.all()[0]
    return {
        "recording": kept.id,
        "id": kept.id,
        "day": (TODAY - dt.timedelta(days=2)).isoformat(),
        "plan/day": next_session(ada).isoformat(),
        "way": "plan",
        "test": "backward_walk_3m",
        "exercise": "calf_raise",
        "sign_in": SignIns(database).of(ada.person_id, NOW)[0].id if SignIns(database).of(ada.person_id, NOW) else "x",
        "token": ApiTokens(database).of(ada.person_id)[0].id,
        "invitation": Sharing(database).invitations(ada.person_id, NOW)[0].id,
        "viewer": coach.person_id,
        "owner": ada.person_id,
        "code": "no-code-that-was-ever-made",
        "name": "x",
        "format": "markdown",
        "key": "x",
        "link": "x",
        "run": RUN,
        "stream": "motion",
        "part": "0",
    }


def next_session(person: Somebody) -> dt.date:
    weeks = situation(person.notebook, TODAY).programme.weeks
    return next(day.date for week in weeks for day in week.days if day.date > TODAY and day.session is not None)


def asked(browser: Browser, door: Door, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Every method of a door, with a good token where it posts; the last status, and everything that was answered."""
    status, told = 0, ""
    for method in door.methods:
        if method in UNSAFE and door.most_body_bytes:
            sent = {"content-type": "application/json"} | _own_token(browser, door) | (headers or {})
            answer = browser.request(method, path, content=b"{}", headers=sent)
        elif method in UNSAFE:
            answer = browser.request(method, path, data={"csrf": browser.token()}, headers=headers)
        else:
            answer = browser.request(method, path, headers=headers)
        status, told = answer.status_code, told + str(answer.headers) + words_of(answer)
    return status, told


def _own_token(browser: Browser, door: Door) -> dict[str, str]:
    """What our own scripts send with a body; programs have a token of another kind."""
    return {} if door.path.startswith("/api/") else {"x-csrf": browser.token()}


def words_of(answer: httpx2.Response) -> str:
    """What was answered as text; a PDF's words are packed."""
    if answer.headers.get("content-type") == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return str(answer.content.decode("latin-1"))


def unharmed(person: Somebody) -> tuple[object, ...]:
    """Everything kept of somebody that another could change."""
    notebook, database = person.notebook, person.where.house.database
    return (
        notebook.settings(),
        notebook.person(),
        notebook.screenings(),
        notebook.unfinished(),
        notebook.wanted(),
        notebook.log(),
        notebook.exercises_done(),
        person.recordings.all(),
        [person.recordings.corrections(kept.id) for kept in person.recordings.all()],
        person.account,
        ApiTokens(database).of(person.person_id),
        CoachedRuns(database, person.person_id).all(),
        CoachedRuns(database, person.person_id).manifest(RUN),
        Sharing(database).invitations(person.person_id, NOW),
        Sharing(database).viewers(person.person_id),
        SignIns(database).of(person.person_id, NOW),
    )


@pytest.mark.parametrize("door", DOORS, ids=ids)
def test_one_never_sees_or_changes_the_others(
    where: Neighbourhood, ada: Somebody, of_ada: dict[str, str], door: Door
) -> None:
    """Each door is knocked at by somebody new with the other one's addresses: as themselves, by token, and as nobody."""
    path = filled(door.path, of_ada)
    before = unharmed(ada)
    stranger = where.somebody(f"stranger{DOORS.index(door)}")
    for browser, headers in (
        (where.browser(stranger), None),
        (where.browser(), {"authorization": f"Bearer {stranger.api_token()}"}),
        (where.browser(), None),
    ):
        _, told = asked(browser, door, path, headers)
        assert not [mark for mark in ada.marks() if mark in told]
    assert unharmed(ada) == before


@pytest.mark.parametrize("door", [d for d in DOORS if "GET" in d.methods], ids=ids)
def test_with_somebody_needs_their_word(
    where: Neighbourhood, ada: Somebody, ben: Somebody, coach: Somebody, of_ada: dict[str, str], door: Door
) -> None:
    """What is not shared under /with answers as for a person who does not exist; what is shared changes nothing."""
    path, visitor = filled(door.path, of_ada), where.browser(coach)
    nobody = visitor.get(f"/with/no-such-person{path}")
    assert nobody.status_code == 404
    refused = visitor.get(f"/with/{ben.person_id}{path}")
    assert (refused.status_code, plain(refused.text)) == (404, plain(nobody.text))
    answer = visitor.get(f"/with/{ada.person_id}{path}")
    if door.shares is None:
        assert answer.status_code in (400, 404), "it may look like a day or a recording that there is not"
        assert not [mark for mark in ada.marks()[1:] if mark in answer.text]
    else:
        assert answer.status_code == 200, path
        assert where.browser().get(f"/with/{ada.person_id}{path}").url.path == "/sign-in"
    own = where.browser(ada).get(f"/with/{ada.person_id}{path}")
    assert own.status_code == 404, "nobody is their own guest"


def plain(html: str) -> str:
    """A page without its token and its people."""
    return re.sub(r"[0-9a-f]{64}", "", html)


@pytest.mark.parametrize("share", SHARES)
def test_each_share_opens_its_own_doors_only(
    where: Neighbourhood, ada: Somebody, of_ada: dict[str, str], share: str
) -> None:
    viewer = where.somebody(f"viewer-of-{share}")
    ada.share(viewer, share)
    browser = where.browser(viewer)
    for door in DOORS:
        if door.shares is not None and door.methods == ("GET",):
            status = browser.get(f"/with/{ada.person_id}{filled(door.path, of_ada)}").status_code
            assert status == (200 if door.shares == share else 404), door.path


@pytest.mark.parametrize("door", [d for d in DOORS if d.shares and d.methods == ("GET",)], ids=ids)
def test_what_is_shared_holds_no_position_note_or_original(
    where: Neighbourhood, ada: Somebody, coach: Somebody, of_ada: dict[str, str], door: Door
) -> None:
    told = asked(where.browser(coach), door, f"/with/{ada.person_id}{filled(door.path, of_ada)}")[1]
    assert not re.findall(r"\b50\.0\d{2,}|\b8\.0{3,}\d|latitude_deg|longitude_deg|61\.875|1\.7125", told)
    if door.shares != "log":
        assert "adaNote" not in told
    assert "/original" not in told


@pytest.mark.parametrize("door", [d for d in DOORS if set(d.methods) & UNSAFE], ids=ids)
def test_nothing_is_changed_without_a_form_of_ours(
    where: Neighbourhood, ada: Somebody, ben: Somebody, of_ada: dict[str, str], door: Door
) -> None:
    """No token, somebody else's token, a cookie at the API: refused before anything is done."""
    path, before = filled(door.path, of_ada), unharmed(ada)
    method = next(iter(set(door.methods) & UNSAFE))
    browser, foreign = where.browser(ada), where.browser(ben).token()
    for form in ({}, {"csrf": foreign}, {"csrf": ""}):
        if door.path.startswith("/api/"):
            answer = browser.request(method, path, content=b"{}", headers={"content-type": "application/json"})
            assert answer.status_code == 401, "a cookie is no token"
        elif door.most_body_bytes:
            sent = {"content-type": "application/json"} | ({"x-csrf": form["csrf"]} if form else {})
            assert browser.request(method, path, content=b"{}", headers=sent).status_code == 400
        else:
            answer = browser.request(method, path, data=form, follow_redirects=False)
            assert answer.status_code == 400
    with_post = browser.request(method, f"/with/{ada.person_id}{path}", data={"csrf": browser.token()})
    assert with_post.status_code in (404, 405)
    signed_in = SignIns(where.house.database).of(ada.person_id, NOW)
    assert unharmed(ada)[:-1] == before[:-1]
    assert signed_in


@pytest.mark.parametrize("door", [d for d in DOORS if d.path.startswith("/api/")], ids=ids)
def test_a_token_that_reads_changes_nothing(
    where: Neighbourhood, ada: Somebody, of_ada: dict[str, str], door: Door
) -> None:
    path, before = filled(door.path, of_ada), unharmed(ada)
    reads = {"authorization": f"Bearer {ada.api_token(may_write=False)}"}
    browser = where.browser()
    status, told = asked(browser, door, path, reads)
    if set(door.methods) & UNSAFE:
        assert status == 403
        assert '"what":"This token may only read"' in told
        assert unharmed(ada)[:10] == before[:10]
    else:
        assert status in (200, 404)
    if door.needs is Needs.OWNER:
        status, told = asked(browser, door, path, {"authorization": "Bearer retropace_nobody"})
        assert status == 401
        assert '"what":"This token is nobody\'s"' in told
        assert asked(browser, door, path)[0] == 401


def test_the_marks_are_seen_by_their_owner(where: Neighbourhood, ada: Somebody, of_ada: dict[str, str]) -> None:
    """Else all of the above would prove nothing."""
    browser, bearer = where.browser(ada), {"authorization": f"Bearer {ada.api_token()}"}
    shown = [door for door in DOORS if door.methods == ("GET",) and "export.zip" not in door.path]
    told = "".join(asked(browser, door, filled(door.path, of_ada), bearer)[1] for door in shown)
    assert not [mark for mark in ada.marks() if mark not in told]


def test_a_token_opens_the_api_and_nothing_else(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser()
    bearer = {"authorization": f"Bearer {ada.api_token()}"}
    assert "adaNote" in browser.get("/api/v1/log", headers=bearer).text
    assert browser.get("/settings", headers=bearer).url.path == "/sign-in"
    tokens = ApiTokens(where.house.database)
    for token in tokens.of(ada.person_id):
        tokens.remove(ada.person_id, token.id)
    answer = browser.get("/api/v1/log", headers=bearer)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_where_the_database_is_belongs_to_whoever_runs_the_server(where: Neighbourhood) -> None:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    visit = Visit(request, where.house, "", "", FormData(), "")
    name = where.house.database.name
    answer = refusal(visit, StoreFailure("The disk is full", file=name, remedy="Make room."))
    assert answer.status_code == 503
    assert name.encode() not in answer.body
