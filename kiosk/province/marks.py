"""How far a station's series have come: by epoch the last number up to which none is missing."""

from kiosk.export.receipts import Marks
from kiosk.province.ledger import Ledger


def marks_of(ledger: Ledger, site: str, station: str) -> Marks:
    """The marks of a station, to be sealed and sent; epochs that have not begun stand at 0."""
    raise NotImplementedError
