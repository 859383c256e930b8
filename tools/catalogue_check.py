"""What is wrong with the catalogues: untranslated strings, broken placeholders, English left inside, stale sources."""

from __future__ import annotations

import re
import string

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from calculator.translation import languages
from tools import glossary
from tools.catalogue_files import domains_of, message_ids, path_of
from tools.reviews import reviewed_line

#: Names and statute citations are the same in every language; a sentence has several of these words.
_ENGLISH = re.compile(r"\b(the|and|of|you|your|to|is|are|for|with|it|not|can|this|that|was|when|if)\b", re.IGNORECASE)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _is_name(text: str) -> bool:
    """Whether a text is the name of an organisation, which stays as it is: its long words all begin with a capital."""
    return all(word[:1].isupper() for word in re.findall(r"[^\W\d_]{4,}", text))


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [v for v in value if isinstance(v, str)] if isinstance(value, (list, tuple)) else []


def _message_problems(where: str, message: Message) -> list[str]:
    sources, said = _texts(message.id), _texts(message.string)
    name = f"{where}: {sources[0][:60]!r}"
    if not said or not all(said):
        return [f"{name} is not translated"]
    found = []
    allowed = set().union(*(placeholders(s) for s in sources))
    for text in said:
        if placeholders(text) - allowed or (len(sources) == 1 and placeholders(text) != allowed):
            found.append(f"{name} has other placeholders than its source")
    return found


def problems() -> list[str]:
    """One line for each problem; empty when every catalogue is complete."""
    found: list[str] = []
    for language in languages():
        catalogues: dict[str, Catalog] = {}
        for domain in domains_of(language):
            wanted = {str(text) for text in message_ids(domain, language)}
            path = path_of(language, domain)
            where = f"{language}/{domain}"
            if not path.exists():
                found.append(f"{where}: the catalogue is missing; run `make messages`")
                continue
            text = path.read_text(encoding="utf-8")
            if language != "en" and reviewed_line(language, domain) not in text:
                found.append(f"{where}: the header does not say whether a native speaker has reviewed it; run `make messages`")
            catalogue = catalogues[domain] = read_po(path.open("rb"), locale=language)
            have = {str(m.id) for m in catalogue if m.id}
            found += [f"{where}: {text[:60]!r} is missing; run `make messages`" for text in sorted(wanted - have)]
            found += [f"{where}: {text[:60]!r} is no longer used; run `make messages`" for text in sorted(have - wanted)]
            for message in catalogue:
                if not message.id:
                    continue
                found += _message_problems(where, message)
                same = language != "en" and message.string == message.id and isinstance(message.id, str)
                if same and len(_ENGLISH.findall(message.id)) >= 2 and not _is_name(message.id):
                    found.append(f"{where}: {message.id[:60]!r} was left in English")
        if language != "en":
            found += glossary.problems(language, catalogues)
    return found
