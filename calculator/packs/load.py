"""Build jurisdiction packs from their files: every fault names file and field, and how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calculator import vocabulary, yaml12
from calculator.engine.figures import units
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.faults import Faults, FollowsError
from calculator.engine.language.sharing import texts_said_again
from calculator.engine.routes.pack import CompiledRoute, Pack, compile_route
from calculator.errors import PackError
from calculator.packs.awards import Award, Elsewhere, GuidelineBand, Published
from calculator.packs.labels import Label, check_labels, of_parameter, of_route
from calculator.packs.model import (
    Example,
    InjuryRow,
    Jurisdiction,
    Parameter,
    Route,
    Source,
)
from calculator.packs.parsed import PACKS, checksum, pack_folders, raw_pack
from calculator.packs.services import Contact, Protection, Term, Terms

ENGINE_VERSION = "1.0.0"
#: Published decisions of States without a pack.
ELSEWHERE = "elsewhere.yaml"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every pack that is loaded, the checksum of their texts, and what was published of cases in States without a pack."""

    packs: dict[str, Pack]
    sha256: str
    elsewhere: tuple[Published, ...] = ()
    #: Every published decision, by State; made once.
    _published: list[tuple[Published, ...]] = field(default_factory=list, repr=False, compare=False)

    @property
    def published(self) -> tuple[Published, ...]:
        """Every published decision that is known, those of packs first."""
        if not self._published:
            own = (one for pack in self.packs.values() for one in _published(pack.code, pack.awards, pack.sources))
            self._published.append((*own, *self.elsewhere))
        return self._published[0]

    def pack(self, code: str) -> Pack | None:
        return self.packs.get(code)


def load_rules(root: Path = PACKS) -> Rules:
    """All active packs, compiled; a draft is checked and tested by its team but reaches nobody."""
    raw = {folder.name: raw_pack(folder) for folder in pack_folders(root)}
    built = (build_pack(name, files) for name, files in raw.items() if not _is_draft(name, files))
    return Rules({pack.code: pack for pack in built}, checksum(root), tuple(_of_elsewhere(root)))


def _published(country: str, awards: Iterable[Award], sources: Mapping[str, Source]) -> Iterator[Published]:
    return (Published(country, award, sources[award.source]) for award in awards)


def _of_elsewhere(root: Path) -> Iterator[Published]:
    """Published decisions of States without a pack. Raises PackError for what is no such list."""
    file = root / ELSEWHERE
    if not file.is_file():
        return
    faults = Faults()
    with faults.of():
        found: dict[str, Elsewhere] = _read(dict[str, Elsewhere], yaml12.load(file.read_text(encoding="utf-8")), ELSEWHERE, faults)
        for country, raw in found.items():
            _awards_known(ELSEWHERE, raw.awards, {}, raw.sources, faults)
            if not faults.found:
                yield from _published(country, raw.awards, raw.sources)
    if faults.found:
        raise faults.found[0]


def _is_draft(name: str, files: dict[str, Any]) -> bool:
    jurisdiction = files.get(f"{name}/jurisdiction.yaml")
    return isinstance(jurisdiction, dict) and jurisdiction.get("status") == "draft"


def _read(kind: Any, raw: Any, file: str, faults: Faults) -> Any:
    """`raw` as a model (or list of models) of the pack format; else every problem goes to `faults`. Raises FollowsError then."""
    try:
        return _adapter(kind).validate_python(raw)
    except ValidationError as error:
        faults.found += [_problem(problem, file) for problem in error.errors()]
        # Whoever names what stands here is not at fault.
        faults.names |= {str(entry["id"]) for entry in (raw if isinstance(raw, list) else [raw]) if isinstance(entry, dict) and "id" in entry}
        raise FollowsError(file, "(whole file)", "There is a fault in {found}.", "Mend that first.", found=file) from error


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _problem(problem: Any, file: str) -> PackError:
    """One problem that pydantic found, in words of ours."""
    field = ".".join(str(p) for p in problem["loc"])
    if problem["type"] == "extra_forbidden" and " " in str(problem["loc"][-1]):
        return PackError(file, field, "A text with a comma or a colon is cut in two here.", "Put the whole text in double quotes.")
    fixes = {
        "extra_forbidden": "Remove it, or check the spelling; `redress schema pack` lists every field.",
        "missing": "Add it.",
    }
    return PackError(
        file,
        field or "(whole file)",
        "{problem} (found {found}).",
        fixes.get(problem["type"], "`redress schema pack` shows what each field takes."),
        problem=problem["msg"],
        found=str(problem.get("input"))[:60],
    )


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

    jurisdiction = _read(Jurisdiction, of("jurisdiction.yaml"), f"{name}/jurisdiction.yaml", faults)
    sources = _read(dict[str, Source], of("sources.yaml"), f"{name}/sources.yaml", faults)
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
            protection = _read(Protection, files[f"{name}/protection.yaml"], f"{name}/protection.yaml", faults)
            rights = [(f"topics.{t}.{r.id}", r.source) for t, rs in protection.topics.items() for r in rs]
            _sources_known(f"{name}/protection.yaml", rights, sources, faults)
    with faults.of():
        contacts = _read(list[Contact], of("contacts.yaml", []), f"{name}/contacts.yaml", faults)
        _sources_known(f"{name}/contacts.yaml", [(c.id, c.source) for c in contacts], sources, faults)
        for contact in contacts:
            _words_known(f"{name}/contacts.yaml", f"{contact.id}.kind", [contact.kind], vocabulary.services(), faults)
    with faults.of():
        injuries = _read(list[InjuryRow], of("injuries.yaml", []), f"{name}/injuries.yaml", faults)
    for file, content in sorted(files.items()):
        if file.startswith(f"{name}/examples/"):
            for raw in content if isinstance(content, list) else [content]:
                with faults.of():
                    examples.append(_read(Example, raw, file, faults))
    _sources_known(f"{name}/examples", [(e.id, e.source) for e in examples], sources, faults)
    terms: list[Term] = []
    with faults.of():
        if (words := f"{name}/terms.yaml") in files:
            terms = _read(Terms, files[words], words, faults).terms
            _terms_known(words, terms, jurisdiction, compiled, protection, faults)
            _sources_known(words, [(f"terms[{n}].source", term.source) for n, term in enumerate(terms)], sources, faults)
    awards, bands = _awards_and_bands(name, files, jurisdiction, compiled, parameters, sources, faults)
    if (said := jurisdiction.asked_and_given) is not None:
        _sources_known(f"{name}/jurisdiction.yaml", [("asked_and_given", said.source)], sources, faults)
    return Pack(jurisdiction, sources, parameters, compiled, injuries, contacts, protection, examples, terms, awards, bands)


