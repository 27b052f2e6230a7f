"""What is set of notice, questions, name, programs, sticks and printing, in words; and what a change costs. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kiosk.rules.policy import Policy
from kiosk.rules.questions import questions
from kiosk.web.words import Sentence, says

QUESTIONS: Mapping[str, Sentence] = {
    "first": says("First time here this year?"),
    "person": says("Which picture is most like you?"),
    "groups": says("Which groups apply?"),
}
STICKS: Mapping[str, Sentence] = {
    "write": says("People may open their files and save to the stick"),
    "read": says("People may open their files, but not save to the stick"),
    "none": says("Sticks are not opened"),
}
PRINTING: Mapping[str, Sentence] = {
    "off": says("Nobody prints"),
    "staff": says("Staff let each job be printed"),
    "free": says("People print by themselves"),
}
TICKETS: Mapping[str, Sentence] = {
    "on": says("Tickets open the computers"),
    "off": says("No tickets"),
}
# The tables of answers (rules/tallies.py) that a question feeds, each visit in one of them.
TABLES = {"person": ("SEX",), "groups": ("ANY_FIRST", "ANY_OTHER")}
NOT_ASKED = says(
    "“{question}” is not asked any more. From now on every visit counts there as not answered, so the numbers before"
    " and after cannot be compared."
)

Words = Sentence | str


@dataclass(frozen=True)
class Both(Sentence):
    """A name that the site gave, in both languages."""

    vi: str = ""
    en: str = ""

    def in_language(self, lang: str) -> str:
        """The one of this language."""
        return self.en if lang == "en" else self.vi


def both(vi: str, en: str) -> Both:
    """Short for Both."""
    return Both("", vi=vi, en=en)


def pairs(policy: Policy, site_name: str) -> list[tuple[str, Words, Words]]:
    """(section, name, value) of all that is set here."""
    notice = policy.notice
    return [
        ("panel", says("Name of the site"), policy.panel.site_name or site_name),
        ("notice", says("Notice on the first screen"), both(notice.vi, notice.en or notice.vi) if notice.vi else NONE),
        ("notice", says("The notice is shown"), span(notice.begins, notice.ends) if notice.vi else says("never")),
        ("entry", says("Tickets"), says("in use") if "ticket" in policy.entry.ways else says("not in use")),
        ("questions", says("Questions at the start"), asked(policy)),
        ("programs", says("The Internet"), says("offered") if policy.programs.internet else says("not offered")),
        ("programs", says("Programs"), programs(policy)),
        ("sticks", says("USB sticks"), STICKS[sticks(policy)]),
        ("print", says("Printing"), PRINTING[policy.print.mode]),
        ("print", says("Pages before staff are asked"), pages(policy)),
    ]


NONE = says("none set")


def span(begins: date | None, ends: date | None) -> Sentence:
    """When a notice is shown."""
    first, last = (f"{one:%d/%m/%Y}" if one else "" for one in (begins, ends))
    if first and last:
        return says("from {first} to {last}", first=first, last=last)
    if first or last:
        return says("from {first} on", first=first) if first else says("up to {last}", last=last)
    return says("until it is taken away")


def asked(policy: Policy) -> Words:
    """The questions in their order."""
    found = [QUESTIONS[one.id] for one in questions(policy)]
    return joined(found) if found else NONE


def programs(policy: Policy) -> Words:
    """The programs that are shown, in their order."""
    found = [both(one.name.vi, one.name.en) for one in policy.program if one.shown]
    return joined(found, ", ") if found else NONE


def sticks(policy: Policy) -> str:
    """What citizens may do with sticks, as one word."""
    return "none" if not policy.sticks.allowed else "read" if policy.sticks.read_only else "write"


def pages(policy: Policy) -> Words:
    """How many pages one may print."""
    if policy.print.mode == "off":
        return "–"
    return says("{n} pages", n=policy.print.pages_max) if policy.print.pages_max else says("as many as they like")


def joined(parts: Sequence[Sentence], between: str = " · ") -> Both:
    """Several sentences as one."""
    return both(*(between.join(part.in_language(lang) for part in parts) for lang in ("vi", "en")))


def costs(before: Policy, after: Policy, held: Mapping[str, int]) -> Iterator[Sentence]:
    """What a change of the questions does to the numbers. `held`: visits whose answers wait, as the reports tell it."""
    if before.questions == after.questions:
        return
    was, is_ = ({one.id for one in questions(policy)} for policy in (before, after))
    for name in QUESTIONS:
        if name in was - is_:
            yield filled(NOT_ASKED, QUESTIONS[name])
            waiting = sum(held.get(table, 0) for table in TABLES.get(name, ()))
            if waiting:
                yield says("Answers of {n} visits still wait until there are enough of them to be told. Without new"
                           " answers they go on waiting.", n=waiting)  # fmt: skip
        elif name in is_ - was:
            asked_now = says("“{question}” is asked from now on. The year's numbers of it begin today.")
            yield filled(asked_now, QUESTIONS[name])
    yield says("No visit and no answer that was counted is lost. Whoever is answering now is not disturbed.")


def filled(sentence: Sentence, question: Sentence) -> Both:
    """A sentence about a question."""
    langs = ("vi", "en")
    each = (replace(sentence, values={"question": question.in_language(lang)}).in_language(lang) for lang in langs)
    return both(*each)
