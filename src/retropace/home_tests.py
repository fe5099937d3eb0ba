"""Home tests: what becomes of the figures a person measured, and which are still open."""

import datetime as dt
import math
from collections.abc import Mapping

from retropace.errors import UnusableInput, require_within
from retropace.findings import Effect, Finding, find
from retropace.rules import Rules
from retropace.rules.questionnaire import HomeTest, home_tests

#: Beyond the tests themselves: the weaker calf against the stronger.
_CALVES = ("heel_raises_left", "heel_raises_right")
#: The largest figure that can be meant, by unit; whoever writes more slipped.
LARGEST: Mapping[str, float] = {"s": 3600, "repeats": 1000, "degrees": 180, "0 or 1": 1, "of 10": 10, "stumbles": 1000}


def findings_of_tests(figures: Mapping[str, float], age_years: float | None, rules: Rules) -> tuple[Finding, ...]:
    """What the figures of the home tests (by measure) lead to: red, amber, doubtful, not done; green says so once."""
    found = [finding for test in home_tests(rules.on).values() for finding in _of_test(test, figures, age_years, rules)]
    found += _calves(figures, rules)
    open_tests = undone(figures, rules)
    if open_tests:
        found.append(find(rules, "screening.tests_open", open=", ".join(test.name for test in open_tests)))
        if age_years is not None and age_years >= rules.number("screening.second_person"):
            found.append(find(rules, "screening.second_person", Effect.NOTE, age_years=age_years))
    elif not found:
        found.append(find(rules, "screening.tests_green"))
    return tuple(found)


def require_plausible(figures: Mapping[str, float], day: dt.date, file: str | None = None) -> None:
    """Raise UnusableInput for a figure that cannot be meant, or of a test that we do not know."""
    units = {measure: test.unit for test in home_tests(day).values() for measure in test.measures}
    for measure, value in figures.items():
        if measure not in units:
            remedy = f"Known: {', '.join(units)}."
            raise UnusableInput(f"{measure!r} is no home test", file=file, field="answers.tests", remedy=remedy)
        require_within(value, 0, LARGEST[units[measure]], f"answers.tests.{measure}", file)


def undone(figures: Mapping[str, float], rules: Rules, *, extra: bool = False) -> tuple[HomeTest, ...]:
    """The home tests without a usable figure for every measure; with `extra` those that only some need, too."""
    return tuple(
        test
        for test in home_tests(rules.on).values()
        if (extra or not test.extra) and any(not _usable(test, figures.get(m)) for m in test.measures)
    )


def every_gate_green(figures: Mapping[str, float], age_years: float | None, rules: Rules) -> bool:
    """Whether every test, the extra ones included, was done and none asks for a limit."""
    effects = {finding.effect for finding in findings_of_tests(figures, age_years, rules)}
    return not undone(figures, rules, extra=True) and effects == {Effect.NOTE}


def _of_test(test: HomeTest, figures: Mapping[str, float], age_years: float | None, rules: Rules) -> list[Finding]:
    """What each figure of `test` leads to; of two sides beyond the same edge only the worse speaks."""
    found: dict[str, Finding] = {}
    told = [(value, measure) for measure in test.measures if not math.isnan(value := figures.get(measure, math.nan))]
    for value, measure in sorted(told, reverse=test.better == "low"):
        if not test.possible(value):
            finding: Finding | None = find(rules, "screening.test_doubtful", test=test.name, value=value)
        else:
            finding = _beyond_an_edge(test, measure, value, age_years, rules)
        if finding is not None:
            found.setdefault(finding.reason.rule, finding)
    return list(found.values())


def _beyond_an_edge(
    test: HomeTest, measure: str, value: float, age_years: float | None, rules: Rules
) -> Finding | None:
    """The first edge that the figure lies beyond, worst first. An unknown age is held to every age's edges."""
    for edge in test.edges:
        young, old = edge.ages
        if age_years is not None and not young <= age_years < old + 1:
            continue
        if test.beyond(value, rules.number(edge.rule)):
            side = "left" if "left" in measure else "right"
            said = f"{test.said.format(value=value, side=side)} {rules.rule(edge.rule).says}"
            reason = rules.reason(edge.rule, said, measure=measure, value=value, edge=rules.number(edge.rule))
            return Finding(reason, Effect(edge.effect), see=test.see)
    return None


def _calves(figures: Mapping[str, float], rules: Rules) -> list[Finding]:
    counts = [figures.get(key, math.nan) for key in _CALVES]
    if any(math.isnan(count) for count in counts) or max(counts) <= 0:
        return []
    share = min(counts) / max(counts)
    if share >= rules.number("screening.heel_raise_symmetry"):
        return []
    left, right = counts
    key = "screening.heel_raise_symmetry"
    said = f"Your left calf did {left:.0f} heel raises, the right {right:.0f}. {rules.rule(key).says}"
    return [Finding(rules.reason(key, said, left=left, right=right, share=round(share, 2)), Effect.GENTLE)]


def _usable(test: HomeTest, value: float | None) -> bool:
    return value is not None and not math.isnan(value) and test.possible(value)
