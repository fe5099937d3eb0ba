"""Accounts, sign-ins, second steps, tokens, sharing, audit and brakes, on both databases."""

import datetime as dt
import threading
from functools import cache
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from neighbours import neighbourhood
from retropace.errors import Conflict, NotFound, TooSoon, UnusableInput
from retropace.store import passwords
from retropace.store.accounts import Account, Accounts, login_from
from retropace.store.api_tokens import MOST as MOST_TOKENS
from retropace.store.api_tokens import ApiTokens
from retropace.store.audit import Audit
from retropace.store.brakes import Brake, Brakes
from retropace.store.database import Database
from retropace.store.house_secret import house_secret
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.passwords import hashed, is_old, matches, require_usable
from retropace.store.second_step import SecondStep, address_of, new_secret, require_secret
from retropace.store.sharing import Sharing
from retropace.store.sign_ins import SignIns
from retropace.store.token import checksum, new_token

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PASSWORD = "wolf ladder onion spoon"


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes at no cost but for the test that asks for `costly_passwords`."""
    if "costly_passwords" not in request.fixturenames:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", lambda: quick)


@pytest.fixture
def costly_passwords() -> None:
    """Hashes as they are made outside of tests."""


@cache
def kept() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def ada(database: Database) -> Account:
    made = Account("ada-id", "ada", kept(), None, 0, NOW)
    Notebook(database, made.person_id).begin()
    Accounts(database)._insert(made)
    return made


# -- accounts -----------------------------------------------------------------------------------------------------------


def test_an_account_has_its_own_empty_notebook(database: Database, ada: Account) -> None:
    accounts = Accounts(database)
    assert accounts.by_login(" ADA ") == accounts.of(ada.person_id) == ada
    assert accounts.all() == [ada]
    assert not Notebook(database, ada.person_id).screenings()
    assert accounts.by_login("nobody") is None
    assert accounts.by_login("no such name, nor could there be") is None
    ben = accounts.add("Ben@Example.org", PASSWORD, NOW)
    assert (ben.login, accounts.knows(ben, PASSWORD)) == ("ben@example.org", True)
    with pytest.raises(UnusableInput, match="taken"):
        accounts.add("Ada", PASSWORD, NOW)
    accounts.remove(ada)
    with pytest.raises(NotFound):
        accounts.of(ada.person_id)


def test_a_name_taken_in_the_same_moment_leaves_nobody_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = Accounts(database)

    def slower(made: Account) -> None:
        raise Conflict("taken just now")

    monkeypatch.setattr(accounts, "_insert", slower)
    with pytest.raises(Conflict):
        accounts.add("eve", PASSWORD, NOW)
    with database.transaction(write=False) as store:
        assert store.one("SELECT id FROM person") is None


def test_the_notebook_of_one_person_becomes_an_accounts(database: Database) -> None:
    Notebook(database, LOCAL).begin()
    accounts = Accounts(database)
    assert accounts.add("ada", PASSWORD, NOW, LOCAL).person_id == LOCAL
    with pytest.raises(UnusableInput, match="is ada's already"):
        accounts.add("ben", PASSWORD, NOW, LOCAL)
    assert Notebook(database, LOCAL).settings() is not None


@pytest.mark.parametrize("login", ["", "a", "a b", "a\nb", "x" * 101, "ada<script>", "ада\u202eada"])
def test_no_login_like_that(login: str) -> None:
    with pytest.raises(UnusableInput):
        login_from(login)


@given(st.text())
def test_a_login_is_one_word_however_it_is_typed(text: str) -> None:
    try:
        login = login_from(text)
    except UnusableInput:
        return
    assert login_from(login) == login
    assert login_from(f" {login} ") == login


# -- passwords ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("costly_passwords")
def test_what_is_kept_is_argon2id_with_the_parameters_of_its_rfc() -> None:
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert matches(kept, PASSWORD)
    assert not matches(kept, PASSWORD + " ")
    assert not matches(None, PASSWORD)
    assert not matches("rubbish", PASSWORD)
    assert hashed(PASSWORD) != kept


def test_letters_that_are_written_in_two_ways_are_one() -> None:
    assert matches(hashed("cafe\u0301 au lait 12"), "caf\u00e9 au lait 12")


def test_an_old_hash_is_renewed_at_the_next_sign_in(database: Database, ada: Account) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    assert is_old(old)
    accounts = Accounts(database)
    accounts._keep(ada.person_id, "password", old)
    assert not accounts.knows(accounts.of(ada.person_id), "something else")
    assert accounts.of(ada.person_id).password == old
    assert accounts.knows(accounts.of(ada.person_id), PASSWORD)
    renewed = accounts.of(ada.person_id).password
    assert not is_old(renewed)
    assert matches(renewed, PASSWORD)


def test_nobody_waits_long_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_PATIENCE_S", 0.05)
    with passwords._AT_ONCE, pytest.raises(TooSoon, match="Many people sign in"):
        matches(kept(), PASSWORD)
    assert matches(kept(), PASSWORD), "the turn was given back"


@pytest.mark.parametrize(
    "good", ["wolf ladder onion", "                x1y2z", "пароль-длинный-и-свой", "correct horse battery stapler"]
)
def test_length_is_enough(good: str) -> None:
    require_usable(good)


@pytest.mark.parametrize(
    "bad", ["short", "Password1234", "121212121212", "QWERTYUIOP123", "correct horse battery staple"]
)
def test_what_everybody_tries_first_is_refused(bad: str) -> None:
    with pytest.raises(UnusableInput):
        require_usable(bad)


# -- sign-ins -----------------------------------------------------------------------------------------------------------


def test_sign_ins_are_found_listed_and_ended(database: Database, ada: Account) -> None:
    sign_ins = SignIns(database)
    phone, laptop = (sign_ins.begin(ada.person_id, device, NOW) for device in ("phone", "laptop"))
    sign_ins.begin(ada.person_id, "half", NOW, half=True)
    found = sign_ins.find(phone, NOW)
    assert found is not None
    assert (found.person_id, found.device, found.half) == (ada.person_id, "phone", False)
    assert sign_ins.find(laptop, NOW + DAY) is not None
    assert [one.device for one in sign_ins.of(ada.person_id, NOW + DAY)] == ["laptop", "phone"], "latest used first"
    with pytest.raises(NotFound):
        sign_ins.end_by_id("somebody-else", found.id)
    sign_ins.end_by_id(ada.person_id, found.id)
    assert sign_ins.find(phone, NOW) is None
    last = sign_ins.find(laptop, NOW)
    assert sign_ins.end_all(ada.person_id, but=last) == 1
    assert sign_ins.find(laptop, NOW) is not None
    sign_ins.sweep(NOW + 31 * DAY)
    with database.transaction(write=False) as store:
        assert store.all("SELECT token FROM sign_in") == [], "it was last seen 30 days before"


# -- second steps -------------------------------------------------------------------------------------------------------


def test_a_code_counts_once_and_only_near_its_time(database: Database, ada: Account) -> None:
    secret, steps = new_secret(), SecondStep(database)
    code_at = pyotp.TOTP(secret).at
    with pytest.raises(UnusableInput):
        steps.begin(ada, secret, "000000" if code_at(NOW) != "000000" else "111111", NOW)
    assert len(steps.begin(ada, secret, code_at(NOW), NOW)) == 10
    now = NOW + dt.timedelta(minutes=5)
    account = Accounts(database).of(ada.person_id)
    assert not steps.passes(account, code_at(NOW), NOW), "used when it was set up"
    assert not steps.passes(account, code_at(now - dt.timedelta(seconds=90)), now)
    assert not steps.passes(account, "", now)
    assert steps.passes(account, code_at(now - dt.timedelta(seconds=30)), now), "a phone half a minute late"
    assert not steps.passes(account, code_at(now - dt.timedelta(seconds=30)), now), "the same account, as read before"
    assert steps.passes(Accounts(database).of(ada.person_id), f"{code_at(now)[:3]} {code_at(now)[3:]}", now)
    steps.end(account)
    assert Accounts(database).of(ada.person_id).totp_secret is None
    assert steps.recovery_left(ada) == 0


def test_two_at_once_cannot_use_one_code(database: Database, ada: Account) -> None:
    secret, steps = new_secret(), SecondStep(database)
    steps.begin(ada, secret, pyotp.TOTP(secret).at(NOW - DAY), NOW - DAY)
    account, code = Accounts(database).of(ada.person_id), pyotp.TOTP(secret).at(NOW)
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(steps.passes(account, code, NOW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]


def test_what_the_app_is_told() -> None:
    secret = new_secret()
    assert address_of(secret, "ada") == f"otpauth://totp/retropace:ada?secret={secret}&issuer=retropace"
    assert require_secret(secret) == secret
    with pytest.raises(UnusableInput):
        require_secret(secret.lower())


# -- tokens -------------------------------------------------------------------------------------------------------------


def test_tokens_of_programs(database: Database, ada: Account) -> None:
    tokens = ApiTokens(database)
    token = tokens.add(ada.person_id, "sheet", NOW, may_write=False)
    assert token.startswith("retropace_")
    found = tokens.find(token, NOW)
    assert found is not None
    assert (found.person_id, found.may_write, found.used) == (ada.person_id, False, None)
    assert tokens.of(ada.person_id)[0].used == NOW
    assert tokens.find("retropace_other", NOW) is None
    with pytest.raises(NotFound):
        tokens.remove("somebody-else", found.id)
    tokens.remove(ada.person_id, found.id)
    assert tokens.find(token, NOW) is None
    for number in range(MOST_TOKENS):
        tokens.add(ada.person_id, f"{number}", NOW, may_write=False)
    with pytest.raises(UnusableInput):
        tokens.add(ada.person_id, "one more", NOW, may_write=False)


def test_a_token_is_long_and_its_checksum_is_not_it() -> None:
    token = new_token()
    assert len(token) == 43
    assert token not in checksum(token)
    assert checksum("\ud800") == checksum("?"), "whatever a header brings has a checksum"


# -- sharing and audit --------------------------------------------------------------------------------------------------


def test_one_link_two_takers(database: Database, ada: Account) -> None:
    sharing = Sharing(database)
    for name in ("ben", "eve"):
        Notebook(database, name).begin()
    code = sharing.invite(ada.person_id, "Ben", ["plan", "log"], NOW, 7 * DAY)
    taken: list[str] = []

    def take(name: str) -> None:
        try:
            sharing.accept(code, name, NOW)
            taken.append(name)
        except NotFound:
            pass

    threads = [threading.Thread(target=take, args=(name,)) for name in ("ben", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    share = sharing.between(ada.person_id, taken[0])
    assert share is not None
    assert share.shares == {"plan", "log"}
    assert share.name == "Ben"
    assert sharing.between(taken[0], ada.person_id) is None, "one way only"


def test_looks_are_counted_by_day_and_page(database: Database, ada: Account) -> None:
    audit = Audit(database)
    for hours, page in ((0, "/plan"), (1, "/plan"), (2, "/log/all"), (24, "/plan")):
        audit.note(ada.person_id, "ben", "Ben", page, NOW + dt.timedelta(hours=hours))
    assert [(look.day.day, look.page, look.times) for look in audit.looks(ada.person_id)] == [
        (23, "/plan", 1),
        (22, "/log/all", 1),
        (22, "/plan", 2),
    ]
    assert len(audit.looks(ada.person_id, most=2)) == 2
    assert audit.looks("ben") == []


# -- brakes -------------------------------------------------------------------------------------------------------------


def test_a_bucket_fills_and_empties_by_itself(database: Database) -> None:
    brakes, brake = Brakes(database), Brake(3, 60.0)
    for _ in range(3):
        brakes.take("door", brake, NOW)
    with pytest.raises(TooSoon) as refused:
        brakes.take("door", brake, NOW + dt.timedelta(seconds=15))
    assert refused.value.wait_s == pytest.approx(45)
    assert refused.value.remedy == "Try again in 45 seconds."
    for _ in range(200):  # whoever goes on does not make it longer
        with pytest.raises(TooSoon):
            brakes.take("door", brake, NOW + dt.timedelta(seconds=59))
    brakes.take("door", brake, NOW + dt.timedelta(seconds=60))
    brakes.take("other", brake, NOW)
    brakes.forget("door")
    for _ in range(3):
        brakes.take("door", brake, NOW + dt.timedelta(seconds=61))
    brakes.sweep(NOW + DAY)
    with database.transaction(write=False) as store:
        assert store.all("SELECT bucket FROM brake") == []


def test_many_at_once_get_no_more_than_there_is(database: Database) -> None:
    brakes, got = Brakes(database), list[int]()

    def take() -> None:
        try:
            brakes.take("door", Brake(5, 60.0), NOW)
            got.append(1)
        except TooSoon:
            pass

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 5


# -- all of it together -------------------------------------------------------------------------------------------------


def test_a_house_on_either_database(url: str, tmp_path: Path) -> None:
    with neighbourhood(tmp_path, url) as where:
        ada, coach = where.somebody("ada"), where.somebody("coach")
        kept = ada.live()
        browser, viewer = where.browser(), where.browser(coach)
        assert browser.submit("/sign-in", login="ada", password=PASSWORD).status_code == 200
        ada.share(coach)
        for path in ("/plan", "/sessions", f"/sessions/{kept.id}", "/log/all", "/progress", "/welcome/result"):
            assert viewer.get(f"/with/ada-id{path}").status_code == 200, path
        assert "adaName" in viewer.get("/people").text
        assert len(Audit(where.house.database).looks("ada-id")) == 7
        assert browser.get("/settings/export.zip").content.startswith(b"PK")
        gone = browser.submit("/settings/delete", sure="delete everything", password=PASSWORD)
        assert gone.url.path == "/sign-in"
        assert viewer.get("/with/ada-id/plan").status_code == 404
        with where.house.database.transaction(write=False) as store:
            for table in ("account", "sign_in", "original", "piece", "log_entry", "audit", "share", "screening"):
                person = "sha256" if table == "piece" else "person"
                rows = store.all(f"SELECT {person} FROM {table}")
                assert ("ada-id",) not in rows, table
                assert table != "piece" or not rows


# -- the house ----------------------------------------------------------------------------------------------------------


def test_the_secret_stays(database: Database) -> None:
    assert house_secret(database) == house_secret(database)
    assert len(house_secret(database)) == 32
