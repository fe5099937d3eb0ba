"""Consequences: what a wish changes is said in plain sentences, all of it, and nothing that does not change."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from coach_people import DAY, MONDAY, RULES, clearance
from retropace.consequences import Wished, consequences, of_another_plan
from retropace.doses import Goal
from retropace.programme import Calendar, Programme, build
from retropace.rearranging import exchanged, moved, skipped
from retropace.standing import start
from retropace.texts import texts

CLEARED = clearance(days=200)
STATE = start(Goal.REVERSE, CLEARED, RULES, began=MONDAY)
#: Monday and Saturday run, Thursday walks; from the second week on Monday, Wednesday, Friday.
CALENDAR = Calendar(MONDAY, 8)


def at(number: int) -> dt.date:
    return MONDAY + number * DAY


def plan(calendar: Calendar = CALENDAR, goal: Goal = Goal.REVERSE) -> Programme:
    state = start(goal, CLEARED, RULES, began=calendar.start)
    return build(CLEARED, goal, calendar, RULES, state=state, since=MONDAY)


def move(day: int, to: int, calendar: Calendar = CALENDAR) -> Calendar:
    return moved(calendar, plan(calendar), STATE, at(day), at(to), MONDAY, RULES)


def told(after: Calendar, moves: Mapping[int, int] | None = None, out: int | None = None) -> list[str]:
    wished = Wished({at(a): at(b) for a, b in (moves or {}).items()}, None if out is None else at(out))
    return [one.text for one in consequences(plan(), plan(after), wished, MONDAY, RULES)]


def test_a_move_says_what_it_pushes_and_that_the_minutes_stay() -> None:
    assert told(move(3, 4), {3: 4}) == [
        "Thursday's backward walk moves to Friday.",
        "Saturday's session moves on to Sunday, because a rest day belongs between.",
        (
            "Next week: backward on Tuesday, Thursday and Saturday instead of Monday, Wednesday and Friday, "
            "because a rest day belongs between."
        ),
        "This week stays at 11 minutes backward.",
        "The weeks after stay as they are.",
        "At home, hard work for the calves falls on Friday, never on the eve of going backward.",
    ]


def test_what_rests_on_a_rule_names_its_sources() -> None:
    wished = Wished({at(3): at(4)})
    pushed = consequences(plan(), plan(move(3, 4)), wished, MONDAY, RULES)[1]
    assert pushed.sources == RULES.rule("programme.cap_rest_days").sources


def test_leaving_out_says_what_it_costs() -> None:
    found = told(skipped(CALENDAR, plan(), at(3), MONDAY), out=3)
    assert found[:3] == [
        "Thursday's backward walk is left out. It is not added anywhere else.",
        "This week comes to 5:20 minutes backward instead of 11 minutes.",
        "After that it grows from what you did: week 2 has 12:20 minutes backward instead of 13:20 minutes.",
    ]


def test_days_that_change_places() -> None:
    after = exchanged(CALENDAR, plan(), at(7), at(9), MONDAY, RULES)
    assert told(after, {7: 9, 9: 7})[0] == (
        "The session of Monday 30 November and the backward walk of Wednesday 2 December change places."
    )


def test_into_the_next_week_takes_a_place_there() -> None:
    found = told(move(5, 8), {5: 8})
    assert found[0] == "Saturday's session moves to Tuesday 1 December."
    assert (
        "There it takes the place of the session of Monday 30 November: that week has no more sessions than before."
        in found
    )
    assert "This week comes to 8:20 minutes backward instead of 11 minutes." in found


def test_what_finds_no_rest_any_more_falls_away() -> None:
    tight = replace(CALENDAR, weekdays=frozenset({0, 3, 5}))
    after = moved(tight, plan(tight), STATE, at(3), at(4), MONDAY, RULES)
    found = consequences(plan(tight), plan(after), Wished({at(3): at(4)}), MONDAY, RULES)
    assert "Saturday's session falls away: no free day of that week leaves a rest day between." in [
        c.text for c in found
    ]


def test_a_wish_that_changes_nothing_else_says_little() -> None:
    assert told(move(18, 19), {18: 19}) == [
        "The session of Friday 11 December moves to Saturday 12 December.",
        "Week 3 stays at 15:40 minutes backward.",
        "The weeks after stay as they are.",
    ]


def test_another_goal_other_days_another_length() -> None:
    other = Calendar(MONDAY, 12, frozenset({1, 3, 5}))
    found = [one.text for one in of_another_plan(plan(), plan(other, Goal.WALK), MONDAY)]
    assert found[0].startswith("The next session is tomorrow: Five repeats of a minute walking backward")
    assert "You go backward on Tuesday, Thursday and Saturday instead of Monday, Wednesday and Friday." in found
    assert "The plan ends on Sunday 14 February." in found
    assert any(text.startswith("Week 2 has") for text in found)
    assert any(text.startswith("The last week, week 12, has") for text in found)


def test_the_same_wish_again_changes_nothing() -> None:
    assert [one.text for one in of_another_plan(plan(), plan(), MONDAY)] == ["Nothing changes in the plan."]


def test_a_plan_without_weeks_left_says_so() -> None:
    refused = build(clearance(days=200, backward_run=False, longest_bout_s=0.0), Goal.WALK, CALENDAR, RULES)
    assert "No session backward is left in the plan." in [c.text for c in of_another_plan(plan(), refused, MONDAY)]


def test_every_sentence_can_be_filled() -> None:
    for wishes in ((3, 4), (5, 8)):
        assert not [text for text in told(move(*wishes), {wishes[0]: wishes[1]}) if "{" in text]
    assert len([key for key in texts() if key.startswith("consequences.")]) > 20
