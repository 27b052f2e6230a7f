"""Why the province has put a bundle aside, in words: what each code of its quarantine means to who reads it here."""

from kiosk.translations import _


def words(code: str) -> str:
    """One sentence: what is wrong with the bundle. A code of a later version is shown as it stands."""
    told = {
        "SIGNATURE": _("its signature is not right"),
        "UNKNOWN_KEY": _("the province does not know this computer's key: join again with a new code"),
        "REVOKED_KEY": _("the province has blocked this computer's key: ask there, then join again with a new code"),
        "TRUNCATED": _("it arrived cut off"),
        "TOO_BIG": _("it is larger than a day can be"),
        "SCHEMA": _("the province's version of kiosk does not understand it"),
        "ROWCOUNT": _("it has other lines than it says"),
        "RANGE": _("a number or a date in it cannot be"),
        "FUTURE_DAY": _("its day has not come yet: check the date of this computer"),
        "WRONG_SITE": _("it belongs to another site or another computer"),
        "REVISION_CONFLICT": _("the province has another bundle of this day and number: was the disk copied?"),
    }
    return told.get(code) or _("the province says {code}", code=code[:40])
