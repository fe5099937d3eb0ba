"""Intake: files by form, by script and by sharing; each is answered, nothing stops the rest, and twice is once."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from made_files import FORWARD, HEADER, fit, gpx, table, zipped
from made_sessions import reverse, walk
from retropace.errors import StoreFailure
from retropace.log import Done, LogEntry
from retropace.session import Session
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

from .conftest import TODAY

if TYPE_CHECKING:
    import httpx2

    from .conftest import Client

REAL = Path(__file__).parents[2] / "../shared/data/activity-files"
Sent = list[tuple[str, bytes]]


def send(client: "Client", sent: Sent, path: str = "/sessions/import", **fields: str) -> "httpx2.Response":
    """Post files as the form does."""
    token = re.search(r'name="csrf" content="([0-9a-f]+)"', client.get("/evidence").text)
    assert token
    answer: httpx2.Response = client.post(
        path, data={"csrf": token.group(1), **fields}, files=[("files", (name, content)) for name, content in sent]
    )
    return answer


def lines(answer: "httpx2.Response") -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    *found, end = [json.loads(line) for line in answer.text.splitlines()]
    assert end == {"end": True}
    return found


def states(page: str) -> list[str]:
    return re.findall(r'data-state="(\w+)"', page)


def test_one_new_file_opens_its_session(client: "Client", recordings: Recordings) -> None:
    answer = send(client, [("run.fit", fit())])
    (kept,) = recordings.all()
    assert answer.url.path == f"/sessions/{kept.id}"
    assert "Added." in answer.text
    assert kept.name == "run.fit"
    assert kept.day.isoformat() == "2026-11-20"


def test_many_files_are_each_answered(client: "Client", recordings: Recordings) -> None:
    sent = [("a.fit", fit(1)), ("empty.fit", b""), ("b.fit", fit(2)), ("notes.txt", b"hello\n"), ("c.fit", fit(1))]
    page = send(client, sent).text
    assert states(page) == ["added", "refused", "added", "refused", "known"]
    assert "2 sessions added, 1 was here already, 2 could not be read" in page
    assert "The file is empty. Copy it from the device again." in page
    assert len(recordings.all()) == 2


def test_twice_is_once(client: "Client", recordings: Recordings) -> None:
    send(client, [("a.fit", fit(1)), ("b.fit", fit(2))])
    page = send(client, [("a.fit", fit(1)), ("b.fit", fit(2))]).text
    assert states(page) == ["known", "known"]
    assert "2 were here already" in page
    assert len(recordings.all()) == 2


def test_a_zip_with_broken_members(client: "Client", recordings: Recordings) -> None:
    broken = zipped(
        {"a.fit": fit(1), "sub/b.fit": fit(2), "empty.fit": b"", "junk.fit": b"\x0e\x10junk", "in.zip": b"PK"}
    )
    page = send(client, [("all.zip", broken)]).text
    assert sorted(states(page)) == ["added", "added", "refused", "refused", "refused"]
    assert "all.zip/sub/b.fit" in page
    assert {kept.name for kept in recordings.all()} == {"all.zip/a.fit", "all.zip/sub/b.fit"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", zipped({"a.csv": b"0" * 30_000_000})),
        ("cut.zip", zipped({"a.fit": fit(1)})[:-40]),
        ("page.fit", b"<!doctype html><html><body>Sign in</body></html>"),
        ("noise.fit", bytes(range(256)) * 40),
        ("zero.gpx", b"\0" * 5000),
        ("entity.gpx", b'<!DOCTYPE g [<!ENTITY a "aaaa">]><gpx>&a;&a;</gpx>'),
    ],
)
def test_rubbish_gets_one_sentence(name: str, content: bytes, client: "Client", recordings: Recordings) -> None:
    page = send(client, [(name, content)])
    assert page.status_code == 200
    assert states(page.text) == ["refused"]
    told = re.search(r'data-state="refused">.*?</p>\s*<p>(.*?)</p>', page.text, re.DOTALL)
    assert told is not None
    assert re.fullmatch(r"[A-Z][^<>]{10,250}\.\s*", told.group(1)), told.group(1)
    assert "Traceback" not in page.text
    assert not recordings.all()


def test_huge_and_hostile_names(client: "Client", recordings: Recordings) -> None:
    sent = [("x" * 2000 + ".fit", fit(1)), ('"><script>alert(1)</script>.fit', fit(2)), ("../../up.fit", fit(3))]
    page = send(client, sent).text
    assert states(page) == ["added"] * 3
    assert "<script>alert" not in page
    assert all(len(kept.name) <= 200 and "/" not in kept.name for kept in recordings.all())


def test_two_hundred_files(client: "Client", recordings: Recordings) -> None:
    sent = [(f"{n}.fit", fit(n % 4, FORWARD)) for n in range(100)] + [(f"{n}.csv", b"") for n in range(100)]
    found = states(send(client, sent).text)
    assert len(found) == 200
    assert found.count("added") == len(recordings.all()) == 4
    assert found.count("known") == 96


def test_nothing_chosen(client: "Client") -> None:
    page = send(client, [("", b"")]).text
    assert "<h1>No file was chosen</h1>" in page
    assert 'type="file"' in page


def test_the_same_outing_in_another_format_is_kept_and_told(client: "Client", recordings: Recordings) -> None:
    send(client, [("run.fit", fit(0, FORWARD))])
    page = send(client, [("run.gpx", gpx())]).text
    assert states(page) == ["alike"]
    old, new = sorted(recordings.all(), key=lambda kept: kept.name)
    assert f"/sessions/compare?a={old.id}&amp;b={new.id}" in page


def test_what_to_do_next_is_said(client: "Client", notebook: Notebook) -> None:
    files = [("a.fit", fit(1)), ("b.fit", fit(3))]
    assert 'class="btn go" href="/log/2026-11-19"' in send(client, files).text
    for day in (TODAY.replace(day=19), TODAY.replace(day=17)):
        notebook.keep_entry(LogEntry(day, Done.ALL))
    assert 'class="btn go" href="/log/' not in send(client, files).text


# -- the script's door --------------------------------------------------------------------------------------------------


def test_each_recording_is_a_line(client: "Client") -> None:
    answer = send(
        client, [("all.zip", zipped({"a.fit": fit(1), "b.fit": b"", "c.fit": fit(2)}))], "/sessions/import/one"
    )
    found = lines(answer)
    assert [line["state"] for line in found] == ["added", "refused", "added"]
    assert found[0]["href"].startswith("/sessions/")
    assert found[0]["log"] == "/log/2026-11-19"
    assert found[1]["href"] is None
    assert "<li class=" in found[1]["html"]
    assert answer.headers["content-encoding"] == "identity", "held back to be packed, lines would come too late"


def test_the_first_line_comes_before_the_last_file_is_read(
    client: "Client", recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that fails half way: what was told before is safe, and the end is a sentence."""
    keep = Recordings.add
    count = [0]

    def add(*given: object, **named: object) -> object:
        count[0] += 1
        if count[0] > 1:
            raise StoreFailure("The disk is full", remedy="Make room.")
        return keep(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Recordings, "add", add)
    sent = [("all.zip", zipped({"a.fit": fit(1), "b.fit": fit(2), "c.fit": fit(3)}))]
    found = lines(send(client, sent, "/sessions/import/one"))
    assert [line["state"] for line in found] == ["added", "refused"]
    assert "The disk is full. Make room." in found[1]["html"]
    assert len(recordings.all()) == 1
    monkeypatch.undo()
    assert [line["state"] for line in lines(send(client, sent, "/sessions/import/one"))] == ["known", "added", "added"]


