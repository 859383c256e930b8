"""Build jurisdiction packs from their files: every fault names file and field, and how to mend it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from calculator import vocabulary
from calculator.engine.figures import reference_rates, units
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.faults import Faults
from calculator.engine.language.sharing import texts_said_again
from calculator.engine.routes.pack import CompiledRoute, Pack, compile_route
from calculator.errors import PackError
from calculator.packs.awards import Published
from calculator.packs.forms import Form, check_forms
from calculator.packs.labels import check_labels, of_parameter, of_route
from calculator.packs.model import (
    Example,
    InjuryRow,
    Jurisdiction,
    Parameter,
    Route,
    Source,
)
from calculator.packs.parsed import PACKS, checksum, checksum_of, pack_files, pack_folders, raw_pack
from calculator.packs.published import awards_and_bands, of_elsewhere, published
from calculator.packs.reading import read, sources_known, words_known
from calculator.packs.services import Contact, Protection, Term, Terms

ENGINE_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every pack that is loaded, the checksum of their texts, and what was published of cases in States without a pack."""

    packs: dict[str, Pack]
    sha256: str
    elsewhere: tuple[Published, ...] = ()
    #: The release that these are; None for packs that are not released (the command line, tests).
    release: str | None = None
    #: The two files that stand for the table of reference rates they count with.
    rates: reference_rates.Texts = field(default_factory=reference_rates.texts, repr=False, compare=False)
    #: The checksum of each pack alone, by its code: what changed for one State is nothing new for another.
    sha256_of: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    #: What was worked out from these packs alone (`calculator.packs.current.kept_with_rules`); it goes when they go.
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    #: Every published decision, by State; made once.
    _published: list[tuple[Published, ...]] = field(default_factory=list, repr=False, compare=False)

    @property
    def published(self) -> tuple[Published, ...]:
        """Every published decision that is known, those of packs first."""
        if not self._published:
            own = (one for pack in self.packs.values() for one in published(pack.code, pack.awards, pack.sources))
            self._published.append((*own, *self.elsewhere))
        return self._published[0]

    def pack(self, code: str) -> Pack | None:
        return self.packs.get(code)


def load_rules(
    root: Path = PACKS, release: str | None = None, rates: reference_rates.Texts | None = None, only: Collection[str] | None = None
) -> Rules:
    """All active packs, compiled; a draft is checked and tested by its team but reaches nobody. `only`: these and no others. Raises
    PackError."""
    rates = rates or reference_rates.texts()
    raw = {folder.name: raw_pack(folder) for folder in pack_folders(root) if only is None or folder.name in only}
    built = (build_pack(name, files) for name, files in raw.items() if not _is_draft(name, files))
    packs = {pack.code: pack for pack in built}
    each = {code: checksum_of(pack_files(root / code), rates) for code in packs}
    return Rules(packs, checksum(root, rates), tuple(of_elsewhere(root)), release, rates, each)


def _is_draft(name: str, files: dict[str, Any]) -> bool:
    jurisdiction = files.get(f"{name}/jurisdiction.yaml")
    return isinstance(jurisdiction, dict) and jurisdiction.get("status") == "draft"


def build_pack(name: str, files: dict[str, Any]) -> Pack:
    """One pack from its parsed files. Raises PackError: the first fault that is found."""
    pack, faults = look_through(name, files)
    if pack is None or faults:
        raise faults[0]
    return pack


def look_through(name: str, files: dict[str, Any]) -> tuple[Pack | None, list[PackError]]:
    """One pack without what has a fault (None where nothing can be made of it), and every fault."""
    faults = Faults()
    pack = None
    with faults.of():
        pack = _built(name, files, faults)
    return pack, faults.found


