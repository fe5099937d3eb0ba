"""Weight: energy balance without lies.

What the body needs, how much less is safe and for whom, what a session is really worth once the body has made up for a part
of it, and kind answers to wishes that nobody can fulfil. Nothing here is a promise: every figure is an estimate with its
band, or says "at most".
"""

import enum
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retropace.energy import JOULES_PER_KCAL, net_energy_jpkg
from retropace.estimate import Estimate
from retropace.findings import told
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, Rules
from retropace.session import Session, Step
from retropace.sources import Grade


class Activity(enum.StrEnum):
    """How much somebody moves in a day, work and training together; the rules weight.need_* say what each means."""

    SITTING = "sitting"
    MOVING = "moving"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides whether anybody should eat less at all; None where nobody said. `illness`: one that food is a part of."""

    pregnant: bool | None = None
    breastfeeding: bool | None = None
    eating_disorder: bool | None = None
    illness: bool | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What the body needs a day and how much less is safe; None where we plan no deficit, and the reasons say why.

    `at_most_kg_per_week` is what the deficit would take if the body did not adapt; it does, so expect less.
    """

    resting_kcal: Estimate
    need_kcal: Estimate
    deficit_kcal: float | None
    intake_kcal: float | None
    at_most_kg_per_week: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a session burns above resting: all of it, its backward steps, the same steps done forward, and what is left.

    `left_kcal` is what remains once hunger and rest have made up for a part; `fat_g` the most fat that this could be.
    """

    net_kcal: Estimate
    backward_kcal: Estimate
    forward_instead_kcal: Estimate
    left_kcal: Estimate
    fat_g: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody hopes for: so many kilograms in so many weeks, or from one `part` of the body."""

    kg: float | None = None
    weeks: float | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a wish: whether it is within what is safe (never a promise), and why."""

    within_safe: bool
    reasons: tuple[Reason, ...]


def body_mass_index(person: Person) -> float | None:
    """Mass ÷ height² [kg/m²]; None where either is missing.

    >>> round(body_mass_index(Person(mass_kg=58, height_m=1.70)), 1)
    20.1
    """
    if person.mass_kg is None or person.height_m is None:
        return None
    return person.mass_kg / person.height_m**2


def resting_kcal(person: Person, rules: Rules) -> Estimate:
    """Need at rest [kcal/day]: 10 kg + 6.25 cm − 5 years + 5 for men, − 161 for women (Mifflin-St Jeor 1990).

    >>> import datetime as dt; from retropace.rules import rules_on
    >>> somebody = Person(mass_kg=70, height_m=1.75, age_years=30, sex="male")
    >>> resting_kcal(somebody, rules_on(dt.date(2026, 11, 22))).value
    1648.75
    """
    mass, height, age = person.mass_kg, person.height_m, person.age_years
    if mass is None or height is None or age is None or person.sex is None:
        return Estimate.unknown("It takes body mass, height, age and sex to say")
    value = 10 * mass + 6.25 * 100 * height - 5 * age + (5 if person.sex == "male" else -161)
    share, sources = rules.number("weight.resting"), rules.rule("weight.resting").sources
    return Estimate.banded(value, value * (1 - share), value * (1 + share), Grade.MODELLED, *sources)


def need_kcal(resting: Estimate, activity: Activity, rules: Rules) -> Estimate:
    """Need of a whole day [kcal] in multiples of `resting`; its band takes both as they may err together."""
    if resting.value is None or resting.low is None or resting.high is None:
        return resting
    key = f"weight.need_{activity}"
    low, value, high = rules.numbers(key)
    sources = dict.fromkeys((*rules.rule(key).sources, *resting.sources))
    return Estimate.banded(resting.value * value, resting.low * low, resting.high * high, Grade.MODELLED, *sources)


def balance(
    person: Person, activity: Activity, circumstances: Circumstances, rules: Rules, wanted_kcal: float | None = None
) -> Balance:
    """The energy balance of `person` and the largest safe deficit up to `wanted_kcal` a day (None: the usual step)."""
    if circumstances.eating_disorder is not False:
        # No figures at all for somebody whom counting may harm, or who has not said.
        silent = Estimate.unknown("We count nothing here")
        return Balance(silent, silent, None, None, None, tuple(_against(person, circumstances, rules)))
    resting = resting_kcal(person, rules)
    need = need_kcal(resting, activity, rules)
    figures = _figures(resting, need, activity, rules)
    against = tuple(_against(person, circumstances, rules))
    if against or need.value is None:
        return Balance(resting, need, None, None, None, (*against, *figures))
    deficit, rule = _safe_deficit(person, need.value, wanted_kcal, rules)
    if deficit <= 0:
        set_by = () if rule == "weight.deficit" else (told(rules, rule, deficit_kcal=0.0),)
        return Balance(resting, need, None, None, None, (*set_by, *figures))
    intake, rate = need.value - deficit, deficit * 7 / rules.number("weight.per_kg")
    why = [told(rules, "weight.deficit", deficit_kcal=_tens(deficit), intake_kcal=_tens(intake))]
    if rule != "weight.deficit":
        why.append(told(rules, rule, deficit_kcal=_tens(deficit)))
    why.append(told(rules, "weight.per_kg", kg_per_week=rate))
    return Balance(resting, need, deficit, intake, rate, (*why, told(rules, "weight.minutes"), *figures))


def worth(session: Session, person: Person, rules: Rules) -> Worth:
    """What `session` burns for `person`; steps without a speed count with that of the rule weight.session."""
    if person.mass_kg is None:
        unknown = Estimate.unknown("It takes your body mass to say")
        return Worth(unknown, unknown, unknown, unknown, None, ())
    backward = [step for step in session.steps if step.direction is Direction.BACKWARD]
    forward = [Step(s.gait, Direction.FORWARD, s.duration_s, speed_mps=_speed(s, rules)) for s in backward]
    net, turned, instead = (
        _burned(steps, person, person.mass_kg, rules) for steps in (session.steps, backward, forward)
    )
    left = _left(net, rules)
    if net.value is None or net.low is None or net.high is None or left.high is None or left.low is None:
        return Worth(net, turned, instead, left, None, ())
    fat_g = 1000 * left.high / rules.number("weight.per_kg")
    kcal = {"kcal": net.value, "low": net.low, "high": net.high, "backward_kcal": turned.value or 0.0}
    reasons = (
        told(rules, "weight.session", **kcal),
        told(rules, "weight.kept", low=left.low, high=left.high),
        told(rules, "weight.fat", grams=fat_g),
    )
    return Worth(net, turned, instead, left, fat_g, reasons)


def reply(wish: Wish, person: Person, found: Balance, rules: Rules) -> Reply:
    """The answer to `wish`, given what `found` allows: what cannot be is refused kindly, with what can be instead."""
    refused = [told(rules, "weight.spot", part=wish.part)] if wish.part else []
    kg, weeks, rate = wish.kg, wish.weeks, found.at_most_kg_per_week
    if rate is None:
        return Reply(within_safe=False, reasons=(*refused, *found.reasons))
    if kg is not None and kg > _to_spare_kg(person, rules):
        refused.append(told(rules, "weight.thin_wish", kg=_to_spare_kg(person, rules)))
    elif kg is not None and weeks is not None and kg > rules.number("weight.too_fast") * weeks:
        safe_weeks = math.ceil(kg / min(rate, rules.number("weight.too_fast")))
        refused.append(told(rules, "weight.too_fast", kg=kg, weeks=weeks, safe_weeks=safe_weeks))
    elif kg is not None and weeks is not None and not refused:
        return Reply(within_safe=True, reasons=(told(rules, "weight.possible", kg=kg, weeks=weeks), *found.reasons))
    if weeks is not None and weeks <= 2:
        refused.append(told(rules, "weight.two_weeks"))
    return Reply(within_safe=not refused, reasons=(*refused, *found.reasons))


def _against(person: Person, circumstances: Circumstances, rules: Rules) -> Iterator[Reason]:
    """What speaks against any deficit, what was not said last."""
    for name in ("eating_disorder", "pregnant", "breastfeeding", "illness"):
        if getattr(circumstances, name):
            yield told(rules, f"weight.{name}")
    index, age = body_mass_index(person), person.age_years
    if index is not None and index < rules.number("weight.underweight"):
        yield told(rules, "weight.underweight", body_mass_index=round(index, 1))
    if age is not None and age < rules.number("weight.grown"):
        yield told(rules, "weight.grown", age_years=age)
    if age is not None and age >= rules.number("weight.older"):
        yield told(rules, "weight.older", age_years=age)
    missing = _missing(person, circumstances)
    if missing:
        yield told(rules, "weight.unanswered", missing=", ".join(missing))


def _missing(person: Person, circumstances: Circumstances) -> list[str]:
    said = {
        "your body mass": person.mass_kg,
        "your height": person.height_m,
        "your age": person.age_years,
        "your sex": person.sex,
        "whether you ever had an eating disorder": circumstances.eating_disorder,
        "whether food is a part of treating an illness": circumstances.illness,
    }
    if person.sex != "male":
        said["whether you are pregnant"] = circumstances.pregnant
        said["whether you are breastfeeding"] = circumstances.breastfeeding
    return [words for words, answer in said.items() if answer is None]


def _safe_deficit(person: Person, need: float, wanted_kcal: float | None, rules: Rules) -> tuple[float, str]:
    """The largest safe deficit up to the wanted one [kcal/day], and the rule that set it."""
    usual, index = rules.number("weight.deficit"), body_mass_index(person)
    floor = f"weight.floor_{person.sex}"
    caps = [
        (usual if wanted_kcal is None else max(wanted_kcal, 0.0), "weight.deficit"),
        (rules.number("weight.deficit_most"), "weight.deficit_most"),
        (need - rules.number(floor), floor),
    ]
    if index is None or index < rules.number("weight.healthy"):
        caps.append((usual / 2, "weight.healthy"))
    return min(caps, key=lambda cap: cap[0])


def _figures(resting: Estimate, need: Estimate, activity: Activity, rules: Rules) -> tuple[Reason, ...]:
    if resting.value is None or need.value is None or need.low is None or need.high is None:
        return ()
    of_day = {"kcal": _tens(need.value), "low": _tens(need.low), "high": _tens(need.high)}
    return told(rules, f"weight.need_{activity}", **of_day), told(rules, "weight.resting", kcal=_tens(resting.value))


def _tens(kcal: float) -> float:
    """As exactly as anybody can know it."""
    return round(kcal, -1)


def _to_spare_kg(person: Person, rules: Rules) -> float:
    """How much somebody could lose before being underweight [kg]; nothing where we cannot tell."""
    if person.mass_kg is None or person.height_m is None:
        return 0.0
    return max(0.0, person.mass_kg - rules.number("weight.underweight") * person.height_m**2)


def _burned(steps: Sequence[Step], person: Person, mass_kg: float, rules: Rules) -> Estimate:
    """Energy above resting of `steps` [kcal]."""
    total = Estimate.exact(0.0, Grade.MODELLED, "design")
    for step in steps:
        seconds = max(1, round(step.duration_s))
        speed = np.full(seconds, _speed(step, rules))
        total = total.plus(net_energy_jpkg(step.gait, step.direction, speed, np.zeros(seconds), person))
    return total.scaled(mass_kg / JOULES_PER_KCAL)


def _speed(step: Step, rules: Rules) -> float:
    """The step's speed, or the usual one of its gait and direction [m/s]."""
    if step.speed_mps is not None:
        return step.speed_mps
    walk, backward_walk, run, backward_run = rules.numbers("weight.session")
    usual = {
        (Gait.WALK, Direction.FORWARD): walk,
        (Gait.WALK, Direction.BACKWARD): backward_walk,
        (Gait.RUN, Direction.FORWARD): run,
        (Gait.RUN, Direction.BACKWARD): backward_run,
    }
    return usual.get((step.gait, step.direction), 0.0)


def _left(net: Estimate, rules: Rules) -> Estimate:
    """What is left of `net` after compensation, which took more of a small dose than of a large one."""
    if net.value is None or net.low is None or net.high is None:
        return net
    least, most = (share / 100 for share in rules.numbers("weight.kept"))
    sources = dict.fromkeys((*rules.rule("weight.kept").sources, *net.sources))
    left = (net.value * (1 - most), net.low * (1 - most), net.high * (1 - least))
    return Estimate.banded(*left, Grade.MODELLED, *sources)
