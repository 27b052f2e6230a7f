"""The province's list of sites: sites.csv with the columns `code`, `name`, `policy`, and whatever else it keeps there.

`policy` names one of the tree's policies, "" none. A site's own policy, named by its code, goes before it.
"""

import csv
import io
import re
from dataclasses import dataclass

from kiosk.content.updates.tree import POLICY
from kiosk.translations import _

MAX_SITES = 20_000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site."""

    code: str
    name: str
    policy: str


def read_sites(data: bytes) -> dict[str, SiteLine]:
    """The sites by their codes. ValueError names the first line that is wrong."""
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        if not {"code", "name"} <= set(rows.fieldnames or ()):
            raise ValueError(_("the columns code and name are missing"))
        found: dict[str, SiteLine] = {}
        for number, row in enumerate(rows, 2):
            line = SiteLine(row["code"] or "", row["name"] or "", row.get("policy") or "")
            good = _CODE.fullmatch(line.code) and line.name and (not line.policy or POLICY.fullmatch(line.policy))
            if not good or line.code in found or len(found) >= MAX_SITES:
                raise ValueError(_("line {n} is wrong", n=number))
            found[line.code] = line
        return found
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(str(error)) from None


def policy_for(code: str, sites: dict[str, SiteLine], names: set[str]) -> str:
    """Which of the policies named is a site's; "" none."""
    if code in names:
        return code
    line = sites.get(code)
    return line.policy if line is not None and line.policy in names else ""
