"""How a contact is told: what it is with its own name, when somebody answers, in which languages."""

from __future__ import annotations

from datetime import time
from itertools import groupby

from babel import Locale
from babel.dates import format_time, get_day_names
from babel.lists import format_list

from calculator import vocabulary, wording
from calculator.engine.result.phrase_text import named
from calculator.engine.result.sentences import LIST_SEPARATOR
from calculator.errors import Translate
from calculator.packs.services import WEEK, Contact, Open
from calculator.translation import _, base_language, isolated

BY_TEXT = _("{name}, by text message")
BY_CHAT = _("{name}, in a chat")
EVERY_DAY = _("Every day")
DAY_TO_DAY = _("{first} to {last}")
ON_DAYS = _("{days}: {times}")
FROM_TO = _("{opens} to {closes}")


def title(contact: Contact, translate: Translate, language: str, short: bool = False) -> str:
    """What it is, and behind it how it is called there: "Helpline for children and young people (BRIS)"; `short`: only what it is."""
    found = translate(vocabulary.services()[contact.kind])
    if not short:
        found = named(found, contact.name, translate, language)
    if contact.emergency:
        return found
    by = {"sms": BY_TEXT, "chat": BY_CHAT}.get(contact.channel)
    return translate(by).format(name=found) if by else found


def hours(contact: Contact, translate: Translate, language: str) -> str | None:
    """When somebody answers, by the clocks of the country; None where nobody knows."""
    if contact.hours:
        return translate(contact.hours)
    if not contact.open or any(span.at_most for span in contact.open):
        return None
    separator = translate(LIST_SEPARATOR)
    found = []
    for days, spans in groupby(contact.open, key=lambda span: span.days):
        times = separator.join(_times(span, translate, language) for span in spans)
        found.append(translate(ON_DAYS).format(days=_days(days, translate, language), times=times))
    return separator.join(found)


def _days(days: str, translate: Translate, language: str) -> str:
    first, _sep, last = days.partition("-")
    if (first, last) == (WEEK[0], WEEK[-1]):
        return translate(EVERY_DAY)
    names = get_day_names("wide", "stand-alone", Locale.parse(base_language(language)))
    told = names[WEEK.index(first)]
    return translate(DAY_TO_DAY).format(first=told, last=names[WEEK.index(last)]) if last else told


def _times(span: Open, translate: Translate, language: str) -> str:
    locale = Locale.parse(base_language(language))

    def clock(minutes: int) -> str:
        at = time(minutes // 60 % 24, minutes % 60)
        return isolated(wording.western_digits(format_time(at, "short", locale=locale)), language)

    return translate(FROM_TO).format(opens=clock(span.opens), closes=clock(span.closes))


def languages(contact: Contact, language: str) -> str | None:
    """The languages that are named one by one; None where none is."""
    names = [wording.language_name(code, language) for code in contact.languages]
    return format_list(names, locale=Locale.parse(base_language(language))) or None
