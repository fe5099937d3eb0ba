"""Smooth: low-pass filters that shift nothing in time, for the short clips of motion capture."""

import numpy as np

from retropace.recording import FloatArray


def low_passed(values: FloatArray, rate_hz: float, cut_hz: float) -> FloatArray:
    """`values` (n, k) below `cut_hz` (Butterworth, second order, both ways); untouched where the rate shows no more."""
    from scipy.signal import butter, sosfiltfilt

    if cut_hz >= 0.45 * rate_hz or len(values) < 4:
        return values
    sections = butter(2, cut_hz / (rate_hz / 2), output="sos")
    passed: FloatArray = sosfiltfilt(
        sections, values, axis=0, padlen=min(len(values) - 1, round(1.5 * rate_hz / cut_hz))
    )
    return passed


def believed_hz(rate_hz: float) -> float:
    """How far up a capture at `rate_hz` may be believed [Hz]: a third of its rate, 20 Hz at most.

    >>> believed_hz(30.0)
    10.0
    """
    return float(np.minimum(20.0, rate_hz / 3))