def test_a_folder_of_a_sensor_app_is_one_session(client: "Client", recordings: Recordings) -> None:
    from retropace.readers.archive import unzipped
    from retropace.simulate import Place, Runner, simulate
    from retropace.simulate.demo import DEMO_PHONE
    from retropace.writers.sensor_logger import archive_bytes

    short = Session("Two repeats", (walk(60), reverse(20), walk(60), reverse(20)))
    felt, _ = simulate(short, Runner(), Place(), DEMO_PHONE, 3)
    members = unzipped("x.zip", archive_bytes(felt)).members
    sent = [(f"My Run/{path}", load()) for path, load in members.items()]
    assert len(sent) > 2
    for state in ("added", "known"):
        assert [line["state"] for line in lines(send(client, sent, "/sessions/import/one"))] == [state]
    assert [kept.name for kept in recordings.all()] == ["My Run.zip"]


# -- who may send -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sessions/import", "/sessions/import/one"])
def test_a_form_needs_its_token(path: str, client: "Client", recordings: Recordings) -> None:
    for headers in ({}, {"sec-fetch-site": "none"}, {"x-csrf": "f" * 64}):
        answer = client.post(path, files=[("files", ("a.fit", fit(1)))], headers=headers)
        assert answer.status_code == 400
        assert "too old or came from elsewhere" in answer.text
    assert not recordings.all()


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_another_app_shares_a_file(site: str, client: "Client", recordings: Recordings) -> None:
    answer = client.post(
        "/sessions/share",
        data={"title": "A run"},
        files=[("files", ("run.fit", fit(1)))],
        headers={"sec-fetch-site": site},
    )
    assert answer.status_code == 200
    assert answer.url.path == f"/sessions/{recordings.all()[0].id}"


