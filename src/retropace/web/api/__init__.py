"""API: the same functions as JSON, for programs. `operations` is the list; its description is made from it.

A program signs in with a token (Authorization: Bearer ...), made under Settings. An answer that is no 2xx is always
{"error": {"what", "where", "field", "remedy"}}. Times are seconds, instants ISO 8601, units SI, unknown is null.
"""

from retropace.web.api.description import DESCRIPTION
from retropace.web.api.operation import door_of
from retropace.web.api.operations import OPERATIONS

DOORS = (*map(door_of, OPERATIONS), DESCRIPTION)
