"""The walls of the house: imports point one way, SQL stands in few places, the small processes stay small."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "kiosk"

# Of each room, the rooms it may import besides itself. Files that lie in kiosk/ itself are rooms of their own.
GROUND = {
    "errors",
    "clock",
    "machine_clock",
    "messages",
    "settings",
    "translations",
    "shipped",
    "loop",
    "sound",
    "freed_memory",
    "lean_sqlite",
    "table_file",
    "table_faults",
}
MAY = {
    "errors": set[str](),
    "clock": {"errors"},
    "machine_clock": {"errors"},
    "messages": {"errors"},
    "shipped": {"errors"},
    "loop": {"errors", "clock", "messages"},
    "translations": {"errors", "shipped"},
    "settings": {"errors", "translations", "shipped"},
    "rules": GROUND,
    "content": GROUND | {"rules"},
    "store": GROUND | {"rules", "content"},
    "export": GROUND | {"rules", "content", "store"},
    "report": GROUND | {"rules", "content", "store"},
    "web": GROUND | {"rules", "content", "store", "export", "report"},
    "service": GROUND | {"rules", "content", "store", "export", "report", "web"},
    "sound": set(),
    "freed_memory": set(),
    "lean_sqlite": set(),
    "table_file": {"errors", "table_faults"},
    "table_faults": set(),
    "lockscreen": {"errors", "messages", "settings", "sound", "translations", "shipped", "freed_memory"},
    # clock and loop are of the standard library alone, as the next test but one holds them to.
    "supervisor": {
        "errors",
        "clock",
        "machine_clock",
        "messages",
        "settings",
        "translations",
        "shipped",
        "loop",
        "freed_memory",
    },
    "province": {"rules", "web", "export", "errors", "clock", "settings", "translations", "shipped", "table_file"},
    "cli": GROUND
    | {"rules", "content", "store", "export", "report", "web", "service", "supervisor", "lockscreen", "province"},
}
# Nothing but the standard library, as far as imports at any depth of the file say.
STANDARD_ONLY = (
    "supervisor", "errors", "clock", "machine_clock", "messages", "settings", "sound", "translations", "shipped",
    "loop", "freed_memory",
)  # fmt: skip
# Where SQL may stand.
SQL_ROOMS = ("store", "province")
SQL_FILES = (
    "lean_sqlite.py",
    "content/index.py",
    "content/index_build.py",
    "content/index_meant.py",
    "content/index_search.py",
)
SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|VIEW|TRIGGER|VIRTUAL)"
    r"|DROP\s+(TABLE|INDEX)|ALTER\s+TABLE|PRAGMA\s+\w+|VACUUM\s+INTO|BEGIN\s+IMMEDIATE)\b",
    re.DOTALL,
)


def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The room of a file: its folder under kiosk/, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """All of what a file says, read once."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """The full name of every module a file imports, at its head or inside a function; relative ones resolved."""
    here = ["kiosk", *path.relative_to(PACKAGE).parent.parts]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    """The rooms of our own that a file imports, without its own."""
    names = (name.split(".") for name in imports(path))
    found = {parts[1] for parts in names if parts[0] == "kiosk" and len(parts) > 1}
    return {name for name in found if name in MAY} - {room(path)}


def test_every_room_is_on_the_plan() -> None:
    rooms = {room(path) for path in sources()} - {"__init__", "__main__"}
    assert rooms <= MAY.keys(), "a new room needs its place in the order of imports"


@pytest.mark.slow
@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    if room(path) in MAY:
        assert rooms_imported(path) <= MAY[room(path)]
    if room(path) == "province":
        # Of the station's export the province shares the formats and the signatures, nothing that reads a store.
        exports = {name.split(".")[2] for name in imports(path) if name.startswith("kiosk.export.")}
        assert exports <= {"formats", "signing", "sealed", "batch", "details", "receipts", "files", "held", "handshake"}


def test_the_order_of_imports_has_no_circle() -> None:
    seen: dict[str, int] = {}

    def depth(name: str, above: tuple[str, ...] = ()) -> int:
        assert name not in above, f"{' -> '.join((*above, name))} is a circle"
        if name not in seen:
            seen[name] = 1 + max((depth(other, (*above, name)) for other in MAY[name] - {name}), default=0)
        return seen[name]

    for name in MAY:
        depth(name)


@pytest.mark.parametrize("path", [p for p in sources() if room(p) in STANDARD_ONLY], ids=lambda path: path.stem)
def test_the_privileged_process_uses_the_standard_library_only(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert roots <= sys.stdlib_module_names | {"kiosk"}


def strings(path: Path) -> Iterator[str]:
    """Every string of a file that is not a docstring."""
    prose = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


# Other rooms name the type that the store hands to a job, and pass it on to the store's functions; no more.
TYPE_ONLY = {"kiosk.lean_sqlite", "kiosk.lean_sqlite.Database"}
DATABASES = {"sqlite3", "sqlite_utils", "kiosk.lean_sqlite", "duckdb", "ibis", "psycopg"}


def asks_a_database(path: Path) -> bool:
    """Does this file call `.execute` and the like, or reach into a table by `db["name"]`?"""
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany", "executescript", "conn"}:
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in {"db", "database"}:
            return True
    return False


def holds_sql(path: Path) -> bool:
    """Does this file hold SQL, import a database module, or ask a database itself?"""
    used = {name for name in imports(path) if DATABASES & {name, name.split(".")[0], name.rpartition(".")[0]}}
    used -= TYPE_ONLY
    return bool(used) or asks_a_database(path) or any(SQL.search(text) for text in strings(path))


def test_sql_stands_only_where_it_may() -> None:
    found = [path.relative_to(PACKAGE).as_posix() for path in sources() if holds_sql(path)]
    assert found, "the test no longer recognises SQL"
    assert [name for name in found if name.split("/")[0] not in SQL_ROOMS and name not in SQL_FILES] == []


# The small processes, by the modules that make them: all that is loaded while they serve, and from where.
SMALL = {
    "supervisor": ("kiosk.supervisor.__main__", "kiosk.supervisor.supervisor"),
    "lock": ("kiosk.lockscreen.__main__", "kiosk.lockscreen.x11", "kiosk.lockscreen.cover", "kiosk.lockscreen.lock"),
    "bar": ("kiosk.lockscreen.__main__", "kiosk.lockscreen.x11", "kiosk.lockscreen.bar.bar"),
}
# Of the standard library, what is too large for them.
HEAVY = {"sqlite3", "http.server", "asyncio", "ssl", "email.message", "xml.dom"}
NOT_IN = {"supervisor": HEAVY | {"tkinter", "http", "urllib.request"}, "lock": HEAVY, "bar": HEAVY}
# What files that lock and bar load too may take from elsewhere, and only inside a function.
ELSEWHERE = {"leftovers.py": {"Xlib"}, "raising.py": {"Xlib"}, "idle.py": {"pynput"}}
# The rest of the sweep, a process of its own: also at the head, and therefore never loaded by the lock or the bar.
SWEEP_ONLY = {
    name: {"Xlib"}
    for name in (
        "display_memory",
        "display_monitors",
        "display_devices",
        "display_outputs",
        "display_windows",
        "orphans",
        "atoms",
    )
}


@pytest.mark.parametrize("process", SMALL)
def test_a_small_process_loads_nothing_heavy(process: str) -> None:
    code = f"import sys, {', '.join(SMALL[process])}; print(*sys.modules, sep='\\n')"
    bare = "import sys; print(*sys.modules, sep='\\n')"
    loaded, before = (
        set(
            subprocess.run(
                [sys.executable, "-c", one], capture_output=True, text=True, timeout=60, cwd=PACKAGE.parent, check=True
            ).stdout.split()
        )
        for one in (code, bare)
    )
    assert set(SMALL[process]) <= loaded
    foreign = {name.split(".")[0] for name in loaded - before} - sys.stdlib_module_names - {"kiosk"}
    assert {name for name in foreign if not name.startswith("_")} == set()
    assert loaded & NOT_IN[process] == set()
    assert loaded & {f"kiosk.lockscreen.{name}" for name in SWEEP_ONLY} == set()


def at_the_head(path: Path) -> set[str]:
    """The roots of the modules that a file imports when it is loaded, not only when a function of it runs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("path", sorted((PACKAGE / "lockscreen").rglob("*.py")), ids=lambda path: path.stem)
def test_the_lock_screen_takes_from_elsewhere_only_what_is_listed(path: Path) -> None:
    ours = sys.stdlib_module_names | {"kiosk"}
    swept = SWEEP_ONLY.get(path.stem, set())
    assert {name.split(".")[0] for name in imports(path)} - ours <= ELSEWHERE.get(path.name, set()) | swept
    assert at_the_head(path) - ours <= swept
