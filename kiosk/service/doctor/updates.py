"""What `kiosk check` says of the province's content: whether it comes, from whom, how old it is, what went wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from kiosk.clock import Clock
from kiosk.content.updates.progress import in_words
from kiosk.machine_clock import Machine
from kiosk.rules.policy import Policy
from kiosk.service.doctor.findings import Finding
from kiosk.service.updates import facts
from kiosk.service.words import day_of, minute_of, trouble_line
from kiosk.settings import Paths, Site
from kiosk.translations import _


def updates(paths: Paths, site: Site, policy: Policy) -> Iterator[Finding]:
    """All that can be seen without asking anybody."""
    if not site.content_from and not (paths.content / "trust").exists():
        return  # a site that makes its library itself
    now = replace(Clock().read(), trusted=Machine().synchronised())
    found = facts(paths, site.content_from, policy.content, now)
    if not found["trusted"]:
        text = _("No province is trusted yet, so nothing is taken from anywhere.")
        yield Finding(
            "updates", "warn", text, _("Get root.json from the province, then: kiosk content trust root.json")
        )
        return
    good, tried = found["good"], found["tried"]
    if tried and tried["trouble"]:
        yield Finding("updates", "warn", trouble_line(tried))
    if good:
        published = datetime.fromisoformat(good["published"])
        text = _("The library is edition {n} of {date}, last compared on {when}.", n=good["edition"],
                 date=day_of(good["published"]), when=minute_of(good["at"]))  # fmt: skip
        yield Finding(
            "updates", "good", text, _("Next update by itself: {when}.", when=found["next"]) if found["next"] else ""
        )
        for code in good["warnings"]:
            yield Finding("updates", "warn", in_words(code, published))
    elif not tried:
        yield Finding(
            "updates", "warn", _("No content has come from the province yet."), _("Fetch it now: kiosk content update")
        )
    if found["policy_waits"]:
        yield Finding(
            "updates", "warn", _("The province sent a policy that is not in force yet."), _("Start kiosk again.")
        )
