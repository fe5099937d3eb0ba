"""Odd: seven scalars of level motion that change sign when time runs backward, and know nothing of the mounting.

Under time reversal acceleration becomes a(-t) and rotation -w(-t). Which way the level axes point, and whether the left
or the right side of the body is worn, must not matter; the lowest orders in which anything is left after that are these
(a_h, w_h level parts, a_z vertical, all without their mean over the window, d the rate of change, < > the mean):

=====  =========================  ================================================================================
`c1`   <z . (a_h x w_h)>          how the part turns while it is pushed
`c2`   <(da_z)^3>                 hard landing, soft take-off (Cavagna 2011)
`c3`   <da_z |a_h|^2>             pushed along while the vertical force grows
`c4`   <da_z |w_h|^2>             swings while the vertical force grows
`c5`   <d|w_h|^2 a_z^2>           swing begins or ends beside the vertical peaks
`c6`   <d|a_h|^2 a_z^2>           the same of the push
`c7`   <z . (a_h x w_h) a_z>      c1 weighed by the vertical force
=====  =========================  ================================================================================

each divided by the sizes of its factors, so that none has a unit.
"""

import numpy as np

from retropace.recording import FloatArray

#: The scalars, in the order of `scalars`.
NAMES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")
#: What a size is at least, so that silence is zero and not a quotient of noises: 0.01 m/s2, 0.01 rad/s and their products.
_LEAST = 0.01


def scalars(windows: FloatArray) -> FloatArray:
    """(7, n) scalars of `NAMES`, of `windows` (n, 6, length): acceleration x, y, z, then rotation x, y, z, z up.

    Reversing every window in time, with the sign of its rotation, changes the sign of all seven exactly.
    """
    centred = windows - windows.mean(axis=2, keepdims=True)
    push_x, push_y, lift, turn_x, turn_y, _ = np.moveaxis(centred, 1, 0)
    pushed, turned = push_x**2 + push_y**2, turn_x**2 + turn_y**2
    lifted, crossed = lift**2, push_x * turn_y - push_y * turn_x
    push, turn, rise = (np.sqrt(_mean(square)) + _LEAST for square in (pushed, turned, lifted))
    jerk, jerk_of_turned, jerk_of_pushed = (np.gradient(values, axis=1) for values in (lift, turned, pushed))
    jerk_size = _size(jerk)
    step = np.diff(lift, axis=1)
    return np.stack(
        [
            _mean(crossed) / (push * turn),
            _mean(step**3) / (np.sqrt(_mean(step**2)) + _LEAST) ** 3,
            _mean(jerk * pushed) / (jerk_size * push**2),
            _mean(jerk * turned) / (jerk_size * turn**2),
            _mean(jerk_of_turned * lifted) / (_size(jerk_of_turned) * rise**2),
            _mean(jerk_of_pushed * lifted) / (_size(jerk_of_pushed) * rise**2),
            _mean(crossed * lift) / (push * turn * rise),
        ]
    )


def pushed_while_turning(windows: FloatArray) -> FloatArray:
    """(n,) the first of the scalars alone, for those who need no other."""
    centred = windows[:, [0, 1, 3, 4]]
    centred -= centred.mean(axis=2, keepdims=True)
    push_x, push_y, turn_x, turn_y = np.moveaxis(centred, 1, 0)
    push, turn = (np.sqrt(_mean(x * x + y * y)) + _LEAST for x, y in ((push_x, push_y), (turn_x, turn_y)))
    return np.asarray(_mean(push_x * turn_y - push_y * turn_x) / (push * turn))


def _mean(values: FloatArray) -> FloatArray:
    mean: FloatArray = values.mean(axis=1)
    return mean


def _size(rates: FloatArray) -> FloatArray:
    return np.sqrt(_mean(rates**2)) + _LEAST