def _awards_and_bands(
    name: str,
    files: dict[str, Any],
    jurisdiction: Jurisdiction,
    routes: dict[str, CompiledRoute],
    parameters: Mapping[str, DatedParameter],
    sources: dict[str, Source],
    faults: Faults,
) -> tuple[list[Award], list[GuidelineBand]]:
    """What others got, and the bands by which sums are set; what has a fault goes to `faults`."""
    awards: list[Award] = []
    bands: list[GuidelineBand] = []
    regions = {region.code for region in jurisdiction.regions}
    if (file := f"{name}/awards.yaml") in files:
        with faults.of():
            awards = _read(list[Award], files[file] or [], file, faults)
            _awards_known(file, awards, routes, sources, faults)
            check_labels(file, (Label(a.id, a.confidence, a.source) for a in awards), sources, faults)
    if (file := f"{name}/bands.yaml") in files:
        with faults.of():
            bands = _read(list[GuidelineBand], files[file] or [], file, faults)
            _sources_known(file, [(b.id, b.source) for b in bands], sources, faults)
            check_labels(file, (Label(b.id, b.confidence, b.source) for b in bands), sources, faults)
            for band in bands:
                _words_known(file, f"{band.id}.heads", band.heads, _of_sums(), faults)
                _words_known(file, f"{band.id}.routes", [r for r in band.routes if r not in faults.names], routes, faults)
                _words_known(file, f"{band.id}.regions", band.regions, regions, faults)
                known = [] if band.parameter is None or band.parameter in faults.names else [band.parameter]
                _words_known(file, f"{band.id}.parameter", known, parameters, faults)
    return awards, bands


def _of_sums() -> set[str]:
    """What a published sum or a band may be for."""
    return {*vocabulary.heads(), *vocabulary.award_heads()}


def _awards_known(file: str, awards: list[Award], routes: Collection[str], sources: Mapping[str, Source], faults: Faults) -> None:
    """A name in the published decisions that nothing has, or an id that two of them have, goes to `faults`."""
    seen: set[str] = set()
    for award in awards:
        if award.id in seen:
            faults.found.append(PackError(file, award.id, "Two entries have the id {id}.", "Give one of them another id.", id=award.id))
        seen.add(award.id)
        _words_known(file, f"{award.id}.sums", [one.head for one in award.sums], _of_sums(), faults)
        _words_known(file, f"{award.id}.routes", [r for r in award.routes if r not in faults.names], routes, faults)
    _sources_known(file, [(award.id, award.source) for award in awards], sources, faults)


def _terms_known(
    file: str, terms: list[Term], jurisdiction: Jurisdiction, routes: dict[str, CompiledRoute], protection: Protection | None, faults: Faults
) -> None:
    """A name in the State's own words that nothing has goes to `faults`."""
    regions = {region.code for region in jurisdiction.regions}
    topics = protection.topics if protection else {}
    for number, term in enumerate(terms):
        place = f"terms[{number}]"
        _words_known(file, f"{place}.term", [term.term], vocabulary.terms(), faults)
        _words_known(file, f"{place}.routes", [n for n in term.routes if n not in faults.names], routes, faults)
        _words_known(file, f"{place}.topics", term.topics, topics, faults)
        _words_known(file, f"{place}.regions", term.regions, regions, faults)
        _words_known(file, f"{place}.words", term.words, jurisdiction.languages, faults)


def _words_known(file: str, field: str, words: Iterable[str], known: Collection[str], faults: Faults) -> None:
    """A word that is none of the known ones goes to `faults`."""
    for missing in (one for one in words if one not in known):
        fault = PackError(file, field, "There is no {found} here.", "Use one of these: {known}.", found=missing, known=", ".join(sorted(known)))
        faults.found.append(fault)


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


def _sources_known(file: str, uses: list[tuple[str, str]], sources: Mapping[str, Source], faults: Faults) -> None:
    for place, source in uses:
        if source not in sources:
            faults.found.append(PackError(file, place, "There is no source named {found}.", "Add it to sources.yaml.", found=source))


def _parameters(
    name: str, files: dict[str, Any], sources: dict[str, Source], checked: date, currency: str, faults: Faults
) -> dict[str, DatedParameter]:
    """The figures without a fault."""
    found: dict[str, DatedParameter] = {}
    for file, content in sorted(files.items()):
        if not file.startswith(f"{name}/parameters/"):
            continue
        read: list[Parameter] = []
        with faults.of():
            read = _read(list[Parameter], content, file, faults)
        for raw in read:
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
            route = _read(Route, _with_shared_papers(content, file), file, faults)
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
