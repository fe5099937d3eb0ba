"""Claims: every verdict borne by what was read, every number from where it belongs, in a calm voice."""

import re

import pytest

from retropace import claims as module
from retropace.claims import Claim, claims, open_questions, records
from retropace.energy import RUNNING_RATIO
from retropace.errors import UncitedValue
from retropace.load import statements
from retropace.sources import Verdict, bibliography

#: What the product promises and people say; each must be answered.
PROMISED = {
    "calories_per_distance",
    "calories_per_hour",
    "knee",
    "landing",
    "calves",
    "hamstrings",
    "quadriceps",
    "balance",
    "posture",
    "flexibility",
    "belly_fat",
    "economy",
    "speed",
    "memory",
    "alone",
}
BORNE = (Verdict.SUPPORTED, Verdict.PLAUSIBLE, Verdict.MIXED)


def test_every_promise_is_answered() -> None:
    assert {claim.key for claim in claims()} >= PROMISED
    assert {claim.verdict for claim in claims()} == set(Verdict)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.key)
def test_a_verdict_rests_on_what_was_read(claim: Claim) -> None:
    if claim.verdict in BORNE:
        assert claim.sources
    assert all(bibliography()[key].seen for key in claim.sources)
    assert all(bibliography()[key].grade != "press" for key in claim.sources), "a newspaper is no evidence"


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.key)
def test_voice(claim: Claim) -> None:
    words = f"{claim.claim} {claim.holds} {claim.number} {claim.explanation}"
    assert "!" not in words
    assert not re.search(r"\b(amazing|proven|guarantee\w*|cure\w*|must)\b", words, re.IGNORECASE)
    assert claim.explanation.endswith(".")
    assert "{" not in words
    assert max(len(sentence.split()) for sentence in re.split(r"(?<=[.?]) ", claim.explanation)) <= 30


def test_numbers_come_from_the_models() -> None:
    number = next(claim.number for claim in claims() if claim.key == "calories_per_distance")
    assert [float(found) for found in re.findall(r"\d\.\d+", number)] == [
        RUNNING_RATIO.value,
        RUNNING_RATIO.low,
        RUNNING_RATIO.high,
    ]
    assert next(claim.number for claim in claims() if claim.key == "knee") == "24 % less (10–35 %)"


@pytest.mark.parametrize("verdict", BORNE)
@pytest.mark.parametrize("sources", [(), ("flynn_1993",), ("roos_2012", "devita_1991"), ("nobody_1900",)])
def test_a_claim_on_unread_sources_does_not_load(verdict: Verdict, sources: tuple[str, ...]) -> None:
    with pytest.raises(UncitedValue):
        module._require_read(Claim("made", "", "", verdict, "", "", "", sources))


@pytest.mark.parametrize("verdict", [Verdict.UNSUPPORTED, Verdict.UNKNOWN])
def test_nothing_found_needs_no_source(verdict: Verdict) -> None:
    module._require_read(Claim("made", "", "", verdict, "", "", "", ()))


def test_records_are_dated_sourced_and_in_order() -> None:
    order = ["100 m", "200 m", "mile", "10 000 m", "half marathon", "marathon"]
    events = [record.event.removesuffix(", women") for record in records()]
    assert events == sorted(events, key=order.index)
    for record in records():
        assert record.when
        assert record.status
        assert record.sources
        assert record.seconds > 9.58, "nobody runs backward faster than the fastest forward"


@pytest.mark.parametrize(("time", "seconds"), [("13.17", 13.17), ("5:30", 330.0), ("3:25:24", 12324.0)])
def test_a_time_in_seconds(time: str, seconds: float) -> None:
    assert module.Record("", "", time, "", "", ()).seconds == pytest.approx(seconds)


def test_open_questions_say_what_we_do_instead() -> None:
    assert len(open_questions()) >= 6
    for question in open_questions():
        assert question.question.endswith("?")
        assert question.instead.endswith(".")


def test_statements_agree_with_claims() -> None:
    """The body map may not say more than the evidence page."""
    verdict = {claim.key: claim.verdict for claim in claims()}
    said = {statement.part: statement.verdict for statement in statements()}
    assert said["calf"] == verdict["calves"]
    assert said["quadriceps"] == verdict["quadriceps"]
    assert said["hamstrings"] == said["glutes"] == verdict["hamstrings"]
    assert said["balance"] == verdict["balance"]
    assert said["posture"] == verdict["posture"]
