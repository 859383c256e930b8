"""The sentences of a deadline or a condition in the reader's language, their numbers from the rules: times, ages, days, money, names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from calculator import vocabulary, wording
from calculator.engine.result.sentences import AND_MORE, LIST_SEPARATOR, NAMED
from calculator.engine.routes.pack import Pack
from calculator.engine.routes.phrases import Amount, Period, Phrase
from calculator.errors import Translate
from calculator.translation import _, isolated

#: In place of a length of time that the research leaves open on that day.
NOT_KNOWN = _("not known")
#: So many heads of damage are named.
MOST_HEADS = 3


def phrase_text(phrases: Iterable[Phrase], pack: Pack, on: date, translate: Translate, language: str) -> str:
    """The sentences one after the other. `on`: the day on which their figures hold."""
    return wording.sentences((_said(phrase, pack, on, translate, language) for phrase in phrases), language)


def named(what: str, name: str | None, translate: Translate, language: str) -> str:
    """What something is, with the name behind it that it has there."""
    return translate(NAMED).format(what=what, name=isolated(name, language)) if name else what


def _said(phrase: Phrase, pack: Pack, on: date, translate: Translate, language: str) -> str:
    text = translate(phrase.text)
    if not phrase.values:
        return text
    return text.format(**{name: _value(name, value, pack, on, translate, language) for name, value in phrase.values.items()})


def _value(name: str, value: Any, pack: Pack, on: date, translate: Translate, language: str) -> str:
    if isinstance(value, Period):
        return _length(value, pack, on, translate, language)
    if isinstance(value, Amount):
        return _amount(value, pack, on, translate, language)
    if name == "day":
        return wording.day(value, language)
    if name == "regions":
        return translate(LIST_SEPARATOR).join(translate(region.name) for region in pack.jurisdiction.regions if region.code in value)
    if name == "sector":
        return translate(vocabulary.facts()["job.sector"].choices[value])
    if name == "heads":
        named = translate(LIST_SEPARATOR).join(translate(vocabulary.heads()[head]) for head in value[:MOST_HEADS])
        return translate(AND_MORE).format(heads=named) if len(value) > MOST_HEADS else named
    return wording.figure(str(value), language)


def _length(period: Period, pack: Pack, on: date, translate: Translate, language: str) -> str:
    if period.parameter is None:
        return wording.length(period.number, period.unit, language)
    parameter = pack.parameters[period.parameter]
    dated = parameter.on(on) or parameter.values[0]
    return translate(NOT_KNOWN) if dated.raw.value is None else wording.length(dated.raw.value, period.unit, language)


def _amount(found: Amount, pack: Pack, on: date, translate: Translate, language: str) -> str:
    parameter = pack.parameters[found.parameter]
    value = (parameter.on(on) or parameter.values[0]).raw.value
    if value is None:
        return translate(NOT_KNOWN)
    if parameter.unit == "percent":
        return wording.percent(value, language)
    return wording.money(str(value), parameter.unit, language) if parameter.unit.isupper() else wording.figure(str(value), language)
