"""What is said when an engine is away. Every engine is asked the same, so each trouble is said once."""

from kiosk.errors import KioskError
from kiosk.translations import _


def no_library(error: ImportError, extra: str) -> KioskError:
    """What the engine is made of is not installed."""
    told = str(error).strip().splitlines() or [type(error).__name__]
    return KioskError(
        _("The figures cannot be reckoned: {reason}.", reason=told[0].rstrip(".")),
        _("Install what is missing: pip install 'kiosk[{extra}]'.", extra=extra),
    )
