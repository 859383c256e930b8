"""Catalogues: extract source strings, update every language, compile; `python -m tools.catalogues COMMAND`.

    extract   write locales/<domain>.pot from code, templates, vocabulary and packs
    update    extract, then merge into every language's .po (nothing translated is lost)
    compile   write the .mo files that are missing or older than their .po, of the languages that are nearly whole
    check     untranslated strings, broken placeholders, English left inside; exit 1 when there are any
    progress  how much of each language is translated, and whether a native speaker has reviewed its danger catalogue
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from calculator import vocabulary, yaml12
from calculator.packs.load import load_rules
from calculator.translation import DOMAINS, LOCALES

ROOT = Path(__file__).parent.parent
NOT_REVIEWED = "No native speaker has reviewed this catalogue yet."
#: Languages kept as catalogues; English is the source and is written out like the others.
LANGUAGES = ("en", "fr", "es", "de", "it", "nl", "pt", "pl", "ro", "bg", "sq", "ru", "uk", "tr", "ar", "vi", "zh")
#: A language is offered when this much of each catalogue is translated, and its danger catalogue wholly.
NEARLY_WHOLE = 0.98


#: A source string, or its singular and plural.
Text = str | tuple[str, ...]
_KEYWORDS: dict[str, Any] = {"_": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}


def _python(*places: str) -> Iterator[tuple[str, Text]]:
    for place in places:
        path = ROOT / place
        if path.is_file():
            for _line, message, _comments, _context in extract_from_file("python", path, keywords=_KEYWORDS):
                yield place, message
            continue
        for name, _line, message, _comments, _context in extract_from_dir(path, [("**.py", "python")], keywords=_KEYWORDS):
            yield f"{place}/{name}", message


def _calls(place: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Messages and fixes of errors: the string arguments of the error classes, which are translated when shown."""
    import ast

    for path in sorted((ROOT / place).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                for argument in node.args[1:3]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                        yield f"{place}/{path.name}", argument.value


def danger_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("calculator/emergency.py", "bot/contacts.py")
    yield from domain_messages()


def domain_messages() -> Iterator[tuple[str, Text]]:
    """The texts of Rasa's responses."""
    domain = yaml12.load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for variants in domain["responses"].values():
        yield from (("domain.yml", variant["text"]) for variant in variants)


def chat_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("actions")


def web_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("web")
    for name, _line, message, _comments, _context in extract_from_dir(
        ROOT / "web" / "templates", [("**.html", "jinja2")]
    ):
        yield f"web/templates/{name}", message


def law_messages() -> Iterator[tuple[str, Text]]:
    yield from _python("calculator/engine/words.py", "calculator/engine/questions.py", "cli/words.py")
    yield from _calls("calculator/case", ("CaseError",))
    yield from _calls("calculator/engine", ("CaseError",))
    yield from _calls("calculator", ("CaseError",))
    yield from _calls("cli", ("CaseError",))
    from calculator.case import read

    for pair in (*read._CODES.values(), *read._YAML_FAULTS.values()):
        yield from (("calculator/case/read.py", text) for text in pair)
    for definition in vocabulary.facts().values():
        for text in (definition.question, definition.why, *definition.choices.values()):
            yield "calculator/vocabulary/facts.yaml", text
    for name, words in (("heads", vocabulary.heads()), ("documents", vocabulary.documents()), ("conditions", vocabulary.conditions()),
                        ("lines", vocabulary.lines())):
        yield from ((f"calculator/vocabulary/{name}.yaml", text) for text in words.values())
    for asked in vocabulary.screening()["questions"]:
        yield from (("calculator/vocabulary/screening.yaml", asked[key]) for key in ("question", "sign", "why"))
    yield from (("calculator/vocabulary/injuries.yaml", entry["name"]) for entry in vocabulary.injuries().values())
    for pack in load_rules().packs.values():
        yield from ((f"calculator/jurisdictions/{pack.code}", text) for text in pack_texts(pack))


def pack_texts(pack: Any) -> Iterator[str]:
    """Every text of a pack that a person may read."""
    yield pack.jurisdiction.name
    for region in pack.jurisdiction.regions:
        yield region.name
        yield from region.changes
    yield from (p.title for p in pack.parameters.values())
    for compiled in pack.routes.values():
        route = compiled.raw
        yield from filter(None, (route.name, route.authority, route.cost, route.report_note,
                                 route.how_often.text if route.how_often else None))
        for condition in route.conditions:
            yield from filter(None, (condition.text, condition.waits_for))
        for head in route.heads:
            yield from filter(None, (head.gap, head.note))
        for limit in route.deadlines:
            yield from filter(None, (limit.rule, limit.relief))
        yield from (d.text for d in route.documents)
        yield from route.steps
        yield from filter(None, (r.text for r in route.relations))
        yield from (p.text for p in route.precedents)
        yield from route.gaps
        yield from filter(None, (limit.note for limit in route.limits))
        yield from _unknown(route.model_dump())
    for contact in pack.contacts:
        yield from filter(None, (contact.name, contact.hours, contact.languages, contact.for_whom, contact.gives, contact.note))
    for rights in (pack.protection.topics.values() if pack.protection else ()):
        for right in rights:
            yield right.text
            yield from right.details


def _unknown(raw: Any) -> Iterator[str]:
    """Texts of {unknown: "..."} in formulas: they are told as gaps."""
    if isinstance(raw, dict):
        if isinstance(raw.get("unknown"), str):
            yield raw["unknown"]
        for value in raw.values():
            yield from _unknown(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _unknown(value)


SOURCES = {"danger": danger_messages, "chat": chat_messages, "law": law_messages, "web": web_messages}


def template(domain: str) -> Catalog:
    """All source strings of a domain."""
    catalogue = _empty(domain, None)
    for place, message in SOURCES[domain]():
        if message and (message if isinstance(message, str) else message[0]).strip():
            catalogue.add(message, locations=[(place, 1)])
    return catalogue


def _empty(domain: str, language: str | None) -> Catalog:
    """A catalogue with a quiet header: no dates that change, no addresses."""
    return Catalog(locale=language, domain=domain, project="Redress", version="1", charset="utf-8", fuzzy=False,
                   msgid_bugs_address="-", last_translator="-", language_team=language or "-",
                   creation_date=datetime(2026, 1, 1, tzinfo=UTC), revision_date=datetime(2026, 1, 1, tzinfo=UTC))


def path_of(language: str, domain: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{domain}.po"


def update() -> None:
    """Merge the sources into every catalogue; a string no longer used goes, a new one is empty."""
    for domain in DOMAINS:
        source = template(domain)
        for language in LANGUAGES:
            path = path_of(language, domain)
            found = _empty(domain, language)
            review = REVIEWED.search(path.read_text(encoding="utf-8")) if path.exists() else None
            before = read_po(path.open("rb"), locale=language) if path.exists() else found
            for message in source:
                if message.id:
                    known = before.get(message.id)
                    empty: Any = "" if isinstance(message.id, str) else ("",) * found.num_plurals
                    fits = known is not None and isinstance(known.string, str) == isinstance(empty, str)
                    found.add(message.id, known.string if known and fits else empty, locations=message.locations)
            if language == "en":
                for message in found:
                    if message.id:
                        message.string = message.id if isinstance(message.id, str) else tuple(message.id)
            write(found, path, language, domain, review.group() if review else None)


def compile_all() -> None:
    """Compile the languages that are offered; a language that is not nearly whole has no compiled catalogue."""
    for language in LANGUAGES:
        parts = progress(language)
        offered = parts["danger"] == 1 and min(parts.values()) >= NEARLY_WHOLE
        for domain in DOMAINS:
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
    return {domain: _share(path_of(language, domain)) for domain in DOMAINS}


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
REVIEWED = re.compile(r"# Reviewed by a native speaker on (\d{4}-\d\d-\d\d), strings ([0-9a-f]{12})\.")


def strings_checksum(catalogue: Catalog) -> str:
    """A checksum over sources and translations: a review holds for exactly these words."""
    digest = hashlib.sha256()
    for message in sorted((m for m in catalogue if m.id), key=lambda m: str(m.id)):
        digest.update(f"{message.id}\0{message.string}\0".encode())
    return digest.hexdigest()[:12]


def review_of(path: Path) -> str | None:
    """The day of the review by a native speaker, if the catalogue still has the words that were reviewed."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = REVIEWED.search(text)
    if found is None:
        return None
    with path.open("rb") as source:
        return found[1] if strings_checksum(read_po(source)) == found[2] else None


def reviewed(language: str, domain: str, day: str) -> None:
    """Write into a catalogue that a native speaker has reviewed it (`python -m tools.catalogues reviewed fr danger 2026-12-01`)."""
    path = path_of(language, domain)
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    write(catalogue, path, language, domain, f"# Reviewed by a native speaker on {day}, strings {strings_checksum(catalogue)}.")


def write(catalogue: Catalog, path: Path, language: str, domain: str, review: str | None = None) -> None:
    """Write a catalogue with its header: how whole it is, and whether a native speaker has reviewed it."""
    messages = [m for m in catalogue if m.id]
    whole = sum(bool(m.string) and (isinstance(m.string, str) or all(m.string)) for m in messages)
    lines = [f"# Redress, {domain} catalogue, {language}.", f"# {whole} of {len(messages)} strings are translated."]
    lines.append("# English is the source." if language == "en" else review or f"# {NOT_REVIEWED}")
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
            day = review_of(path_of(language, "danger"))
            print(f"{language}: {parts}; danger {f'reviewed on {day}' if day else 'not reviewed'}")
    elif command == "reviewed":
        reviewed(*sys.argv[2:5])
    elif command == "check":
        from tools.catalogue_check import problems

        found = problems()
        print("\n".join(found) or "Catalogues are complete.")
        raise SystemExit(1 if found else 0)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
