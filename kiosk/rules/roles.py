"""Who staff are. What each may do stands in one table, web/roles.py."""

from typing import Final

MANAGER: Final = "manager"
CLERK: Final = "clerk"
TECHNICIAN: Final = "technician"

# The first is what a new one is where nobody says otherwise.
ROLES = (MANAGER, CLERK, TECHNICIAN)
