"""Checks of packs: they load, their examples come out to the cent, and how much of each State is covered."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from calculator.case.read import read_case
from calculator.engine.figures import reference_rates
from calculator.engine.language import tried as exercise
from calculator.engine.language.tried import Exercised
from calculator.engine.routes.estimate import estimate
from calculator.engine.routes.pack import Pack
from calculator.errors import PackError, RedressError
from calculator.examples import failing
from calculator.freshness import forgotten_steps, past_review
from calculator.packs.load import PACKS, Rules, build_pack, checksum, look_through, pack_folders, raw_pack
from calculator.packs.model import DatedValue
from calculator.packs.parsed import Parsed
from calculator.packs.said import of_its_own
from calculator.quantity import Confidence


def check(paths: list[Path]) -> list[RedressError]:
    """Every fault found in the packs of `paths` (folders; all packs when empty); examples are worked out once a pack has none. With all
    packs the table of reference rates is looked at too."""
    problems: list[RedressError] = [] if paths else [*reference_rates.faults()]
    for folder in paths or pack_folders(PACKS):
        if not (folder / "jurisdiction.yaml").is_file():
            problems.append(PackError(str(folder), "(folder)", "This is not a pack folder.", "A pack has a jurisdiction.yaml; name its folder."))
            continue
        faults, pack = _loaded(folder)
        problems += faults
        if pack is None or faults:
            continue
        problems += failing(Rules({pack.code: pack}, checksum(folder)), [pack.code])
    return problems


def _loaded(folder: Path) -> tuple[list[PackError], Pack | None]:
    """The pack, and every fault of its files; while one of them is no YAML, the faults of that kind alone."""
    faults: list[PackError] = []
    files: dict[str, Any] = {}
    with Parsed(folder) as parsed:
        for path in sorted(folder.rglob("*.yaml")):
            try:
                files |= parsed.file(path)
            except PackError as error:
                faults.append(error)
    if faults:
        return faults, None
    pack, faults = look_through(folder.name, files)
    return faults, pack


def missing_steps(pack: Pack, on: date) -> list[PackError]:
    """Days on which a figure should have changed by its own rhythm and the same value runs on."""
    return [
        PackError(
            f"{pack.code}/parameters",
            f"{parameter.id} {value.start}",
            "By its rhythm this figure changes on {day}, but no value begins there.",
            "Add the value of that day; where it stayed the same, say so in a note.",
            day=day,
        )
        for parameter, value, day in forgotten_steps(pack, on)
    ]


def overdue(pack: Pack, on: date) -> list[PackError]:
    """Figures still in use whose review is past."""
    return [
        PackError(
            f"{pack.code}/parameters",
            parameter.id,
            "This figure was to be looked at again by {day}.",
            "Look at its source, then set checked_on or add the new value.",
            day=day,
        )
        for parameter, day in past_review(pack, on)
    ]


#: A figure of a State hardly ever more than doubles from one day to the next: 152.0 in place of 15.20 is ten times as much.
OUT_OF_PROPORTION = Decimal("2.5")


def out_of_proportion(pack: Pack) -> list[PackError]:
    """Figures that are many times, or a small part of, the one before or after them. Where that is right, a note on the value says so."""
    found = []
    for parameter in pack.parameters.values():
        if parameter.unit == "percent":
            # Rates of interest jump.
            continue
        for before, after in zip(parameter.values, parameter.values[1:], strict=False):
            if before.raw.note or after.raw.note:
                continue
            old, new = _figures(before.raw), _figures(after.raw)
            for row in old.keys() & new.keys():
                low, high = sorted((old[row], new[row]))
                if low > 0 and high / low > OUT_OF_PROPORTION:
                    found.append(
                        PackError(
                            f"{pack.code}/parameters",
                            f"{parameter.id} {after.start}" + (f" ({row})" if row else ""),
                            "{new} stands beside {old}: {times} times as much, or as little.",
                            "Look at the decimal point. Where it is right, say so in a note on the value.",
                            new=new[row],
                            old=old[row],
                            times=round(high / low, 1),
                        )
                    )
    return found


def _figures(value: DatedValue) -> dict[str, Decimal]:
    """The figures of a dated value, by the row they are of ("" without rows)."""
    rows: list[tuple[str, Any]] = [("", value), *((str(row.key or row.upto or row.label), row) for row in value.rows or ())]
    return {
        f"{name} {end}".strip(): Decimal(str(getattr(one, end)))
        for name, one in rows
        for end in ("value", "low", "high")
        if isinstance(getattr(one, end), int | float | Decimal)
    }


def value_warnings(paths: list[Path]) -> list[PackError]:
    """Figures that look like slips of the pen, in packs that load."""
    return [one for folder in paths or pack_folders(PACKS) for one in out_of_proportion(build_pack(folder.name, raw_pack(folder)))]


def date_warnings(paths: list[Path], on: date) -> list[PackError]:
    """What a team looks at now and then: missing steps and reviews that are past."""
    packs = [build_pack(folder.name, raw_pack(folder)) for folder in paths or pack_folders(PACKS)]
    return [warning for pack in packs for warning in (*missing_steps(pack, on), *overdue(pack, on))]


def unexercised(folder: Path) -> list[tuple[str, str]]:
    """Choices of a pack that none of its examples takes both ways. Raises PackError."""
    pack = build_pack(folder.name, raw_pack(folder))
    rules = Rules({pack.code: pack}, "")
    seen: Exercised = {}
    for example in pack.examples:
        estimate(read_case(example.case), rules, example.on, [example.jurisdiction or pack.code], trace=False, exercised=seen)
    return [found for route in pack.routes.values() for found in exercise.unexercised(route.places, seen)]


def coverage(rules: Rules) -> list[dict[str, Any]]:
    """One row a State: routes, computed ones, heads without a figure, figures by confidence, oldest date, questions, and how many
    sentences of its own a person reads: each is translated into every language."""
    own = of_its_own(rules.packs.values())
    return [_coverage(pack, own[pack.code]) for pack in rules.packs.values()]


def _coverage(pack: Pack, own_sentences: int) -> dict[str, Any]:
    ranks: Counter[str] = Counter()
    blanks = 0
    for parameter in pack.parameters.values():
        for value in parameter.values:
            figures: list[Any] = [*(value.raw.rows or ())] or [value.raw]
            for figure in figures:
                if figure.value is None and figure.low is None:
                    blanks += 1
                else:
                    ranks[getattr(figure, "confidence", None) or value.rank.name] += 1
    dates = pack.checked_dates()
    routes = list(pack.routes.values())
    return {
        "code": pack.code,
        "routes": len(routes),
        "computed": [r.raw.id for r in routes if any(h.result is not None for h in r.heads)],
        "described": [r.raw.id for r in routes if all(h.result is None for h in r.heads)],
        "missing_data": sorted({h.raw.gap for r in routes for h in r.heads if h.raw.gap}),
        "figures": {rank.name: ranks.get(rank.name, 0) for rank in Confidence},
        "blank_figures": blanks,
        "shares": {rank.name: round(100 * ranks.get(rank.name, 0) / max(1, sum(ranks.values()))) for rank in Confidence},
        "examples": dict(Counter(e.kind for e in pack.examples)),
        "regions": [r.code for r in pack.jurisdiction.regions],
        "missing_steps": len(missing_steps(pack, date.today())),
        "oldest_checked_on": min(dates).isoformat() if dates else None,
        "contacts": len(pack.contacts),
        "own_sentences": own_sentences,
        "open_questions": pack.jurisdiction.open_questions,
    }
