"""Level: the same samples on axes that do not tilt with the sensor: z up, the other two level.

Which way is up, and how far the sensor has turned since it began, comes from VQF (Laidig and Seel 2023), a library: its
basic filter, which treats all axes alike, so that any mounting of the sensor gives the same but for one turn about the
vertical. It looks back only. To begin upright it first runs through the first `SETTLE_S` seconds of a piece backward.

What the filter lacks is added here: the gyroscope's offset, learnt second by second while the sensor rests, and whether the
magnetometer is to be believed. Both know only what was before, so that pieces as they come say the same as the whole.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from retropace.motion.north import Compass
from retropace.motion.samples import RATE_HZ, Samples, joined
from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import FloatArray
from retropace.signals import BoolArray

if TYPE_CHECKING:
    from vqf import BasicVQF

_RATE = int(RATE_HZ)
_SHARE_OF_SECOND = np.full(_RATE, 1 / _RATE)
#: Of how many samples one is enough for the mean field of a second.
_COMPASS_EVERY = 4
#: The filter is told the mean force of so many samples together: up need not be asked more often, and what repeats at that
#: rate or a multiple of it, and would look as if it stayed, has no mean.
_FELT_TOGETHER = 4
_SHARE_OF_FELT = np.full(_FELT_TOGETHER, 1 / _FELT_TOGETHER)
#: How long each of their rates of turn counts from the middle of them to the last: the rate runs straight between samples,
#: of half the step in the middle its mean counts [s].
_TURNED_SINCE_S = np.array([0.0, 0.25, 0.75, 0.5]) / RATE_HZ
#: How many samples are turned at once: few enough that their matrices stay in the fast memory of a processor, and that
#: the library for products of matrices stays on one.
_AT_ONCE = 2900
#: How much of a piece's beginning is run through backward first, and tells how the device hangs [s]: the filter's own
#: time constant; rows are not due before.
SETTLE_S = 3
#: Tilted from how it hung by more than about 160°, a device has no heading: cosine of half of that, squared.
_LEAST_LEVEL = 0.03
#: How far the device may hang from how it hung before and still keep its axis, as a cosine (60°).
_HANGS_ALIKE = 0.5
#: A sensor rests in a second in which it turns less than this [rad/s] on average, and in which rotation [rad/s] and force
#: [m/s2] spread less than these: the zero-rate level that sheets of data name for small gyroscopes (10 °/s), sensor noise,
#: and the sway of a person who stands. Of 10,065 seconds of real people none that was so steady turned 3 °/s or more.
_RESTING_TURN_RADPS, _RESTING_ROTATION_RADPS, _RESTING_FORCE_MPS2 = math.radians(10), math.radians(1.7), 0.2
#: Offset of a gyroscope nobody calibrated [rad/s], how much it drifts in a second, and the least error of one second's rest.
_OFFSET_RADPS, _DRIFT_RADPS, _LEAST_ERROR_RADPS = math.radians(1), math.radians(0.005), math.radians(0.1)


@dataclass(frozen=True, slots=True)
class Levelled:
    """One piece, or a part of one, on level axes (z up), `RATE_HZ`.

    `acceleration_mps2` (n, 3) without gravity; `rotation_radps` (n, 3) without the gyroscope's offset, zero where there was
    no gyroscope (`turns` is then False); `up` (n, 3) is the upward direction on the sensor's own axes; `heading_rad` (n,),
    unwrapped, is where an axis fixed in the device points on the level axes, anticlockwise. The axis lay level as the device
    hung in the piece's first `SETTLE_S` seconds, and is the same in the next piece if it hangs alike; when the device
    tilts, what counts is where the axis points once it is tilted back the shortest way, so that no swing upsets it. NaN
    where the device hangs upside down against how it began. `north_rad` (n,) is where magnetic north lies on the level
    axes, one value for each whole second of the recording's clock, NaN where unknown.
    """

    start_s: float
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    up: FloatArray
    heading_rad: FloatArray
    north_rad: FloatArray
    known: BoolArray
    clipped: BoolArray
    turns: bool

    def __len__(self) -> int:
        return int(self.acceleration_mps2.shape[0])

    @property
    def first(self) -> int:
        """The number of the first sample on the even clock."""
        return round(self.start_s * RATE_HZ)

    @property
    def last(self) -> int:
        """The number after that of the last sample."""
        return self.first + len(self)

    @classmethod
    def empty(cls, first: int, count: int) -> "Levelled":
        """Room for `count` samples from even sample `first` on, to be filled; each channel lies in a row."""
        acceleration, rotation, up = np.empty((3, 3, count))
        heading, north = np.empty((2, count))
        known, clipped = np.empty((2, count), bool)
        return cls(first / RATE_HZ, acceleration.T, rotation.T, up.T, heading, north, known, clipped, turns=True)

    @property
    def arrays(self) -> tuple[FloatArray | BoolArray, ...]:
        """Everything there is one of for each sample."""
        vectors = (self.acceleration_mps2, self.rotation_radps, self.up)
        return (*vectors, self.heading_rad, self.north_rad, self.known, self.clipped)

    def between(self, first: int, last: int) -> "Levelled":
        """Samples `first` to before `last`, counted from its own first; not copied."""
        part = slice(first, last)
        return Levelled(
            (self.first + first) / RATE_HZ,
            self.acceleration_mps2[part],
            self.rotation_radps[part],
            self.up[part],
            self.heading_rad[part],
            self.north_rad[part],
            self.known[part],
            self.clipped[part],
            self.turns,
        )


#: Gives room from an even sample on for so many samples.
Space = Callable[[int, int], Levelled]


@dataclass(slots=True)
class Offset:
    """The gyroscope's offset `radps` and its variance [(rad/s)2], as learnt so far from seconds of rest.

    `since_s` is how long ago the last of them was.
    """

    radps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    variance: float = _OFFSET_RADPS**2
    since_s: int = 0

    def learn(self, force: FloatArray, rotation: FloatArray) -> FloatArray:
        """The offset in each of s seconds, (3, s), learning from those at rest; both (3, s, `RATE_HZ`)."""
        mean, spread = _mean_and_spread(rotation)
        steady = (spread < _RESTING_ROTATION_RADPS**2) & ((mean**2).sum(axis=0) < _RESTING_TURN_RADPS**2)
        seconds = np.flatnonzero(steady)
        resting = seconds[_mean_and_spread(force[:, seconds])[1] < _RESTING_FORCE_MPS2**2]
        offsets: FloatArray = np.empty_like(mean)
        begins = 0
        for second in resting.tolist():
            offsets[:, begins:second] = np.array(self.radps)[:, None]
            self.since_s += second - begins
            self._rested(mean[:, second].tolist(), float(spread[second]))
            begins = second
        offsets[:, begins:] = np.array(self.radps)[:, None]
        self.since_s += mean.shape[1] - begins
        return offsets

    def _rested(self, mean: list[float], spread: float) -> None:
        variance = self.variance + self.since_s * _DRIFT_RADPS**2
        share = variance / (variance + max(spread, _LEAST_ERROR_RADPS**2))
        x, y, z = (old + share * (new - old) for old, new in zip(self.radps, mean, strict=True))
        self.radps, self.variance, self.since_s = (x, y, z), (1 - share) * variance, 0


@dataclass(slots=True)
class Learnt:
    """What is carried from one piece of a recording to the next: the offset, and how the device hung.

    `hung` is the quaternion that turned the device's axes to level ones in the shortest way when it began.
    """

    offset: Offset = field(default_factory=Offset)
    hung: tuple[float, float, float] | None = None


def _mean_and_spread(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean (3, s) and summed variance (s,) of `values` (3, s, `RATE_HZ`) in each second."""
    mean = values @ _SHARE_OF_SECOND
    return mean, np.einsum("cst,cst->s", values, values) / _RATE - np.square(mean).sum(axis=0)


