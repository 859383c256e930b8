"""What stands in a field, and what can be chosen in it, in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale

from calculator.api import default_rules
from calculator.case.values import Kind
from calculator.engine.result.phrase_text import named
from calculator.packs.current import kept_with_rules
from calculator.translation import _, base_language, isolated, translator
from calculator.wording import day, days_written
from workbench import labels
from workbench.form import Entries, Field, part_at
from workbench.sheet import Sheet, entries_in, read
from workbench.values import AND, TO, UNSAID, SlipError, value_of

TITLED = _("{title}: {text}")


def asked(sheet: Sheet, name: str, language: str, of_another: bool = True) -> str:
    """The question that a field answers, with the entry it belongs to; `of_another`: not as the person herself is asked."""
    law = translator(language, "law")
    part = part_at(name)
    words = law(labels.label(part, of_another)) if part is not None else name
    titles = []
    for owner, one in entries_in(name):
        entries = part_at(owner)
        if isinstance(entries, Entries):
            title = law(labels.entry_title(entries)).format(number=sheet.of(owner).index(one) + 1)
            titles.append(title if owner in labels.TITLED else f"{law(labels.label(entries))} {title}")
    return law(TITLED).format(title=" · ".join(titles), text=words) if titles else words


def answers(sheet: Sheet, language: str, of_another: bool = True) -> dict[str, tuple[str, str]]:
    """Name of each field that has an answer -> its question and the answer, in the order of the form; what stands beside the facts stays out."""
    place = {name: number for number, name in enumerate(read(sheet).places.values())}
    names = sorted((name for name in sheet.texts if not name.startswith("about.")), key=lambda name: place.get(name, len(place)))
    return {name: (asked(sheet, name, language, of_another), isolated(in_words(name, sheet.texts[name], language), language)) for name in names}


def choices_of(field: Field, language: str) -> list[tuple[str, str]]:
    """What can be chosen in a field: (code, words). Empty where anything may be typed."""
    if field.kind in (Kind.COUNTRY, Kind.COUNTRIES):
        return list(countries(language))
    if field.name in labels.OF_ROUTES:
        return list(routes(language))
    law = translator(language, "law")
    found = [(code, law(words)) for code, words in labels.words(field).items()]
    return [(code, f"{code} {words}") for code, words in found] if field.name in labels.OF_PLACES else found


def in_words(name: str, text: str, language: str) -> str:
    """What stands in a field, as somebody reads it."""
    if text in UNSAID:
        return translator(language, "law")(labels.UNSAID[text])
    part = part_at(name)
    choices = dict(choices_of(part, language)) if isinstance(part, Field) else {}
    if choices:
        return ", ".join(choices.get(one, one) for one in text.split(AND))
    return read_back(name, text, language) or text


def read_back(name: str, text: str, language: str) -> str:
    """A day as the language writes it: whether it was understood as it was meant. Empty for all else."""
    part = part_at(name)
    if not isinstance(part, Field) or part.kind is not Kind.DATE or not text or text in UNSAID:
        return ""
    try:
        value = value_of(part, text)
    except SlipError:
        return ""
    ends = [value["earliest"], value["latest"]] if isinstance(value, dict) else [value]
    told = f" {TO} ".join(day(end, language) if len(end) == len("2024-03-31") else days_written(end, language) for end in ends)
    return "" if told == text else told


@kept_with_rules
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Countries to choose from, those with rules first, each part in the order of the language."""
    names = _names(Locale.parse(base_language(language)).territories)
    codes = [code for code in names if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")]
    ruled = {pack.jurisdiction.country for pack in default_rules().packs.values()}
    return tuple((code, names[code]) for code in sorted(codes, key=lambda code: (code not in ruled, names[code].casefold())))


def _names(of_locale: Mapping[Any, Any]) -> dict[str, str]:
    return {str(code): str(name) for code, name in of_locale.items()}


@kept_with_rules
def currencies(language: str) -> tuple[tuple[str, str], ...]:
    """Currencies to choose from, those of the States with rules first."""
    names = _names(Locale.parse(base_language(language)).currencies)
    own = {pack.jurisdiction.currency for pack in default_rules().packs.values()}
    codes = sorted((code for code in names if len(code) == 3), key=lambda code: (code not in own, code))
    return tuple((code, f"{code} {names[code]}") for code in codes)


@kept_with_rules
def routes(language: str) -> tuple[tuple[str, str], ...]:
    """Ways to money to choose from, by State."""
    law = translator(language, "law")
    return tuple(
        (name, f"{pack.code}: {named(route.raw.name, route.raw.called, law, language)}")
        for pack in default_rules().packs.values()
        for name, route in pack.routes.items()
    )
