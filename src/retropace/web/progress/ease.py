"""Ease: how fast backward is beside forward, what heart and effort say of it, and what a kilometre costs."""

from retropace.energy import EQUAL_EFFORT
from retropace.estimate import Estimate
from retropace.progress import Economy, Progress, change
from retropace.progress.trends import LEAST_HEART_S, LEAST_SESSIONS
from retropace.quantities import Direction, Gait, System, shown
from retropace.views.bars import mirrored
from retropace.views.facts import Comparison
from retropace.views.figures import Figure
from retropace.views.trend import Reference, Scale, Trace, trend
from retropace.web.language import say
from retropace.web.progress.picture import (
    Picture,
    Table,
    between,
    dots,
    moment,
    point_table,
    short_day,
    since_first,
    sources_of,
    speed_words,
    way_words,
)

_CHOICE = (Gait.RUN, Gait.WALK)


def ratio_picture(found: Progress) -> Picture:
    """Backward ÷ forward speed, of running where that is known, else of walking."""
    title = say("Backward speed to forward speed")
    gait = max(
        _CHOICE, key=lambda one: (len(found.ratios[one]) >= LEAST_SESSIONS, len(found.ratios[one]), one is Gait.RUN)
    )
    points = found.ratios[gait]
    if not points:
        return Picture(
            "ratio",
            title,
            say("Appears with a recording that holds a minute of each way, or a forward run of the weeks before it."),
        )
    last = points[-1]
    reference = None
    if gait is Gait.RUN:
        words = say("at equal effort, by studies: {low}–{high}", low=EQUAL_EFFORT.low, high=EQUAL_EFFORT.high)
        reference = Reference(EQUAL_EFFORT.low, EQUAL_EFFORT.high, words)
    notes = [
        (say("At the pace you chose, which need not be the same effort."), EQUAL_EFFORT.sources if reference else ())
    ]
    if any(point.beside for point in points):
        notes.append((say("Some stand beside your latest forward run, up to eight weeks before."), ()))
    value = f"{last.value:.2f}"
    return Picture(
        "ratio",
        title,
        since_first(change(points), ".2f", len(points)),
        trend(
            [Trace(dots(points), "back")],
            Scale(0.3, lambda v: f"{v:.1f}"),
            label=say("From {first} to {last}", first=f"{points[0].value:.2f}", last=value),
            day_words=short_day,
            reference=reference,
        ),
        value=value,
        band=between(f"{last.low:.2f}", f"{last.high:.2f}"),
        beside=way_words(gait),
        sources=sources_of(points),
        notes=tuple(notes),
        table=point_table(points, title, ".2f"),
        simulated=any(point.simulated for point in points),
    )


def heart_picture(found: Progress, system: System) -> Picture:
    """Heart rate at the usual speed backward, and forward beside it."""
    gait = max(_CHOICE, key=lambda one: (len(_heart(found, one).points), _heart(found, one).sessions, one is Gait.RUN))
    backward = _heart(found, gait)
    if not backward.points:
        return Picture("heart", say("Heart rate at the same speed backward"), _heart_empty(backward))
    forward = found.heart[gait, Direction.FORWARD]
    points = backward.points
    title = say("Heart rate {way} at {speed}", way=way_words(gait), speed=speed_words(backward.speed_mps, system))
    traces = [Trace(dots(points), "back", say("backward"))]
    notes: list[tuple[str, tuple[str, ...]]] = [(say("Practice, fitness, heat or sleep: we cannot tell which."), ())]
    if forward.points:
        traces.insert(0, Trace(dots(forward.points), "forward", say("forward")))
        speed = speed_words(forward.speed_mps, system)
        last = forward.points[-1]
        words = say(
            "Forward at {speed}: {rate} /min ({band}).",
            speed=speed,
            rate=f"{last.value:.0f}",
            band=between(f"{last.low:.0f}", f"{last.high:.0f}"),
        )
        notes.insert(0, (words, ("device",)))
    last = points[-1]
    return Picture(
        "heart",
        title,
        since_first(change(points), ".0f", len(points)),
        trend(
            traces,
            Scale(20.0),
            label=say("From {first} to {last}", first=f"{points[0].value:.0f}", last=f"{last.value:.0f}"),
            day_words=short_day,
        ),
        value=f"{last.value:.0f}",
        band=between(f"{last.low:.0f}", f"{last.high:.0f}"),
        beside="/min",
        sources=sources_of(points),
        notes=tuple(notes),
        table=point_table(points, say("Heart rate, /min"), ".0f"),
        simulated=any(point.simulated for point in points),
    )


