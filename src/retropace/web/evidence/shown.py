"""Shown: claims, rules, figures and sources in words, chosen by topic, verdict and what was searched for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from retropace.claims import Claim, claims, records
from retropace.metrics import METRICS, Metric
from retropace.rules import SUBJECTS, Basis, Rule, Rules
from retropace.sources import Grade, Source, Verdict, bibliography
from retropace.views.claim_band import band_of, band_svg, split
from retropace.views.verdicts import sign
from retropace.web.language import say

#: A number longer than this is set smaller, and smaller again [letters].
_LONG, _LONGER = 16, 34


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as its card shows it."""

    claim: Claim
    sign: str
    verdict: str
    number: str
    aside: str
    size: str
    band: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; "" asks for all."""

    topic: str = ""
    verdict: str = ""
    words: str = ""

    def fits(self, claim: Claim) -> bool:
        """Whether a claim is among what was asked for."""
        if self.topic and claim.topic != self.topic:
            return False
        if self.verdict and claim.verdict != self.verdict:
            return False
        told = " ".join((claim.claim, claim.holds, claim.number, claim.explanation, claim.topic)).casefold()
        return all(word in told for word in self.words.casefold().split())

    def query(self, **other: str) -> str:
        """The same choice with something else in it, as an address's query."""
        asked = {"topic": self.topic, "verdict": self.verdict, "words": self.words} | other
        kept = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def shown(choice: Choice) -> list[Shown]:
    """The claims asked for, in the order in which they are told."""
    return [_shown(claim) for claim in claims() if choice.fits(claim)]


def _shown(claim: Claim) -> Shown:
    number, aside = split(say(claim.number)) if claim.number else ("", "")
    return Shown(
        claim,
        sign(claim.verdict),
        verdict_words(claim.verdict),
        number,
        aside,
        " longer" if len(number) > _LONGER else " long" if len(number) > _LONG else "",
        _band(claim),
    )


def _band(claim: Claim) -> str:
    band = band_of(claim.number)
    if band is None:
        return ""
    words = say("same as forward") if band.neutral else say("no difference")
    return band_svg(band, label=claim.number, neutral_words=words)


def verdict_words(verdict: Verdict) -> str:
    """What the evidence says, in a word."""
    return {
        Verdict.SUPPORTED: say("supported"),
        Verdict.PLAUSIBLE: say("plausible"),
        Verdict.MIXED: say("mixed"),
        Verdict.UNSUPPORTED: say("unsupported"),
        Verdict.UNKNOWN: say("unknown"),
    }[verdict]


def verdict_meaning(verdict: Verdict) -> str:
    """What such a word means."""
    return {
        Verdict.SUPPORTED: say("studies that we read show it"),
        Verdict.PLAUSIBLE: say("what we read points to it; nobody has shown it"),
        Verdict.MIXED: say("studies disagree, or only part of it holds"),
        Verdict.UNSUPPORTED: say("no study we read shows it, or they show the opposite"),
        Verdict.UNKNOWN: say("too little is known to say"),
    }[verdict]


def topic_words(topic: str) -> str:
    """A topic of claims in a word."""
    return say(topic.replace("_", " "))


def topics() -> list[str]:
    """Every topic, in the order of the claims."""
    return list(dict.fromkeys(claim.topic for claim in claims()))


# -- rules --------------------------------------------------------------------------------------------------------------


def rules_by_subject(rules: Rules, words: str, source: str) -> dict[str, list[Rule]]:
    """The rules that hold every one of `words` and rest on `source` ("" for any), by subject."""
    asked = words.casefold().split()
    chosen = [
        rule
        for rule in rules.by_key.values()
        if all(word in f"{rule.key.replace('_', ' ')} {rule.says}".casefold() for word in asked)
        and (not source or source in rule.sources)
    ]
    by_subject = {name: [rule for rule in chosen if rule.key.startswith(f"{name}.")] for name in SUBJECTS}
    return {name: found for name, found in by_subject.items() if found}


def subject_words(subject: str) -> str:
    """A subject of rules as a heading."""
    return {
        "screening": say("Who may go backward"),
        "place": say("Where, how fast, how long in one go"),
        "programme": say("How weeks and sessions are made"),
        "progression": say("When there is more, the same, or less"),
        "cues": say("What the coach says, and when"),
        "coach": say("What the coach does when something goes wrong"),
        "exercises": say("Work at home"),
        "weight": say("Weight and energy"),
    }[subject]


