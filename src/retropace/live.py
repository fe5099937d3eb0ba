"""Live: the seconds that can be told now, each with the bout it lies in, as `live_direction` hears them come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retropace.bout import Bout
from retropace.live_direction import Live as Engine
from retropace.motion.placement import Placed, Placement
from retropace.recording import Stream

#: Where the sensor is before anything was heard.
_NOWHERE = Placed(Placement.OTHER, probability=1.0, told=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A second that can be told: `time_s` since the first sample, the bout it lies in as far as known, and where worn."""

    time_s: float
    bout: Bout
    placed: Placed


class Live:
    """Raw motion of `sensors` pushed as it comes; `placement` is where somebody said that the sensor is."""

    def __init__(self, sensors: Sequence[str], placement: Placement | None = None) -> None:
        self._engine = Engine(sensors, placement)
        self._told_s: float | None = None

    def push(self, motion: Mapping[str, Stream]) -> list[Moment]:
        """The seconds that can be told now that `motion` came."""
        return self._fresh(self._engine.push(motion))

    def finish(self) -> tuple[list[Moment], tuple[Bout, ...], Placed]:
        """The last seconds; and of the whole session its bouts, told anew with all that is known, and where it was worn."""
        bouts = self._engine.finish()
        return self._fresh(bouts), bouts, self._engine.placed or _NOWHERE

    def _fresh(self, bouts: Sequence[Bout]) -> list[Moment]:
        if not bouts:
            return []
        from_s = bouts[0].start_s if self._told_s is None else self._told_s
        self._told_s = max(from_s, bouts[-1].end_s)
        where = self._engine.placed or _NOWHERE
        seconds = range(round(from_s), round(bouts[-1].end_s))
        found = [(float(second), next((b for b in bouts if b.start_s <= second < b.end_s), None)) for second in seconds]
        return [Moment(second, bout, where) for second, bout in found if bout is not None]
