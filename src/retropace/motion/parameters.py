"""Parameters: weights that were fitted, not thought; from `parameters.toml` beside this, which says what on.

What is fitted is a sum of columns that all change sign when time runs backward, without a constant, on people walking
and running forward and on the same played backward. So it cannot lean to either side: of a film run the other way it says
exactly the opposite.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from retropace.errors import UncitedValue
from retropace.recording import FloatArray

#: Beyond so many times its usual size a column says no more (design): what is so large is seldom a step.
_LARGEST = 3.0


@dataclass(frozen=True, slots=True)
class Odd:
    """Weights of one placement and gait.

    The log-likelihood ratio of backward is the sum of `weights` x column / `scales`, which are the columns' usual sizes; no
    second says more than `limit_nats`, which is what people who were left out while fitting support.
    """

    columns: tuple[str, ...]
    weights: tuple[float, ...]
    scales: tuple[float, ...]
    limit_nats: float


@cache
def fitted() -> Mapping[tuple[str, str], Odd]:
    """All weights by placement and gait, as (foot, walk). Raises UncitedValue where the file is not whole."""
    return read(resources.files("retropace.motion").joinpath("parameters.toml").read_text(encoding="utf-8"))


def read(text: str) -> Mapping[tuple[str, str], Odd]:
    """The weights in the text of a parameter file."""
    found = {}
    for entry in tomllib.loads(text).get("odd", []):
        found[entry["placement"], entry["gait"]] = _odd(entry)
    return found


def _odd(entry: Mapping[str, Any]) -> Odd:
    columns, weights, scales = (tuple(entry[name]) for name in ("columns", "weights", "scales"))
    if not (len(columns) == len(weights) == len(scales) and all(scale > 0 for scale in scales)):
        what = f"The weights of {entry['placement']}, {entry['gait']} are not whole"
        raise UncitedValue(what, file="parameters.toml", remedy="Write it anew with tools/fit_motion.py.")
    return Odd(columns, weights, scales, float(entry["limit_nats"]))


def odd_nats(placement: str, gait: str, columns: Mapping[str, FloatArray]) -> FloatArray:
    """(m,) log-likelihood ratio of backward against forward of each second, NaN where every column is silent.

    It stands for one window by itself; windows that overlap say less together than their sum. `gait` is "walk" or "run".
    """
    return said(fitted()[placement, gait], columns)


def said(odd: Odd, columns: Mapping[str, FloatArray]) -> FloatArray:
    """What `odd` says of `columns`, each (m,); one that is silent adds nothing, all of them silence.

    >>> float(said(Odd(("c1",), (2.0,), (0.5,), 3.0), {"c1": np.array([0.25])})[0])
    1.0
    """
    sizes = sized(np.stack([columns[name] for name in odd.columns], axis=1), np.array(odd.scales))
    total = np.clip(np.nan_to_num(sizes) @ np.array(odd.weights), -odd.limit_nats, odd.limit_nats)
    return np.where(np.all(np.isnan(sizes), axis=1), np.nan, total)


def sized(values: FloatArray, scales: FloatArray) -> FloatArray:
    """`values` (m, k) in units of their usual size, none beyond `_LARGEST` of it."""
    return np.asarray(np.clip(values / scales, -_LARGEST, _LARGEST))
