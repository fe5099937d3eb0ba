"""Stored: whose store the commands speak of that bring in, take out, copy and compute."""

from argparse import Namespace

from retropace.cli.asked import notebook_of
from retropace.errors import NotFound, UnusableInput
from retropace.store.accounts import Accounts
from retropace.store.database import Database, open_database
from retropace.store.notebook import LOCAL, Notebook


def database_of(options: Namespace) -> Database:
    """The database at --database, else the one in the person's folder."""
    return open_database(options.database) if options.database else notebook_of(options).database


def whose(options: Namespace) -> Notebook:
    """The notebook of --login in a database with accounts, else that of the one person of a local store."""
    database = database_of(options)
    if options.login is None:
        notebook = Notebook(database, LOCAL)
        if Accounts(database).all():
            raise UnusableInput("Several people are kept here", field="--login", remedy="Say whose: --login NAME.")
        notebook.begin()
        return notebook
    account = Accounts(database).by_login(options.login)
    if account is None:
        raise NotFound(f"There is nobody called {options.login} here", remedy="Check the name.")
    return Notebook(database, account.person_id)
