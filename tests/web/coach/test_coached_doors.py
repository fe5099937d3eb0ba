"""The server's side of a coached run: what was answered is kept, nothing twice, nobody else's; then it is a session."""

import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from starlette.testclient import TestClient

from made_coached import (
    PHONE,
    RUN,
    START,
    Marks,
    Sent,
    coached,
    forward_instead,
    guide_of,
    line_parts,
    reverse,
    sha256,
    walk,
)
from neighbours import Neighbourhood, neighbourhood
from retropace.errors import RetropaceError
from retropace.log import Done
from retropace.quantities import Direction, Gait
from retropace.session import Session
from retropace.situation import situation
from retropace.store.coached_runs import LARGEST_PART_BYTES, MOST_OPEN
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.views.figures import clock
from retropace.web.app import app
from retropace.web.house import House
from retropace.web.measured import measured_on
from served import HOSTS, NOW, TODAY

if TYPE_CHECKING:
    from web.conftest import Client

SECRET = "aaaaaaaa-0000-4000-8000-00000000000b"


class Phone:
    """Sends what a phone's coach would, with the token of its page."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.client.headers["accept-encoding"] = "identity"
        told = client.get("/coach/session.json")
        self.client.headers["x-csrf"] = told.headers["x-csrf"]
        self.guide = told.json().get("guide", {})

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer: httpx2.Response = self.client.request(method, f"/coach/runs{path}", follow_redirects=False, **more)
        assert answer.headers["content-type"] == "application/json", answer.text[:200]
        return answer.status_code, answer.json()

    def begin(self, sent: Sent, run: str = RUN) -> tuple[int, Any]:
        return self.ask("POST", "", json=sent.begun(run))

    def put(self, stream: str, part: int, body: bytes, run: str = RUN, sum_of: bytes | None = None) -> tuple[int, Any]:
        headers = {"x-sha256": sha256(body if sum_of is None else sum_of), "content-type": "application/octet-stream"}
        return self.ask("PUT", f"/{run}/{stream}/{part}", content=body, headers=headers)

    def send(self, sent: Sent) -> None:
        assert self.begin(sent)[0] == 200
        for stream, part, body in sent.parts():
            assert self.put(stream, part, body) == (200, {"sha256": sha256(body)})

    def done(self, counts: dict[str, int], run: str = RUN) -> tuple[int, Any]:
        return self.ask("POST", f"/{run}/done", json={"parts": counts})

    def told(self, run: str = RUN) -> Any:
        return self.ask("GET", f"/{run}")[1]


@pytest.fixture
def phone(runner: House, client: "Client") -> Phone:
    """A phone in the house of somebody with a session today."""
    return Phone(client)


@pytest.fixture
def short() -> Sent:
    """Seconds of a run, of nearly nothing."""
    guide = {"name": "Short", "pieces": []}
    lines = [
        {"k": "position", "at_ms": START.timestamp() * 1000 + 1000 * k, "lat": 50.0, "lon": 8.0} for k in range(30)
    ]
    return Sent(
        guide, {"motion": [], "orientation": [], "lines": line_parts([*Marks(START).begin().lines, *lines], 10)}
    )


def what(answer: tuple[int, Any]) -> tuple[int, str]:
    assert set(answer[1]) == {"error"}
    assert set(answer[1]["error"]) == {"what", "where", "field", "remedy"}
    return answer[0], answer[1]["error"]["what"]


#: A minute and a half.
SHORT = Session("Short", (walk(30), reverse(20), walk(40)))

# -- a whole session ----------------------------------------------------------------------------------------------------


#: As many samples as a slow phone gives.
SLOW_PHONE = replace(PHONE, rate_hz=25.0)


def true_backward_s(sent: Sent, *gaits: Gait) -> float:
    assert sent.truth is not None
    backward = [bout for bout in sent.truth.bouts if bout.direction is Direction.BACKWARD]
    return sum(bout.duration_s for bout in backward if bout.gait in gaits)


def test_from_the_phone_to_the_log_and_the_next_session(
    phone: Phone, notebook: Notebook, recordings: Recordings
) -> None:
    """The first day as it is planned, coached, run, sent, logged: what was done stands everywhere."""
    coming = situation(notebook, TODAY).following
    sent = coached(phone.guide, device=SLOW_PHONE)
    in_all_s, run_s = true_backward_s(sent, Gait.RUN, Gait.WALK), true_backward_s(sent, Gait.RUN)
    phone.send(sent)
    status, answer = phone.done(sent.counts)
    assert status == 200
    (kept,) = recordings.all()
    assert answer["session"] == f"/sessions/{kept.id}"
    assert answer["log"] == f"/log/{TODAY}"
    minutes, seconds = re.fullmatch(r"(\d+):(\d\d) backward", answer["told"]).groups()  # type: ignore[union-attr]
    # Turning round at both ends of a repeat counts with it.
    assert 60 * int(minutes) + int(seconds) == pytest.approx(in_all_s, rel=0.15)
    assert kept.name == "coached-2026-11-22-1005.zip"
    assert kept.day == TODAY
    assert kept.session is not None
    assert kept.session.name == phone.guide["name"]
    assert recordings.digest(kept.id) is not None, "worked out at once"

    found = measured_on(notebook, recordings, TODAY)
    assert found is not None
    assert found.reverse_s == pytest.approx(run_s, rel=0.15), "at the session's own gait"
    client = phone.client
    assert clock(found.reverse_s) in client.get(answer["log"]).text
    assert f"{minutes}:{seconds}" in client.get(answer["session"]).text
    usual = {"alarm": "no", "done": "all", "effort": "4", "any.pain_during": "no", "stumbles": "0", "falls": "0"}
    assert client.submit(f"/log/{TODAY}", **usual).url.path == f"/log/{TODAY}/kept"
    (entry,) = notebook.log()
    assert (entry.done, entry.measured) == (Done.ALL, True)
    assert entry.reverse_s == found.reverse_s
    assert "Done for today." in client.get("/").text
    assert situation(notebook, TODAY).following != coming, "the plan goes on from what was done"


def test_the_file_is_kept_and_comes_in_elsewhere_as_the_same(
    phone: Phone, recordings: Recordings, tmp_path: Path
) -> None:
    sent = coached(guide_of(SHORT), device=SLOW_PHONE)
    phone.send(sent)
    phone.done(sent.counts)
    (kept,) = recordings.all()
    original = phone.client.get(f"/sessions/{kept.id}/original").content
    assert original == recordings.original(kept)
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        assert json.loads(archive.read("run.json"))["guide"] == sent.guide
    other = open_database(sqlite_url(tmp_path / "other.db"))
    Notebook(other).begin()
    with TestClient(app(House(other, secret=b"x", clock=lambda: NOW, hosts=HOSTS))) as client:
        token = client.get("/coach/session.json").headers["x-csrf"]
        files = [("files", (kept.name, original, "application/zip"))]
        assert client.post("/sessions/import", data={"csrf": token}, files=files).status_code == 200
    (there,) = Recordings(other, LOCAL).all()
    assert (there.id, there.session, there.day) == (kept.id, kept.session, kept.day)
    other.close()


def test_who_went_forward_instead_is_not_told_backward(
    phone: Phone, notebook: Notebook, recordings: Recordings
) -> None:
    sent = coached(guide_of(SHORT), forward_instead(SHORT), device=SLOW_PHONE)
    phone.send(sent)
    told = phone.done(sent.counts)[1]["told"]
    assert "backward" not in told.replace("no backward stretch", "")
    assert measured_on(notebook, recordings, TODAY) is None


# -- once and for good --------------------------------------------------------------------------------------------------


def test_everything_may_be_sent_again(phone: Phone, short: Sent, recordings: Recordings) -> None:
    for _ in range(2):
        assert phone.begin(short) == (200, {"run": RUN, "state": "open"})
        for stream, part, body in short.parts():
            assert phone.put(stream, part, body) == (200, {"sha256": sha256(body)})
    assert phone.told() == {
        "run": RUN,
        "state": "open",
        "parts": [
            {"stream": stream, "part": part, "bytes": len(body), "sha256": sha256(body)}
            for stream, part, body in short.parts()
        ],
        "session": None,
        "log": None,
    }
    first = phone.done(short.counts)
    assert first[0] == 200
    assert phone.done(short.counts) == first
    assert phone.done({}) == first
    assert len(recordings.all()) == 1
    assert phone.begin(short) == (200, {"run": RUN, "state": "done"})
    told = phone.told()
    assert (told["state"], told["session"], told["log"]) == ("done", first[1]["session"], first[1]["log"])
    assert [part["sha256"] for part in told["parts"]] == [sha256(body) for _, _, body in short.parts()]
    body = short.bodies["lines"][0]
    assert phone.put("lines", 0, body)[0] == 200
    assert what(phone.put("lines", 99, body)) == (409, "This session is finished already")


def test_a_second_try_after_a_death_between_keeping_and_telling(
    phone: Phone, short: Sent, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recording was kept, the run not marked as done: the next try finds the same bytes, and makes none twice."""
    from retropace.store.coached_runs import CoachedRuns

    phone.send(short)

    def dies(*_: object) -> None:
        raise RetropaceError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(CoachedRuns, "finish", dies)
        assert phone.done(short.counts)[0] == 400
    (kept,) = recordings.all()
    assert phone.done(short.counts)[1]["session"] == f"/sessions/{kept.id}"
    assert len(recordings.all()) == 1


