"""The evidence pages: every claim, rule, figure and source, findable, linked both ways, and light."""

import gzip
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from retropace.claims import claims, open_questions, records
from retropace.metrics import METRICS
from retropace.rules import rules_on
from retropace.rules.questionnaire import questions, stop_signs
from retropace.sources import Verdict, bibliography
from retropace.views.verdicts import sign
from retropace.web.assets import assets

from .conftest import PHONE, TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Client

RULES = rules_on(TODAY)


def tree(client: "Client", path: str = "/evidence") -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    return html.fromstring(answer.text)


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def keys(page: Any) -> list[str]:
    return [str(card.get("id")).removeprefix("claim-") for card in page.xpath("//article[contains(@class,'claim')]")]


# -- claims -------------------------------------------------------------------------------------------------------------


def test_every_claim_with_verdict_number_and_sources(client: "Client") -> None:
    page = tree(client)
    assert keys(page) == [claim.key for claim in claims()]
    for claim in claims():
        (card,) = page.xpath(f"//article[@id='claim-{claim.key}']")
        told = words(card)
        for part in (claim.verdict.value, claim.claim, claim.holds, claim.number, claim.explanation):
            assert " ".join(part.split()) in told
        cited = [link.partition("#source-")[2] for link in card.xpath(".//p[contains(@class,'cited')]//a/@href")]
        assert tuple(cited) == claim.sources
        assert cited or "no study found" in told


def test_a_verdict_is_told_by_shape_and_word() -> None:
    assert len({sign(verdict) for verdict in Verdict}) == len(Verdict)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_by_verdict(client: "Client", verdict: Verdict) -> None:
    page = tree(client, f"/evidence?verdict={verdict.value}")
    assert keys(page) == [claim.key for claim in claims() if claim.verdict is verdict]
    (chosen,) = page.xpath("//nav[@class='verdicts']/a[@aria-current]")
    assert verdict.value in words(chosen)


def test_by_topic_and_by_words_together(client: "Client") -> None:
    assert keys(tree(client, "/evidence?topic=knee")) == [claim.key for claim in claims() if claim.topic == "knee"]
    assert keys(tree(client, "/evidence?topic=energy&words=HEART+beats")) == ["heart"]
    narrowed = tree(client, "/evidence?topic=energy&words=heart")
    links = narrowed.xpath("//nav[@class='verdicts']/a/@href")
    assert all("topic=energy" in link and "words=heart" in link for link in links)


def test_nothing_found_is_a_sentence_and_a_way_back(client: "Client") -> None:
    page = tree(client, "/evidence?words=zeppelin")
    assert not keys(page)
    assert "No claim fits." in words(page.xpath("//p[@id='count']")[0])
    assert page.xpath("//p[@id='count']/a/@href") == ["/evidence"]


