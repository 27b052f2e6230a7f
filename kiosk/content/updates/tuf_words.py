"""What TUF refuses, in words for a person."""

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    LengthOrHashMismatchError,
    UnsignedMetadataError,
)

from kiosk.content.updates.refusals import cut_off, not_taken
from kiosk.content.updates.sources import Cut, Source
from kiosk.errors import KioskError
from kiosk.translations import _, said_by


def in_words(source: Source, error: Exception) -> KioskError:
    """What TUF refused, in words."""
    match error:
        case BadVersionNumberError():
            return not_taken(source, _("it is older than what this station has, or its parts do not belong together"))
        case UnsignedMetadataError():
            return not_taken(source, _("it is not signed by the province that this station trusts"))
        case LengthOrHashMismatchError() | DownloadLengthMismatchError():
            return not_taken(source, _("a file is not what was signed"))
        case DownloadHTTPError():
            return KioskError(
                _("There is no whole tree of content at {source}.", source=source.name),
                _("Correct the address, or plug in the right stick."),
            )
        case Cut() | DownloadError():
            reason = said_by(error) if isinstance(error, Cut) else str(error.__cause__ or error)
            return cut_off(source, reason)
        case _:
            return not_taken(source, _("it cannot be read; perhaps a sign-in page of the network answers in its place"))
