"""Verdicts: what the evidence says of a claim, as a sign that is told apart by its shape."""

from retropace.claims import Claim, claims
from retropace.sources import Verdict

#: One character each, for text.
SIGNS = {
    Verdict.SUPPORTED: "●",
    Verdict.PLAUSIBLE: "◐",
    Verdict.MIXED: "=",
    Verdict.UNSUPPORTED: "×",
    Verdict.UNKNOWN: "○",
}
_SHAPES = {
    Verdict.SUPPORTED: '<circle cx="8" cy="8" r="7" class="vf"/><path d="M4.5 8.3l2.4 2.4 4.6-5" class="vi"/>',
    Verdict.PLAUSIBLE: '<circle cx="8" cy="8" r="6.3" class="vo"/><path d="M8 1.7a6.3 6.3 0 0 0 0 12.6z" class="vf"/>',
    Verdict.MIXED: '<circle cx="8" cy="8" r="6.3" class="vo"/><path d="M5 6.3h6M5 9.7h6" class="vo"/>',
    Verdict.UNSUPPORTED: '<circle cx="8" cy="8" r="6.3" class="vo"/><path d="M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8" class="vo"/>',
    Verdict.UNKNOWN: '<circle cx="8" cy="8" r="6.3" class="vo vd"/>',
}
#: What a session cannot show of itself and people ask about.
_ASKED = ("muscle", "balance", "posture")


def sign(verdict: Verdict) -> str:
    """The sign as a small SVG element; the word beside it says the same."""
    return f'<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{_SHAPES[verdict]}</svg>'


def asked() -> list[Claim]:
    """The claims about muscle, balance and posture."""
    return [claim for claim in claims() if claim.topic in _ASKED]