@pytest.mark.parametrize(
    "query", ["topic=%00", "verdict=true", "words=%3Cscript%3E", "words=" + "a" * 4000, "topic=knee&topic=energy"]
)
def test_odd_questions_are_answered(client: "Client", query: str) -> None:
    page = client.get(f"/evidence?{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text


# -- records, open questions, sources -----------------------------------------------------------------------------------


def test_records_and_what_nobody_knows(client: "Client") -> None:
    page = tree(client)
    assert len(page.xpath("//table[@class='best']/tbody/tr")) == len(records())
    told = words(page)
    assert all(" ".join(question.question.split()) in told for question in open_questions())
    assert "Some may have been beaten since" in told


def test_every_source_has_its_place_and_says_whether_it_was_read(client: "Client") -> None:
    page = tree(client)
    for key, source in bibliography().items():
        (item,) = page.xpath(f"//li[@id='source-{key}']")
        told = words(item)
        assert " ".join(source.title.split()) in told
        assert " ".join(source.population.split()) in told
        assert ("not read, only remembered" in told) != source.seen
        assert source.n is None or f"n = {source.n}" in told


def test_a_source_says_where_it_is_used(client: "Client") -> None:
    (item,) = tree(client).xpath("//li[@id='source-roos_2012']")
    links = item.xpath(".//p[contains(@class,'uses')]/a/@href")
    assert "#claim-knee" in links
    assert "/evidence/metrics?source=roos_2012" in links
    figures = tree(client, "/evidence/metrics?source=roos_2012").xpath("//article/@id")
    assert figures == [f"metric-{metric.key}" for metric in METRICS if "roos_2012" in metric.sources]


@pytest.mark.parametrize("path", ["/evidence", "/evidence/rules", "/evidence/metrics"])
def test_every_link_inside_leads_somewhere(client: "Client", path: str) -> None:
    here = tree(client, path)
    pages = {"": here} | {name: tree(client, name) for name in ("/evidence", "/evidence/rules", "/evidence/metrics")}
    places = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    for link in here.xpath("//main//a/@href"):
        page, _, place = str(link).partition("#")
        if place:
            assert place in places[page.partition("?")[0]], link
    ids = here.xpath("//@id")
    assert len(ids) == len(set(ids))


# -- rules and figures --------------------------------------------------------------------------------------------------


def test_every_rule_that_decides_something(client: "Client") -> None:
    page = tree(client, "/evidence/rules")
    shown = {str(item).removeprefix("rule-") for item in page.xpath("//li[starts-with(@id,'rule-')]/@id")}
    assert shown == set(RULES.by_key)
    assert len(page.xpath("//li[starts-with(@id,'sign-')]")) == len(stop_signs(TODAY))
    assert len(page.xpath("//li[starts-with(@id,'asks-')]")) == len(questions(TODAY))
    told = words(page)
    assert "{" not in told, "what is filled in for a person is left open"


def test_a_rule_says_its_threshold_what_it_rests_on_and_since_when(client: "Client") -> None:
    page = tree(client, "/evidence/rules")
    told = words(page.xpath("//li[@id='rule-screening.stance_green']")[0])
    assert "20 s" in told
    assert "our own choice" in told
    assert "Springer 2007" in told
    assert "since 2026-11-22" in told
    remembered = words(page.xpath("//li[@id='rule-screening.chest_pain']")[0])
    assert "remembered, not read" in remembered
    assert "not for now" in remembered


def test_rules_are_found_by_word_and_by_source(client: "Client") -> None:
    by_word = tree(client, "/evidence/rules?words=calf").xpath("//li[starts-with(@id,'rule-')]")
    assert 0 < len(by_word) < len(RULES.by_key)
    assert all("cal" in words(item).lower() for item in by_word)
    by_source = tree(client, "/evidence/rules?source=springer_2007").xpath("//li[starts-with(@id,'rule-')]/@id")
    assert set(by_source) == {f"rule-{key}" for key, rule in RULES.by_key.items() if "springer_2007" in rule.sources}
    assert "No rule fits." in words(tree(client, "/evidence/rules?words=zeppelin"))


def test_every_figure_with_meaning_needs_and_belief(client: "Client") -> None:
    page = tree(client, "/evidence/metrics")
    assert page.xpath("//article/@id") == [f"metric-{metric.key}" for metric in METRICS]
    for metric in METRICS:
        told = words(page.xpath(f"//article[@id='metric-{metric.key}']")[0])
        assert metric.meaning in told
        assert metric.unit in told
        assert re.search(r"Needs:? ?\w", told)


def test_an_unknown_source_narrows_nothing(client: "Client") -> None:
    assert len(tree(client, "/evidence/metrics?source=nobody").xpath("//article")) == len(METRICS)


# -- weight, and a real browser -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/evidence", "/evidence/rules", "/evidence/metrics"])
def test_it_is_light(client: "Client", path: str) -> None:
    parts = ("look.css", "frame.css", "evidence.css", "evidence.js", "icon.svg")
    whole = len(gzip.compress(client.get(path).text.encode())) + sum(len(assets()[name].compressed) for name in parts)
    assert whole <= 60_000


def test_it_filters_while_typing(open_page: "Callable[..., Page]") -> None:
    page = open_page("/evidence", size=PHONE)
    shown = page.locator("article.claim:visible")
    assert shown.count() == len(claims())
    page.get_by_label("Search").fill("kneecap")
    assert 0 < shown.count() < 5
    assert page.locator("#count").inner_text() == f"{shown.count()} of {len(claims())} claims"
    page.get_by_label("Search").fill("")
    page.get_by_role("navigation", name="Verdicts").get_by_text("mixed").click()
    assert shown.count() == sum(claim.verdict is Verdict.MIXED for claim in claims())
    page.locator("#source-roos_2012 a[href='#claim-knee']").click()
    assert page.locator("#claim-knee").is_visible(), "a link finds its claim, whatever is filtered"
