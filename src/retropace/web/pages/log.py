"""Log: how a session went, how it left somebody, and what changed in the plan because of it.

Today asks what is open by `retropace.followup.open_questions(store, today, recorded)`: kinds MORNING and TWO_DAYS are
answered at /log/morning?day=DAY, SESSION at /log/DAY.
"""

from retropace.web.doors import Door

DOORS: tuple[Door, ...] = ()