def _built(name: str, files: dict[str, Any], faults: Faults) -> Pack:
    """Raises PackError where nothing else can be looked at."""

    def of(file: str, default: Any = None) -> Any:
        value = files.get(f"{name}/{file}", default)
        if value is None:
            raise PackError(f"{name}/{file}", "(whole file)", "This file is missing or empty.", "Every pack needs it.")
        return value

    jurisdiction = read(Jurisdiction, of("jurisdiction.yaml"), f"{name}/jurisdiction.yaml", faults)
    sources = read(dict[str, Source], of("sources.yaml"), f"{name}/sources.yaml", faults)
    checked = jurisdiction.sources_checked_on
    parameters = _parameters(name, files, sources, checked, jurisdiction.currency, faults)
    routes = _routes(name, files, faults)
    parts = {
        "currency": jurisdiction.currency,
        "parameters": parameters,
        "routes": list(routes),
        "regions": {r.code for r in jurisdiction.regions},
        "localities": {p.code for p in jurisdiction.localities},
        "said_again": texts_said_again(content for file, content in files.items() if file.startswith(f"{name}/routes/")),
    }
    for place in jurisdiction.localities:
        if place.region not in parts["regions"]:
            with faults.of(place.code):
                raise PackError(
                    f"{name}/jurisdiction.yaml",
                    f"localities.{place.code}",
                    "There is no region named {found}.",
                    "Add it under regions.",
                    found=place.region,
                )
    compiled = {route.id: compile_route(route, file, parts, sources, faults) for route, file in routes.values()}
    for compiled_route in compiled.values():
        check_labels(compiled_route.file, of_route(compiled_route), sources, faults)
    if not faults.found:
        with faults.of():
            _no_cycles(name, files)
    _relations_known(compiled, faults)
    protection, contacts, injuries, examples = None, [], [], []
    with faults.of():
        if f"{name}/protection.yaml" in files:
            protection = read(Protection, files[f"{name}/protection.yaml"], f"{name}/protection.yaml", faults)
            rights = [(f"topics.{t}.{r.id}", r.source) for t, rs in protection.topics.items() for r in rs]
            sources_known(f"{name}/protection.yaml", rights, sources, faults)
    with faults.of():
        contacts = read(list[Contact], of("contacts.yaml", []), f"{name}/contacts.yaml", faults)
        sources_known(f"{name}/contacts.yaml", [(c.id, c.source) for c in contacts], sources, faults)
        for contact in contacts:
            words_known(f"{name}/contacts.yaml", f"{contact.id}.kind", [contact.kind], vocabulary.services(), faults)
    with faults.of():
        injuries = read(list[InjuryRow], of("injuries.yaml", []), f"{name}/injuries.yaml", faults)
    for file, content in sorted(files.items()):
        if file.startswith(f"{name}/examples/"):
            for raw in content if isinstance(content, list) else [content]:
                with faults.of():
                    examples.append(read(Example, raw, file, faults))
    sources_known(f"{name}/examples", [(e.id, e.source) for e in examples], sources, faults)
    terms: list[Term] = []
    with faults.of():
        if (words := f"{name}/terms.yaml") in files:
            terms = read(Terms, files[words], words, faults).terms
            _terms_known(words, terms, jurisdiction, compiled, protection, faults)
            sources_known(words, [(f"terms[{n}].source", term.source) for n, term in enumerate(terms)], sources, faults)
    forms: list[Form] = []
    with faults.of():
        if (printed := f"{name}/forms.yaml") in files:
            forms = read(list[Form], files[printed], printed, faults)
            heads = {route: frozenset(head.raw.head for head in parts.heads) for route, parts in compiled.items()}
            check_forms(printed, forms, jurisdiction.languages, heads, sources, faults)
    awards, bands = awards_and_bands(name, files, jurisdiction, compiled, parameters, sources, faults)
    if (said := jurisdiction.asked_and_given) is not None:
        sources_known(f"{name}/jurisdiction.yaml", [("asked_and_given", said.source)], sources, faults)
    return Pack(jurisdiction, sources, parameters, compiled, injuries, contacts, protection, examples, terms, awards, bands, forms)


def _terms_known(
    file: str, terms: list[Term], jurisdiction: Jurisdiction, routes: dict[str, CompiledRoute], protection: Protection | None, faults: Faults
) -> None:
    """A name in the State's own words that nothing has goes to `faults`."""
    regions = {region.code for region in jurisdiction.regions}
    topics = protection.topics if protection else {}
    for number, term in enumerate(terms):
        place = f"terms[{number}]"
        words_known(file, f"{place}.term", [term.term], vocabulary.terms(), faults)
        words_known(file, f"{place}.routes", [n for n in term.routes if n not in faults.names], routes, faults)
        words_known(file, f"{place}.topics", term.topics, topics, faults)
        words_known(file, f"{place}.regions", term.regions, regions, faults)
        words_known(file, f"{place}.words", term.words, jurisdiction.languages, faults)


def _relations_known(routes: dict[str, CompiledRoute], faults: Faults) -> None:
    for route in routes.values():
        for other in (name for relation in route.raw.relations for name in relation.to):
            if other not in routes and other not in faults.names:
                with faults.of():
                    raise PackError(
                        route.file,
                        f"{route.raw.id}.relations",
                        "There is no route named {found}.",
                        "Known routes: {known}.",
                        found=other,
                        known=", ".join(sorted(routes)),
                    )


def _parameters(
    name: str, files: dict[str, Any], sources: dict[str, Source], checked: date, currency: str, faults: Faults
) -> dict[str, DatedParameter]:
    """The figures without a fault."""
    found: dict[str, DatedParameter] = {}
    for file, content in sorted(files.items()):
        if not file.startswith(f"{name}/parameters/"):
            continue
        entries: list[Parameter] = []
        with faults.of():
            entries = read(list[Parameter], content, file, faults)
        for raw in entries:
            with faults.of(raw.id):
                if raw.id in found:
                    raise PackError(file, raw.id, "The parameter {id} is defined twice.", "Give one of them another id.", id=raw.id)
                _check_parameter(raw, file, sources, currency)
                check_labels(file, of_parameter(raw), sources, faults)
                if raw.status == "active":
                    found[raw.id] = DatedParameter(raw, checked)
    return found


