"""Catalogues: from a language code to a function that translates whole sentences.

English is the source; a language without a catalogue, or a sentence without a translation, stays English.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from calculator.errors import Translate

LOCALES = Path(__file__).parent.parent / "locales"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb"})


def _(text: str) -> str:
    """Marks a source string for extraction; whoever shows it translates it."""
    return text


def _n(one: str, many: str) -> tuple[str, str]:
    """Mark a source string that counts something, in its two English forms; `plural_translator` translates it."""
    return one, many


def base_language(language: str) -> str:
    """`pt-BR` -> `pt`."""
    return language.replace("_", "-").split("-")[0].lower()


#: The catalogues of a language: safety first, then the chat, the law, the pages.
DOMAINS = ("danger", "chat", "law", "web")
#: What only a lawyer needs: in the languages of the State's offices alone, English elsewhere.
COUNSEL = "counsel"


def languages(root: Path = LOCALES) -> list[str]:
    """Languages that are offered, English first: those with every catalogue compiled (half a translation is not compiled)."""
    found = {path.parents[1].name for path in root.glob("*/LC_MESSAGES/danger.mo")}
    whole = sorted(code for code in found if all((root / code / "LC_MESSAGES" / f"{d}.mo").is_file() for d in DOMAINS))
    return ["en", *(code for code in whole if code != "en")]


@lru_cache(maxsize=128)
def translator(language: str, *domains: str) -> Translate:
    """Translate with the catalogues of `domains` (`law` when none is named), the first that knows wins."""
    wanted = [language.replace("-", "_"), base_language(language)]
    found = [gettext.translation(domain, LOCALES, wanted, fallback=True) for domain in domains or ("law",)]

    def translate(text: str) -> str:
        for catalogue in found:
            said = catalogue.gettext(text) if text else text
            if said != text:
                return said
        return text

    return translate


class _Missing(gettext.NullTranslations):
    """Knows no sentence, and says so."""

    def gettext(self, message: str) -> str:
        return ""


@lru_cache(maxsize=64)
def knows(language: str, domain: str) -> Callable[[str], bool]:
    """Whether the catalogue of a language has a sentence, also where it reads as in English."""
    found = gettext.translation(domain, LOCALES, [language.replace("-", "_"), base_language(language)], fallback=True)
    found.add_fallback(_Missing())
    return lambda text: base_language(language) == "en" or bool(found.gettext(text))


@lru_cache(maxsize=64)
def for_counsel(language: str) -> Translate:
    """Translate what is for lawyers. What the language does not have stays English, in quotation marks: nobody takes it for a text that was
    forgotten, and it keeps its order inside right-to-left text.
    """
    translate = translator(language, COUNSEL)

    def said(text: str) -> str:
        found = translate(text)
        return found if found != text or base_language(language) == "en" else isolated(f"“{text}”", language)

    return said


@lru_cache(maxsize=64)
def plural_translator(language: str, domain: str) -> Callable[[str, str, int], str]:
    """Translate a sentence that counts: (singular, plural, number) -> the form the language has for the number."""
    return gettext.translation(domain, LOCALES, [language.replace("-", "_"), base_language(language)], fallback=True).ngettext


def isolated(text: str, language: str) -> str:
    """A number, name or date inside right-to-left text, kept in its own order by Unicode isolates (FSI, PDI: the order
    of what stands inside, so that an Arabic date is not turned round)."""
    return f"\u2068{text}\u2069" if base_language(language) in RIGHT_TO_LEFT else text
