"""Motion numbers: every constant that a phone needs to see by itself which way its runner goes.

The browser's modules (coach-motion*.js) hold formulas only. What stands here is read off the modules that hear a
recording, by the names of their constants, so that no number is ever written twice.
"""

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from retropace.recording import FloatArray
from retropace.sources import Cited

#: Who is asked to go backward turns within these seconds with this probability, as far as the asking may count: less than
#: `readings.OBEYED_NATS` says of a whole session, and far from naming a direction. Who is asked to go forward again nearly
#: always does. Our choice.
ASKED_BACKWARD, ASKED_FORWARD, ASKED_WITHIN_S = 0.7, 0.95, 8.0
#: Tables by which a placement is told.
_TABLES = ("SIZES", "STRIDES", "_OFTEN", "_MEANING", "_SURE", "_NO_MISTAKE")
#: Significant digits sent; a phone's sensors have four.
_DIGITS = 8
#: No filter of ours reaches further than this many kept samples.
_LONGEST = 40


@cache
def motion_numbers() -> dict[str, Any]:
    """Numbers by part: clock and level axes, windows, steps, thigh, trunk, where it is worn, the chain of states."""
    from retropace import direction, fronts, model, motion_witness, witness
    from retropace.motion import constancy, even, frame, placement, pocket, steps, strides, swing, waist
    from retropace.quantities import STANDARD_GRAVITY_MPS2

    modules = {
        "steps": (steps, strides),
        "thigh": (swing, pocket),
        "trunk": (waist,),
        "worn": (placement,),
        "constancy": (constancy,),
        "weighed": (fronts, motion_witness, witness, model, direction),
    }
    clock: dict[str, Any] = {
        "rate_hz": even.RATE_HZ,
        "bridge_s": even.LONGEST_BRIDGE_S,
        "slow_hz": frame.SLOW_HZ,
        "window_s": frame.WINDOW_S,
        "halo_s": frame.HALO_S,
        "gravity_mps2": STANDARD_GRAVITY_MPS2,
        "calm_s": _calm_s(),
    }
    clock["taps"], clock["ahead"] = taps_of(frame.slowed, round(even.RATE_HZ / frame.SLOW_HZ))
    chain = {
        "transition": model.transition_matrix().tolist(),
        "initial": model.initial_probabilities().tolist(),
    }
    weighed = {
        "asked_backward": ASKED_BACKWARD,
        "asked_forward": ASKED_FORWARD,
        "asked_within_s": ASKED_WITHIN_S,
    }
    told = {
        name: {key: value for one in many for key, value in constants(one).items()} for name, many in modules.items()
    }
    told["weighed"] |= weighed
    told["worn"] |= {name.lower().strip("_"): getattr(placement, name) for name in _TABLES}
    told["worn"]["usual"] = {
        " ".join(kind): {"share": row.share, "mean": row.mean, "spread": row.spread}
        for kind, row in placement.usual().items()
    }
    short: dict[str, Any] = _short({"clock": clock, "chain": chain} | told)
    return short


def constants(module: ModuleType) -> dict[str, Any]:
    """The numbers that a module keeps under names in capitals, by these names in small letters.

    >>> import types
    >>> constants(types.SimpleNamespace(RATE_HZ=100.0, _LEAST=(1, 2), NAMES=("a",), rate=3))
    {'rate_hz': 100.0, 'least': [1, 2]}
    """
    found: dict[str, Any] = {}
    for name, value in vars(module).items():
        if name.isupper():
            found |= _told(name.lower().strip("_"), value)
    return found


def _told(name: str, value: object) -> dict[str, Any]:
    """A number or a row of numbers by its name; the ends of its range, where it has one, as name_low and name_high."""
    if isinstance(value, Cited):
        ends = {} if value.low == value.high else {f"{name}_low": value.low, f"{name}_high": value.high}
        return {name: value.value} | ends
    if isinstance(value, tuple | list) and value and all(map(_is_number, value)):
        return {name: list(value)}
    return {name: value} if _is_number(value) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.floating) and not isinstance(value, bool)


def taps_of(slowed: Callable[[FloatArray], FloatArray], every: int) -> tuple[list[float], int]:
    """The taps of a filter that keeps one of `every` samples, read off what it makes of single ones.

    And how many samples the last tap lies after that which stands for the kept one.

    >>> taps_of(lambda values: (np.pad(values, 1)[:-2, 1:-1] + 2 * values + np.pad(values, 1)[2:, 1:-1])[::2], 2)
    ([1.0, 2.0, 1.0], 1)
    """
    middle, length = _LONGEST * every, 2 * _LONGEST * every
    single = np.zeros((length, every))
    single[middle + np.arange(every), np.arange(every)] = 1.0
    answers = slowed(single)
    by_lag = {every * row - column: float(value) for (row, column), value in np.ndenumerate(answers) if value}
    lags = range(min(by_lag), max(by_lag) + 1)
    return [by_lag.get(lag, 0.0) for lag in lags], middle - lags[0]


def _calm_s() -> float:
    """How slowly the library that levels a recording believes the accelerometer [s]."""
    from vqf import VQF

    return float(VQF(0.01).params["tauAcc"])


def _short(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _short(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [_short(value) for value in told]
    return float(f"{told:.{_DIGITS}g}") if isinstance(told, float) else told
