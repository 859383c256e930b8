"""gettext catalogues of `locales/`, read once at start; English is the source and needs none."""

from __future__ import annotations

import functools
import logging
from gettext import GNUTranslations
from pathlib import Path

from bot.settings import REPOSITORY

logger = logging.getLogger(__name__)

DOMAINS = ("danger", "chat")
LOCALES = REPOSITORY / "locales"


class Catalogues:
    """All compiled catalogues of one folder, by domain and language tag (`pt-BR` and `pt_BR` are the same)."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._translations: dict[tuple[str, str], GNUTranslations] = {}
        for domain in DOMAINS:
            for path in sorted(folder.glob(f"*/LC_MESSAGES/{domain}.mo")):
                try:
                    with path.open("rb") as file:
                        self._translations[domain, _tag(path.parent.parent.name)] = GNUTranslations(file)
                except (OSError, UnicodeDecodeError) as error:
                    # One broken language must not silence the others; its people read English meanwhile.
                    logger.error("%s of %s is broken: %s", path.name, path.parent.parent.name, error)

    def translate(self, domain: str, language: str, source: str) -> str:
        """The English `source` in `language`, else in its base language, else as it is."""
        if not source:
            return source  # gettext answers "" with the catalogue's header
        tag = _tag(language)
        for name in (tag, tag.split("-")[0]):
            translations = self._translations.get((domain, name))
            translated = translations.gettext(source) if translations else source
            if translated != source:
                return translated
        return source


def _tag(language: str) -> str:
    return language.replace("_", "-").lower()


@functools.cache
def shared_catalogues() -> Catalogues:
    """The repository's catalogues."""
    return Catalogues()


def translate(domain: str, language: str, source: str) -> str:
    """Translate with the repository's catalogues."""
    return shared_catalogues().translate(domain, language, source)