def test_other_bytes_and_wrong_sums(phone: Phone, short: Sent) -> None:
    phone.begin(short)
    phone.put("lines", 0, b"one\n")
    assert what(phone.put("lines", 0, b"two\n")) == (409, "Other bytes came as lines 0 before")
    assert what(phone.put("lines", 1, b"two\n", sum_of=b"one\n")) == (400, "The part was damaged on its way")
    assert what(phone.ask("PUT", f"/{RUN}/lines/1", content=b"two\n")) == (400, "The part was damaged on its way")
    assert [part["part"] for part in phone.told()["parts"]] == [0]


@pytest.mark.parametrize(
    "path", ["/sound/0", "/motion/-1", "/motion/10000", "/motion/x", "/motion/1.5", "/motion/00000", "/motion/%D9%A3"]
)
def test_no_place_for_a_part(phone: Phone, short: Sent, path: str) -> None:
    phone.begin(short)
    headers = {"x-sha256": sha256(b"x")}
    assert what(phone.ask("PUT", f"/{RUN}{path}", content=b"x", headers=headers))[0] == 404


def test_missing_parts_are_named(phone: Phone, short: Sent, recordings: Recordings) -> None:
    phone.begin(short)
    assert len(short.bodies["lines"]) == 4
    phone.put("lines", 2, short.bodies["lines"][2])
    assert what(phone.done(short.counts)) == (409, "Not everything has arrived: lines 0, lines 1, lines 3")
    assert what(phone.done({"motion": 9}))[1].endswith("motion 4, motion 5 and 3 more")
    assert not recordings.all()
    assert phone.told()["state"] == "open"
    for counts in ({"sound": 1}, {"motion": -1}, {"motion": 99999}):
        assert what(phone.done(counts)) == (400, "These are no numbers of parts")


