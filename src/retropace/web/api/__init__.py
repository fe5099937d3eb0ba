"""API: the same functions as JSON."""

from retropace.web.doors import Door

DOORS: tuple[Door, ...] = ()
