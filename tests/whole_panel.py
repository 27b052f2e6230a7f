"""The whole panel, with every page that it can have: walked by the tests of roles, of words and of a store in trouble.

A new page that needs something more is given it here, once, and those tests know of it by themselves.
"""

from pathlib import Path
from typing import Any, cast

from desk_support import FakeDesk
from flask import Flask
from health_support import health_of
from province_support import desk_of
from small_world import reports_of
from store_support import reading
from web_faces import NOON, People, Station, settings_of

from kiosk.content.library import Library
from kiosk.rules.policy import parse_policy
from kiosk.rules.roles import MANAGER
from kiosk.service.equipment import Equipment
from kiosk.service.first_day import FirstDay
from kiosk.service.journal import Journal
from kiosk.service.panel import create_panel
from kiosk.service.parts import deeds_of
from kiosk.service.province_desk import ProvinceDesk
from kiosk.service.ticket_desk import TicketDesk
from kiosk.settings import Paths, Site
from kiosk.store import Store
from kiosk.store.pins import Managers
from kiosk.web.hosts import Hosts


def whole_panel(
    station: Station,
    store: Store,
    home: Path,
    role: str = MANAGER,
    people: Any = None,
    library: Library | None = None,
    policy: str = "",
    site: Site | None = None,
    province: ProvinceDesk | None = None,
) -> Flask:
    """The panel over this store; `people` sign in to it, else one of this role. `home` is its own.

    `library`, `policy` (the text of its policy.toml), `site` and `province`: those of a furnished station, else plain.
    """
    managers = Managers(store, reading)
    return create_panel(
        station,
        people or People(role=role),
        reports=reports_of(store),
        library=library or Library.of_folders(),
        settings=settings_of(home, policy),
        first_day=FirstDay(store, managers, Paths(home), site or Site(), reading, list),
        people=managers,
        deeds=deeds_of(store, reading),
        hosts=Hosts(["k"]),
        desk=cast(Any, FakeDesk(station)),
        ticket_desk=TicketDesk(store, reading, lambda: parse_policy({"entry": {"ways": ["citizen", "ticket"]}})),
        journal=Journal(store, lambda: parse_policy({}), reading),
        equipment=Equipment(health_of(store), station, store, reading),
        province=province or desk_of(store, home),
        now=lambda: NOON,
    )
