"""Languages of the installation, and the words of one request in one of them."""

from __future__ import annotations

import gettext as gettext_module
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

SOURCE_LANGUAGE = "en"
DOMAIN = "web"


@cache
def available_languages(locales_dir: Path) -> tuple[str, ...]:
    """Languages (BCP 47) that have compiled catalogues under `locales_dir`; English always, the source."""
    found = {path.parents[1].name.replace("_", "-") for path in locales_dir.glob("*/LC_MESSAGES/*.mo")}
    return tuple(sorted(found | {SOURCE_LANGUAGE}))


def match_language(wanted: str | None, available: tuple[str, ...]) -> str | None:
    """The available language for a BCP 47 tag: the tag itself, else its base language, else None."""
    parts = (wanted or "").strip().replace("_", "-").lower().split("-")
    by_lower_case = {language.lower(): language for language in available}
    while parts:
        if language := by_lower_case.get("-".join(parts)):
            return language
        parts.pop()
    return None


def negotiate_language(accept_language: str | None, available: tuple[str, ...]) -> str:
    """Choose from an Accept-Language header (RFC 9110 section 12.5.4); English if nothing fits."""
    wishes: list[tuple[float, str]] = []
    for wish in (accept_language or "")[:1000].split(","):
        tag, _, parameter = wish.partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
        except ValueError:
            continue
        if weight > 0:
            wishes.append((-weight, tag))
    for _, tag in sorted(wishes, key=lambda wish: wish[0]):
        if language := match_language(tag, available):
            return language
    return SOURCE_LANGUAGE


def own_name(language: str) -> str:
    """Name of a language in itself, with its first letter upper case: "Français"."""
    try:
        name = Locale.parse(language, sep="-").get_display_name(language.replace("-", "_")) or language
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:]


def direction(language: str) -> str:
    """ "rtl" or "ltr", the way a language is written."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


@cache
def _catalogue(locales_dir: Path, language: str, domain: str) -> gettext_module.NullTranslations:
    base = language.split("-")[0]
    names = [language.replace("-", "_"), language, base]
    return gettext_module.translation(domain, str(locales_dir), languages=names, fallback=True)


class Words:
    """Words of one catalogue (`web` unless said otherwise) in one language. Call it `_` so that Babel finds the sentences."""

    def __init__(self, locales_dir: Path, language: str, domain: str = DOMAIN) -> None:
        """English sentences stand where a language has no catalogue or no translation yet."""
        self.language = language
        self._catalogue = _catalogue(locales_dir, language, domain)

    def __call__(self, message: str, **values: object) -> str:
        """Translate an English sentence, then fill its {named} placeholders."""
        return _filled(self._catalogue.gettext(message), values)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Translate a sentence that depends on the number {n}."""
        return _filled(self._catalogue.ngettext(one, many, n), {"n": n})


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence.format(**values) if values else sentence
