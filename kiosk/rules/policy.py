"""policy.toml as a frozen Policy: what a site has decided about time, hours, questions and disclosure.

Durations are minutes and may be decimals (0.1 is six seconds) unless the key says seconds, months or years. Defaults
are DOMAIN.md's "Default policy". Every wrong field is reported at once, by path, value and what is allowed.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from kiosk.errors import SettingsError
from kiosk.rules.policy_fields import Section
from kiosk.rules.policy_of_a_session import (
    ClosingPolicy,
    EntryPolicy,
    FeePolicy,
    HoursPolicy,
    IdlePolicy,
    QuestionsPolicy,
    QueuePolicy,
    SessionPolicy,
    TicketsPolicy,
    TrainingPolicy,
)
from kiosk.rules.policy_of_the_browser import BrowserPolicy
from kiosk.rules.policy_of_the_office import (
    ContentPolicy,
    DisclosurePolicy,
    ExportPolicy,
    ReportPolicy,
    RetentionPolicy,
    StaffPolicy,
)
from kiosk.rules.policy_of_the_panel import NoticePolicy, PanelPolicy
from kiosk.rules.policy_of_the_pc import (
    InputPolicy,
    PrintPolicy,
    ProgramPolicy,
    ProgramsPolicy,
    SoundPolicy,
    SticksPolicy,
)
from kiosk.rules.policy_problems import problems_of
from kiosk.translations import _


class Policy(Section):
    """The whole policy. Without [hours] the station is always open."""

    session: SessionPolicy = SessionPolicy()
    idle: IdlePolicy = IdlePolicy()
    training: TrainingPolicy = TrainingPolicy()
    closing: ClosingPolicy = ClosingPolicy()
    hours: HoursPolicy | None = None
    entry: EntryPolicy = EntryPolicy()
    tickets: TicketsPolicy = TicketsPolicy()
    queue: QueuePolicy = QueuePolicy()
    fee: FeePolicy = FeePolicy()
    notice: NoticePolicy = NoticePolicy()
    questions: QuestionsPolicy = QuestionsPolicy()
    programs: ProgramsPolicy = ProgramsPolicy()
    program: Annotated[tuple[ProgramPolicy, ...], Field(max_length=12)] = ()
    browser: BrowserPolicy = BrowserPolicy()
    input: InputPolicy = InputPolicy()
    sound: SoundPolicy = SoundPolicy()
    sticks: SticksPolicy = SticksPolicy()
    print: PrintPolicy = PrintPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    export: ExportPolicy = ExportPolicy()
    content: ContentPolicy = ContentPolicy()
    report: ReportPolicy = ReportPolicy()
    staff: StaffPolicy = StaffPolicy()
    panel: PanelPolicy = PanelPolicy()
    disclosure: DisclosurePolicy = DisclosurePolicy()


def parse_policy(data: Mapping[str, Any]) -> Policy:
    """A parsed policy.toml as a Policy; SettingsError lists every wrong field: path = value: what is allowed."""
    try:
        return Policy.model_validate(dict(data))
    except ValidationError as error:
        raise SettingsError(
            _("The policy is not right."),
            _("Correct policy.toml and check it with kiosk policy check FILE."),
            problems_of(error, Policy),
        ) from None