def _heart(found: Progress, gait: Gait) -> Economy:
    return found.heart[gait, Direction.BACKWARD]


def _heart_empty(backward: Economy) -> str:
    return say(
        "Appears after {least} sessions with heart rate and stretches of {seconds} s backward at about one speed. "
        "So far: {count}. In shorter ones the heart has not caught up yet.",
        least=LEAST_SESSIONS,
        seconds=f"{LEAST_HEART_S:.0f}",
        count=backward.sessions,
    )


def effort_picture(found: Progress) -> Picture:
    """Effort of the sessions of about one length."""
    title = say("Effort at the same dose")
    dose = max((found.doses[gait] for gait in _CHOICE), key=lambda one: (len(one.points), one.gait is Gait.RUN))
    points = dose.points
    if not points:
        return Picture(
            "effort",
            title,
            say("Appears after {least} logged sessions of about one length backward.", least=LEAST_SESSIONS),
        )
    return Picture(
        "effort",
        title,
        since_first(change(points), ".1f", len(points)),
        trend(
            [Trace(dots(points), "ink")],
            Scale(6.0),
            label=say("From {first} to {last} of 10", first=f"{points[0].value:g}", last=f"{points[-1].value:g}"),
            day_words=short_day,
        ),
        value=f"{points[-1].value:g}",
        beside=say("of 10 at about {dose} {way}", dose=moment(dose.reverse_s), way=way_words(dose.gait)),
        notes=((say("As you felt it. The band is half a step of the scale."), ()),),
        table=point_table(points, say("Effort, of 10"), "g"),
    )


def cost_picture(found: Progress, system: System) -> Picture:
    """Energy a kilometre, backward and the same way forward, mirrored at the line."""
    cost = found.cost
    per = say("mile") if system == "imperial" else say("kilometre")
    title = say("Energy a {distance}", distance=per)
    if cost is None:
        return Picture("cost", title, say("Appears with a recording that knows speed and holds something backward."))
    share = 1 / shown(1.0, "km", system)[0]
    decimals, unit = (0, "kcal") if cost.mass_kg else (2, say("kcal per kg"))
    backward, forward = (_figure(e.scaled(share), unit, decimals) for e in (cost.backward, cost.forward))
    comparison = Comparison(title, cost.forward, cost.backward, forward, backward, "")
    way, way_unit = shown(cost.distance_m / 1000, "km", system)
    mass = "" if cost.mass_kg else say(" Tell your body mass under Settings to see kcal.")
    return Picture(
        "cost",
        title,
        say("Forward at the same speed: {forward}.", forward=forward.text),
        mirrored(comparison, "cost", 288.0),
        value=backward.told,
        band=backward.band,
        beside=say("backward"),
        sources=cost.backward.sources,
        notes=(
            (
                say(
                    "Worked out from your speed over {way} {unit} backward, resting left out; not measured on you.",
                    way=f"{way:.1f}",
                    unit=way_unit,
                )
                + mass,
                (),
            ),
        ),
        table=Table(
            (say("Way"), title, say("Band")),
            ((say("backward"), backward.told, backward.band), (say("forward"), forward.told, forward.band)),
        ),
        simulated=cost.simulated,
    )


def _figure(estimate: Estimate, unit: str, decimals: int) -> Figure:
    value, low, high = (f"{n or 0.0:.{decimals}f}" for n in (estimate.value, estimate.low, estimate.high))
    return Figure("cost", "", value, unit, between(low, high), estimate.grade.value, estimate.sources)