@pytest.mark.parametrize("site", ["cross-site", "same-site", None, "None", ""])
def test_no_other_site_shares_a_file(site: str | None, client: "Client", recordings: Recordings) -> None:
    headers = {} if site is None else {"sec-fetch-site": site}
    answer = client.post("/sessions/share", files=[("files", ("run.fit", fit(1)))], headers=headers)
    assert answer.status_code == 400
    assert not recordings.all()


def test_the_manifest_names_the_door(client: "Client") -> None:
    where = re.search(r'rel="manifest" href="([^"]+)"', client.get("/sessions").text)
    assert where
    answer = client.get(where.group(1))
    assert answer.headers["content-type"] == "application/manifest+json"
    target = json.loads(answer.text)["share_target"]
    assert (target["action"], target["method"]) == ("/sessions/share", "POST")
    assert target["params"]["files"][0]["name"] == "files"
    icon = json.loads(answer.text)["icons"][0]["src"]
    assert client.get(where.group(1).rpartition("/")[0] + "/" + icon).status_code == 200


# -- tables somebody has to explain -------------------------------------------------------------------------------------


def said(**columns: str) -> dict[str, str]:
    return {"header": json.dumps(list(HEADER)), "rate_hz": "", **columns}


def test_a_table_is_asked_about_and_read(client: "Client", recordings: Recordings) -> None:
    page = send(client, [("trip.csv", table())]).text
    assert states(page) == ["columns"]
    assert "Say which column is what" in page
    assert "9.4 · 9.5 · 9.6" in page
    answer = send(
        client, [("trip.csv", table())], **said(c0="time|ms", c1="speed_mps|km/h", c2="heart_rate_bpm|beats/min")
    )
    (kept,) = recordings.all()
    assert answer.url.path == f"/sessions/{kept.id}"
    assert kept.column_map is not None
    assert kept.duration_s == pytest.approx(239)
    assert [line["state"] for line in lines(send(client, [("next.csv", table(200))], "/sessions/import/one"))] == [
        "added"
    ]


def test_what_is_said_wrongly_is_shown_again(client: "Client", recordings: Recordings) -> None:
    answer = send(client, [("trip.csv", table())], **said(c0="time|ms", c1="speed_mps|km/h", c2="speed_mps|m/s"))
    assert states(answer.text) == ["columns"]
    assert "Two columns are said to be the same thing." in answer.text
    assert '<option value="speed_mps|km/h" selected>' in answer.text
    assert not recordings.all()


def test_a_wrong_word_can_be_changed_later(client: "Client", recordings: Recordings) -> None:
    send(client, [("trip.csv", table())], **said(c0="time|s", c1="speed_mps|km/h"))
    (kept,) = recordings.all()
    assert kept.duration_s == pytest.approx(239_000)
    page = client.get(f"/sessions/{kept.id}/file").text
    assert '<option value="time|s" selected>' in page
    answer = client.submit(f"/sessions/{kept.id}/columns", **said(c0="time|ms", c1="speed_mps|km/h"))
    assert "It is read that way now." in answer.text
    assert recordings.get(kept.id).duration_s == pytest.approx(239)
    refused = client.submit(f"/sessions/{kept.id}/columns", **said(c0="time|ms"))
    assert refused.status_code == 400
    assert "No column is said to be a measurement." in refused.text
    assert recordings.get(kept.id).duration_s == pytest.approx(239)


# -- other people's files -----------------------------------------------------------------------------------------------


def some_real_files() -> list[Path]:
    """Every third of all; `validation/activity_files.py` and the readers' tests go through every one."""
    return sorted(path for path in REAL.rglob("*") if path.is_file())[::3]


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/activity-files is not here")
def test_real_files_get_a_session_or_a_sentence(client: "Client", recordings: Recordings) -> None:
    for path in some_real_files():
        for line in lines(send(client, [(path.name, path.read_bytes())], "/sessions/import/one")):
            assert line["state"] in ("added", "alike", "refused", "columns"), path.name
            assert bool(line["href"]) is (line["state"] in ("added", "alike")), path.name
    assert len(recordings.all()) > 10
    assert client.get("/sessions").status_code == 200
    assert client.get("/sessions?page=2").status_code == 200
