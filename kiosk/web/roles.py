"""Who may do what, in one place: a table from endpoint to roles. What is not in the table is refused to everybody."""

from collections.abc import Mapping

STRANGER = "stranger"
MANAGER = "manager"

EVERYBODY = frozenset({STRANGER, MANAGER})
STAFF = frozenset({MANAGER})

Access = Mapping[str, frozenset[str]]


def allowed(access: Access, endpoint: str | None, role: str) -> bool:
    """Whether `role` may use `endpoint`. An address that leads nowhere may be asked for: the answer is a 404."""
    return endpoint is None or role in access.get(endpoint, frozenset())
