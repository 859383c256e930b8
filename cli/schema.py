"""JSON Schemas for editors: one a kind of file, with every operation of the rule language named and explained."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from calculator import vocabulary
from calculator.case.model import CaseFile
from calculator.engine.language.expressions import OPERATIONS
from calculator.engine.result import document_json
from calculator.engine.routes import pack as _pack  # noqa: F401 - registers every operation
from calculator.packs.awards import Award, GuidelineBand
from calculator.packs.forms import Form
from calculator.packs.model import Example, InjuryRow, Jurisdiction, Parameter, Route, Source
from calculator.packs.services import Contact, Protection, Terms

FOLDER = Path(__file__).parent.parent / "schemas"
#: File of a pack (as a glob) -> what it holds. The names are those of the files under schemas/.
KINDS: dict[str, tuple[str, Any]] = {
    "jurisdiction": ("jurisdiction.yaml", Jurisdiction),
    "sources": ("sources.yaml", dict[str, Source]),
    "parameters": ("parameters/*.yaml", list[Parameter]),
    "route": ("routes/*.yaml", Route),
    "contacts": ("contacts.yaml", list[Contact]),
    "protection": ("protection.yaml", Protection),
    "terms": ("terms.yaml", Terms),
    "forms": ("forms.yaml", list[Form]),
    "awards": ("awards.yaml", list[Award]),
    "bands": ("bands.yaml", list[GuidelineBand]),
    "injuries": ("injuries.yaml", list[InjuryRow]),
    "examples": ("examples/*.yaml", list[Example]),
}
#: Keys that stand beside an operation.
BESIDE = (
    "at",
    "key",
    "at_least",
    "at_most",
    "not_below_zero",
    "then",
    "else",
    "to",
    "mode",
    "unless",
    "from",
    "until",
    "rate",
    "grace_months",
    "compound",
    "fixed",
    "share",
    "of",
    "cap",
    "years",
    "percent",
    "count",
    "income",
    "full_until",
    "nothing_from",
    "head",
)
TESTS = {
    "all": "Every one of these holds.",
    "any": "At least one of these holds.",
    "not": "This does not hold.",
    "always": "Holds (true) or never holds (false).",
    "nobody_knows": "No case file can tell; the reason in words.",
    "fact": "A fact of the case: is, in, has, at_least, at_most, over, under, any_with or said.",
    "date": "A day compared with another: on_or_after, after, before or by.",
    "age_at": "The age on a day: under or at_least.",
    "region": "A part of the country.",
    "locality": "A city or county.",
    "value": "An amount: at_least, at_most, over or under.",
}


def _first_line(function: Any) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def _operation_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {name: {"description": _first_line(word.compiler)} for name, word in sorted(OPERATIONS.items())}
    properties |= {name: {} for name in BESIDE if name not in properties}
    return {
        "description": "A number, a fact, a step above, or one operation (docs/rule-language.md).",
        "anyOf": [{"type": ["number", "string"]}, {"type": "object", "properties": properties, "additionalProperties": False}],
    }


def _condition_schema() -> dict[str, Any]:
    words = ("is", "in", "has", "at_least", "at_most", "over", "under", "any_with", "said", "on_or_after", "after", "before", "by")
    properties: dict[str, Any] = {name: {"description": text} for name, text in TESTS.items()} | {name: {} for name in words}
    properties["fact"] = {"enum": sorted(vocabulary.facts()), "description": TESTS["fact"]}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _with_language(schema: dict[str, Any]) -> dict[str, Any]:
    """Put the rule language where the models only say that anything may stand."""
    defs = schema.setdefault("$defs", {})
    defs["Operation"], defs["ConditionTest"] = _operation_schema(), _condition_schema()
    value, test = {"$ref": "#/$defs/Operation"}, {"$ref": "#/$defs/ConditionTest"}
    for name, fields in {
        "Head": {"result": value, "when": test},
        "Condition": {"test": test},
        "Deadline": {"when": test},
        "Cap": {"at_most": value, "deductible": value, "nothing_below": value},
    }.items():
        for field, shape in fields.items():
            if name in defs:
                defs[name]["properties"][field] = {**{k: v for k, v in defs[name]["properties"][field].items() if k == "title"}, **shape}
    if "Head" in defs:
        defs["Head"]["properties"]["head"] = {"enum": sorted(vocabulary.heads())}
        defs["Head"]["properties"]["steps"] = {"type": "object", "additionalProperties": value}
    if "Condition" in defs:
        defs["Condition"]["properties"]["said"]["items"] = {"enum": sorted(vocabulary.conditions())}
    if "Named" in defs:
        # The text may be left out where the shared vocabulary has one for the id.
        defs["Named"]["required"] = [field for field in defs["Named"].get("required", []) if field != "text"]
        defs["Named"]["properties"]["id"] = {"anyOf": [{"enum": sorted(vocabulary.documents())}, {"type": "string"}]}
    return schema


def schema(what: str) -> dict[str, Any] | None:
    """The JSON Schema of `case`, `estimate`, `pack` (all kinds of files) or one kind of file; None when there is none."""
    if what == "case":
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CaseFile.model_json_schema(by_alias=True)}
    if what == "estimate":
        return document_json.schema()
    if what == "pack":
        kinds = {kind: file_schema(kind) for kind in KINDS}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Pack",
            "description": "A folder of files; each property is the schema of one kind.",
            "type": "object",
            "properties": {KINDS[kind][0]: found for kind, found in kinds.items()},
        }
    return file_schema(what) if what in KINDS else None


def file_schema(kind: str) -> dict[str, Any]:
    found = TypeAdapter(KINDS[kind][1]).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **(_with_language(found) if kind == "route" else found)}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every schema that editors use (docs/writing-rules.md)."""
    folder.mkdir(exist_ok=True)
    written = []
    for kind in ("case", "estimate", *KINDS):
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(schema(kind), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        written.append(path)
    return written
