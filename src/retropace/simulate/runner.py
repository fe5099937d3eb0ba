"""Runner, Device and Following: who runs, what is worn, and how exactly the session is followed."""

from dataclasses import dataclass
from typing import Literal, get_args

from retropace.errors import OutOfRange
from retropace.quantities import Direction, Gait
from retropace.session import Step
from retropace.simulate.stride import SPEED_RATIO_SAME_EFFORT

Placement = Literal["foot", "waist", "pocket", "wrist"]


@dataclass(frozen=True, slots=True)
class Runner:
    """A virtual person: size, usual speeds, cadence and heart.

    Speeds hold where a step of the session prescribes none; the backward running speed defaults to the same effort as
    forward. `switch` is how the person turns round: "spin" keeps the course and turns the body, "retrace" keeps the body
    and goes back along the same line. `step_spread` is the standard deviation of step time as a share.
    """

    mass_kg: float = 70.0
    height_m: float = 1.75
    walk_mps: float = 1.35
    run_mps: float = 2.8
    backward_walk_mps: float = 1.0
    backward_run_mps: float | None = None
    sideways_mps: float = 0.9
    cadence_spm_at_3: float = 170.0
    cadence_slope: float = 8.0
    step_spread: float = 0.015
    speed_spread: float = 0.02
    resting_heart_rate_bpm: float = 62.0
    heart_rate_tau_s: float = 45.0
    switch: Literal["spin", "retrace"] = "spin"

    @property
    def leg_length_m(self) -> float:
        """Hip to ground, 0.53 of height (design: usual proportion)."""
        return 0.53 * self.height_m

    def speed_mps(self, step: Step) -> float:
        """Speed this person gives `step`: as prescribed, else the usual one.

        >>> round(Runner().speed_mps(Step(Gait.RUN, Direction.BACKWARD, 20)), 2)
        2.07
        """
        if step.speed_mps is not None:
            return step.speed_mps
        if step.direction is Direction.SIDEWAYS:
            return self.sideways_mps
        forward = step.direction is not Direction.BACKWARD
        if step.gait is Gait.RUN:
            same_effort = SPEED_RATIO_SAME_EFFORT.value * self.run_mps
            backward = same_effort if self.backward_run_mps is None else self.backward_run_mps
            return self.run_mps if forward else backward
        return self.walk_mps if forward else self.backward_walk_mps


@dataclass(frozen=True, slots=True)
class Following:
    """How exactly a person follows a session; the default is to the second.

    The recording runs `lead_s` before the session begins. Every change comes late by a time drawn evenly from `late_s`.
    `cut_short` holds (step number, seconds) of steps given up early; `missed_presses` the numbers of steps whose lap button
    was forgotten. Steps count from 0.
    """

    lead_s: float = 5.0
    tail_s: float = 4.0
    late_s: tuple[float, float] = (0.0, 0.0)
    cut_short: tuple[tuple[int, float], ...] = ()
    missed_presses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """What is worn and how well it measures.

    `placement` "pocket" is the front trouser pocket, on the thigh. `rate_hz` (25-800) is that of the motion sensors, None
    for a device that keeps none. `mount_deg` is the unknown way it sits on the body part: yaw, pitch, roll [°], applied in
    that order. `heading`: "none"; "device", the compass of the device, off by the mount yaw; "facing", a facing known
    without offset. `declares_direction` writes the true direction code into the track, as a cueing app would.
    `resonance_hz` lets soft tissue ring, None for a rigid mount.
    """

    kind: Literal["watch", "phone", "pod"] = "watch"
    placement: Placement = "wrist"
    side: Literal["left", "right"] = "left"
    rate_hz: float | None = None
    mount_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    positions: bool = True
    heart_rate: bool = True
    heading: Literal["none", "device", "facing"] = "none"
    declares_direction: bool = False
    running_dynamics: bool = False
    magnetometer: bool = False
    position_drift_m: float = 2.0
    position_noise_m: float = 0.4
    speed_noise_mps: float = 0.12
    speed_lag_s: float = 1.5
    cadence_noise_spm: float = 1.0
    heading_noise_deg: float = 20.0
    acceleration_bias_mps2: float = 0.1
    acceleration_noise_mps2: float = 0.03
    rotation_bias_radps: float = 0.005
    rotation_noise_radps: float = 0.003
    clip_mps2: float = 157.0
    quantised: bool = True
    jitter_s: float = 0.0
    dropped_share: float = 0.0
    resonance_hz: float | None = None
    resonance_damping: float = 0.3

    def __post_init__(self) -> None:
        if self.rate_hz is not None and not 25 <= self.rate_hz <= 800:
            raise OutOfRange(f"A motion sensor at {self.rate_hz:g} Hz", field="rate_hz", remedy="Use 25 to 800 Hz.")
        if self.placement not in get_args(Placement):
            known = ", ".join(get_args(Placement))
            raise OutOfRange(f"A device on the {self.placement}", field="placement", remedy=f"Use one of: {known}.")
        if not 0 <= self.dropped_share < 1:
            raise OutOfRange(f"A dropped share of {self.dropped_share:g}", field="dropped_share", remedy="Use 0 to 1.")

    @property
    def name(self) -> str:
        """What the recording calls the device."""
        return "retropace virtual runner (simulated)"


#: A person who does everything to the second.
PUNCTUAL = Following()
