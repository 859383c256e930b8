"""Reads one story and one answer of each kind in every language, and all packs, before the server says it is ready.

Words of a language are compiled when they are first looked for, a second for each on a small machine: the first person who writes
would wait for that, and be told "I cannot answer right now".
"""

from __future__ import annotations

import threading
from datetime import date

from actions.readers.dates import read_date
from actions.readers.hours import read_hours
from actions.readers.money import read_money
from actions.story.told import read_story
from calculator.api import default_rules
from calculator.translation import languages
from envelope import Understood

#: A date, hours, money and a length, so that every reader looks for its words; figures are the same in all languages.
_SAYS = "5 12 2024 - 6.30-18.00 1200 3 x"
_FACTS = (("money", "paid"), ("hours", "work"), ("time", "begin"), ("place", "here"), ("age", "mine"), ("children", "mine"))
_DAY = date(2026, 1, 15)
_done = threading.Event()


def warm() -> None:
    """Compile and load what the first turns would wait for."""
    default_rules()
    clause = {"text": _SAYS, "facts": [{"group": group, "value": value, "score": 1.0, "sure": True} for group, value in _FACTS]}
    parse = Understood.read({"intent": {"name": "tell_story", "confidence": 1.0}, "danger": {"level": "none"}, "clauses": [clause]})
    for language in languages():
        read_story(parse, _SAYS, language, _DAY, "DE")
        read_date(_SAYS, language, _DAY)
        read_hours(_SAYS, language)
        read_money(_SAYS, language)
    _done.set()


def is_warm() -> bool:
    """Whether that is done in this process."""
    return _done.is_set()