_EFFECTS = {
    "not_now": "not for now",
    "walk": "walking only",
    "careful": "with care",
    "gentle": "start gently",
    "eyes": "look behind more",
    "note": "a note",
}
#: What a rule's sentence leaves open until it is said to somebody.
_OPEN = re.compile(r"\{[^}]*\}")


def says_words(rule: Rule) -> str:
    """A rule's sentence; what depends on the person is left open.

    >>> from retropace.rules import rules_on
    >>> import datetime as dt
    >>> says_words(rules_on(dt.date(2026, 11, 22)).rule("programme.watched"))
    'Go backward only with ….'
    """
    return _OPEN.sub("…", rule.says)


def value_words(rule: Rule) -> str:
    """A rule's threshold with its unit; "" where it is only a yes.

    >>> from retropace.rules import rules_on
    >>> import datetime as dt
    >>> value_words(rules_on(dt.date(2026, 11, 22)).rule("screening.stance_green"))
    '20 s'
    """
    value = rule.value
    if isinstance(value, bool):
        return "" if value else say("no")
    told = ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else value
    if isinstance(told, str) and isinstance(value, str):
        return say(_EFFECTS.get(told, told.replace(" ", ", ").replace("_", " ")))
    told = f"{told:g}" if isinstance(told, float | int) else told
    unit = "" if rule.unit in ("", "ratio") else f" {rule.unit}"
    return f"{told}{unit}"


def basis_words(basis: Basis) -> str:
    """What a rule rests on."""
    return {
        Basis.SEEN: say("read in the source"),
        Basis.MEMORY: say("remembered, not read: kept because it is the cautious side"),
        Basis.DESIGN: say("our own choice"),
    }[basis]


# -- figures ------------------------------------------------------------------------------------------------------------

_NEEDS = {
    "paused": "times",
    "moved_m": "distance or position",
    "speed_mps": "speed",
    "cadence_spm": "cadence",
    "heart_rate_bpm": "heart rate",
    "contact_time_ms": "contact time",
    "vertical_oscillation_mm": "vertical oscillation",
    "step_length_m": "step length",
    "slope": "slope",
    "direction": "direction",
    "gait": "gait",
    "mass_kg": "your body mass",
}


def needs_words(metric: Metric) -> str:
    """What a figure is made from."""
    return ", ".join(say(_NEEDS.get(name, name.replace("_", " "))) for name in metric.needs)


def grade_words(grade: Grade) -> str:
    """How far a figure may be believed."""
    return {
        Grade.MEASURED: say("measured by the device"),
        Grade.DERIVED: say("worked out from what the device measured"),
        Grade.MODELLED: say("modelled: an average of other people, not measured on you"),
        Grade.ASSUMED: say("assumed, with a reason"),
    }[grade]


def metrics_about(source: str) -> list[Metric]:
    """The figures that rest on `source`, or all."""
    return [metric for metric in METRICS if not source or source in metric.sources]


# -- sources ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a source is used: claims by key, and how many rules, figures and records."""

    claims: tuple[Claim, ...] = ()
    rules: int = 0
    metrics: int = 0
    records: int = 0

    @property
    def any(self) -> bool:
        """Whether it is used at all."""
        return bool(self.claims or self.rules or self.metrics or self.records)


def uses(rules: Rules) -> Mapping[str, Uses]:
    """Where every source is used, by its key."""
    return {
        key: Uses(
            tuple(claim for claim in claims() if key in claim.sources),
            _count(key, (rule.sources for rule in rules.by_key.values())),
            _count(key, (metric.sources for metric in METRICS)),
            _count(key, (record.sources for record in records())),
        )
        for key in bibliography()
    }


def _count(key: str, cited: Iterable[Sequence[str]]) -> int:
    return sum(key in sources for sources in cited)


@cache
def sources_in_order() -> tuple[Source, ...]:
    """The bibliography by first author and year; the device and our own choices first."""
    own = ("device", "design")
    found = bibliography()
    others = sorted((s for key, s in found.items() if key not in own), key=lambda s: (s.authors.casefold(), s.year))
    return (*(found[key] for key in own if key in found), *others)


def kind_words(source: Source) -> str:
    """What kind of source it is."""
    words = {
        "review": say("review"),
        "trial": say("trial"),
        "experiment": say("experiment"),
        "table": say("table"),
        "press": say("press"),
        "standard": say("standard"),
        "design": say("our own choice"),
    }
    return words.get(source.grade, source.grade)