def _check_parameter(raw: Parameter, file: str, sources: dict[str, Source], currency: str) -> None:
    try:
        measured = units.unit(raw.unit)
    except ValueError as error:
        raise PackError(
            file,
            f"{raw.id}.unit",
            "The unit {found} is not known.",
            "Known: {known}, and currencies.",
            found=raw.unit,
            known=", ".join(sorted(units.BASES)),
        ) from error
    other = [n for n, _ in measured or () if len(n) == 3 and n.isupper() and n != currency]
    if other:
        raise PackError(
            file,
            f"{raw.id}.unit",
            "This pack counts in {currency}, the parameter in {found}.",
            "Use one currency in a pack.",
            currency=currency,
            found=other[0],
        )
    previous = None
    for index, value in enumerate(sorted(raw.values, key=lambda v: v.from_)):
        field = f"{raw.id}.values[{index}]"
        if value.to is not None and value.to < value.from_:
            raise PackError(
                file, field, "The value ends ({to}) before it begins ({start}).", "Check both dates.", to=value.to, start=value.from_
            )
        if previous is not None and (previous.to is None or previous.to >= value.from_):
            raise PackError(file, field, "Two values hold on {day}.", "End the earlier one the day before.", day=value.from_)
        if previous is not None and previous.to is not None and previous.to + timedelta(days=1) < value.from_:
            raise PackError(
                file,
                field,
                "No value holds from {start} to {end}.",
                "Add one; where the figure is not known, a value with from, to and a note leaves it blank.",
                start=previous.to + timedelta(days=1),
                end=value.from_ - timedelta(days=1),
            )
        previous = value
        if (value.rows is None) != (raw.by is None):
            raise PackError(file, field, "A table has rows and `by`; a single figure has neither.", "Add or remove `by` (age, number or key).")
        _check_source(raw, value, field, file, sources)


def _check_source(raw: Parameter, value: Any, field: str, file: str, sources: dict[str, Source]) -> None:
    rank = value.confidence or raw.confidence
    if rank is None:
        raise PackError(file, field, "This figure has no confidence.", "Write official, derived, secondary or unverified.")
    for source in [value.source or raw.source, *(row.source for row in value.rows or [])]:
        if source is not None and source not in sources:
            raise PackError(file, field, "There is no source named {found}.", "Add it to sources.yaml.", found=source)
    if value.source or raw.source:
        return
    if rank != "unverified" and (value.value is not None or value.rows):
        raise PackError(file, field, "This figure has no source.", "Name its source, or mark it unverified with a note.")
    if not (value.note or raw.note):
        raise PackError(file, field, "An unverified figure without a source needs a note.", "Say in note where it comes from.")


def _routes(name: str, files: dict[str, Any], faults: Faults) -> dict[str, tuple[Route, str]]:
    """The routes that can be read, each with its file."""
    routes: dict[str, tuple[Route, str]] = {}
    for file, content in sorted(files.items()):
        if not file.startswith(f"{name}/routes/"):
            continue
        with faults.of(str(content.get("id")) if isinstance(content, dict) else ""):
            route = read(Route, _with_shared_papers(content, file), file, faults)
            if route.id in routes:
                raise PackError(file, "id", "The route {id} is defined twice.", "Give one of them another id.", id=route.id)
            if route.status == "active":
                routes[route.id] = (route, file)
    if not routes and not faults.found:
        raise PackError(f"{name}/routes", "(folder)", "The pack has no routes.", "Add one YAML file a route.")
    return routes


def _with_shared_papers(raw: Any, file: str) -> Any:
    """Papers that give only an id take the shared vocabulary's words."""
    entries = raw.get("documents") if isinstance(raw, dict) else None
    if not isinstance(entries, list):
        return raw
    shared, filled = vocabulary.documents(), []
    for entry in entries:
        if isinstance(entry, dict) and "text" not in entry:
            text = shared.get(str(entry.get("id")))
            if text is None:
                raise PackError(
                    file,
                    f"documents.{entry.get('id')}",
                    "This entry has no text, and {where} has none for it.",
                    "Write a text, or use one of: {known}.",
                    where="documents.yaml",
                    known=", ".join(sorted(shared)),
                )
            entry = {**entry, "text": text}
        filled.append(entry)
    return {**raw, "documents": filled}


def _no_cycles(name: str, files: dict[str, Any]) -> None:
    """Routes that read each other in a circle would never come to an end."""
    reads: dict[str, set[str]] = {}
    for file, content in files.items():
        if file.startswith(f"{name}/routes/"):
            reads[content["id"]] = set(_route_reads(content))

    def visit(route: str, path: list[str]) -> None:
        if route in path:
            circle = " -> ".join([*path[path.index(route) :], route])
            raise PackError(
                f"{name}/routes", route, "Routes read each other in a circle: {circle}.", "Let one of them use facts instead.", circle=circle
            )
        for other in sorted(reads.get(route, ())):
            visit(other, [*path, route])

    for route in sorted(reads):
        visit(route, [])


def _route_reads(raw: Any) -> list[str]:
    if isinstance(raw, dict):
        own = [raw["route"]] if isinstance(raw.get("route"), str) else []
        return own + [r for value in raw.values() for r in _route_reads(value)]
    return [r for value in raw for r in _route_reads(value)] if isinstance(raw, list) else []


__all__ = ["PACKS", "Rules", "build_pack", "checksum", "load_rules", "look_through", "pack_folders", "raw_pack"]
