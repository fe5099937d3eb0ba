"""Facts: what of a summary is worth showing first, and what stands beside what; the same for screen, page and picture."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from retropace.estimate import Estimate
from retropace.metrics import BY_KEY, METRICS, Aggregation
from retropace.quantities import QUANTITIES, Direction, System
from retropace.recording import repair_sentence
from retropace.sources import Grade
from retropace.summary import Summary
from retropace.views.figures import Figure, clock, figure, moment, plain, share_words, value
from retropace.views.story import all_bouts, in_direction, in_doubt, repeats, seconds


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with the words under it."""

    value: str
    band: str
    words: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Something measured or modelled beside the same forward."""

    title: str
    forward: Estimate
    backward: Estimate
    forward_figure: Figure
    backward_figure: Figure
    said: str


def facts(summary: Summary, system: System = "metric") -> list[Fact]:
    """At most six figures that tell the outing; none of what is unknown but the time it is unknown for."""
    found = [*_backward_facts(summary), *_unknown_fact(summary)]
    if not found or not repeats(all_bouts(summary)):
        found = [*_figure_facts(summary, ("duration_s",), system), *found]
    found += _figure_facts(summary, ("distance_m",), system)
    if not in_direction(summary, Direction.BACKWARD):
        found += _figure_facts(summary, ("pace_min_per_km",), system)
    found += _figure_facts(summary, ("heart_rate_bpm", "energy_gross_kcal"), system)
    return found[:6]


def _backward_facts(summary: Summary) -> list[Fact]:
    backward = in_direction(summary, Direction.BACKWARD)
    if not backward:
        return []
    found = _figure_facts(summary, ("reverse_seconds",), "metric") or [Fact(clock(seconds(backward)), "", "backward")]
    if summary.planned is not None and summary.followed is not None:
        steps = [step for step in summary.planned.steps if step.direction is Direction.BACKWARD]
        found.append(Fact(clock(sum(step.duration_s for step in steps)), "", "planned backward"))
    return found


def _unknown_fact(summary: Summary) -> list[Fact]:
    unknown = seconds(in_doubt(all_bouts(summary)))
    return [Fact(clock(unknown), "", "which way is unknown")] if unknown else []


#: The words under a figure where the metric's own name would be too long.
_SHORT = {
    "duration_s": "time",
    "reverse_seconds": "backward",
    "heart_rate_bpm": "average heart rate",
    "energy_gross_kcal": "energy",
}


def _figure_facts(summary: Summary, keys: tuple[str, ...], system: System) -> list[Fact]:
    known = [figure(key, summary.session[key], system) for key in keys if value(summary.session, key) is not None]
    return [Fact(found.told, found.band, _SHORT.get(found.key, found.name), found.sources) for found in known]


#: What stands beside forward: title, the metrics to tell it by (the first that is known), and the ratio to forward.
_BESIDE = (
    ("Energy of the backward part", ("energy_gross_kcal", "energy_net_kcal_per_kg"), "energy_relative"),
    ("Knee: peak force per step", ("knee_peak_force_bw",), "knee_relative_per_step"),
)


def comparisons(summary: Summary, system: System = "metric") -> list[Comparison]:
    """Energy and knee of the backward part, each beside the same way gone forward; only what is known of both."""
    backward = summary.by_direction.get(Direction.BACKWARD, {})
    found = []
    for title, keys, ratio in _BESIDE:
        for key in keys:
            twin = BY_KEY[key].forward_twin
            if twin is not None and value(backward, key) is not None and value(backward, twin) is not None:
                found.append(_comparison(title, key, twin, ratio, summary, system))
                break
    return found


def _comparison(title: str, key: str, twin: str, ratio: str, summary: Summary, system: System) -> Comparison:
    backward = summary.by_direction[Direction.BACKWARD]
    return Comparison(
        title=title,
        forward=backward[twin],
        backward=backward[key],
        forward_figure=figure(key, backward[twin], system),
        backward_figure=figure(key, backward[key], system),
        said=" ".join(_against_what(key, ratio, summary, system)),
    )


def _against_what(key: str, ratio: str, summary: Summary, system: System) -> list[str]:
    backward = summary.by_direction[Direction.BACKWARD]
    known_way = value(backward, "distance_m") is not None
    way = figure("distance_m", backward["distance_m"], system).told if known_way else "way"
    share = share_words(backward[ratio]) if ratio in backward else ""
    sentences = [f"{share} than the same {way} forward." if share else f"The same {way} forward at the same speed."]
    if BY_KEY[key].aggregation is Aggregation.SUM and value(summary.session, key) is not None:
        whole = f"The whole session: {figure(key, summary.session[key], system).text}"
        forward = value(summary.same_forward, key) is not None
        sentences.append(
            f"{whole}; all of it forward: {figure(key, summary.same_forward[key], system).text}."
            if forward
            else f"{whole}."
        )
    if BY_KEY[key].grade is Grade.MODELLED:
        sentences.append("From averages of other people, not measured on you.")
    return sentences


def notes(rows: Iterable[tuple[str, Sequence[Figure | None]]]) -> dict[str, str]:
    """Why numbers of a table are unknown, or what they leave out: the letter of each reason, in order."""
    reasons = dict.fromkeys(c.why_unknown for _, cells in rows for c in cells if c is not None and c.why_unknown)
    return {reason: ascii_lowercase[min(i, 25)] for i, reason in enumerate(reasons)}


def repair_lines(summary: Summary) -> list[str]:
    """What was wrong with the file and was mended, in sentences."""
    return [repair_sentence(repair) for repair in summary.recording.repairs]


def correction_lines(summary: Summary) -> list[str]:
    """What the person said over what was measured."""
    return [
        f"You said: {item.direction.value} from {moment(item.start_s)} to {moment(item.end_s)}."
        for item in summary.corrections
    ]


def device_lines(summary: Summary, system: System = "metric") -> list[str]:
    """Totals that the device computed itself, to stand beside ours."""
    return [_device_line(key, number, system) for key, number in summary.recording.reported.items()]


def _device_line(key: str, number: float, system: System) -> str:
    name, _, suffix = key.rpartition("_")
    words = QUANTITIES[key].name if key in QUANTITIES else name.replace("_", " ")
    return f"{words} {plain(number, _UNITS.get(suffix, suffix), system)}"


#: The unit that the end of a key stands for.
_UNITS = {"bpm": "/min", "spm": "steps/min", "mps": "m/s", "w": "W", "deg": "°", "ms": "ms", "mm": "mm"}

#: The numbers most readers look for; the others are there for whoever asks.
_FIRST = {
    *("duration_s", "distance_m", "speed_mps", "pace_min_per_km", "cadence_spm", "step_length_m"),
    *("heart_rate_bpm", "heart_rate_max_bpm", "energy_gross_kcal", "energy_net_kcal_per_kg", "knee_peak_force_bw"),
}


def metric_rows(summary: Summary, system: System = "metric", *, first: bool) -> list[tuple[str, list[Figure | None]]]:
    """(name, [whole session, backward part, forward part]) of the first, or the other, metrics known anywhere."""
    parts: list[Mapping[str, Estimate]] = [
        summary.session,
        summary.by_direction.get(Direction.BACKWARD, {}),
        summary.by_direction.get(Direction.FORWARD, {}),
    ]
    found = []
    wanted = _FIRST - {"energy_net_kcal_per_kg"} if value(summary.session, "energy_gross_kcal") is not None else _FIRST
    twins = {metric.forward_twin for metric in METRICS}
    for key, metric in BY_KEY.items():
        cells = [figure(key, part[key], system) if key in part else None for part in parts]
        if (key in wanted) is first and key not in twins and any(cell is not None and cell.known for cell in cells):
            found.append((metric.name, cells))
    return found
