"""Who is signed in, and for how long."""

from kiosk.web.sign_in import IDLE_SECONDS, LONGEST_SECONDS, MOST, WebSessions


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_only_the_cookie_itself_opens_the_door() -> None:
    sessions = WebSessions()
    token = sessions.open("Lan")
    assert sessions.who(token) == "Lan"
    assert sessions.who(token + "x") is None
    assert sessions.who(token[:-1]) is None
    assert sessions.who("") is None and sessions.who(None) is None


def test_no_cookie_can_be_read_out_of_memory() -> None:
    sessions = WebSessions()
    token = sessions.open("Lan")
    assert token not in repr(vars(sessions))


def test_someone_who_does_nothing_is_signed_out_even_while_the_page_polls() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    token = sessions.open("Lan")
    for _ in range(IDLE_SECONDS // 2 - 1):
        clock.now += 2
        assert sessions.who(token, active=False) == "Lan"
    clock.now += 2
    assert sessions.who(token, active=False) is None


def test_someone_who_works_stays_until_the_day_is_over() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    token = sessions.open("Lan")
    begun = clock.now
    while sessions.who(token):
        clock.now += 600
    assert clock.now - begun == LONGEST_SECONDS


def test_signing_out_ends_it() -> None:
    sessions = WebSessions()
    token, other = sessions.open("Lan"), sessions.open("Lan")
    sessions.close(token)
    sessions.close("never was")
    assert sessions.who(token) is None
    assert sessions.who(other) == "Lan"


def test_the_number_of_signed_in_is_bounded() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    first = sessions.open("Lan")
    clock.now += 1
    others = [sessions.open("Lan") for _ in range(MOST)]
    assert sessions.who(first) is None
    assert all(sessions.who(token) == "Lan" for token in others)
