"""A station's nightly thread as a process that may be killed: it counts, makes and sends, until it is told to end.

Arguments: home, the moment at which its clock starts, seed. Says `counted DAY` once a visit is on the disk, `sent N` or
`trouble WHY` after each sending, `now MOMENT` before the next.
"""

import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sending_station import PlayClock, Sender

from kiosk.clock import Reading
from kiosk.errors import KioskError


def main(home: str, start: str, seed: str) -> None:
    """Goes on where the last one was killed."""
    dice = random.Random(seed)
    wall = datetime.fromisoformat(start).astimezone(timezone.utc)
    with Sender(Path(home), clock=PlayClock(Reading(1_000.0, f"boot {seed}", wall))) as station:
        while True:
            day = (station.clock.now.local - timedelta(days=dice.choice([0, 0, 1, 2]))).date().isoformat()
            station.visit(day)
            print(f"counted {day}", flush=True)
            station.nightly.run()
            try:
                print(f"sent {station.nightly.send()['confirmed']}", flush=True)
            except KioskError as error:
                print(f"trouble {error.message}", flush=True)
            station.clock.passes(hours=dice.choice([1, 12, 24]))
            print(f"now {station.clock.now.wall.isoformat()}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
