"""Your data: everything taken out as one zip, and everything deleted for good."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from retropace.errors import RetropaceError, StoreFailure, TooSoon, UnusableInput
from retropace.store.accounts import Accounts
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.takeover import TAKEN
from retropace.takeout import take_out
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.identity import forget_sign_in
from retropace.web.language import say
from retropace.web.signing_in import require_password
from retropace.web.visit import Visit


def export(visit: Visit) -> Response:
    """Everything as one zip that can be read without us, and brought back."""
    handle, name = tempfile.mkstemp(prefix="retropace-", suffix=".zip")
    os.close(handle)
    try:
        take_out(visit.notebook, visit.recordings, Path(name))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return FileResponse(
        name,
        media_type="application/zip",
        filename=f"retropace-{visit.today}.zip",
        headers={"cache-control": "no-store", "content-encoding": "identity"},
        background=BackgroundTask(Path(name).unlink, missing_ok=True),
    )


# -- deleting -----------------------------------------------------------------------------------------------------------


def delete_words() -> str:
    """What somebody has to type."""
    return say("delete everything")


def before_deleting(visit: Visit) -> Response:
    """What would go, and the form that does it."""
    return _before(visit)


def delete(visit: Visit) -> Response:
    """Delete everything kept of the person, for good."""
    try:
        _require_sure(visit)
        if visit.house.accounts:
            require_password(visit)
    except (TooSoon, UnusableInput) as error:
        return _before(visit, error)
    return _deleted_account(visit) if visit.house.accounts else _deleted_local(visit)


def _require_sure(visit: Visit) -> None:
    if visit.simulated:
        raise UnusableInput(say("This is the demo person"), remedy=say("Leave the demo: that deletes them."))
    if visit.text("sure", 60).casefold() != delete_words().casefold():
        remedy = say("Write “{words}” into the field.", words=delete_words())
        raise UnusableInput(say("Nothing was deleted"), field="sure", remedy=remedy)


def _deleted_account(visit: Visit) -> Response:
    accounts = Accounts(visit.house.database)
    accounts.remove(accounts.of(visit.viewer_id))
    response = see_other(visit, "/sign-in", say("Everything kept of you is deleted, your account with it."))
    forget_sign_in(visit.house, response)
    return response


def _deleted_local(visit: Visit) -> Response:
    notebook = Notebook(visit.house.database, LOCAL)
    if visit.house.folder is not None:
        _remove_folder(visit.house.folder / TAKEN)
    notebook.end()
    notebook.begin()
    return see_other(visit, "/welcome", say("Everything kept of you is deleted."))


def _remove_folder(folder: Path) -> None:
    """Readable files of an earlier version, which were moved aside."""
    with contextlib.suppress(FileNotFoundError):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            raise
        except OSError as error:
            remedy = say("Make it writable and try again. Nothing else was deleted.")
            raise StoreFailure(say("A folder cannot be deleted"), file=str(folder), remedy=remedy) from error


def _before(visit: Visit, error: RetropaceError | None = None) -> Response:
    notebook = visit.notebook
    counts = {
        "screenings": len(notebook.screenings()),
        "log": len(notebook.log()),
        "recordings": len(visit.recordings.all()),
    }
    return page(
        visit,
        "delete_everything.html",
        status=200 if error is None else 400,
        counts=counts,
        words=delete_words(),
        error=error,
    )


DOORS = (
    Door("/settings/export.zip", export),
    Door("/settings/delete", before_deleting),
    Door("/settings/delete", delete, ("POST",)),
)
