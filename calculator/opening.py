"""Whether somebody answers a line at this hour: by the clocks of its country, and only where its hours are told."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from calculator.packs.hotlines import DAY_AND_NIGHT
from calculator.packs.model import Contact, Open

#: Words that leave the hours open, and when they surely mean that nobody answers: at night and at weekends.
WORKING_HOURS = frozenset({"Office hours", "Weekdays, office hours", "Weekdays", "Monday to Friday"})
WORKING = Open.model_validate({"days": "mon-fri", "from": "7:00", "to": "20:00"})


def answers_at(contact: Contact, country: str, moment: datetime) -> bool | None:
    """Whether a line of the country (ISO 3166) is open at this moment (aware); None where nobody knows: hours that are not told, "office
    hours" by day, and hours that hold in only some of the country's time zones."""
    if contact.hours == DAY_AND_NIGHT:
        return True
    spans = contact.open or ([WORKING] if contact.hours in WORKING_HOURS else [])
    if not spans:
        return None
    found = set()
    for zone in _zones(country):
        there = moment.astimezone(zone)
        found.add(any(span.at(there.weekday(), there.hour * 60 + there.minute) for span in spans))
    if len(found) != 1 or (found == {True} and not contact.open):
        return None
    return found.pop()


@cache
def _zones(country: str) -> tuple[ZoneInfo, ...]:
    """The time zones of a country; none on a machine that has no table of them."""
    try:
        return tuple(ZoneInfo(name) for name in get_global("territory_zones").get(country, ()))
    except ZoneInfoNotFoundError:
        return ()
