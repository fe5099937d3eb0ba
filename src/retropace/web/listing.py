"""Listing: the sessions as a list: filtered, cut into pages, gathered by week, and further back by month."""

import datetime as dt
import enum
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retropace.digest import Digest
from retropace.store.recordings import Kept
from retropace.views.figures import clock
from retropace.web import days
from retropace.web.language import say, say_count
from retropace.web.outing import Logged, Outing

#: Rows on one page.
PAGE_ROWS = 24
#: So many weeks are told apart; what is older is gathered by month.
_WEEKS = 8

Standing = tuple[Kept, Digest | None]


class Show(enum.StrEnum):
    """Which sessions are listed."""

    ALL = "all"
    BACKWARD = "backward"
    UNLOGGED = "unlogged"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one week or month. `sums` says how much there was in all of it, also on other pages."""

    title: str
    sums: str
    rows: tuple[Outing, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list. `counts` says how many there are of each kind; `page` counts from 1 to `pages`."""

    show: Show
    counts: dict[Show, int]
    groups: tuple[Group, ...]
    page: int
    pages: int
    backward_s: float
    waiting: int

    @property
    def total(self) -> int:
        """How many recordings there are."""
        return self.counts[Show.ALL]

    @property
    def backward(self) -> str:
        """How long all of them went backward, "" where they never did."""
        return clock(self.backward_s) if self.backward_s else ""


def listing(
    standing: Sequence[Standing],
    show: Show,
    page: int,
    today: dt.date,
    logged: Callable[[dt.date], Logged],
    row: Callable[[Kept, Digest | None, Logged], Outing],
) -> Listing:
    """The page of the list, newest first. `logged` says whether the log tells of a day; `row` makes a row."""
    chosen = {one: [pair for pair in standing if _wanted(pair, one, logged)] for one in Show}
    shown = chosen[show]
    pages = max(1, -(-len(shown) // PAGE_ROWS))
    page = min(max(page, 1), pages)
    titles = {kept.id: _title(kept.day, today) for kept, _ in shown}
    gathered: dict[str, list[Standing]] = {}
    for pair in shown:
        gathered.setdefault(titles[pair[0].id], []).append(pair)
    here = shown[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    groups = [
        Group(title, _sums(gathered[title]), tuple(row(kept, found, logged(kept.day)) for kept, found in rows))
        for title, rows in itertools.groupby(here, key=lambda pair: titles[pair[0].id])
    ]
    return Listing(
        show,
        {one: len(pairs) for one, pairs in chosen.items()},
        tuple(groups),
        page,
        pages,
        _backward_s(standing),
        sum(found is None for _, found in standing),
    )


def _wanted(pair: Standing, show: Show, logged: Callable[[dt.date], Logged]) -> bool:
    kept, found = pair
    if show is Show.BACKWARD:
        return found is not None and found.reverse_s > 0
    return show is Show.ALL or logged(kept.day) is Logged.OPEN


def _title(day: dt.date, today: dt.date) -> str:
    """The week of a day, or its month where that is longer ago."""
    monday = day - dt.timedelta(days=day.weekday())
    if dt.timedelta(0) <= today - monday < dt.timedelta(weeks=_WEEKS):
        return days.week(monday, today)
    return days.month(day)


def _sums(pairs: Sequence[Standing]) -> str:
    """How many sessions, and how long backward; an outing that was brought twice counts once."""
    once = [pair for pair in pairs if pair[1] is None or pair[1].same_as is None]
    words = say_count("{count} session", "{count} sessions", len(once))
    backward_s = _backward_s(once)
    return f"{words} · {say('{time} backward', time=clock(backward_s))}" if backward_s else words


def _backward_s(pairs: Sequence[Standing]) -> float:
    return sum(found.reverse_s for _, found in pairs if found is not None and found.same_as is None)
