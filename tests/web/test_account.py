"""Signing in, with and without a second step; what a browser keeps of it; guessing is slow, waiting short."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from browsing import Browser
from neighbours import NOW, PASSWORD, Neighbourhood, Somebody, neighbourhood
from retropace.store.second_step import SecondStep, new_secret
from retropace.store.sign_ins import IDLE, LONGEST, SignIns
from retropace.web.signing_in import safe_path


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path) as made:
        yield made


@pytest.fixture
def ada(where: Neighbourhood) -> Somebody:
    return where.somebody("ada")


def sign_in(browser: Browser, password: str = PASSWORD, login: str = "ada", **more: object) -> str:
    answer = browser.submit("/sign-in", login=login, password=password, **more)
    return f"{answer.status_code} {answer.url.path} {answer.text}"


# -- in and out ---------------------------------------------------------------------------------------------------------


def test_in_and_out(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser()
    assert browser.get("/settings").url.path == "/sign-in"
    assert sign_in(browser, login=" Ada ", next="/settings/body").startswith("200 /settings/body")
    cookie = next(c for c in browser.cookies.jar if c.name == "retropace")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    assert browser.submit("/sign-out").url.path == "/sign-in"
    assert browser.get("/settings").url.path == "/sign-in"
    browser.cookies.set("retropace", str(cookie.value))  # whoever copied it has nothing now
    assert browser.get("/settings").url.path == "/sign-in"


def test_a_token_is_kept_only_as_its_checksum_and_is_new_each_time(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser()
    seen = set()
    for _ in range(2):
        sign_in(browser)
        seen.add(browser.cookies["retropace"])
    assert len(seen) == 2
    assert len(SignIns(where.house.database).of(ada.person_id, NOW)) == 1, "one browser, one sign-in"
    with where.house.database.transaction(write=False) as store:
        kept = str(store.all("SELECT token FROM sign_in"))
    assert not any(token in kept for token in seen)


def test_wrong_name_and_wrong_password_are_one_answer(where: Neighbourhood, ada: Somebody) -> None:
    known = sign_in(where.browser(), "something else entirely")
    unknown = sign_in(where.browser(), login="nobody")
    odd = sign_in(where.browser(), login="no such name, nor could there be")
    for answer in (known, unknown, odd):
        assert answer.startswith("400 /sign-in")
        assert "Name and password do not belong together." in answer
    assert "retropace" not in where.browser().cookies


def test_https_makes_the_cookie_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    with neighbourhood(tmp_path, https=True) as where:
        where.somebody("ada")
        browser = where.browser(base_url="https://testserver")
        answer = browser.post(
            "/sign-in",
            data={"csrf": browser.token(), "login": "ada", "password": PASSWORD},
            follow_redirects=False,
        )
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-retropace="))
        assert {"secure", "httponly", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
        assert answer.headers["strict-transport-security"] == "max-age=63072000"


def test_a_sign_in_ends_idle_and_ends_in_any_case(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser(ada)
    start = where.clock.now
    while where.clock.now < start + LONGEST - dt.timedelta(days=20):
        where.clock.wait(days=20)
        assert browser.get("/settings").url.path == "/settings", where.clock.now - start
    where.clock.now = start + LONGEST
    assert browser.get("/settings").url.path == "/sign-in"
    idle = where.browser(ada)
    where.clock.wait(seconds=IDLE.total_seconds() - 1)
    assert idle.get("/settings").url.path == "/settings"
    where.clock.wait(seconds=IDLE.total_seconds())
    assert idle.get("/settings").url.path == "/sign-in"


@pytest.mark.parametrize(
    "bad",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "", "/sign-in?next=/",
     "/a\nb", "\t//evil.example", "/" + "x" * 600, "//[", "/\u202e/x"],
)  # fmt: skip
def test_the_way_on_stays_in_the_house(bad: str) -> None:
    assert safe_path(bad) == "/"


def test_an_own_path_is_gone_on_to() -> None:
    assert safe_path("/sessions?page=2") == "/sessions?page=2"


# -- forms --------------------------------------------------------------------------------------------------------------


def test_a_form_belongs_to_its_sign_in(where: Neighbourhood, ada: Somebody) -> None:
    mine, theirs = where.browser(ada), where.browser(where.somebody("ben"))
    before = where.browser()
    early = before.token()
    sign_in(before)
    for browser, token in ((mine, theirs.token()), (mine, ""), (before, early), (mine, mine.token()[:-1])):
        answer = browser.post("/settings/display", data={"csrf": token, "name": "X", "system": "metric"})
        assert answer.status_code == 400
        assert "too old or came from elsewhere" in answer.text
    assert ada.notebook.settings().name == ""
    assert mine.submit("/settings/display", name="Ada").status_code == 200
    assert ada.notebook.settings().name == "Ada"


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
     {"origin": "null"}, {"origin": "http://testserver:81"}, {"origin": "http://["}],
)  # fmt: skip
def test_a_form_sent_by_another_site_is_refused_even_with_its_token(
    where: Neighbourhood, ada: Somebody, headers: dict[str, str]
) -> None:
    browser = where.browser(ada)
    form = {"csrf": browser.token(), "name": "X"}
    assert "sent from another site" in browser.post("/settings/display", data=form, headers=headers).text
    own = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
    assert browser.post("/settings/display", data=form, headers=own).url.path == "/settings"


def test_what_is_sent_by_nobody_is_not_even_read(where: Neighbourhood) -> None:
    def endless() -> Iterator[bytes]:
        yield b"x" * 10
        raise AssertionError("it was read")

    browser = where.browser()
    answer = browser.post("/sessions/import", content=endless(), follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"


# -- the second step ----------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(where: Neighbourhood, ada: Somebody) -> str:
    made = new_secret()
    SecondStep(where.house.database).begin(ada.account, made, pyotp.TOTP(made).at(NOW), NOW)
    where.clock.wait(minutes=2)
    return made


def test_the_code_comes_after_the_password(where: Neighbourhood, secret: str) -> None:
    browser = where.browser()
    assert sign_in(browser, next="/settings/body").startswith("200 /sign-in/code")
    assert browser.get("/settings").url.path == "/sign-in", "half a sign-in opens nothing"
    half = browser.cookies["retropace"]
    code = pyotp.TOTP(secret).at(where.clock.now)
    assert browser.submit("/sign-in/code", code=code, next="/settings/body").url.path == "/settings/body"
    assert browser.cookies["retropace"] != half
    again = where.browser()
    sign_in(again)
    assert "This code does not fit" in again.submit("/sign-in/code", code=code).text, "each works once"
    where.clock.wait(seconds=30)
    assert again.submit("/sign-in/code", code=pyotp.TOTP(secret).at(where.clock.now)).status_code == 200


def test_half_a_sign_in_is_short(where: Neighbourhood, secret: str) -> None:
    browser = where.browser()
    sign_in(browser)
    where.clock.wait(minutes=10)
    assert browser.get("/sign-in/code").url.path == "/sign-in"


def test_a_code_cannot_be_guessed(where: Neighbourhood, secret: str) -> None:
    browser = where.browser()
    sign_in(browser)
    right = pyotp.TOTP(secret).at(where.clock.now)
    wrong = "000000" if right != "000000" else "111111"
    answers = [browser.submit("/sign-in/code", code=wrong).text for _ in range(6)]
    assert "This code does not fit" in answers[4]
    assert re.search(r"This was tried too often\.</b> Try again in \d+ (seconds|minutes)\.", answers[5])
    assert "tried too often" in browser.submit("/sign-in/code", code=right).text, "also the right one waits"
    where.clock.wait(minutes=2)
    later = pyotp.TOTP(secret).at(where.clock.now)
    assert browser.submit("/sign-in/code", code=later).url.path != "/sign-in/code"


def test_recovery_codes_work_once(where: Neighbourhood, ada: Somebody, secret: str) -> None:
    codes = SecondStep(where.house.database).renew_recovery(ada.account)
    assert len(set(codes)) == 10
    browser = where.browser()
    sign_in(browser)
    assert browser.submit("/sign-in/code", code=codes[3].upper()).url.path != "/sign-in/code"
    assert SecondStep(where.house.database).recovery_left(ada.account) == 9
    again = where.browser()
    sign_in(again)
    assert "This code does not fit" in again.submit("/sign-in/code", code=codes[3]).text


# -- guessing -----------------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_and_the_wait_is_told(where: Neighbourhood, ada: Somebody) -> None:
    browser = where.browser()
    answers = [sign_in(browser, f"guess number {n}") for n in range(6)]
    assert answers[4].startswith("400")
    assert answers[5].startswith("429")
    assert "Try again in 2 minutes." in answers[5]
    where.clock.wait(minutes=2)
    assert sign_in(browser).startswith("200 /")


def test_a_stranger_cannot_lock_somebody_out(where: Neighbourhood, ada: Somebody) -> None:
    at_home = where.browser()
    sign_in(at_home)
    at_home.submit("/sign-out")
    crowd = [where.browser() for _ in range(60)]
    answers = []
    for number, browser in enumerate(crowd):
        browser._transport.client = (f"203.0.113.{number}", 1)  # type: ignore[attr-defined]
        answers.append(sign_in(browser, "guess"))
    assert "Somebody tries many passwords for this name" in answers[-1]
    assert "A browser in which you signed in before is not held up." in answers[-1]
    assert sign_in(at_home).startswith("200 /"), "their own browser is known"
    new = where.browser()
    assert sign_in(new).startswith("429")
    where.clock.wait(minutes=1)
    assert sign_in(new).startswith("200 /"), "and elsewhere the wait is short"


def test_one_network_cannot_try_everybody(where: Neighbourhood) -> None:
    browser = where.browser()
    browser._transport.client = ("2001:db8::1", 1)  # type: ignore[attr-defined]
    for number in range(30):
        assert sign_in(browser, login=f"name{number}").startswith("400")
    browser._transport.client = ("2001:db8::ffff", 1)  # type: ignore[attr-defined]
    assert sign_in(browser, login="another").startswith("429"), "an address beside it is the same network"


# -- accounts of one's own ----------------------------------------------------------------------------------------------


def test_nobody_signs_up_where_that_is_not_wanted(where: Neighbourhood) -> None:
    browser = where.browser()
    assert browser.get("/sign-up").status_code == 404
    assert browser.submit("/sign-up", login="eve", password=PASSWORD).status_code == 404
    assert "Make an account" not in browser.get("/sign-in").text


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [("eve", "short", "too short"), ("eve", "Password1234", "too well known"), ("eve", "aaaaaaaaaaaaaaaa", "too well"),
     ("evelyn.smith", "evelyn.smith1", "mostly your name"), ("ada", PASSWORD, "This name is taken"),
     ("a b", PASSWORD, "cannot be used to sign in"), ("eve", "x" * 201, "too long")],
)  # fmt: skip
def test_what_cannot_be_an_account(tmp_path: Path, login: str, password: str, said: str) -> None:
    with neighbourhood(tmp_path, sign_up=True) as where:
        where.somebody("ada")
        answer = where.browser().submit("/sign-up", login=login, password=password)
        assert answer.status_code == 400
        assert said in answer.text


def test_signing_up_signs_in_and_is_no_flood(tmp_path: Path) -> None:
    with neighbourhood(tmp_path, sign_up=True) as where:
        browser = where.browser()
        assert browser.submit("/sign-up", login="eve", password=PASSWORD, next="/settings").url.path == "/settings"
        others = [where.browser().submit("/sign-up", login=f"bot{n}", password=PASSWORD) for n in range(5)]
        assert [answer.status_code for answer in others[:4]] == [200] * 4
        assert others[4].status_code == 429
        assert "Try again in 60 minutes." in others[4].text


def test_local_house_has_no_accounts(tmp_path: Path, client: Browser) -> None:
    for path in ("/sign-in", "/sign-up", "/sharing", "/people", "/settings/tokens", "/settings/browsers"):
        assert client.get(path).status_code == 404, path
