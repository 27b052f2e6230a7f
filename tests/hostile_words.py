"""What some hostile programs are told, and which of them get nothing in a session."""

from pathlib import Path

from kiosk.supervisor import port_wall
from tests.running import RunningStation

# They are refused: what they reach for is seen where they have it (test_hostile_programs_work_without_us.py).
REFUSED = (
    "speaks_to_the_service", "ends_and_reads_others", "reaches_for_the_machine", "asks_to_be_run_later",
    "leaves_its_group",
)  # fmt: skip


def is_refused(name: str, station: RunningStation) -> bool:
    """Whether a program of this name gets nothing there; the panel's flood only where the ports' rules stand."""
    return name in REFUSED or (name == "floods_the_panel" and bool(port_wall.shown(port_wall.table(station.home))))


def devices() -> list[str]:
    """What reads a machine's keyboards, writes to its screens, or changes it; as many as there are here.

    Not /dev/watchdog and /dev/snapshot, nor the power's state: as root the control opens each, and that restarts a PC.
    """
    named = ("/proc/sysrq-trigger", "/dev/console", "/dev/uinput", "/dev/mem", "/dev/kmsg",
             "/dev/loop-control", "/dev/rtc0", "/dev/vcs", "/proc/sys/kernel/hostname",
             "/proc/sys/kernel/sysrq", "/proc/sys/kernel/core_pattern", "/dev/port")  # fmt: skip
    many = [*Path("/dev").glob("tty[0-9]*"), *Path("/dev/input").glob("*"), *Path("/dev").glob("fb*"),
            *Path("/dev").glob("sd*"), *Path("/dev").glob("loop[0-9]*")]  # fmt: skip
    return [name for name in named if Path(name).exists()] + [str(path) for path in many if not path.is_dir()][:60]


def words(name: str, station: RunningStation) -> list[str]:
    """What a program of this name is told in a session of this station."""
    match name:
        case "floods_the_menu":
            return [str(station.menu)]
        case "floods_the_panel":
            return [str(station.panel)]
        case "speaks_to_the_service":
            return [str(station.paths.socket)]
        case "ends_and_reads_others":
            found = [station.living(role) for role in ("supervisor", "service", "lock", "bar")]
            assert all(found), "there is one of each to be reached"
            return [str(pid) for pids in found for pid in pids]
        case "reaches_for_the_machine":
            assert devices()
            return devices()
    return []
