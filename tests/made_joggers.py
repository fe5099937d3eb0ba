"""Raw sensors on feet that hardly rest: joggers who land on the ball of the foot and turn about it until they leave.

Sagittal kinematics only: the ball stands on the ground in stance and goes over smoothly in the swing, the foot pitches
through knots, the sensor sits anywhere on the foot. Backward joggers land on the toes, reach back with short strides, lift
the foot little and pitch it little, soon after leaving; forward ones land flat or on the ball and whip the heel up.
"""

from dataclasses import dataclass

import numpy as np

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray, Stream

#: Where the sensor sits from the ball of the foot [m]: forward, up.
SITES = {
    "instep": (-0.07, 0.07),
    "heel": (-0.19, 0.04),
    "side": (-0.12, 0.03),
    "toe": (0.0, 0.045),
    "ankle": (-0.15, 0.11),
}
_FINE_HZ, _STILL_S = 800, 4.0


@dataclass(frozen=True)
class Jog:
    """How a foot jogs: speed [m/s], strides a second, contact [s], pitch (toe down) in degrees at landing, at mid-stance, at
    leaving and at two shares of the swing, how its speed and height are spread over the swing (powers), lift [m]."""

    speed_mps: float
    stride_s: float
    contact_s: float
    stance_deg: tuple[float, float, float]
    swing: tuple[tuple[float, float], tuple[float, float]]
    going: tuple[float, float]
    lift_m: float
    rising: tuple[float, float]


def backward_jog(random: np.random.Generator) -> Jog:
    """Anybody who jogs backward, slowly to briskly."""
    stride_s = 120 / random.uniform(150, 195)
    landing, leaving = random.uniform(12, 42), random.uniform(-6, 14)
    most = max(random.uniform(25, 70), landing + 3)
    return Jog(
        -random.uniform(1.0, 2.8),
        stride_s,
        min(random.uniform(0.19, 0.33), 0.47 * stride_s),
        (landing, random.uniform(2, min(18, landing)), leaving),
        ((0.06, leaving - random.uniform(3, 22)), (0.38, most)),
        (random.uniform(2, 2.6), random.uniform(3.2, 5)),
        random.uniform(0.04, 0.2),
        (2.2, random.uniform(3, 5)),
    )


def forward_jog(random: np.random.Generator) -> Jog:
    """Anybody who jogs forward, landing flat or on the ball of the foot."""
    stride_s = 120 / random.uniform(150, 190)
    landing, leaving = random.uniform(-12, 18), random.uniform(38, 62)
    least = min(landing - random.uniform(0, 8), random.uniform(-15, 8))
    return Jog(
        random.uniform(1.6, 4.0),
        stride_s,
        min(random.uniform(0.19, 0.32), 0.47 * stride_s),
        (landing, random.uniform(0, 8), leaving),
        ((0.16, leaving + random.uniform(5, 35)), (0.9, least)),
        (random.uniform(2.0, 3.2), random.uniform(2, 2.6)),
        random.uniform(0.08, 0.3),
        (random.uniform(2.2, 3), 2.6),
    )


def jogging(jog: Jog, site: str, rate_hz: int, random: np.random.Generator, seconds: float = 16.0) -> dict[str, Stream]:
    """What a sensor at `site`, turned any way, writes of somebody who stands, jogs for `seconds` and stands."""
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import butter, sosfiltfilt
    from scipy.spatial.transform import Rotation

    time_s = np.arange(0, seconds + 2 * _STILL_S, 1 / _FINE_HZ)
    ball_m, pitch_deg, shock = _path(jog, time_s, seconds, random)
    pitch = np.radians(gaussian_filter1d(pitch_deg, 0.008 * _FINE_HZ))
    place = gaussian_filter1d(ball_m, 0.004 * _FINE_HZ, axis=1)
    c, s = np.cos(pitch), np.sin(pitch)
    ahead, up = SITES[site]
    place = place + np.stack([c * ahead + s * up, -s * ahead + c * up])
    level = np.gradient(np.gradient(place, 1 / _FINE_HZ, axis=1), 1 / _FINE_HZ, axis=1)
    along, lift = level[0] - 0.3 * np.sign(jog.speed_mps) * shock, level[1] + shock + STANDARD_GRAVITY_MPS2
    none = np.zeros_like(along)
    force = np.stack([c * along - s * lift, none, s * along + c * lift])
    rotation = np.stack([none, np.gradient(pitch, 1 / _FINE_HZ) + 0.02 * shock, none])
    below = butter(2, min(0.45 * rate_hz, 250.0), fs=_FINE_HZ, output="sos")
    mount = Rotation.random(random_state=int(random.integers(2**31))).as_matrix()
    streams = {}
    for name, values, noise in (("acceleration_{}_mps2", force, 0.05), ("rotation_{}_radps", rotation, 0.005)):
        felt = mount @ sosfiltfilt(below, values, axis=1)[:, :: _FINE_HZ // rate_hz]
        felt = felt + random.normal(0, noise, felt.shape)
        channels = {name.format(axis): np.ascontiguousarray(row) for axis, row in zip("xyz", felt, strict=True)}
        streams[name] = Stream(time_s[:: _FINE_HZ // rate_hz], channels)
    return dict(zip(("accelerometer", "gyroscope"), streams.values(), strict=True))


def _path(
    jog: Jog, time_s: FloatArray, seconds: float, random: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ball of the foot (2, n) [m], pitch (n,) [degrees] and shocks (n,) [m/s2]."""
    from scipy.interpolate import PchipInterpolator

    count = int(seconds / jog.stride_s)
    periods = jog.stride_s * (1 + 0.02 * random.standard_normal(count))
    begins = _STILL_S + np.concatenate([[0.0], np.cumsum(periods)])
    ball, shock = np.zeros((2, time_s.size)), np.zeros_like(time_s)
    knots = [(0.0, 0.0), (_STILL_S - 0.4, 0.0)]
    for begin, period in zip(begins, periods, strict=False):
        contact = jog.contact_s * period / jog.stride_s
        leaves, swing_s = begin + contact, period - contact
        shares = (0.0, 0.45 * contact, contact, *(contact + share * swing_s for share, _ in jog.swing))
        angles = (*jog.stance_deg, *(angle for _, angle in jog.swing))
        knots += [(begin + at, angle + random.standard_normal()) for at, angle in zip(shares, angles, strict=True)]
        _swing(jog, ball, time_s, leaves, swing_s, jog.speed_mps * period * (1 + 0.03 * random.standard_normal()))
        since = np.clip(time_s - begin - period, 0.0, 0.2)
        shock += random.uniform(10, 40) * np.exp(-since / 0.015) * np.sin(2 * np.pi * 35 * since) * (since < 0.15)
    knots += [(begins[-1] + 0.4, 0.0), (float(time_s[-1]) + 1, 0.0)]
    return ball, np.asarray(PchipInterpolator(*np.array(knots).T)(time_s)), shock


def _swing(jog: Jog, ball: FloatArray, time_s: FloatArray, leaves_s: float, swing_s: float, length_m: float) -> None:
    """Add one swing to the path of the `ball`."""
    u = np.clip((time_s - leaves_s) / swing_s, 0.0, 1.0)
    speed, rise = (u**before * (1 - u) ** after for before, after in (jog.going, jog.rising))
    ball[0] += length_m * np.cumsum(speed) / speed.sum()
    ball[1] += jog.lift_m * rise / rise.max()
