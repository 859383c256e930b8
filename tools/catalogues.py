"""Catalogues of every language: `python -m tools.catalogues COMMAND`. What they hold is found by tools/source_strings.py.

update    merge the source strings into every language's .po (nothing translated is lost)
compile   write the .mo files that are missing or older than their .po, of the languages that are nearly whole
check     untranslated strings, broken placeholders, English left inside; exit 1 when there are any
progress  how much of each language is translated, and which parts are reviewed (tools/reviews.py)
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from calculator.reviews import PARTS, missing
from calculator.translation import DOMAINS
from tools.catalogue_check import problems
from tools.catalogue_files import LANGUAGES, domains_of, empty_catalogue, path_of, template
from tools.reviews import comment_for_translators, reviewed_line

#: A language is offered when this much of each catalogue is translated, and its danger catalogue wholly.
NEARLY_WHOLE = 0.98


def update() -> None:
    """Merge the sources into every catalogue; a string no longer used goes, a new one is empty. One that moves from a catalogue to another
    keeps its translation."""
    for language in LANGUAGES:
        paths = {domain: path_of(language, domain) for domain in domains_of(language)}
        before = {domain: read_po(path.open("rb"), locale=language) for domain, path in paths.items() if path.exists()}
        for domain, path in paths.items():
            found = empty_catalogue(domain, language)
            own_first = sorted(before, key=lambda name: name != domain)
            for message in template(domain, language):
                if message.id:
                    known = next((one for name in own_first if (one := before[name].get(message.id)) is not None), None)
                    empty: Any = "" if isinstance(message.id, str) else ("",) * found.num_plurals
                    fits = known is not None and isinstance(known.string, str) == isinstance(empty, str)
                    said = known.string if known and fits else empty
                    comments = comment_for_translators(domain, message.id)
                    found.add(message.id, said, locations=message.locations, auto_comments=comments)
            if language == "en":
                for message in found:
                    if message.id:
                        message.string = message.id if isinstance(message.id, str) else tuple(message.id)
            write(found, path, language, domain)


def compile_all() -> None:
    """Compile the languages that are offered; a language that is not nearly whole has no compiled catalogue."""
    for language in LANGUAGES:
        parts = progress(language)
        offered = parts["danger"] == 1 and min(parts[domain] for domain in DOMAINS) >= NEARLY_WHOLE
        for domain in domains_of(language):
            path = path_of(language, domain)
            target = path.with_suffix(".mo")
            if not offered:
                target.unlink(missing_ok=True)
            elif not (target.exists() and target.stat().st_mtime >= path.stat().st_mtime):
                with path.open("rb") as source, target.open("wb") as written:
                    write_mo(written, read_po(source))
        if not offered:
            print(f"redress: {language} is not offered yet: " + ", ".join(f"{domain} {share:.0%}" for domain, share in parts.items()))


def progress(language: str) -> dict[str, float]:
    """Domain -> share of its strings that are translated. The header of a catalogue says it, so that nothing is read twice."""
    return {domain: _share(path_of(language, domain)) for domain in domains_of(language)}


def _share(path: Path) -> float:
    if not path.exists():
        return 0.0
    with path.open(encoding="utf-8") as catalogue:
        for line in catalogue:
            if found := _TRANSLATED.fullmatch(line.strip()):
                return int(found[1]) / max(1, int(found[2]))
            if not line.startswith("#"):
                break
    return 0.0


_TRANSLATED = re.compile(r"# (\d+) of (\d+) strings are translated\.")


def write(catalogue: Catalog, path: Path, language: str, domain: str) -> None:
    """Write a catalogue with its header: how whole it is, and whether any native speaker has reviewed it."""
    messages = [m for m in catalogue if m.id]
    whole = sum(bool(m.string) and (isinstance(m.string, str) or all(m.string)) for m in messages)
    lines = [f"# Redress, {domain} catalogue, {language}.", f"# {whole} of {len(messages)} strings are translated."]
    lines.append("# English is the source." if language == "en" else f"# {reviewed_line(language, domain)}")
    catalogue.header_comment = "\n".join(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, width=100, sort_output=True, omit_header=False, no_location=False, include_lineno=False)


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "update":
        update()
    elif command == "compile":
        compile_all()
    elif command == "progress":
        for language in LANGUAGES:
            parts = ", ".join(f"{domain} {share:.1%}" for domain, share in progress(language).items())
            reviewed = [part for part in PARTS if language != "en" and not missing(language, part)]
            print(f"{language}: {parts}; reviewed: {', '.join(reviewed) or 'nothing'}")
    elif command == "check":
        found = problems()
        print("\n".join(found) or "Catalogues are complete.")
        raise SystemExit(1 if found else 0)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
