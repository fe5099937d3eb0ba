"""Headline: the one sentence over the page: what has become easier, as far as figures show it beyond their spread."""

from collections.abc import Iterator

from retropace.progress import Progress, change
from retropace.quantities import Direction, Gait
from retropace.views.bodymap import place_name
from retropace.views.figures import moment
from retropace.web.language import say, say_count
from retropace.web.progress.picture import capital, clock

#: A longest stretch has grown when it has by this share. Our choice.
_GROWN = 1.15


def headline(found: Progress) -> str:
    """At most two things that changed; else what was done; else what will be."""
    told = list(_changes(found))[:2]
    if len(told) == 2:
        return say("{one}, and {two}.", one=capital(told[0]), two=told[1])
    if told:
        return f"{capital(told[0])}."
    seconds = sum(day.reverse_s or 0.0 for day in found.days)
    if found.days:
        count = say_count("{count} session", "{count} sessions", len(found.days))
        return say("{sessions}, {time} backward.", sessions=count, time=moment(seconds))
    return say("Your progress begins with the first session.")


def _changes(found: Progress) -> Iterator[str]:
    """What became of speed, heart, length and soreness, in this order."""
    for gait in (Gait.RUN, Gait.WALK):
        ratio = change(found.ratios[gait])
        if ratio is not None and ratio.real and ratio.up:
            yield say("backward comes closer to your forward speed")
        heart = change(found.heart[gait, Direction.BACKWARD].points)
        if heart is not None and heart.real and not heart.up:
            yield say("your heart beats slower at the same speed")
    gait = max((Gait.RUN, Gait.WALK), key=lambda one: (len(found.longest[one]), one is Gait.RUN))
    points = found.longest[gait]
    grown = change(points)
    if grown is not None and grown.last >= _GROWN * grown.first:
        best = max(point.value for point in points)
        yield say("your longest stretch grew from {first} to {best}", first=clock(points[0].value), best=clock(best))
    yield from _calm(found)


def _calm(found: Progress) -> Iterator[str]:
    for one in found.soreness[:1]:
        both = one.first_and_last
        if both is not None and both[1] <= both[0] - 1:
            words = say("your {place} stays calm") if both[1] <= 1 else say("your {place} is less sore")
            yield words.format(place=say(place_name(one.where)))