def test_nothing_felt_is_a_session_to_tell(phone: Phone, recordings: Recordings) -> None:
    lines = Marks(START).begin().pieces(phone.guide, 5.0).lines
    sent = Sent(phone.guide, {"motion": [], "orientation": [], "lines": line_parts(lines)})
    phone.send(sent)
    status, answer = phone.done(sent.counts)
    assert status == 200
    assert answer == {"session": None, "log": f"/log/{TODAY}", "told": "Nothing was recorded: tell it yourself."}
    assert phone.done(sent.counts) == (status, answer)
    assert not recordings.all()


def test_a_deleted_session_stays_deleted(phone: Phone, short: Sent, recordings: Recordings) -> None:
    phone.send(short)
    phone.done(short.counts)
    recordings.remove(recordings.all()[0].id)
    assert phone.done(short.counts)[1]["session"] is None
    assert phone.told()["session"] is None
    assert not recordings.all()


def test_forgotten(phone: Phone, short: Sent) -> None:
    phone.send(short)
    assert phone.ask("GET", "")[1] == {"runs": [{"run": RUN, "day": "2026-11-22", "state": "open"}]}
    assert phone.ask("DELETE", f"/{RUN}") == (200, {"forgotten": True})
    assert what(phone.ask("DELETE", f"/{RUN}")) == (404, "There is no such run")
    assert what(phone.put("lines", 0, b"x")) == (404, "There is no such run")
    assert phone.ask("GET", "")[1] == {"runs": []}


