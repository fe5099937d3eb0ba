"""A house with somebody in it who has weeks behind them, and who may be seen by whom."""

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from every_door import Values, values_of
from retropace.store.accounts import Accounts
from retropace.store.coached_runs import CoachedRuns, Run
from retropace.store.database import open_database
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.store.secret_links import CalendarLinks, Feed
from retropace.store.sharing import SHARES, Sharing
from retropace.store.sign_ins import SignIns
from retropace.store.spotter_links import SpotterLinks
from retropace.web.house import House
from retropace.web.identity import sign_in_cookie
from served import HOSTS, NOW, TODAY

_PASSWORD = "nine quiet crows turn round"
#: Doors that somebody else than the owner comes to.
_OTHERS = {"/sign-in": "nobody", "/sign-up": "nobody", "/sign-in/code": "half", "/invited": "coach", "/people": "coach"}


@dataclass(frozen=True)
class Houses:
    """The same notebook twice: in a house of one person, and in a shared one, with a coach who is shown everything.

    `tokens` are sign-ins in the shared one: owner, coach, half (waits for its second step).
    """

    alone: House
    shared: House
    values: Values
    tokens: Mapping[str, str]

    def cookies_for(self, path: str) -> dict[str, str]:
        """What the browser of whoever comes to this door of the shared house brings."""
        who = next((who for start, who in reversed(_OTHERS.items()) if path.startswith(start)), "owner")
        who = "coach" if path.startswith("/with/") else who
        return {sign_in_cookie(self.shared): self.tokens[who]} if who in self.tokens else {}


def lived_in(folder: Path, lived: Path) -> Houses:
    """Both houses over one database in `folder`, a copy of the demo person's in the file `lived`."""
    shutil.copy(lived, folder / "retropace.db")
    database = open_database(f"sqlite:///{folder / 'retropace.db'}")
    notebook, recordings = Notebook(database), Recordings(database, LOCAL)
    accounts = Accounts(database)
    owner = accounts.add("ada", _PASSWORD, NOW, person_id=LOCAL)
    coach = accounts.add("coach", _PASSWORD, NOW)
    sharing, lasts = Sharing(database), dt.timedelta(days=7)
    sharing.accept(sharing.invite(owner.person_id, "Kim", SHARES, NOW, lasts), coach.person_id, NOW)
    run = Run("00000000-0000-4000-8000-000000000001", TODAY, NOW, 60, {"name": "Reverse run"})
    CoachedRuns(database, LOCAL).begin(run, NOW)
    code = sharing.invite(owner.person_id, "Physiotherapist", ("plan", "log"), NOW, lasts)
    link = CalendarLinks(database).renew(LOCAL, Feed())
    spotting, _ = SpotterLinks(database).renew(LOCAL, run.id, NOW)
    sign_ins = SignIns(database)
    tokens = {who: sign_ins.begin(account.person_id, who, NOW) for who, account in (("owner", owner), ("coach", coach))}
    tokens["half"] = sign_ins.begin(owner.person_id, "half", NOW, half=True)
    return Houses(
        alone=House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS, folder=folder),
        shared=House(database, accounts=True, sign_up=True, secret=b"test", clock=lambda: NOW, hosts=HOSTS),
        values=values_of(notebook, recordings, TODAY)
        | {"owner": [owner.person_id], "code": [code], "calendar/token": [link.token], "spot/token": [spotting]},
        tokens=tokens,
    )
