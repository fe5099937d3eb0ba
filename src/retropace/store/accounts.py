"""Accounts: the people of a server, each with a login and a password. A store of one person has none."""

import datetime as dt
import re
import secrets
import unicodedata
from dataclasses import dataclass

from retropace.errors import Conflict, NotFound, UnusableInput
from retropace.store.database import Database, Row
from retropace.store.instants import kept
from retropace.store.notebook import Notebook
from retropace.store.passwords import hashed, is_old, matches, require_usable

_LOGIN = re.compile(r"[\w.+@-]{2,100}")
_COLUMNS = "person, login, password, totp_secret, totp_last, made"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `totp_secret` is None where there is no second step; `totp_last` is the last step that was used."""

    person_id: str
    login: str
    password: str
    totp_secret: str | None
    totp_last: int
    made: dt.datetime


def login_from(text: str) -> str:
    """A login as it is kept: the same word for whatever case it is typed in. Raises UnusableInput.

    >>> login_from(" Sam@Example.org")
    'sam@example.org'
    """
    login = unicodedata.normalize("NFKC", text).strip().casefold()
    if not _LOGIN.fullmatch(login):
        remedy = "Use an e-mail address, or 2 to 100 letters and digits without spaces."
        raise UnusableInput("This name cannot be used to sign in", field="login", remedy=remedy)
    return login


class Accounts:
    """The accounts of a house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, login: str, password: str, now: dt.datetime, person_id: str | None = None) -> Account:
        """Make an account, for `person_id` where that notebook is there already. Raises UnusableInput."""
        login = login_from(login)
        require_usable(password, login)
        made = Account(person_id or secrets.token_hex(8), login, hashed(password), None, 0, now)
        self._require_free(login, made.person_id)
        Notebook(self.database, made.person_id).begin()
        try:
            self._insert(made)
        except Conflict:  # somebody took the name in this very moment
            if person_id is None:
                Notebook(self.database, made.person_id).end()
            self._require_free(login, made.person_id)
            raise
        return made

    def by_login(self, login: str) -> Account | None:
        """The account of a login in whatever case, None where there is none."""
        try:
            return self._by("login", login_from(login))
        except UnusableInput:
            return None

    def of(self, person_id: str) -> Account:
        """The account of a person. Raises NotFound."""
        found = self._by("person", person_id)
        if found is None:
            raise NotFound("There is no such account")
        return found

    def all(self) -> list[Account]:
        """Every account by its login."""
        with self.database.transaction(write=False) as store:
            return [_account(row) for row in store.all(f"SELECT {_COLUMNS} FROM account ORDER BY login")]  # noqa: S608

    def knows(self, account: Account | None, password: str) -> bool:
        """Whether it is the account's password; without an account the answer takes as long. An old hash is renewed."""
        right = matches(None if account is None else account.password, password)
        if right and account is not None and is_old(account.password):
            self._keep(account.person_id, "password", hashed(password))
        return right

    def change_password(self, account: Account, password: str) -> None:
        """Keep another password. Raises UnusableInput where it cannot be used."""
        require_usable(password, account.login)
        self._keep(account.person_id, "password", hashed(password))

    def remove(self, account: Account) -> None:
        """Delete the account and everything kept of its person."""
        Notebook(self.database, account.person_id).end()

    def _insert(self, made: Account) -> None:
        with self.database.transaction() as store:
            store.run(
                "INSERT INTO account (person, login, password, made) VALUES (:person, :login, :password, :made)",
                person=made.person_id,
                login=made.login,
                password=made.password,
                made=kept(made.made),
            )

    def _require_free(self, login: str, person_id: str) -> None:
        """Raise UnusableInput where the login is somebody's, or the person has one already."""
        if self._by("login", login) is not None:
            raise UnusableInput("This name is taken", field="login", remedy="Choose another.")
        if (theirs := self._by("person", person_id)) is not None:
            raise UnusableInput(f"This notebook is {theirs.login}'s already", remedy="Add the account without it.")

    def _keep(self, person_id: str, column: str, value: str) -> None:
        with self.database.transaction() as store:
            store.run(f"UPDATE account SET {column} = :value WHERE person = :person", value=value, person=person_id)  # noqa: S608

    def _by(self, column: str, value: str) -> Account | None:
        with self.database.transaction(write=False) as store:
            row = store.one(f"SELECT {_COLUMNS} FROM account WHERE {column} = :value", value=value)  # noqa: S608
        return None if row is None else _account(row)


def _account(row: Row) -> Account:
    person_id, login, password, totp_secret, totp_last, made = row
    return Account(
        str(person_id),
        str(login),
        str(password),
        None if totp_secret is None else str(totp_secret),
        int(str(totp_last)),
        dt.datetime.fromisoformat(str(made)),
    )
