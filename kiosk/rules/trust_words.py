"""Why the date is trusted or not (trust.py), in words: for the panel, `kiosk status` and `kiosk check` alike."""

from kiosk.translations import _


def because_words(because: str) -> str:
    """The evidence, as a sentence."""
    return {
        "synchronised": _("The date is trusted: the clock is synchronised."),
        "hardware": _("The date is trusted: the hardware clock was right at the start."),
        "station": _("The date is trusted: another station of the site confirms it."),
        "manager": _("The date is trusted: a manager confirmed it."),
    }.get(because) or _("The date is trusted.")


def why_not_words(why: str) -> str:
    """What speaks against the clock, for inside a sentence."""
    return {
        "before_build": _("the clock is older than this software"),
        "before_last_good": _("the clock was set back while the PC was off"),
        "too_far": _("the clock is more than 400 days ahead"),
        "saved": _("the clock stood still while the PC was off"),
        "stepped": _("the clock was set by hand"),
    }.get(why, "?")
