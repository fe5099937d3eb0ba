"""The virtual run itself: a session followed by a runner, as a recording and as the truth behind it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from retropace.bout import Bout
from retropace.errors import OutOfRange
from retropace.quantities import Direction
from retropace.recording import FloatArray, Origin, Recording, SportSpan, Wearer
from retropace.session import Session
from retropace.simulate import watch
from retropace.simulate.footsteps import Footsteps, bouts, contacts, footsteps, intentions
from retropace.simulate.place import Place
from retropace.simulate.runner import PUNCTUAL, Device, Following, Runner
from retropace.simulate.sensors import motion_streams

#: When a virtual run begins unless told otherwise.
DEFAULT_START = datetime(2026, 5, 9, 7, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened.

    `final_contacts_s` (k,) belongs to `initial_contacts_s` (k,), NaN where the foot stayed to the end. Per second, (m,):
    `speed_mps` along the path, `velocity_mps` along facing (negative backward, zero sideways), `distance_m` covered and
    `heading_deg` faced. `session_start_s` is when the session began on the recording's clock.
    """

    bouts: tuple[Bout, ...]
    initial_contacts_s: FloatArray
    final_contacts_s: FloatArray
    time_s: FloatArray
    speed_mps: FloatArray
    velocity_mps: FloatArray
    distance_m: FloatArray
    heading_deg: FloatArray
    session_start_s: float


def simulate(
    session: Session,
    runner: Runner,
    place: Place,
    device: Device,
    seed: int,
    start: datetime = DEFAULT_START,
    following: Following = PUNCTUAL,
    utc_offset: timedelta | None = None,
) -> tuple[Recording, Truth]:
    """`runner` follows `session` at `place`, recorded by `device`. The same seed gives the same bytes.

    The steps depend on the seed, the session, the runner and the place only, so two devices may record one run. Raises
    OutOfRange for a session without steps or with one that cannot be simulated.
    """
    if not session.steps:
        raise OutOfRange("The session has no steps to simulate", field="session")
    how, stepping, telling, feeling = (np.random.default_rng([seed, part]) for part in range(4))
    aims = intentions(session, runner, following, how)
    steps = footsteps(aims, runner, place, following, stepping)
    track = watch.track(steps, runner, place, device, telling)
    recording = Recording(
        origin=Origin(name=f"simulated-{device.kind}", format="simulated", device=device.name, simulated=True),
        start=start,
        utc_offset=utc_offset,
        track=track,
        motion=motion_streams(steps, runner, place, device, feeling),
        laps=watch.laps(session, aims, following, float(track.time_s[-1])),
        sports=(SportSpan(0.0, float(track.time_s[-1]), "running"),),
        wearer=Wearer(runner.mass_kg, runner.height_m, resting_heart_rate_bpm=runner.resting_heart_rate_bpm),
        reported={"distance_m": float(track.channels["distance_m"][-1])},
    )
    return recording, _truth(steps, place, following)


def _truth(steps: Footsteps, place: Place, following: Following) -> Truth:
    time_s = watch.seconds(steps)
    speed, code = watch.true_speed_mps(steps, time_s), watch.true_code(steps, time_s)
    feet = contacts(steps)
    landed = np.isfinite(feet.initial_s)
    return Truth(
        bouts=bouts(steps),
        initial_contacts_s=feet.initial_s[landed],
        final_contacts_s=feet.final_s[landed],
        time_s=time_s,
        speed_mps=speed,
        velocity_mps=np.where(code == watch.CODES[Direction.SIDEWAYS], 0.0, np.sign(code) * speed),
        distance_m=watch.true_distance_m(steps, time_s),
        heading_deg=watch.true_heading_deg(steps, place, time_s),
        session_start_s=following.lead_s,
    )
