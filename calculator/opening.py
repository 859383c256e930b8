"""Whether somebody answers a line at this hour: by the clocks of its country, and only where its hours are told."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from calculator.packs.hotlines import DAY_AND_NIGHT
from calculator.packs.services import Contact


def answers_at(contact: Contact, country: str, moment: datetime) -> bool | None:
    """Whether a line of the country (ISO 3166) is open at this moment (aware); None where nobody knows: hours that are not told, or
    not exactly, and hours that hold in only some of the country's time zones."""
    if contact.hours == DAY_AND_NIGHT:
        return True
    if not contact.open:
        return None
    found: set[bool | None] = set()
    for zone in _zones(country):
        there = moment.astimezone(zone)
        now = [span for span in contact.open if span.at(there.weekday(), there.hour * 60 + there.minute)]
        found.add(None if now and all(span.at_most for span in now) else bool(now))
    return found.pop() if len(found) == 1 else None


@cache
def _zones(country: str) -> tuple[ZoneInfo, ...]:
    """The time zones of a country; none on a machine that has no table of them."""
    try:
        return tuple(ZoneInfo(name) for name in get_global("territory_zones").get(country, ()))
    except ZoneInfoNotFoundError:
        return ()
