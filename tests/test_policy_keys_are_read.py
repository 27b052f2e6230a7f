"""Every key that a policy may hold is read by the code, or the README says that it changes nothing."""

import ast
import re
import typing
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel

from kiosk.rules.policy import Policy

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# A section that is handed on whole, and the class that its keys are then read from.
HANDED_ON = {"retention": "Kept"}


def section_class(annotation: object) -> type[BaseModel]:
    """The model behind the annotation of a section, which may be optional."""
    kinds = (annotation, *typing.get_args(annotation))
    return next(one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel))


SECTIONS = {name: section_class(field.annotation) for name, field in Policy.model_fields.items()}


def last(node: ast.expr) -> str:
    """`retention` of `self.policy.retention`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def pairs(node: ast.Assign) -> typing.Iterator[tuple[ast.expr, ast.expr]]:
    """Which name an assignment gives to what."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


@cache
def words_of(annotation: ast.expr) -> set[str]:
    """The names that an annotation is made of."""
    return set(re.findall(r"\w+", ast.unparse(annotation)))


def names_of(section: str, nodes: list[ast.AST]) -> set[str]:
    """What a file calls this section: its own name, and variables and arguments that are it."""
    classes = {SECTIONS[section].__name__, HANDED_ON.get(section, "-")}
    found = {section}
    for node in nodes:
        if isinstance(node, ast.Assign):
            found |= {last(target) for target, value in pairs(node) if last(value) == section}
        elif isinstance(node, ast.arg) and node.annotation is not None:
            if classes & words_of(node.annotation):
                found.add(node.arg)
    return found


def keys_read(tree: ast.Module) -> set[str]:
    """The keys, as section.key, that a file reads."""
    found = set()
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.arg | ast.Attribute)]
    for section, kind in SECTIONS.items():
        names = names_of(section, nodes)
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in kind.model_fields and last(node.value) in names:
                found.add(f"{section}.{node.attr}")
    return found


def code() -> typing.Iterator[ast.Module]:
    """All of the package but the policy's own description."""
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        if not (path.name.startswith("policy") and path.parent.name == "rules"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def asks_the_hours(tree: ast.Module) -> bool:
    """Whether a file asks `policy.hours.on(…)`."""
    asked = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    on = (one for one in asked if isinstance(one, ast.Attribute) and one.attr == "on")
    return any(ast.unparse(one).endswith("policy.hours.on") for one in on)


@pytest.mark.slow
def test_keys_that_nothing_reads_are_those_of_the_readme() -> None:
    every = {f"{section}.{key}" for section, kind in SECTIONS.items() for key in kind.model_fields}
    trees = list(code())
    read = set().union(*map(keys_read, trees))
    if any(asks_the_hours(tree) for tree in trees):
        # The weekdays and exceptions are read by HoursPolicy.on itself.
        read |= {one for one in every if one.startswith("hours.")}
    line = next((line for line in README.splitlines() if "change nothing yet" in line), "")
    told = set(re.findall(r"`([a-z_]+)`", line))
    assert {one.partition(".")[2] for one in every - read} == told


def test_a_key_counts_as_read_only_where_its_own_section_is_asked() -> None:
    assert keys_read(ast.parse("policy.staff.tries")) == {"staff.tries"}
    assert keys_read(ast.parse("rules = policy.staff\nrules.tries")) == {"staff.tries"}
    assert keys_read(ast.parse("def f(kept: Kept): return kept.audit_months")) == {"retention.audit_months"}
    assert keys_read(ast.parse("job.tries; bundle.lock_day; audit_months = 3")) == set()


@pytest.mark.slow
def test_the_staff_user_is_not_said_to_do_nothing_any_more() -> None:
    used = [path for path in (ROOT / "kiosk").rglob("*.py") if re.search(r"\bstaff\b.*identit|identit.*\bstaff\b",
            path.read_text("utf-8"))]  # fmt: skip
    assert used and "`[users] staff`" not in README
