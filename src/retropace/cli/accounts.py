"""`retropace accounts`: who may sign in. The same database as `serve --accounts`, whether that runs or not."""

import datetime as dt
import sys
from argparse import Namespace
from getpass import getpass

from retropace.cli.asked import database_of
from retropace.errors import NotFound, UnusableInput
from retropace.store.accounts import Account, Accounts
from retropace.store.brakes import Brakes
from retropace.store.database import Database, open_database
from retropace.store.notebook import LOCAL
from retropace.store.second_step import SecondStep
from retropace.store.sign_ins import SignIns
from retropace.web.brakes import buckets_of


def run(options: Namespace) -> int:
    """Carry out one of add, list, remove, reset."""
    database = open_database(database_of(options))
    try:
        _DO[options.act](options, database)
    finally:
        database.close()
    return 0


def _add(options: Namespace, database: Database) -> None:
    person_id = LOCAL if options.mine else None
    made = Accounts(database).add(_login(options), _password(), dt.datetime.now(dt.UTC), person_id=person_id)
    sys.stdout.write(f"{made.login} may sign in.\n")


def _list(options: Namespace, database: Database) -> None:  # noqa: ARG001 - every command gets them
    accounts = Accounts(database).all()
    for account in accounts:
        second = "second step" if account.totp_secret else "password only"
        sys.stdout.write(f"{account.login:<40} since {account.made.date()}   {second}\n")
    if not accounts:
        sys.stdout.write("There are no accounts yet. Add one: ./run accounts add NAME\n")


def _remove(options: Namespace, database: Database) -> None:
    account = _account(options, database)
    _require_sure(options, f"{account.login} and everything kept of them will be deleted for good.")
    Accounts(database).remove(account)
    sys.stdout.write(f"{account.login} and everything kept of them is deleted. Your own backups are yours to delete.\n")


def _reset(options: Namespace, database: Database) -> None:
    """A new password, no second step, signed out everywhere: for somebody who cannot get in any more."""
    account = _account(options, database)
    Accounts(database).change_password(account, _password())
    SecondStep(database).end(account)
    SignIns(database).end_all(account.person_id)
    Brakes(database).forget(*buckets_of(account.login))
    sys.stdout.write(f"{account.login} has a new password, no second step, and is signed out everywhere.\n")


_DO = {"add": _add, "list": _list, "remove": _remove, "reset": _reset}


def _login(options: Namespace) -> str:
    if not options.login:
        raise UnusableInput("Whose account", field="NAME", remedy=f"Write: ./run accounts {options.act} NAME")
    login: str = options.login
    return login


def _account(options: Namespace, database: Database) -> Account:
    found = Accounts(database).by_login(_login(options))
    if found is None:
        raise NotFound(f"Nobody is called {options.login} here", remedy="See: ./run accounts list")
    return found


def _password() -> str:
    """The password, typed twice; from a program its first line is taken."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password, 12 characters or more: ")
    if getpass("Once more: ") != first:
        raise UnusableInput("The two are not the same", field="password", remedy="Try again.")
    return first


def _require_sure(options: Namespace, warning: str) -> None:
    if options.yes:
        return
    sys.stderr.write(f"{warning}\n")
    if not sys.stdin.isatty() or input("Write yes to go on: ").strip().lower() != "yes":
        raise UnusableInput("Nothing was deleted", remedy="Add --yes where nobody can be asked.")
