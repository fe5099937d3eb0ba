"""Evidence: what is known about running backward, claim by claim, and where every number and every rule comes from."""

from starlette.responses import Response

from retropace.claims import claims, open_questions, records
from retropace.rules import rules_on
from retropace.rules.questionnaire import home_tests, questions, stop_signs
from retropace.sources import Verdict, bibliography
from retropace.views.verdicts import sign
from retropace.web.doors import Door, Needs
from retropace.web.evidence import shown
from retropace.web.frame import page
from retropace.web.visit import Visit

#: A search is no longer than this [letters].
_LONGEST_WORDS = 80


def evidence(visit: Visit) -> Response:
    """Every claim with its verdict, records, what nobody knows, and the bibliography that all marks lead to."""
    verdict, topic = visit.asked("verdict"), visit.asked("topic")
    choice = shown.Choice(
        topic if topic in shown.topics() else "",
        verdict if verdict in list(Verdict) else "",
        visit.asked("words")[:_LONGEST_WORDS].strip(),
    )
    found = shown.shown(choice)
    return page(
        visit,
        "evidence.html",
        tab="evidence",
        shown=shown,
        choice=choice,
        found=found,
        total=len(claims()),
        verdicts=[(one, sign(one)) for one in Verdict],
        records=records(),
        open_questions=open_questions(),
        sources=shown.sources_in_order(),
        uses=shown.uses(rules_on(visit.today)),
    )


def rules(visit: Visit) -> Response:
    """Every rule that decides something, the questions and the signs to stop, each with what it rests on."""
    words = visit.asked("words")[:_LONGEST_WORDS].strip()
    source = visit.asked("source")
    known = source if source in bibliography() else ""
    in_force = rules_on(visit.today)
    narrowed = bool(words or known)
    return page(
        visit,
        "evidence_rules.html",
        tab="evidence",
        shown=shown,
        words=words,
        source=bibliography().get(known),
        total=len(in_force.by_key),
        subjects=shown.rules_by_subject(in_force, words, known),
        signs=() if narrowed else tuple(stop_signs(visit.today).values()),
        questions=() if narrowed else tuple(questions(visit.today).values()),
        tests=() if narrowed else tuple(home_tests(visit.today).values()),
    )


def metrics(visit: Visit) -> Response:
    """Every figure a person may be shown: what it means, what it needs, how far it may be believed."""
    source = visit.asked("source")
    known = source if source in bibliography() else ""
    return page(
        visit,
        "evidence_metrics.html",
        tab="evidence",
        shown=shown,
        source=bibliography().get(known),
        metrics=shown.metrics_about(known),
    )


DOORS = (
    Door("/evidence", evidence, needs=Needs.NOBODY),
    Door("/evidence/rules", rules, needs=Needs.NOBODY),
    Door("/evidence/metrics", metrics, needs=Needs.NOBODY),
)
