"""Voice: a guide with its sounds."""

from itertools import pairwise

from made_sessions import FREE, RULES, reverse, walk
from retropace.guide import guide, guide_json
from retropace.place import Place, Surface, Watcher
from retropace.session import Session
from retropace.voice import table, voiced

GRASS = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)


def test_a_guide_keeps_what_it_had_and_every_cue_gets_its_sounds() -> None:
    plain = guide_json(
        guide(Session("Two", (walk(60), reverse(20), walk(60), reverse(20), walk(60))), FREE, GRASS, RULES)
    )
    heard = voiced(plain)
    assert {key: heard[key] for key in plain if key != "cues"} == {key: plain[key] for key in plain if key != "cues"}
    old, new = plain["cues"], heard["cues"]
    assert isinstance(old, list)
    assert isinstance(new, list)
    added = {"clips", "tone", "clips_at_s"}
    assert [{key: cue[key] for key in cue if key not in added} for cue in new] == old
    assert all(set(cue["clips"]) <= set(table()) for cue in new)
    reverses = [cue for cue in new if cue["kind"] == "reverse"]
    assert {(tuple(cue["clips"]), cue["tone"]) for cue in reverses} == {(("reverse",), "reverse")}
    assert all(cue["tone"] is None or cue["tone"] in heard["tones"] for cue in new)  # type: ignore[operator]


def test_words_begin_after_their_tone_and_end_before_the_next_cue() -> None:
    steps = (walk(60), *(reverse(20), walk(60)) * 6)
    heard = voiced(guide_json(guide(Session("Six", steps), FREE, GRASS, RULES)))["cues"]
    assert isinstance(heard, list)
    for cue, following in pairwise(heard):
        said_s = sum(table()[clip][1] for clip in cue["clips"])
        assert cue["at_s"] + cue["clips_at_s"] + said_s <= following["at_s"], cue["say"]
