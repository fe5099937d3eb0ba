"""Log: how a session went, how it left somebody, and what changed in the plan because of it.

Today asks what is open by `retropace.followup.open_questions(store, today, recorded)`: kinds MORNING and TWO_DAYS are
answered at /log/morning?day=DAY, SESSION at /log/DAY.
"""

import datetime as dt
from functools import partial

from starlette.responses import Response

from retropace.change import change, planned_on
from retropace.errors import NotBegun, NotFound, RetropaceError, UnusableInput
from retropace.followup import Asking, OpenQuestion, asked_after, open_questions
from retropace.log import Done, LogEntry
from retropace.rules.scales import scales
from retropace.saying import day_words
from retropace.views.bodymap import SIDES, SPOTS, Words, body_svg, level, place_name
from retropace.web.before_after import Consequences, answered, consequences
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.measured import measured_on
from retropace.web.remembered import marks, measured_words, part_words, rows_after
from retropace.web.telling import (
    QUESTIONS,
    Filled,
    all_fine,
    by_part,
    filled,
    questions_after,
    signs_asked,
    told,
    typed,
)
from retropace.web.visit import Visit, day_from

#: What each question of the next days asks.
_ASKS = {Asking.MORNING: ("soreness_24h", "pain_morning"), Asking.TWO_DAYS: ("soreness_48h",)}


# -- one day ------------------------------------------------------------------------------------------------------------


def log(visit: Visit) -> Response:
    """The day that is most likely meant: the one asked for, a recorded one not told yet, else today."""
    asked = visit.asked("day")
    if asked:
        return see_other(visit, f"/log/{day_from(asked, 'day')}")
    open_now = open_questions(visit.notebook, visit.today, [kept.day for kept in visit.recordings.all()])
    untold = next((question.day for question in open_now if question.kind is Asking.SESSION), visit.today)
    return see_other(visit, f"/log/{untold}")


def one_day(visit: Visit) -> Response:
    """The form of one day, as it was told before."""
    day = _day(visit)
    return _form(visit, day, None)


def tell(visit: Visit) -> Response:
    """Keep what a form tells, or show what it would change and keep nothing."""
    day = _day(visit)
    preview = visit.text("act", 20) == "preview"
    try:
        entry = _told(visit, day, strict=not preview)
    except UnusableInput as error:
        return _form(visit, day, typed(visit), error=error)
    if preview:
        return _form(visit, day, typed(visit), shown=_consequences(visit, day, _entry(visit, day), entry))
    visit.notebook.keep_entry(entry)
    return see_other(visit, f"/log/{day}/kept")


def preview(visit: Visit) -> Response:
    """What a half-filled form would change, as a part of a page. Nothing is kept."""
    day = _day(visit)
    try:
        entry = _told(visit, day, strict=False)
        shown, trouble = _consequences(visit, day, _entry(visit, day), entry), None
    except UnusableInput as error:
        shown, trouble = None, error
    return page(visit, "log_preview.html", shown=shown, trouble=trouble)


def kept(visit: Visit) -> Response:
    """What changed because of what was told last of a day, and the way back."""
    day = _day(visit)
    changed = visit.notebook.entry_before(day)
    if changed is None:
        return see_other(visit, f"/log/{day}")
    number, before = changed
    entry = _entry(visit, day)
    shown = _consequences(visit, day, before, entry)
    return page(
        visit,
        "log_kept.html",
        tab="today",
        day=day,
        entry=entry,
        before=before,
        number=number,
        shown=shown,
        signs=answered(entry),
        asks_next=entry is not None and day == visit.today and entry.done is not Done.NOT,
        day_words=day_words,
    )


def undo(visit: Visit) -> Response:
    """Bring back what was told before the change that the page showed."""
    day = _day(visit)
    number = visit.number("number", 1, 1_000_000)
    if number is None or not visit.notebook.undo_entry(day, int(number)):
        raise UnusableInput(say("This was changed again since"), remedy=say("Open the day once more."))
    said = say("It is as it was before, and so is your plan.")
    return see_other(visit, f"/log/{day}" if _entry(visit, day) else "/log/all", said)


def asked_to_remove(visit: Visit) -> Response:
    """What it would change to take a day out of the log."""
    day = _day(visit)
    entry = _required(visit, day)
    shown = _consequences(visit, day, entry, None)
    return page(visit, "log_remove.html", tab="today", day=day, shown=shown, day_words=day_words)


def remove(visit: Visit) -> Response:
    """Take a day out of the log."""
    day = _day(visit)
    visit.notebook.remove_entry(day)
    return see_other(visit, f"/log/{day}/kept")


def every_day(visit: Visit) -> Response:
    """Everything that was told, the latest first."""
    entries = [(entry, marks(entry, visit.settings.system)) for entry in reversed(visit.notebook.log())]
    own = visit.person_id == visit.viewer_id
    return page(visit, "log_all.html", tab="today", entries=entries, own=own, day_words=day_words)


# -- the next days ------------------------------------------------------------------------------------------------------


def morning(visit: Visit) -> Response:
    """The quick question of the next days, where one is open."""
    asked = visit.asked("day")
    question = _open(visit, day_from(asked, "day") if asked else None)
    return _morning(visit, question, Filled({}))