def levelled(samples: Samples) -> Levelled:
    """`samples` on level axes."""
    leveller = Leveller(Learnt())
    parts = [part for part in (leveller.push(samples), leveller.finish()) if part is not None]
    return together(parts)


class Leveller:
    """Takes the samples of one piece as they come, and gives them on level axes whole seconds at a time."""

    def __init__(self, learnt: Learnt, space: Space = Levelled.empty) -> None:
        self._learnt, self._space = learnt, space
        self._waiting: list[Samples] = []
        self._filter: BasicVQF | None = None
        self._compass = Compass()
        self._last_rotation: FloatArray = np.zeros(3)
        self._last_heading: tuple[float, int] = (math.nan, 0)

    def push(self, samples: Samples) -> Levelled | None:
        """What is level now: up to the last whole second of the recording's clock."""
        self._waiting.append(samples)
        count = samples.last - samples.last % _RATE - self._waiting[0].first
        return None if self._filter is None and count < SETTLE_S * _RATE else self._level(count)

    def finish(self) -> Levelled | None:
        """The rest."""
        return self._level(sum(len(part) for part in self._waiting))

    def _level(self, count: int) -> Levelled | None:
        """The first `count` samples that wait."""
        if count <= 0:
            return None
        samples = self._taken(count)
        force, rotation = samples.force_mps2.T, self._rotation(samples)
        quaternion = self._attitude(samples.first, force, rotation)
        level = self._space(samples.first, count)
        for first in range(0, count, _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            matrix = matrices(quaternion[:, part])
            turned(matrix, force[:, part], out=level.acceleration_mps2[part].T)
            turned(matrix, rotation[:, part], out=level.rotation_radps[part].T)
            level.up[part] = matrix[2].T
        level.acceleration_mps2[:, 2] -= STANDARD_GRAVITY_MPS2
        self._heading(quaternion, out=level.heading_rad)
        self._north(samples, quaternion, out=level.north_rad)
        level.known[:], level.clipped[:] = samples.known, samples.clipped
        return replace(level, turns=samples.rotation_radps is not None)

    def _taken(self, count: int) -> Samples:
        """The first `count` samples that wait, which then wait no more: their own, and may be written on."""
        *whole, last = self._waiting
        rest = count - sum(len(part) for part in whole)
        self._waiting = [last.between(rest)] if rest < len(last) else []
        return joined([*whole, last.between(0, rest)])

    def _rotation(self, samples: Samples) -> FloatArray:
        """(3, n) what the gyroscope felt, less its offset as learnt in each whole second, in place; zero without one."""
        force = samples.force_mps2.T
        if samples.rotation_radps is None:
            return np.zeros_like(force)
        rotation = samples.rotation_radps.T
        begins = -samples.first % _RATE
        seconds = max(len(samples) - begins, 0) // _RATE
        whole = slice(begins, begins + seconds * _RATE)
        felt, turning = (values[:, whole].reshape(3, seconds, _RATE) for values in (force, rotation))
        before = np.array(self._learnt.offset.radps)[:, None]
        offsets = self._learnt.offset.learn(felt, turning)
        turning -= offsets[:, :, None]
        rotation[:, :begins] -= offsets[:, :1] if seconds else before
        rotation[:, whole.stop :] -= offsets[:, -1:] if seconds else before
        return rotation

    def _attitude(self, first: int, force: FloatArray, rotation: FloatArray) -> FloatArray:
        """(4, n) quaternions from the sensor's axes to level ones, scalar first; even sample `first` is the first."""
        from vqf import BasicVQF

        # The filter takes a rate to hold since the sample before: the mean of both ends, which is the same backward. It is
        # given their sum, and half of the time.
        both = np.empty((rotation.shape[1], 3))
        np.add(rotation[:, :-1], rotation[:, 1:], out=both[1:].T)
        both[0] = self._last_rotation + rotation[:, 0]
        self._last_rotation = rotation[:, -1]
        if self._filter is None:
            self._filter = BasicVQF(0.5 / RATE_HZ, _FELT_TOGETHER / RATE_HZ)
            both[0] = 2 * rotation[:, 0]
            early = slice(0, SETTLE_S * _RATE)
            last = first + min(SETTLE_S * _RATE, force.shape[1])
            # Turned round each force is there a step earlier; with the very first sample nothing is felt.
            felt_back = _felt(force[:, early][:, -2::-1], -rotation[:, early][:, -2::-1], _FELT_TOGETHER + 1 - last)
            back = np.ascontiguousarray(-both[early][::-1])
            self._filter.updateBatch(back, np.concatenate([felt_back, np.zeros((1, 3))]))
        quaternion: FloatArray = self._filter.updateBatch(both, _felt(force, rotation, first))["quat6D"]
        return np.ascontiguousarray(quaternion.T)

    def _heading(self, quaternion: FloatArray, out: FloatArray) -> None:
        """(n,) where the device's axis points, unwrapped from what came before."""
        if math.isnan(self._last_heading[0]):
            up = matrices(quaternion[:, : SETTLE_S * _RATE])[2].mean(axis=1)
            if self._learnt.hung is None or not _hangs_alike(up, self._learnt.hung):
                self._learnt.hung = shortest(up)
        scalar, x, y = self._learnt.hung or (1.0, 0.0, 0.0)
        level, about = parts = np.array([[scalar, x, y, 0.0], [0.0, -y, x, scalar]]) @ quaternion
        np.arctan2(about, level, out=out)
        out *= 2
        self._unwrap(out)
        size = np.einsum("in,in->n", parts, parts)
        if size.min() < _LEAST_LEVEL:
            out[size < _LEAST_LEVEL] = np.nan

    def _unwrap(self, angle: FloatArray) -> None:
        """Sets `angle` (n,) in whole turns from what came before."""
        last, turns = self._last_heading
        step = np.empty(angle.size)
        np.subtract(angle[1:], angle[:-1], out=step[1:])
        step[0] = 0.0 if math.isnan(last) else float(angle[0]) - last
        jumps = np.flatnonzero(np.abs(step) > np.pi)
        after = turns - np.cumsum(np.rint(step[jumps] / (2 * np.pi)))
        self._last_heading = float(angle[-1]), int(after[-1]) if jumps.size else turns
        if turns or jumps.size:
            lengths = np.diff(np.concatenate([[0], jumps, [angle.size]]))
            angle += np.repeat(2 * np.pi * np.concatenate([[turns], after]), lengths)

    def _north(self, samples: Samples, quaternion: FloatArray, out: FloatArray) -> None:
        """(n,) where north lies, NaN where nobody knows and before the first whole second and after the last."""
        out[:] = np.nan
        if samples.magnetic_ut is None:
            return
        begins = -samples.first % _RATE
        seconds = max(len(samples) - begins, 0) // _RATE
        whole = slice(begins, begins + seconds * _RATE)
        seldom = slice(begins, whole.stop, _COMPASS_EVERY)
        field_ut = turned(matrices(quaternion[:, seldom]), samples.magnetic_ut[seldom].T)
        per_second = self._compass.north_rad(field_ut.reshape(3, seconds, _RATE // _COMPASS_EVERY))
        out[whole].reshape(seconds, _RATE)[:] = per_second[:, None]


def _felt(force: FloatArray, rotation: FloatArray, first: int) -> FloatArray:
    """(n, 3) `force` (3, n) as the filter gets it: with every fourth sample the mean of four, else zeros, which it ignores.

    That mean is as the sensor felt it one and a half samples ago, and so is turned by as much as the sensor has turned
    since, at the rates `rotation` (3, n). Even sample `first` is the first of both.

    >>> _felt(np.array([[0.0] * 6, [1.0, 2.0, 3.0, 4.0, 6.0, 9.0], [0.0] * 6]), np.zeros((3, 6)), 3)[:, 1]
    array([0.  , 0.  , 0.  , 0.  , 3.75, 0.  ])
    """
    felt = np.zeros((force.shape[1], 3))
    begins = -first % _FELT_TOGETHER
    count = max(len(felt) - begins, 0) // _FELT_TOGETHER
    whole = slice(begins, begins + count * _FELT_TOGETHER)
    x, y, z = force[:, whole].reshape(3, count, _FELT_TOGETHER) @ _SHARE_OF_FELT
    about_x, about_y, about_z = rotation[:, whole].reshape(3, count, _FELT_TOGETHER) @ _TURNED_SINCE_S
    told = felt[whole].reshape(count, _FELT_TOGETHER, 3)[:, -1]
    np.subtract(x, about_y * z - about_z * y, out=told[:, 0])
    np.subtract(y, about_z * x - about_x * z, out=told[:, 1])
    np.subtract(z, about_x * y - about_y * x, out=told[:, 2])
    return felt


def shortest(up: FloatArray) -> tuple[float, float, float]:
    """Scalar, x and y of the quaternion that turns `up` (3,) upright the shortest way; its z is 0.

    >>> [round(part, 3) for part in shortest(np.array([-1.0, 1.0, 0.0]))]
    [0.707, 0.5, 0.5]
    """
    x, y, z = (up / max(float(np.linalg.norm(up)), 1e-9)).tolist()
    scalar = math.sqrt(max((1 + z) / 2, 0.0))
    return (scalar, y / (2 * scalar), -x / (2 * scalar)) if scalar > 1e-3 else (0.0, 1.0, 0.0)


def _hangs_alike(up: FloatArray, hung: tuple[float, float, float]) -> bool:
    scalar, x, y = hung
    before = np.array([-2 * scalar * y, 2 * scalar * x, 1 - 2 * (x * x + y * y)])
    return bool(up @ before > _HANGS_ALIKE * np.linalg.norm(up))


#: How often each product of two parts of a unit quaternion counts in each entry of its rotation matrix, row by row.
_COUNTS = np.array(
    [  # ww wx wy wz xx xy xz yy yz zz
        [1, 0, 0, 0, 1, 0, 0, -1, 0, -1],
        [0, 0, 0, -2, 0, 2, 0, 0, 0, 0],
        [0, 0, 2, 0, 0, 0, 2, 0, 0, 0],
        [0, 0, 0, 2, 0, 2, 0, 0, 0, 0],
        [1, 0, 0, 0, -1, 0, 0, 1, 0, -1],
        [0, -2, 0, 0, 0, 0, 0, 0, 2, 0],
        [0, 0, -2, 0, 0, 0, 2, 0, 0, 0],
        [0, 2, 0, 0, 0, 0, 0, 0, 2, 0],
        [1, 0, 0, 0, -1, 0, 0, -1, 0, 1],
    ],
    dtype=float,
)


def matrices(quaternion: FloatArray) -> FloatArray:
    """(3, 3, n) rotation matrices of unit quaternions (4, n), scalar first: sensor axes to level axes."""
    products, row = np.empty((_COUNTS.shape[1], quaternion.shape[1])), 0
    for part in range(4):
        others = quaternion[part:]
        np.multiply(quaternion[part], others, out=products[row : row + len(others)])
        row += len(others)
    return (_COUNTS @ products).reshape(3, 3, -1)


def turned(matrix: FloatArray, values: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """`values` (3, n) each turned by its matrix (3, 3, n)."""
    result: FloatArray = np.einsum("ijn,jn->in", matrix, values, out=out)
    return result


def together(parts: Sequence[Levelled]) -> Levelled:
    """Consecutive parts of one piece as one."""
    if len(parts) == 1:
        return parts[0]

    def joined_up(of: Callable[[Levelled], FloatArray]) -> FloatArray:
        return np.concatenate([of(part).T for part in parts], axis=-1).T

    return replace(
        parts[0],
        acceleration_mps2=joined_up(lambda part: part.acceleration_mps2),
        rotation_radps=joined_up(lambda part: part.rotation_radps),
        up=joined_up(lambda part: part.up),
        heading_rad=joined_up(lambda part: part.heading_rad),
        north_rad=joined_up(lambda part: part.north_rad),
        known=np.concatenate([part.known for part in parts]),
        clipped=np.concatenate([part.clipped for part in parts]),
    )
