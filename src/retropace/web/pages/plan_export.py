"""Plan."""

from retropace.web.doors import Door

DOORS: tuple[Door, ...] = ()