def tell_morning(visit: Visit) -> Response:
    """Keep the answer to the quick question."""
    day = visit.day("day")
    question = _open(visit, day)
    if question is None:
        raise UnusableInput(say("This question is no longer open"), remedy=say("Tell it on the day of the session."))
    entry, names = _required(visit, question.day), _ASKS[question.kind]
    try:
        if visit.text("fine", 10):
            entry = all_fine(entry, names)
        else:
            entry = by_part(visit, entry, (asked for asked in QUESTIONS if asked.name in names), strict=True)
            _require_answered(entry, names)
    except UnusableInput as error:
        return _morning(visit, question, typed(visit), error=error)
    visit.notebook.keep_entry(entry)
    return see_other(visit, f"/log/{question.day}/kept")


def _require_answered(entry: LogEntry, names: tuple[str, ...]) -> None:
    if not any(entry.answered(name) for name in names):
        raise UnusableInput(say("Nothing is answered yet"), remedy=say("Say how it is, or that all is fine."))


def _open(visit: Visit, day: dt.date | None) -> OpenQuestion | None:
    """The open question about the session of `day`, without one the first."""
    if day is not None:
        entry = _entry(visit, day)
        return None if entry is None else asked_after(entry, visit.today)
    quick = (q for q in open_questions(visit.notebook, visit.today) if q.kind in _ASKS)
    return next(quick, None)


def _morning(
    visit: Visit, question: OpenQuestion | None, form: Filled, *, error: RetropaceError | None = None
) -> Response:
    names = () if question is None else _ASKS[question.kind]
    return page(
        visit,
        "log_morning.html",
        status=400 if error else 200,
        tab="today",
        question=question,
        asked=[one for one in QUESTIONS if one.name in names],
        rows={} if question is None else rows_after(visit.notebook.log(), question),
        form=form,
        error=error,
        **_drawn(visit, None if question is None else question.day),
    )


# -- parts --------------------------------------------------------------------------------------------------------------


def _day(visit: Visit) -> dt.date:
    """The day of the address. Raises NotBegun without a screening, UnusableInput for a day nothing can be told of."""
    day = day_from(visit.path("day"), "day")
    screenings = visit.notebook.screenings()
    if not screenings:
        raise NotBegun("You have not been screened yet", remedy="Start with the questions.")
    if day > visit.today:
        what = say("{day} is still to come", day=day_words(day))
        raise UnusableInput(what, remedy=say("Tell of it when it is over."))
    first = screenings[0].answers.day
    if day < first and _entry(visit, day) is None and visit.notebook.entry_before(day) is None:
        what = say("Your plan rests on your screening of {day}", day=day_words(first))
        raise UnusableInput(what, remedy=say("Of earlier days nothing can be told here."))
    return day


def _entry(visit: Visit, day: dt.date) -> LogEntry | None:
    return next((entry for entry in visit.notebook.log() if entry.day == day), None)


def _required(visit: Visit, day: dt.date) -> LogEntry:
    entry = _entry(visit, day)
    if entry is None:
        raise NotFound(say("Nothing was told of {day}", day=day_words(day)))
    return entry


def _told(visit: Visit, day: dt.date, *, strict: bool) -> LogEntry:
    measured = measured_on(visit.notebook, visit.recordings, day)
    return told(visit, day, _entry(visit, day), measured, strict=strict)


def _consequences(visit: Visit, day: dt.date, before: LogEntry | None, after: LogEntry | None) -> Consequences | None:
    """What changes; None where there is no plan that could."""
    try:
        return consequences(change(visit.notebook, day, before, after, visit.today), after)
    except NotBegun:
        return None


def _form(
    visit: Visit,
    day: dt.date,
    form: Filled | None,
    *,
    error: RetropaceError | None = None,
    shown: Consequences | None = None,
) -> Response:
    entry = _entry(visit, day)
    planned = planned_on(visit.notebook, day)
    measured = measured_on(visit.notebook, visit.recordings, day)
    if form is None:
        form = filled(entry) if entry else Filled({"walked": ("yes",)} if planned and planned.walk else {})
    answers = visit.notebook.screenings()[-1].answers
    return page(
        visit,
        "log_day.html",
        status=400 if error else 200,
        tab="today",
        day=day,
        entry=entry,
        planned=planned,
        measured=measured,
        seen="" if measured is None else measured_words(measured, visit.settings.system),
        signs=signs_asked(day, answers.sex, () if entry is None else entry.red_flags),
        form=form,
        error=error,
        shown=shown,
        asked=questions_after((visit.today - day).days),
        **_drawn(visit, day),
    )


def _drawn(visit: Visit, day: dt.date | None) -> dict[str, object]:
    """What the form's parts are made of."""
    return {
        "ago": 0 if day is None else (visit.today - day).days,
        "scales": scales(),
        "spots": SPOTS,
        "sides": SIDES,
        "part_words": part_words,
        "place_name": place_name,
        "body_svg": partial(body_svg, words=Words(say("front"), say("back"), say("your left"), say("your right"))),
        "level": level,
        "day_words": day_words,
    }


DOORS = (
    Door("/log", log),
    Door("/log/all", every_day, shares="log"),
    Door("/log/morning", morning),
    Door("/log/morning", tell_morning, ("POST",)),
    Door("/log/{day}", one_day),
    Door("/log/{day}", tell, ("POST",)),
    Door("/log/{day}/preview", preview, ("POST",)),
    Door("/log/{day}/kept", kept),
    Door("/log/{day}/undo", undo, ("POST",)),
    Door("/log/{day}/remove", asked_to_remove),
    Door("/log/{day}/remove", remove, ("POST",)),
)
