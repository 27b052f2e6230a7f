"""Messages from the staff to whoever is at the PC: sent, replaced or taken back, and acknowledged on the bar."""

from dataclasses import replace

from kiosk.rules.effects import RecordNote, Refuse
from kiosk.rules.events import Seen, Tell
from kiosk.rules.notes import Note, tidy
from kiosk.rules.station_state import Now, State, Station, Step


def tell(station: Station, event: Tell, now: Now) -> Step:
    """One message at a time: a new one takes the place of the old; an empty one takes it back."""
    session = station.session
    if station.state is not State.OPEN or session is None or session.id != event.session:
        return station, (Refuse("no_session"),)
    text = tidy(event.text)
    note = Note(event.id, text, now.reading.wall.timestamp()) if text else None
    if note is None and station.note is None:
        return station, ()
    return replace(station, note=note), (RecordNote(session.id, note),)


def seen(station: Station, event: Seen, now: Now) -> Step:
    """The citizen says that they have read it: this one, not one that came meanwhile. Said twice, the first counts."""
    session, note = station.session, station.note
    if station.state is not State.OPEN or session is None or note is None or note.id != event.id or note.seen:
        return station, ()
    note = replace(note, seen=now.reading.wall.timestamp())
    return replace(station, note=note), (RecordNote(session.id, note),)
