"""The catalogues as files: where each stands, what it would hold if nothing were translated, which languages there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog

from calculator.api import default_rules
from calculator.translation import COUNSEL, DOMAINS, LOCALES
from tools.source_strings import Text, source_strings

NOT_REVIEWED = "No native speaker has reviewed this catalogue yet."
REVIEWED_IN_PART = "What native speakers have reviewed of this catalogue stands in locales/reviews.yaml."
#: Languages kept as catalogues; English is the source and is written out like the others.
LANGUAGES = ("en", "fr", "es", "de", "it", "nl", "pt", "pl", "ro", "bg", "sq", "ru", "uk", "tr", "ar", "vi", "zh")


def domains_of(language: str) -> tuple[str, ...]:
    """The catalogues of a language: what lawyers alone read is told in the languages of the States' offices."""
    offices = {code for pack in default_rules().packs.values() for code in pack.jurisdiction.languages}
    return (*DOMAINS, COUNSEL) if language in offices else DOMAINS


def template(domain: str, language: str | None = None) -> Catalog:
    """All source strings of a domain, or those that it has in a language."""
    catalogue = empty_catalogue(domain, None)
    for place, message in _said(domain, language):
        catalogue.add(message, locations=[(place, 1)])
    return catalogue


def message_ids(domain: str, language: str) -> set[Text]:
    """The source strings that a catalogue of the language has to hold."""
    return {message for _place, message in _said(domain, language)}


def _said(domain: str, language: str | None) -> Iterator[tuple[str, Text]]:
    for place, message in source_strings(domain, language):
        if message and (message if isinstance(message, str) else message[0]).strip():
            yield place, message


def empty_catalogue(domain: str, language: str | None) -> Catalog:
    """A catalogue with a quiet header: no dates that change, no addresses."""
    return Catalog(
        locale=language,
        domain=domain,
        project="Redress",
        version="1",
        charset="utf-8",
        fuzzy=False,
        msgid_bugs_address="-",
        last_translator="-",
        language_team=language or "-",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
    )


def path_of(language: str, domain: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
