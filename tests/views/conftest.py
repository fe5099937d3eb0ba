"""Summaries made by hand: every figure here is invented for testing and marked as simulated."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from retropace.bout import Bout
from retropace.metrics import Gap, aggregate, compute_bouts, same_forward
from retropace.person import Person
from retropace.plan import Followed, FollowedStep
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Origin, Recording, Repair, SportSpan, Stream
from retropace.session import Session, Step
from retropace.signals import grid
from retropace.summary import BoutSummary, Summary

START = datetime(2026, 5, 12, 16, 4, tzinfo=UTC)
ZONE = timezone(timedelta(hours=2))
WALK, RUN, STAND = Gait.WALK, Gait.RUN, Gait.STAND
FORWARD, BACKWARD, UNKNOWN, NONE = Direction.FORWARD, Direction.BACKWARD, Direction.UNKNOWN, Direction.NONE


def repeats_plan() -> Session:
    """Five minutes of walking, then six times 20 s backward and 60 s walking."""
    pair = (Step(RUN, BACKWARD, 20.0, "reverse run", 1.7), Step(WALK, FORWARD, 60.0, "walk"))
    return Session("Six repeats", (Step(WALK, FORWARD, 300.0, "walk"), *pair * 6))


def repeats_bouts() -> list[Bout]:
    """The plan as it was done: the fifth repeat loses eight seconds to a phone in the hand."""
    bouts = [Bout(0, 300, WALK, FORWARD, 0.99, ("plan",))]
    for number in range(6):
        begin = 300.0 + 80 * number
        if number == 4:
            reason = "the phone was in the hand, so no sensor knew which way you faced"
            bouts.append(Bout(begin, begin + 9, RUN, BACKWARD, 0.975, ("plan", "heading")))
            bouts.append(Bout(begin + 9, begin + 17, RUN, UNKNOWN, 0.7, ("none",), reason))
            bouts.append(Bout(begin + 17, begin + 20, RUN, BACKWARD, 0.93, ("plan",)))
        else:
            bouts.append(Bout(begin, begin + 20, RUN, BACKWARD, 0.99 if number else 0.95, ("plan", "heading")))
        bouts.append(Bout(begin + 20, begin + 80, WALK, FORWARD, 0.98, ("plan",)))
    bouts.append(Bout(780, 810, STAND, NONE, 1.0, ("standing",)))
    bouts.append(Bout(810, 990, RUN, FORWARD, 0.985, ("heading",)))
    bouts.append(Bout(990, 1240, WALK, FORWARD, 0.985, ("heading",)))
    return bouts


def speeds(bouts: list[Bout], seconds: int) -> FloatArray:
    """A plausible path speed for each second of `bouts`."""
    typical = {(WALK, False): 1.28, (RUN, False): 2.65, (RUN, True): 1.66, (WALK, True): 0.9}
    chance = np.random.default_rng(7)
    speed = np.zeros(seconds)
    for bout in bouts:
        part = slice(int(bout.start_s), int(bout.end_s))
        speed[part] = typical.get((bout.gait, bout.direction in (BACKWARD, UNKNOWN)), 0.0)
    smooth = np.convolve(np.pad(speed, 1, "edge"), [0.25, 0.5, 0.25], "valid")
    wander = np.convolve(chance.normal(0, 0.09, seconds + 4), np.ones(5) / 5, "valid")
    return np.asarray(np.maximum(smooth + wander * (speed > 0), 0.0))


def heart_rates(speed: FloatArray, bouts: list[Bout]) -> FloatArray:
    """Heart rate that follows effort with a lag of 25 s."""
    effort = 78 + 24 * speed
    for bout in bouts:
        if bout.direction in (BACKWARD, UNKNOWN):
            effort[int(bout.start_s) : int(bout.end_s)] += 34
    rate = np.empty_like(effort)
    level = 84.0
    for second, wanted in enumerate(effort):
        level += (wanted - level) / 25
        rate[second] = level
    return np.round(rate)


def track(speed: FloatArray, bouts: list[Bout]) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude: a winding way out for five minutes, then to and fro on a straight, then home again."""
    path = np.cumsum(speed)
    out_m = path[min(300, path.size - 1)]
    beyond = np.maximum(path - out_m, 0)
    ahead = np.where(beyond < 600, np.abs((beyond + 60) % 120 - 60), np.maximum(600 - beyond, -out_m + 20))
    along = np.where(path < out_m, path, out_m + ahead)
    side = 40 * np.sin(along / 70) + np.where(beyond < 600, 1.5 * np.floor(beyond / 60), 0)
    noise = np.random.default_rng(3).normal(0, 0.6, (2, speed.size))
    smooth = np.stack([np.convolve(np.pad(n, 4, "edge"), np.ones(9) / 9, "valid") for n in noise])
    north, east = side + smooth[0], along + smooth[1]
    return 54.3 + north / 111_195, 10.1 + east / (111_195 * np.cos(np.deg2rad(54.3)))


