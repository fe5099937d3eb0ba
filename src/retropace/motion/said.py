"""Said: what one way of looking at the motion says of direction, second by second, before it is weighed with the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from retropace.recording import FloatArray


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of each second of a `Heard`, each field (m,), NaN where silent.

    `backward_nats` is the log-likelihood ratio of backward against forward, whatever way the sensor was mounted, as it
    counts: what windows share is taken off, and no second says more than its placement warrants;
    `sideways_nats` that of sideways against the better of the two. `travel_rad` is the direction of travel on the level
    axes that turn with the device (anticlockwise from the axis whose heading the device has), with `travel_kappa` its
    concentration: where the person's front lies on those axes is one unknown angle, for as long as the sensor is not
    moved on the body. `beforehand_nats` is the log-odds that everything this says of any wearer is
    the wrong way round (a person who moves otherwise, another pocket), for it then is so all session; `shown_nats` works
    out, for whoever asks, what the session itself says of that.
    """

    key: str
    backward_nats: FloatArray
    sideways_nats: FloatArray
    travel_rad: FloatArray
    travel_kappa: FloatArray
    beforehand_nats: float
    shown_nats: Callable[[], float] | None = None

    @property
    def inverted_nats(self) -> float:
        """Log-odds that this wearer is the wrong way round in everything."""
        return self.beforehand_nats + (self.shown_nats() if self.shown_nats else 0.0)
