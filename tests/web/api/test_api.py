"""The JSON API: described, strict about what it takes, the same functions as the app."""

import datetime as dt
import json
from typing import Any

from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from retropace.demo_person import BODY, PLACE
from retropace.simulate.demo import demo
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.web.api.description import description
from retropace.web.api.operations import OPERATIONS
from retropace.writers.fit import activity_bytes

TODAY = dt.date(2026, 11, 22)
JSON = {"content-type": "application/json"}
FILE = {"content-type": "application/octet-stream"}


def send(client: TestClient, method: str, path: str, body: Any = None) -> Any:
    answer = client.request(method, "/api/v1" + path, content=json.dumps(body), headers=JSON)
    return answer.status_code, answer.json()


def test_the_description_names_every_operation() -> None:
    told = description()
    named = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert named == {(o.method, "/api/v1" + o.path) for o in OPERATIONS}
    keys = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(set(keys)) == len(keys)


def test_answers_fit_their_description(client: TestClient, lived: Notebook, recordings: Recordings) -> None:
    told = description()
    newest = recordings.all()[0].id
    day = lived.log()[0].day.isoformat()
    for operation in (o for o in OPERATIONS if o.method == "GET" and o.gives is not bytes):
        path = "/api/v1" + operation.path.replace("{id}", newest).replace("{day}", day)
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        described = told["paths"]["/api/v1" + operation.path]["get"]["responses"]["200"]["content"]["application/json"]
        Draft202012Validator({**described["schema"], "components": told["components"]}).validate(answer.json())


def test_a_file_comes_in_once(client: TestClient, recordings: Recordings) -> None:
    content = activity_bytes(demo()[0])
    first, second = (
        client.post("/api/v1/sessions?name=run.fit", content=content, headers=FILE).json()[0] for _ in range(2)
    )
    assert (first["new"], second["new"]) == (True, False)
    assert first["id"] == second["id"]
    assert client.get(f"/api/v1/sessions/{first['id']}/original").content == content
    assert client.request("DELETE", f"/api/v1/sessions/{first['id']}").json() == {"done": True}
    assert not recordings.all()


def test_rubbish_is_answered_in_the_one_shape(client: TestClient) -> None:
    brought = client.post("/api/v1/sessions", content=b"rubbish", headers=FILE).json()
    assert brought[0]["id"] is None
    assert brought[0]["error"]["what"]
    status, told = send(client, "PUT", "/body", {"mass_kg": -3})
    assert (status, told["error"]["field"]) == (400, "mass_kg")
    status, told = send(client, "PUT", "/body", {"mass_kg": "heavy"})
    assert (status, told["error"]["field"]) == (400, "mass_kg")
    status, told = send(client, "GET", "/nothing")
    assert (status, set(told["error"])) == (404, {"what", "where", "field", "remedy"})


def test_from_screening_to_the_next_session(client: TestClient) -> None:
    answers: dict[str, Any] = {
        "day": TODAY.isoformat(),
        "age_years": BODY.age_years,
        "sex": "female",
        "health": {},
        "tests": {},
    }
    place = {"surface": PLACE.surface, "clear_length_m": 80, "clear_width_m": 5, "slope": 0.0, "watcher": "spotter"}
    status, told = send(client, "POST", "/screenings", {"answers": answers, "place": place})
    assert status == 200
    assert told["clearance"]["level"] in {"run", "walk"}
    status, told = send(client, "PUT", "/wanted", {"goal": "walk", "calendar": {"start": "2026-11-23", "weeks": 4}})
    assert (status, told["calendar"]["weeks"]) == (200, 4)
    status, told = send(client, "GET", "/today")
    assert (status, told["next"]["session"] is not None) == (200, True)
    status, told = send(client, "PUT", f"/log/{TODAY}", {"done": "all", "pain_during": {"knee left": 8}})
    assert (status, told["decision"] in {"stop", "cut", "hold", "refer"}) == (200, True)


def test_a_correction_is_a_layer(client: TestClient, lived: Notebook, recordings: Recordings) -> None:
    one = f"/sessions/{recordings.all()[0].id}/corrections"
    said = {"start_s": 10.0, "end_s": 20.0, "direction": "unknown"}
    assert send(client, "POST", one, said) == (200, [said])
    assert send(client, "POST", one + "/undo") == (200, [])
    assert send(client, "POST", one + "/redo") == (200, [said])
    status, told = send(client, "POST", one, {"start_s": 20, "end_s": 10, "direction": "forward"})
    assert (status, told["error"]["field"]) == (400, "start_s")


def test_a_page_elsewhere_cannot_speak_for_anybody(client: TestClient) -> None:
    plain = client.post("/api/v1/wanted/undo", content="{}", headers={"content-type": "text/plain"})
    assert plain.status_code == 400
    cross = client.post("/api/v1/wanted/undo", content="{}", headers={**JSON, "sec-fetch-site": "cross-site"})
    assert cross.status_code == 400
