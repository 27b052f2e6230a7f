"""One PC of the small province: a process of its own on a made-up calendar, which is told each day what happens at it.

It takes orders as lines of JSON and answers each with one when it is done. Store, rules, recorder, bundles, courier and
enrolment are the real ones; only the clocks are made up (tests/dated_station.py), so that forty days fit into minutes.
Started as `python -m tests.small_province_pc HOME NOW`. Whoever kills it may start it again on the same home.
"""

import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from kiosk.clock import LOCAL
from kiosk.errors import KioskError
from kiosk.export.run import exporter_for
from kiosk.rules.answers import Answers
from kiosk.service.checked_settings import load_checked
from kiosk.service.nightly import Nightly
from kiosk.settings import Paths
from kiosk.store import journal
from tests.dated_station import DatedStation, World

TICK = 10.0  # seconds between two looks of the service here; a real one looks every second


class PC:
    """The station and its way to the province."""

    def __init__(self, home: Path, now: datetime) -> None:
        world = World(now)
        world.boot_id = f"boot-{token_hex(4)}"  # the one before may have been killed
        world.follow()  # a hardware clock alone, older than the software, is not believed
        self.station = DatedStation(home, world)
        paths = Paths(home)
        self.nightly = Nightly(exporter_for(self.station.store, paths, *load_checked(paths)), self.station.clock)

    def switch_on(self, at: str) -> None:
        """The PC was off until then, local time."""
        world = self.station.world
        off = datetime.fromisoformat(at).replace(tzinfo=LOCAL) - world.true
        if off > timedelta():
            world.reboot(off)
            world.boot_id = f"boot-{token_hex(4)}"
            world.follow()
            self.station.start()
            self.nightly._clock = self.nightly._way_up._clock = self.station.clock

    def do(self, order: dict[str, Any]) -> Any:
        """Carry out one order."""
        self.switch_on(order["at"])
        match order["do"]:
            case "visit":
                self.station.open(Answers(**order["answers"]))
                self.station.run(order["seconds"], TICK)
                self.station.finish()
                return self.station.run(30.0, TICK)
            case "write_down":
                fields = {"people": order["people"]}
                return self.station.store.run(
                    journal.add, "outreach", date.fromisoformat(order["day"]), fields, "Thủ thư", self._now()
                )
            case "night":
                made = self.nightly.run()
                return {"made": len(made), **(self.nightly.send() if order["send"] else self.nightly.status())}
            case "stick":
                self.nightly.run()
                return self.nightly.write_to(Path(order["to"]))
            case "status":
                return self.nightly.status()
        raise ValueError(order["do"])

    def _now(self) -> datetime:
        return self.station.clock.read().wall


def main() -> None:
    """Answer orders until the input ends."""
    pc = PC(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]).replace(tzinfo=LOCAL))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        try:
            answer = {"done": pc.do(json.loads(line))}
        except KioskError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
