"""Who is signed in, and for how long."""

from kiosk.web.sign_in import IDLE_SECONDS, LONGEST_SECONDS, MOST, Person, WebSessions


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def name(person: Person | None) -> str | None:
    return None if person is None else person.name


def test_only_the_cookie_itself_opens_the_door() -> None:
    sessions = WebSessions()
    token = sessions.open("Lan", "manager")
    assert name(sessions.who(token)) == "Lan"
    assert sessions.who(token + "x") is None
    assert sessions.who(token[:-1]) is None
    assert sessions.who("") is None and sessions.who(None) is None


def test_no_cookie_can_be_read_out_of_memory() -> None:
    sessions = WebSessions()
    token = sessions.open("Lan", "manager")
    assert token not in repr(vars(sessions))


def test_someone_who_does_nothing_is_signed_out_even_while_the_page_polls() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    token = sessions.open("Lan", "manager")
    for _ in range(IDLE_SECONDS // 2 - 1):
        clock.now += 2
        assert name(sessions.who(token, active=False)) == "Lan"
    clock.now += 2
    assert sessions.who(token, active=False) is None


def test_someone_who_works_stays_until_the_day_is_over() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    token = sessions.open("Lan", "manager")
    begun = clock.now
    while sessions.who(token):
        clock.now += 600
    assert clock.now - begun == LONGEST_SECONDS


def test_signing_out_ends_it() -> None:
    sessions = WebSessions()
    token, other = sessions.open("Lan", "manager"), sessions.open("Lan", "manager")
    sessions.close(token)
    sessions.close("never was")
    assert sessions.who(token) is None
    assert name(sessions.who(other)) == "Lan"


def test_the_number_of_signed_in_is_bounded() -> None:
    clock = Hand()
    sessions = WebSessions(clock)
    first = sessions.open("Lan", "manager")
    clock.now += 1
    others = [sessions.open("Lan", "manager") for _ in range(MOST)]
    assert sessions.who(first) is None
    assert all(name(sessions.who(token)) == "Lan" for token in others)


def test_it_is_known_how_long_somebody_is_still_signed_in() -> None:
    clock = Hand()
    sessions = WebSessions(clock, idle=900)
    token = sessions.open("Lan", "clerk")
    clock.now += 300
    assert sessions.who(token, active=False) == Person("Lan", "clerk", 600)
    assert sessions.who(token) == Person("Lan", "clerk", 900)
    clock.now += LONGEST_SECONDS - 700
    assert sessions.who(token) is None
    token = sessions.open("Lan", "clerk")
    for _ in range(LONGEST_SECONDS // 600 - 1):
        clock.now += 600
        sessions.who(token)
    clock.now += 400
    left = sessions.who(token)
    assert left is not None and left.seconds_left == 200, "the day's end counts too"


def test_a_name_is_signed_out_everywhere_when_its_pin_or_role_changed() -> None:
    sessions = WebSessions()
    tokens = [sessions.open("Lan", "manager"), sessions.open("Lan", "manager"), sessions.open("Hoa", "clerk")]
    sessions.forget("Lan")
    assert [name(sessions.who(token)) for token in tokens] == [None, None, "Hoa"]
