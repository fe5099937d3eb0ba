"""Plan: the weeks as a calendar, what was done laid over what was planned."""

import datetime as dt

from starlette.responses import Response

from retropace.progress.history import NoPlan
from retropace.rules import Reason
from retropace.views.folded import thumbnail_hatch
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say, say_count
from retropace.web.pages import plan_change, plan_day, plan_export, plan_link, plan_wish
from retropace.web.pages.welcome_goal import goal_words
from retropace.web.plan import words
from retropace.web.plan.days import HATCH, Diary, WeekShown, diary, weeks_behind, weeks_to_come
from retropace.web.plan.why import as_shared
from retropace.web.visit import Visit

#: So many weeks behind are shown unless all are asked for.
_WEEKS_BEHIND = 8


def plan(visit: Visit) -> Response:
    """The weeks to come, and those behind."""
    known = diary(visit)
    coming, behind = weeks_to_come(known), weeks_behind(known)
    shown = behind if visit.asked("all") else behind[:_WEEKS_BEHIND]
    longest = max((max(week.planned_s or 0.0, week.done_s) for week in (*coming, *shown)), default=1.0)
    return page(
        visit,
        "plan.html",
        tab="plan",
        title=goal_words(known.here.wanted.goal)[0],
        until=_until(known),
        coming=coming,
        behind=shown,
        more=len(behind) - len(shown),
        longest_s=max(longest, 1.0),
        weekdays=[words.weekday_short(known.calendar.start + dt.timedelta(days=k)) for k in range(7)],
        reasons_why=_why(visit, known),
        undoes=visit.own and len(visit.notebook.wishes()) > 1,
        changed=bool(visit.asked("changed")),
        week_name=lambda week: week_name(week, visit.today),
        none_words=none_words,
        hatch=thumbnail_hatch(HATCH),
        words=words,
    )


def _until(known: Diary) -> str:
    calendar = known.calendar
    last = calendar.start + dt.timedelta(days=7 * calendar.weeks - 1)
    weeks = say_count("{count} week", "{count} weeks", calendar.weeks)
    return say("{weeks}, until {day}", weeks=weeks, day=words.date_words(last))


def _why(visit: Visit, known: Diary) -> tuple[Reason, ...]:
    here = known.here
    return here.programme.reasons or as_shared(visit, here.following.reasons)


def week_name(week: WeekShown, today: dt.date) -> str:
    """What a week is called: this one, the next, or by its number."""
    ahead = (week.start - today).days
    number = "" if week.number is None else say("Week {number}", number=week.number)
    near = say("this week") if -7 < ahead <= 0 else say("next week") if 0 < ahead <= 7 else ""
    return " · ".join(filter(None, (number, near)))


def none_words(why: NoPlan | None) -> str:
    """Why a week has no plan."""
    return {
        NoPlan.BEFORE: say("no plan is known of it"),
        NoPlan.NOT_CLEARED: say("not cleared then"),
        NoPlan.OVER: say("after the plan"),
        None: "",
    }[why]


DOORS: tuple[Door, ...] = (
    Door("/plan", plan, shares="plan"),
    *plan_wish.DOORS,
    *plan_export.DOORS,
    *plan_link.DOORS,
    *plan_day.DOORS,
    *plan_change.DOORS,
)
