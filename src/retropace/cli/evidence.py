"""`retropace evidence`: popular claims about running backwards, and what is known."""

from argparse import Namespace

from retropace.claims import claims
from retropace.errors import UnusableInput
from retropace.views.terminal import print_claims


def run(options: Namespace) -> int:
    """Print the claims that hold every word asked for; all of them where none is asked for."""
    words = [word.casefold() for word in options.words]
    found = [claim for claim in claims() if all(word in str(claim).casefold() for word in words)]
    if not found:
        raise UnusableInput(
            f"No claim speaks of {' '.join(options.words)!r}", remedy="Ask for another word, or for all."
        )
    print_claims(found)
    return 0
