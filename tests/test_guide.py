"""Guide: what a live coach is given, held against the cues and limits it was made from."""

from itertools import pairwise

import pytest

from retropace.caps import TURN
from retropace.guide import guide, guide_json
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction, Gait
from retropace.rules import rules_on
from retropace.screening import Limits
from retropace.session import Session, Step
from served import TODAY

RULES = rules_on(TODAY)
GRASS = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)


def limits(*watchers: Watcher, clear_run_m: float | None = 50.0) -> Limits:
    return Limits(
        backward_run=True,
        speed_mps=2.0,
        longest_bout_s=60.0,
        glance_every_s=5.0,
        watchers=watchers,
        start_low=False,
        treadmill_kmh=None,
        treadmill_run=False,
        clear_run_m=clear_run_m,
    )


def session(*steps: tuple[Gait, Direction, float]) -> Session:
    return Session("Test", tuple(Step(gait, way, lasts) for gait, way, lasts in steps))


WALK, BACK = (Gait.WALK, Direction.FORWARD, 60.0), (Gait.RUN, Direction.BACKWARD, 20.0)


def test_pieces_follow_each_other_without_gaps_and_only_backward_ones_have_room() -> None:
    made = guide(session(WALK, BACK, WALK, BACK, WALK), limits(), GRASS, RULES)
    told = guide_json(made)["pieces"]
    assert isinstance(told, list)
    assert [piece["state"] for piece in told] == ["walk", "reverse", "walk", "reverse", "walk"]
    assert all(one["end_s"] == following["start_s"] for one, following in pairwise(told))
    assert [piece["room_s"] is None for piece in told] == [piece["state"] != "reverse" for piece in told]


def test_the_room_of_a_stretch_is_the_straight_without_its_run_off() -> None:
    made = guide(session(WALK, BACK, WALK), limits(), GRASS, RULES)
    room = made.rooms[1]
    assert room is not None
    assert room.room_m == 50.0
    assert room.room_s == pytest.approx(min(60.0, 50.0 / 2.0), abs=1.0)  # at 2 m/s
    assert made.pieces[1].duration_s <= room.room_s


def test_stretches_with_only_a_pause_between_share_one_straight() -> None:
    short, pause = (Gait.RUN, Direction.BACKWARD, 8.0), (Gait.STAND, Direction.NONE, 5.0)
    made = guide(session(WALK, short, pause, short, WALK), limits(), GRASS, RULES)
    first, second = (room for room in made.rooms if room is not None)
    assert first.room_m == 50.0
    assert second.room_m == pytest.approx(50.0 - 8.0 * 2.0)
    assert second.room_s == pytest.approx(first.room_s - 8.0)


def test_a_turn_gives_the_straight_back() -> None:
    turn = Step(Gait.STAND, Direction.NONE, 5.0, TURN)
    back = Step(Gait.RUN, Direction.BACKWARD, 20.0)
    made = guide(Session("Test", (back, turn, back)), limits(), GRASS, RULES)
    rooms = [room.room_m for room in made.rooms if room is not None]
    assert rooms[0] == rooms[-1] == 50.0


@pytest.mark.parametrize(
    ("watchers", "required"),
    [
        ((Watcher.SPOTTER,), True),
        ((Watcher.SPOTTER, Watcher.MIRROR), False),
        ((Watcher.SPOTTER, Watcher.RAIL), False),
        ((Watcher.NOBODY, Watcher.SPOTTER), False),
        ((), False),
    ],
)
def test_a_spotter_is_required_where_nothing_else_will_do(watchers: tuple[Watcher, ...], *, required: bool) -> None:
    assert guide(session(WALK, BACK), limits(*watchers), GRASS, RULES).spotter_required is required


def test_what_is_not_allowed_backward_is_no_piece_backward() -> None:
    made = guide(session(WALK, BACK, WALK), limits(clear_run_m=0.0), GRASS, RULES)
    assert not made.backward
    assert made.rooms == (None, None, None)


def test_every_rule_of_the_coach_is_told_with_its_words() -> None:
    told = guide_json(guide(session(WALK, BACK), limits(), GRASS, RULES))
    keys = {key.removeprefix("coach.") for key in RULES.by_key if key.startswith("coach.")}
    assert set(told["rules"]) == set(told["says"]) == keys  # type: ignore[call-overload]
