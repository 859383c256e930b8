"""What others got, as packs say it: published decisions and bands, read and checked, and those of States without a pack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from calculator import vocabulary, yaml12
from calculator.engine.figures.parameters import DatedParameter
from calculator.engine.language.faults import Faults
from calculator.engine.routes.pack import CompiledRoute
from calculator.errors import PackError
from calculator.packs.awards import Award, Elsewhere, GuidelineBand, Published
from calculator.packs.labels import Label, check_labels
from calculator.packs.model import Jurisdiction, Source
from calculator.packs.reading import read, sources_known, words_known

#: Published decisions of States without a pack.
ELSEWHERE = "elsewhere.yaml"


def published(country: str, awards: Iterable[Award], sources: Mapping[str, Source]) -> Iterator[Published]:
    return (Published(country, award, sources[award.source]) for award in awards)


def of_elsewhere(root: Path) -> Iterator[Published]:
    """Published decisions of States without a pack. Raises PackError for what is no such list."""
    file = root / ELSEWHERE
    if not file.is_file():
        return
    faults = Faults()
    with faults.of():
        found: dict[str, Elsewhere] = read(dict[str, Elsewhere], yaml12.load(file.read_text(encoding="utf-8")), ELSEWHERE, faults)
        for country, raw in found.items():
            _awards_known(ELSEWHERE, raw.awards, {}, raw.sources, faults)
            if not faults.found:
                yield from published(country, raw.awards, raw.sources)
    if faults.found:
        raise faults.found[0]


def awards_and_bands(
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
            awards = read(list[Award], files[file] or [], file, faults)
            _awards_known(file, awards, routes, sources, faults)
            check_labels(file, (Label(a.id, a.confidence, a.source) for a in awards), sources, faults)
    if (file := f"{name}/bands.yaml") in files:
        with faults.of():
            bands = read(list[GuidelineBand], files[file] or [], file, faults)
            sources_known(file, [(b.id, b.source) for b in bands], sources, faults)
            check_labels(file, (Label(b.id, b.confidence, b.source) for b in bands), sources, faults)
            for band in bands:
                words_known(file, f"{band.id}.heads", band.heads, _of_sums(), faults)
                words_known(file, f"{band.id}.routes", [r for r in band.routes if r not in faults.names], routes, faults)
                words_known(file, f"{band.id}.regions", band.regions, regions, faults)
                known = [] if band.parameter is None or band.parameter in faults.names else [band.parameter]
                words_known(file, f"{band.id}.parameter", known, parameters, faults)
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
        words_known(file, f"{award.id}.sums", [one.head for one in award.sums], _of_sums(), faults)
        words_known(file, f"{award.id}.routes", [r for r in award.routes if r not in faults.names], routes, faults)
    sources_known(file, [(award.id, award.source) for award in awards], sources, faults)
