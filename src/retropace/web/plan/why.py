"""Why: the reasons for a session, as far as whoever looks may know them."""

from collections.abc import Iterable, Sequence

from retropace.doses import WALKED
from retropace.findings import told
from retropace.programme import Day, Kind
from retropace.rules import Reason
from retropace.situation import Situation
from retropace.web.visit import Visit

#: Rules of the progression that say what to do next, and nothing of how somebody felt.
_PLAIN = frozenset(
    f"progression.{name}"
    for name in (
        "due",
        "same",
        "smaller",
        "back",
        "deload",
        "earned",
        "challenge",
        "goal",
        "sessions_to_advance",
        "sessions_to_advance_walk",
        "walk_day",
        "missed",
        "days_off_repeat",
        "days_off_back",
        "days_off_restart",
        "other_track",
        "afresh",
        "no_free_day",
        "still_stopped",
        "still_referred",
        "screen_again",
        "screen_soon",
    )
)


def why_session(visit: Visit, here: Situation, day: Day) -> Sequence[Reason]:
    """Why `day` holds its session: what the log says of the next one, else what the plan says of its week."""
    following = here.following
    if day.date == following.day and day.session == following.session:
        begins = following.state.logged is None  # nothing to go on from yet: where the plan begins says more
        first = here.programme.reasons[:1] if begins else following.reasons[:1]
        return as_shared(visit, (*first, *following.reasons[1:]))
    week = next((week for week in here.programme.weeks if day in week.days), None)
    reasons = [reason for reason in (week.reasons if week else ()) if _concerns(reason, day.kind, here)]
    return as_shared(visit, reasons or [told(here.rules, "programme.days_walk")])


def as_shared(visit: Visit, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons without what was told in the log, for somebody with whom that is not shared."""
    if visit.may_see("log"):
        return tuple(reasons)
    return tuple(reason for reason in reasons if reason.rule.startswith("programme.") or reason.rule in _PLAIN)


def _concerns(reason: Reason, kind: Kind, here: Situation) -> bool:
    """Whether a reason of a week is one of this kind of day."""
    if reason.rule == "programme.challenge_row":
        return kind is Kind.CHALLENGE
    if reason.rule in ("programme.few_days", "programme.event", "programme.deload_weeks"):
        return True
    beside = kind is Kind.BACKWARD_WALK and here.following.state.track not in WALKED
    walks = reason.rule == "programme.walk_day_s" or reason.inputs.get("way") == "walking backward"
    return walks if beside else not walks
