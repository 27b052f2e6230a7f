"""The panel's pages in their order: above the page on a desk, at the lower edge on a phone.

A tab shows where its page exists and the reader may open it. A phone has room for four; the rest stands on "More".
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, render_template

from kiosk.web.words import Sentence, says


@dataclass(frozen=True)
class Tab:
    """`endpoint` is the page it opens; `pages` those under it that do not carry its name (`<endpoint>_…`) already."""

    endpoint: str
    words: Sentence
    sign: str
    pages: frozenset[str] = frozenset()
    on_a_phone: bool = False

    def holds(self, endpoint: str | None) -> bool:
        """Whether the page `endpoint` lies under this tab."""
        name = endpoint or ""
        return name == self.endpoint or name.startswith(f"{self.endpoint}_") or name in self.pages


TABS = (
    Tab("today", says("Today"), "home", frozenset(
        {"tickets", "tickets_make", "tickets_sheet", "tickets_renew", "tickets_withdraw", "queue",
         "queue_order", "queue_slip"}), on_a_phone=True),
    Tab("report", says("Reports"), "chart", on_a_phone=True),
    Tab("equipment", says("Equipment"), "tool", frozenset(
        {"province", "province_state", "province_send", "province_stick", "province_file", "province_receipts",
         "province_join"}), on_a_phone=True),
    Tab("journal", says("Journal"), "book", on_a_phone=True),
    Tab("library", says("Library"), "shelf", frozenset({"star"})),
    Tab("settings", says("Settings"), "set", frozenset(
        {"set_week", "days", "set_day", "set_minutes", "set_fee", "take_back"})),
    Tab("help", says("Help"), "ask"),
)  # fmt: skip
MORE = Tab("more", says("More…"), "more", on_a_phone=True)


def add_views(app: Flask, may: Callable[[str], bool]) -> None:
    """`/more`: what a phone's lower edge has no room for. `tabs` in every template."""

    def shown() -> tuple[Tab, ...]:
        return tuple(tab for tab in TABS if may(tab.endpoint))

    @app.get("/more", endpoint="more")
    def more() -> str:
        return render_template("panel/more.html", rest=[tab for tab in shown() if not tab.on_a_phone])

    app.context_processor(lambda: {"tabs": shown, "more_tab": MORE})
