"""Sports: the words files use for what somebody did, in our lower-case words."""

import re

#: word in a file, lower case and without separators → (sport, sub-sport). What is missing here has no span.
SPORTS: dict[str, tuple[str, str | None]] = {
    "running": ("running", None),
    "run": ("running", None),
    "jogging": ("running", None),
    "streetrunning": ("running", "street"),
    "trailrunning": ("running", "trail"),
    "trailrun": ("running", "trail"),
    "trackrunning": ("running", "track"),
    "treadmillrunning": ("running", "treadmill"),
    "treadmill": ("running", "treadmill"),
    "indoorrunning": ("running", "indoor_running"),
    "virtualrun": ("running", "virtual_activity"),
    "walking": ("walking", None),
    "walk": ("walking", None),
    "casualwalking": ("walking", "casual_walking"),
    "speedwalking": ("walking", "speed_walking"),
    "nordicwalking": ("walking", "nordic_walking"),
    "hiking": ("hiking", None),
    "hike": ("hiking", None),
    "mountaineering": ("hiking", None),
    "trekking": ("hiking", None),
    "cycling": ("cycling", None),
    "biking": ("cycling", None),
    "bike": ("cycling", None),
    "ride": ("cycling", None),
    "roadbiking": ("cycling", "road"),
    "mountainbiking": ("cycling", "mountain"),
    "indoorcycling": ("cycling", "indoor_cycling"),
    "virtualride": ("cycling", "virtual_activity"),
    "swimming": ("swimming", None),
    "swim": ("swimming", None),
    "lapswimming": ("swimming", "lap_swimming"),
    "openwaterswimming": ("swimming", "open_water"),
    "rowing": ("rowing", None),
    "skiing": ("skiing", None),
    "inlineskating": ("inline_skating", None),
    "elliptical": ("fitness_equipment", "elliptical"),
    "strengthtraining": ("training", "strength_training"),
    # Strava numbers its kinds in older GPX exports.
    "1": ("cycling", None),
    "4": ("hiking", None),
    "9": ("running", None),
    "10": ("walking", None),
    "16": ("swimming", None),
}
#: Sports in which cadence counts steps.
ON_FOOT = frozenset({"running", "walking", "hiking"})
#: "Cycling 10/2/17 10:49 am": a name that an application made from the sport and the date.
_DATED = re.compile(r"\s*([A-Za-z ]{3,30}?)\W+\d{1,4}\D\d")


def sport_of(word: str | None) -> tuple[str, str | None] | None:
    """Sport and sub-sport that a file's word means, None where it is unknown.

    >>> sport_of("trail_running"), sport_of("Biking"), sport_of("Other")
    (('running', 'trail'), ('cycling', None), None)
    """
    return SPORTS.get(re.sub(r"[\W_]+", "", word).lower()) if word else None


def sport_in_name(name: str | None) -> tuple[str, str | None] | None:
    """The sport with which an application began a dated name. A person's own words are left to the person.

    >>> sport_in_name("Running 10/2/17 10:49 am"), sport_in_name("Running away from it all")
    (('running', None), None)
    """
    dated = _DATED.match(name) if name else None
    return sport_of(dated.group(1)) if dated else None
