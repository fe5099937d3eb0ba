"""Pictures: a session as a ribbon for a phone and for a large screen, with its facts."""

from dataclasses import dataclass

from retropace.plan_words import asks, backward_s
from retropace.quantities import System, elapsed
from retropace.rules import Rules
from retropace.session import Session
from retropace.views.folded import folded_svg
from retropace.web.language import say
from retropace.web.plan.before import fastest_mps
from retropace.web.plan.words import brief, ribbon_words, speed

#: Sizes of a ribbon [px].
_SMALL, _LARGE = (350.0, 150.0), (608.0, 176.0)
_EFFORT = "progression.effort_hold"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a session: the value, what it is, and where it comes from."""

    value: str
    words: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A session in one sentence, as a ribbon in two sizes, and its figures."""

    asks: str
    small: str
    large: str
    facts: tuple[Fact, ...]


def picture(session: Session, rules: Rules, system: System, name: str = "s") -> Picture:
    """The session as it is shown; `name` must be its own on a page."""
    words, sentence = ribbon_words(session), asks(session)
    label = say(
        "{sentence} {before} of warm-up come first, {after} of walking at the end.",
        sentence=sentence,
        before=words.before,
        after=words.after,
    )
    small, large = (
        folded_svg(session, words, label=label, width=width, height=height, name=f"{name}{size}")
        for size, (width, height) in zip("pd", (_SMALL, _LARGE), strict=True)
    )
    return Picture(sentence, small, large, tuple(facts(session, rules, system)))


def facts(session: Session, rules: Rules, system: System) -> list[Fact]:
    """How long in all and backward, how fast at most, how hard."""
    top = fastest_mps(session)
    effort = rules.rule(_EFFORT)
    found = [
        Fact(brief(session.duration_s) if session.duration_s % 60 == 0 else elapsed(session.duration_s), say("in all")),
        Fact(elapsed(backward_s(session)), say("backward")),
    ]
    if top is not None:
        found.append(Fact(speed(top, system), say("at most")))
    limit = say("up to {limit}", limit=f"{rules.number(_EFFORT):g}")
    found.append(Fact(limit, say("effort, of 10"), effort.sources))
    return found
