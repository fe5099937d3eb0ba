"""Workouts: home exercises as they are shown: figure, dose and tempo in words, numbers for the timer, easier and harder."""

from dataclasses import dataclass, replace

from retropace.exercises import Dose, Exercise, Target, WorkKind, WorkLevel, Workout, exercises
from retropace.rules import Reason, Rules
from retropace.texts import sentence
from retropace.views.pose import figure_svg
from retropace.web.language import say
from retropace.web.plan.words import brief, dose_words, need_words


@dataclass(frozen=True, slots=True)
class Timed:
    """What the timer of an exercise needs: counts and seconds, None where nothing is counted or timed.

    `tempo_s` are seconds up, held and down of one repeat.
    """

    sets: int
    reps: int | None
    hold_s: float | None
    tempo_s: tuple[int, ...]
    rest_s: float
    sides: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One exercise as it is shown. `doses` are by level where no single dose is meant."""

    exercise: Exercise
    figure: str
    dose: str
    tempo: str
    rest: str
    needs: str
    targets: str
    timed: Timed | None
    done: bool
    easier: Exercise | None
    harder: Exercise | None
    doses: tuple[tuple[str, str], ...] = ()


def shown(exercise: Exercise, dose: Dose | None, *, done: bool = False, size: float = 160) -> Shown:
    """An exercise with the dose of a workout, or with those of all levels."""
    known = exercises()
    any_dose = dose or exercise.doses[WorkLevel.GENTLE]
    return Shown(
        exercise,
        figure_svg(exercise, size=size),
        "" if dose is None else dose_words(dose),
        tempo_words(any_dose.tempo),
        _rest(dose, any_dose),
        need_words(exercise.needs) if exercise.needs else "",
        _targets(exercise, each_side=dose is None and any_dose.each_side),
        None if dose is None else timed(dose),
        done,
        known.get(exercise.easier or ""),
        known.get(exercise.harder or ""),
        () if dose else tuple((level_words(level), _alone(exercise.doses[level])) for level in WorkLevel),
    )


def _alone(dose: Dose) -> str:
    """A dose in a list that says elsewhere that it is for each side."""
    return dose_words(replace(dose, each_side=False))


def _targets(exercise: Exercise, *, each_side: bool) -> str:
    words = [target_words()[target] for target in exercise.targets]
    return ", ".join([*words, *([say("each side")] if each_side else [])])


def _rest(dose: Dose | None, told: Dose) -> str:
    """The rest between sets, where there is more than one."""
    if not told.rest_s or (dose is not None and dose.sets < 2):
        return ""
    return say("{time} of rest between sets", time=brief(told.rest_s))


def timed(dose: Dose) -> Timed:
    """The dose in numbers."""
    tempo = () if dose.tempo is None else tuple(int(part) for part in dose.tempo.split("-"))
    return Timed(dose.sets, dose.reps, dose.hold_s, tempo, dose.rest_s, 2 if dose.each_side else 1)


def tempo_words(tempo: str | None) -> str:
    """A tempo: "2 s up, 3 s down"."""
    if tempo is None:
        return ""
    seconds = [int(part) for part in tempo.split("-")]
    words = (say("{count} s up"), say("{count} s held"), say("{count} s down"))
    return ", ".join(word.format(count=count) for word, count in zip(words, seconds, strict=True) if count)


def level_words(level: WorkLevel) -> str:
    """How much home work somebody is ready for."""
    return {
        WorkLevel.GENTLE: say("gentle"),
        WorkLevel.STEADY: say("steady"),
        WorkLevel.STRONG: say("strong"),
    }[level]


def short_name(workout: Workout) -> str:
    """A workout in a word or two."""
    names = {
        WorkKind.STRENGTH_A: say("Strength A"),
        WorkKind.STRENGTH_B: say("Strength B"),
        WorkKind.TRUNK: say("Trunk"),
        WorkKind.BALANCE: say("Balance"),
        WorkKind.MOBILITY: say("Loosen"),
    }
    kinds = {sentence(f"workouts.{kind.value}"): words for kind, words in names.items()}
    return kinds.get(workout.name, workout.name.split(":")[0])


#: The home tests that decide the level: the rule from which on they say strong.
_STRONG = {
    "heel_raises_left": "exercises.strong_heel_raises",
    "single_leg_left_s": "exercises.strong_stance",
    "sit_to_stand_5_s": "exercises.strong_chair",
}


def level_why(level: WorkLevel, reason: Reason, rules: Rules) -> str:
    """Why it is this level: the test that decides, and from where on it would be more."""
    measure, value = str(reason.inputs.get("measure", "")), reason.inputs.get("value")
    if level is not WorkLevel.STEADY or measure not in _STRONG or value is None:
        return reason.text
    edge = f"{rules.number(_STRONG[measure]):g}"
    told = {
        "heel_raises_left": say("Your heel raises decide: {value} on the weaker side. From {edge} on it is strong."),
        "single_leg_left_s": say(
            "Standing on one leg decides: {value} s on the weaker side. From {edge} s on it is strong."
        ),
        "sit_to_stand_5_s": say("Getting up five times decides: {value} s. At {edge} s or less it is strong."),
    }[measure]
    return told.format(value=f"{float(value):g}", edge=edge)


def target_words() -> dict[Target, str]:
    """What an exercise is for."""
    return {
        Target.CALF: say("calf"),
        Target.SHIN: say("shin"),
        Target.HAMSTRING: say("back of the thigh"),
        Target.GLUTE: say("buttocks"),
        Target.THIGH: say("thigh"),
        Target.BALANCE: say("balance"),
        Target.TRUNK: say("trunk"),
        Target.NECK: say("neck"),
        Target.SHOULDER: say("shoulder"),
    }


def change_s(rules: Rules) -> float:
    """How long a change from one exercise to the next takes [s]."""
    return rules.number("exercises.change_over")