# -- what is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"run": "x"}, "run"),
        ({"run": 3}, "run"),
        ({"day": "tomorrow"}, "day"),
        ({"day": "9999-01-01"}, "day"),
        ({"began_ms": 1e300}, "began_ms"),
        ({"began_ms": -1e14}, "began_ms"),
        ({"began_ms": None}, "began_ms"),
        ({"offset_min": 5000}, "offset_min"),
        ({"offset_min": 0.5}, "offset_min"),
        ({"guide": []}, "guide"),
        ({"guide": {"a": [[[[[[[[[[[[[[]]]]]]]]]]]]]]}}, "guide"),
    ],
)
def test_what_no_phone_sends(phone: Phone, short: Sent, changes: dict[str, object], field: str) -> None:
    status, answer = phone.ask("POST", "", json=short.begun() | changes)
    assert (status, answer["error"]["field"]) == (400, field)
    assert answer["error"]["remedy"]
    assert not phone.ask("GET", "")[1]["runs"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 5000, b'{"run": NaN}'])
def test_what_is_no_json(phone: Phone, body: bytes) -> None:
    for path in ("", f"/{RUN}/done"):
        assert what(phone.ask("POST", path, content=body))[0] == 400


def test_too_much(phone: Phone, short: Sent) -> None:
    phone.begin(short)
    assert what(phone.put("motion", 0, bytes(LARGEST_PART_BYTES + 1))) == (
        413,
        "This is more than can be sent in one go",
    )
    assert phone.put("motion", 0, bytes(LARGEST_PART_BYTES))[0] == 200
    for number in range(1, MOST_OPEN):
        assert phone.begin(short, f"00000000-0000-4000-8000-{number:012}")[0] == 200
    assert what(phone.begin(short, SECRET)) == (400, "20 coached sessions are under way already")
    assert phone.begin(short)[0] == 200


@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_without_the_token_of_our_page(phone: Phone, short: Sent, token: str | None) -> None:
    phone.begin(short)
    del phone.client.headers["x-csrf"]
    headers = {} if token is None else {"x-csrf": token}
    body = {"content": b"x", "headers": headers | {"x-sha256": sha256(b"x")}}
    for method, path in (("POST", ""), ("PUT", f"/{RUN}/lines/0"), ("POST", f"/{RUN}/done"), ("DELETE", f"/{RUN}")):
        assert what(phone.ask(method, path, **body)) == (400, "This form is too old or came from elsewhere")
    assert phone.told()["parts"] == []


def test_from_another_site(phone: Phone, short: Sent) -> None:
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        answer = phone.ask("POST", "", json=short.begun(), headers=headers)
        assert what(answer) == (400, "This was sent from another site")


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


def test_nobody_touches_anybody_elses_run(where: Neighbourhood, short: Sent) -> None:
    ada, ben = (Phone(where.browser(where.somebody(name))) for name in ("ada", "ben"))
    ada.send(short)
    assert what(ben.ask("GET", f"/{RUN}")) == (404, "There is no such run")
    assert what(ben.put("lines", 0, short.bodies["lines"][0])) == (404, "There is no such run")
    assert what(ben.done(short.counts)) == (404, "There is no such run")
    assert what(ben.ask("DELETE", f"/{RUN}")) == (404, "There is no such run")
    assert ben.begin(short) == (200, {"run": RUN, "state": "open"}), "a run of one's own, whatever it is called"
    assert ben.told()["parts"] == []
    assert len(ada.told()["parts"]) == 4
    ben.client.headers["x-csrf"] = ada.client.headers["x-csrf"]
    assert what(ben.put("lines", 0, b"x")) == (400, "This form is too old or came from elsewhere")


