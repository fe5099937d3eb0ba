"""Access: password, second step, browsers and programs under Settings; each asks again who one is before it matters."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from browsing import Browser
from neighbours import NOW, PASSWORD, Neighbourhood, Somebody, neighbourhood
from retropace.store.accounts import Accounts
from retropace.store.api_tokens import ApiTokens
from retropace.store.second_step import SecondStep, new_secret
from retropace.store.sign_ins import SignIns
from retropace.web.app import app
from retropace.web.device import device_words
from retropace.web.server import config

OTHER = "nine other words entirely"


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


@pytest.fixture
def ada(where: Neighbourhood) -> Somebody:
    return where.somebody("ada")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


# -- the password -------------------------------------------------------------------------------------------------------


def test_another_password_signs_every_other_browser_out(where: Neighbourhood, ada: Somebody) -> None:
    here, there = where.browser(ada), where.browser(ada)
    before = here.cookies["retropace"]
    done = here.submit("/settings/password", present=PASSWORD, password=OTHER)
    assert "Your password is changed." in done.text
    assert here.get("/settings").url.path == "/settings"
    assert here.cookies["retropace"] != before, "and this one has a new token"
    assert there.get("/settings").url.path == "/sign-in"
    assert Accounts(where.house.database).knows(ada.account, OTHER)


@pytest.mark.parametrize(
    ("present", "password", "said"),
    [("not it", OTHER, "This is not your password"), (PASSWORD, "short", "too short"), ("", OTHER, "not your password"),
     (PASSWORD, "password1234", "too well known")],
)  # fmt: skip
def test_what_changes_no_password(where: Neighbourhood, ada: Somebody, present: str, password: str, said: str) -> None:
    answer = where.browser(ada).submit("/settings/password", present=present, password=password)
    assert answer.status_code == 400
    assert said in answer.text
    assert Accounts(where.house.database).knows(ada.account, PASSWORD)


def test_an_open_browser_is_no_place_to_guess_the_password(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser(ada)
    statuses = [browser.submit("/settings/password", present=f"{n}", password=OTHER).status_code for n in range(7)]
    assert statuses == [400] * 5 + [429] * 2
    where.clock.wait(minutes=2)
    assert browser.submit("/settings/password", present=PASSWORD, password=OTHER).url.path == "/settings"


# -- the second step ----------------------------------------------------------------------------------------------------


def secret_on(page: str) -> str:
    found = re.search(r'name="secret" value="(\w+)"', page)
    assert found
    return found[1]


def test_on_with_a_code_and_off_with_the_password(where: Neighbourhood, ada: Somebody) -> None:
    browser, other = where.browser(ada), where.browser(ada)
    page = browser.get("/settings/second-step").text
    secret = secret_on(page)
    assert 'class="qr"' in page
    bad = browser.submit("/settings/second-step", secret=secret, code="12345", password=PASSWORD)
    assert "This code does not fit" in bad.text
    assert secret_on(bad.text) == secret, "the phone has it already"
    code = pyotp.TOTP(secret).at(where.clock.now)
    assert "not your password" in browser.submit("/settings/second-step", secret=secret, code=code, password="x").text
    shown = browser.submit("/settings/second-step", secret=secret, code=f"{code[:3]} {code[3:]}", password=PASSWORD)
    codes = re.findall(r"<li>([a-z0-9-]{19})</li>", shown.text)
    assert len(set(codes)) == 10
    assert other.get("/settings").url.path == "/sign-in"
    assert "10 recovery codes are left" in words(browser.get("/settings/second-step").text)
    renewed = browser.submit("/settings/second-step/recovery", password=PASSWORD).text
    assert not set(codes) & set(re.findall(r"<li>([a-z0-9-]{19})</li>", renewed))
    assert not SecondStep(where.house.database).passes(ada.account, codes[0], where.clock.now)
    assert "not your password" in browser.submit("/settings/second-step/end", password="x").text
    assert ada.account.totp_secret == secret
    browser.submit("/settings/second-step/end", password=PASSWORD)
    assert ada.account.totp_secret is None


def test_a_damaged_secret_is_told(where: Neighbourhood, ada: Somebody) -> None:
    answer = where.browser(ada).submit("/settings/second-step", secret="short", code="123456", password=PASSWORD)
    assert "This secret is damaged." in answer.text


def test_nobody_else_is_told_a_secret_that_is_on(where: Neighbourhood, ada: Somebody) -> None:
    secret = new_secret()
    SecondStep(where.house.database).begin(ada.account, secret, pyotp.TOTP(secret).at(NOW), NOW)
    assert secret not in where.browser(ada).get("/settings/second-step").text


# -- browsers -----------------------------------------------------------------------------------------------------------


def test_browsers_are_listed_and_signed_out(where: Neighbourhood, ada: Somebody) -> None:
    here, phone = where.browser(ada), Browser(where.app)
    phone.cookies.set("retropace", ada.sign_in("Safari on iPhone"))
    page = here.get("/settings/browsers").text
    assert words(page).count("this one") == 1
    assert "Safari on iPhone" in page
    other = re.search(r'action="(/settings/browsers/\w+/end)"', page)
    assert other
    assert "That browser is signed out." in here.submit(other[1]).text
    assert phone.get("/settings").url.path == "/sign-in"
    assert here.submit(other[1]).status_code == 404
    ada.sign_in("Edge on Windows")
    assert "1 browser is signed out." in here.submit("/settings/browsers/end").text
    assert len(SignIns(where.house.database).of(ada.person_id, NOW)) == 1
    phone.close()


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Edg/156.0", "Edge on Windows"),
        ("<script>", "A browser"), ("", "A browser"),
    ],
)  # fmt: skip
def test_a_browser_in_words(agent: str, said: str) -> None:
    assert device_words(agent) == said


# -- programs -----------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_does_what_it_says(where: Neighbourhood, ada: Somebody) -> None:
    browser, program = where.browser(ada), where.browser()
    made = browser.submit("/settings/tokens", name="Sheet", scope="read").text
    token = re.findall(r"retropace_[\w-]{43}", made)[0]
    assert token not in browser.get("/settings/tokens").text
    bearer = {"authorization": f"Bearer {token}"}
    assert program.get("/api/v1/log", headers=bearer).json() == []
    assert program.put("/api/v1/body", json={}, headers=bearer).status_code == 403
    assert "reads only" in words(browser.get("/settings/tokens").text)
    found = ApiTokens(where.house.database).of(ada.person_id)[0]
    browser.submit(f"/settings/tokens/{found.id}/remove")
    assert program.get("/api/v1/log", headers=bearer).status_code == 401
    for scheme in ("Basic", "bearer", "Token"):
        assert program.get("/api/v1/log", headers={"authorization": f"{scheme} {token}"}).status_code == 401


def test_a_token_that_writes(where: Neighbourhood, ada: Somebody) -> None:
    made = where.browser(ada).submit("/settings/tokens", name="App", scope="write").text
    bearer = {"authorization": f"Bearer {re.findall(r'retropace_[a-zA-Z0-9_-]{43}', made)[0]}"}
    answer = where.browser().put("/api/v1/body", json={"mass_kg": 70}, headers=bearer)
    assert answer.status_code == 200, answer.text
    assert ada.notebook.person().mass_kg == 70


def test_a_token_has_a_name(where: Neighbourhood, ada: Somebody) -> None:
    assert "The token has no name." in where.browser(ada).submit("/settings/tokens", name=" ", scope="read").text
    assert ApiTokens(where.house.database).of(ada.person_id) == []


# -- behind a proxy -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("proxies", "believed"), [(None, False), ("127.0.0.1,::1", True)])
def test_only_a_proxy_is_believed_who_calls(where: Neighbourhood, proxies: str | None, believed: bool) -> None:
    told = config(app(where.house), "127.0.0.1", 8417, proxies)
    assert told.proxy_headers is believed
    assert not believed or told.forwarded_allow_ips == proxies
    assert told.access_log is False, "addresses of people are written down nowhere"