def make_recording(bouts: list[Bout], seconds: int, *, positions: bool = True) -> Recording:
    """A simulated watch file with speed, heart rate, cadence and, where wanted, positions."""
    speed = speeds(bouts, seconds)
    cadence = np.where(speed > 0.5, np.where(speed > 1.5, 178.0, 112.0), 0.0)
    cadence += np.random.default_rng(5).integers(-2, 3, seconds)
    channels = {"speed_mps": speed, "heart_rate_bpm": heart_rates(speed, bouts), "cadence_spm": np.maximum(cadence, 0)}
    if positions:
        channels["latitude_deg"], channels["longitude_deg"] = track(speed, bouts)
    return Recording(
        Origin("evening.fit", "fit", "a" * 64, 51_234, "Test watch", simulated=True),
        START,
        timedelta(hours=2),
        Stream(np.arange(float(seconds)), channels),
        sports=(SportSpan(0, seconds, "running"),),
        repairs=(Repair("heart_rate_zero", 3),),
    )


def make_summary(
    bouts: list[Bout],
    recording: Recording,
    *,
    person: Person | None = None,
    planned: Session | None = None,
    unknowns: tuple[Gap, ...] = (),
    zone_known_by: str = "file",
) -> Summary:
    """The summary of bouts that are given instead of recognised."""
    seconds, person = grid(recording), person or Person(mass_kg=70.0)
    found = compute_bouts(bouts, seconds, person)
    totals = aggregate(found)
    parts = {d: aggregate(part) for d in Direction if (part := [f for f in found if f[0].direction == d])}
    local = recording.start.astimezone(ZONE) if recording.start else None
    return Summary(
        recording=recording,
        grid=seconds,
        person=person,
        bouts=tuple(BoutSummary(bout, metrics) for bout, metrics in found),
        session=totals,
        by_direction=parts,
        same_forward=same_forward(totals),
        unknowns=unknowns,
        corrections=recording.declared,
        local_start=local,
        zone_known_by=zone_known_by,
        planned=planned,
        followed=followed(planned) if planned else None,
    )


def followed(session: Session) -> Followed:
    """The session as if every step was done on the second."""
    steps, begin = [], 0.0
    for step in session.steps:
        steps.append(FollowedStep(step, begin, begin + step.duration_s, 0.95, seen_start=True, seen_end=True))
        begin += step.duration_s
    return Followed(tuple(steps), 0.95)


@pytest.fixture(scope="session")
def repeats_summary() -> Summary:
    """Twenty minutes with six backward repeats, as planned but for eight unknown seconds."""
    bouts = repeats_bouts()
    remedy = "Say it yourself: --backward 10:29-10:37"
    unknowns = (
        Gap("Contact time", "no sensor recorded it"),
        Gap("Direction for 0:00:08 in 1 stretch", "the phone was in the hand", remedy),
    )
    return make_summary(bouts, make_recording(bouts, 1240), planned=repeats_plan(), unknowns=unknowns)


@pytest.fixture(scope="session")
def forward_summary() -> Summary:
    """A forward run in which nothing saw which way the runner faced; no position, no body mass."""
    bouts = [Bout(0, 60, STAND, NONE, 1.0, ("standing",)), Bout(60, 3600, RUN, FORWARD, 0.98, ("assumed",))]
    recording = make_recording(bouts, 3600, positions=False)
    return make_summary(bouts, recording, person=Person(), zone_known_by="not known: UTC")


@pytest.fixture(scope="session")
def month_summary() -> Summary:
    """Thirty-one mornings of forty minutes in one recording, each with five backward minutes."""
    recording, bouts = month_recording()
    return make_summary(bouts, recording)


def month_recording() -> tuple[Recording, list[Bout]]:
    bouts: list[Bout] = []
    for day in range(31):
        begin = 86_400.0 * day
        bouts += [
            Bout(begin, begin + 1200, RUN, FORWARD, 0.99, ("lap",)),
            Bout(begin + 1200, begin + 1500, RUN, BACKWARD, 0.99, ("lap",)),
            Bout(begin + 1500, begin + 2400, WALK, FORWARD, 0.99, ("lap",)),
        ]
    one = np.concatenate([np.full(1200, 2.8), np.full(300, 1.7), np.full(900, 1.3)])
    time_s = np.concatenate([86_400.0 * day + np.arange(2400.0) for day in range(31)])
    channels = {"speed_mps": np.tile(one, 31), "heart_rate_bpm": np.tile(110 + 12 * one, 31)}
    return Recording(Origin("month.csv", "csv", simulated=True), START, None, Stream(time_s, channels)), bouts


@pytest.fixture(scope="session")
def empty_summary() -> Summary:
    """A file with nothing in it that is of use here."""
    recording = Recording(Origin("empty.gpx", "gpx"), None)
    return make_summary([], recording)