def test_who_is_signed_out_is_told_so_in_json(where: Neighbourhood, short: Sent) -> None:
    browser = where.browser()
    for method, path in (("GET", f"/{RUN}"), ("POST", ""), ("PUT", f"/{RUN}/lines/0"), ("DELETE", f"/{RUN}")):
        answer = browser.request(method, f"/coach/runs{path}", follow_redirects=False)
        assert (answer.status_code, answer.json()["error"]["what"]) == (401, "Nobody is signed in")
        assert "www-authenticate" not in answer.headers
    token = where.somebody("ada").api_token()
    answer = browser.get("/coach/runs", headers={"authorization": f"Bearer {token}"}, follow_redirects=False)
    assert answer.status_code == 401, "a program's token opens the API and nothing else"


def test_with_the_person_goes_what_came(where: Neighbourhood, short: Sent) -> None:
    ada = where.somebody("ada")
    Phone(where.browser(ada)).send(short)
    ada.notebook.end()
    with where.house.database.transaction(write=False) as now:
        assert now.one("SELECT COUNT(*) FROM coached_part") == (0,)


def test_a_demo_persons_run_is_simulated(client: "Client") -> None:
    client.submit("/demo/enter")
    phone = Phone(client)
    lines = [
        {"k": "position", "at_ms": START.timestamp() * 1000 + 1000 * k, "lat": 50.0, "lon": 8.0} for k in range(30)
    ]
    sent = Sent({}, {"motion": [], "orientation": [], "lines": line_parts(lines)})
    phone.send(sent)
    page = client.get(phone.done(sent.counts)[1]["session"]).text
    assert "imulated" in page


# -- killed -------------------------------------------------------------------------------------------------------------


class Served:
    """The app in a program of its own, on a folder that outlives it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.folder = folder
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def start(self) -> Phone:
        command = ["-m", "retropace", "serve", "--quiet", "--folder", str(self.folder), "--port", str(self.port)]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
        self.program = subprocess.Popen([sys.executable, *command], env=env, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                return Phone(self.client)
            except httpx2.TransportError:
                assert time.monotonic() < deadline, "the server does not come up"
                time.sleep(0.1)

    def kill(self) -> None:
        self.program.send_signal(signal.SIGKILL)
        self.program.wait(30)


def test_a_server_that_is_killed_keeps_what_it_answered(tmp_path: Path, short: Sent) -> None:
    """Killed three times while parts come in; each part once, and the phone sends only what was not answered."""
    served, chance = Served(tmp_path), random.Random(5)
    lines = [line for body in short.bodies["lines"] for line in body.splitlines(keepends=True)]
    sent = Sent(short.guide, {"motion": [chance.randbytes(48 * 600) for _ in range(40)], "lines": lines})
    parts, answered = list(sent.parts()), 0
    phone = served.start()
    phone.begin(sent)
    for _ in range(3):
        killer = threading.Timer(0.05 + 0.3 * chance.random(), served.kill)
        killer.start()
        with suppress(httpx2.TransportError):
            for stream, part, body in parts[answered:]:
                assert phone.put(stream, part, body)[0] == 200
                answered += 1
        killer.join()
        phone = served.start()
        assert phone.begin(sent)[1]["state"] == "open"
        there = {(part["stream"], part["part"]): part["sha256"] for part in phone.told()["parts"]}
        known = {(stream, part): sha256(body) for stream, part, body in parts}
        assert there.items() <= known.items()
        assert {(stream, part) for stream, part, _ in parts[:answered]} <= set(there), "answered and lost"
        assert len(there) <= answered + 1
    for stream, part, body in parts[answered:]:
        phone.put(stream, part, body)
    first = phone.done(sent.counts)
    assert first[0] == 200
    served.kill()
    assert served.start().done(sent.counts) == first
    served.kill()
    served.client.close()
