"""The app as a whole: headers, names it answers to, errors in words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_page_brings_its_policy(client: TestClient) -> None:
    answer = client.get("/evidence")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<style" not in answer.text


def test_another_name_is_refused(client: TestClient) -> None:
    assert client.get("/evidence", headers={"host": "evil.example"}).status_code == 421


def test_no_such_page(client: TestClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_in_a_browser(open_page: "Callable[..., Page]") -> None:
    assert open_page("/evidence").locator("h1").inner_text().startswith("What is true")
