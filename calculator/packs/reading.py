"""Reading what stands in a pack: as a model, or as a fault that names file and field; names that something has to have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calculator.engine.language.faults import Faults, FollowsError
from calculator.errors import PackError
from calculator.packs.model import Source


def read(kind: Any, raw: Any, file: str, faults: Faults) -> Any:
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


def words_known(file: str, field: str, words: Iterable[str], known: Collection[str], faults: Faults) -> None:
    """A word that is none of the known ones goes to `faults`."""
    for missing in (one for one in words if one not in known):
        fault = PackError(file, field, "There is no {found} here.", "Use one of these: {known}.", found=missing, known=", ".join(sorted(known)))
        faults.found.append(fault)


def sources_known(file: str, uses: list[tuple[str, str]], sources: Mapping[str, Source], faults: Faults) -> None:
    for place, source in uses:
        if source not in sources:
            faults.found.append(PackError(file, place, "There is no source named {found}.", "Add it to sources.yaml.", found=source))
