"""A pack of a country that does not exist, built in a test: one route, the parameters and rules the test is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from calculator.case.read import read_case
from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import Estimate, estimate
from calculator.engine.routes.outcome import RouteResult
from calculator.packs.load import Rules, build_pack
from calculator.quantity import cents

ON = date(2026, 6, 30)
CONDITION = {"id": "always", "text": "Holds.", "source": "act", "test": {"always": True}}


def parameter(name: str, unit: str, *values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A figure; `values` as in a pack, or one plain value from 2000 on."""
    return {"id": name, "title": f"The {name}", "unit": unit, "source": "act", "confidence": "official", "values": list(values), **more}


def since(value: object, day: str = "2000-01-01", **more: Any) -> dict[str, Any]:
    return {"from": day, "value": value, **more}


def route(heads: list[dict[str, Any]], name: str = "claim", **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "civil_claim",
        "name": f"The {name}",
        "authority": "A court.",
        "legal_basis": ["Act 1"],
        "source": "act",
        "conditions": [CONDITION],
        "heads": heads,
        **more,
    }


def head(result: Any = None, name: str = "back_pay", **more: Any) -> dict[str, Any]:
    return {"head": name, "payer": "employer", **({"result": result} if result is not None else {}), **more}


def files(routes: list[dict[str, Any]], parameters: list[dict[str, Any]] | None = None, **jurisdiction: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "XX/jurisdiction.yaml": {
            "code": "XX",
            "country": "XX",
            "name": "Nowhere",
            "currency": "EUR",
            "languages": ["en"],
            "sources_checked_on": "2026-01-01",
            **jurisdiction,
        },
        "XX/sources.yaml": {"act": {"title": "An act", "kind": "official"}, "other": {"title": "Another act", "kind": "official"}},
        "XX/parameters/all.yaml": parameters or [],
    }
    return found | {f"XX/routes/{r['id']}.yaml": r for r in routes}


def rules(routes: list[dict[str, Any]], parameters: list[dict[str, Any]] | None = None, **jurisdiction: Any) -> Rules:
    return Rules({"XX": build_pack("XX", files(routes, parameters, **jurisdiction))}, "test")


def worked_out(found: Rules, case: dict[str, Any], on: date = ON, code: str = "XX", trace: bool = False) -> Estimate:
    return estimate(read_case(case), found, on, [code], trace=trace)


def result(found: Rules, case: dict[str, Any], name: str = "claim", on: date = ON, code: str = "XX") -> RouteResult:
    return next(r for r in worked_out(found, case, on, code).jurisdictions[0].routes if r.route.raw.id == name)


def amounts(found: Rules, case: dict[str, Any], name: str = "claim", on: date = ON, code: str = "XX") -> tuple[str | None, str | None]:
    """Low and high of a route, as the contract writes them."""
    document = estimate_json(worked_out(found, case, on, code), lambda text: text)["jurisdictions"][0]
    shown = next(r for r in document["routes"] if r["id"] == name)["amount"]
    return shown["low"], shown["high"]


def value(
    formula: Any, case: dict[str, Any] | None = None, parameters: list[dict[str, Any]] | None = None, on: date = ON, **route_parts: Any
) -> tuple[str | None, str | None]:
    """What one formula comes to in a case."""
    return amounts(rules([route([head(formula)], **route_parts)], parameters), case or {}, on=on)


def of_formula(formula: Any, case: dict[str, Any] | None = None) -> tuple[str | None, str | None]:
    """What one formula comes to by itself, before what was paid already comes off its route."""
    lines = result(rules([route([head(formula, "funeral")])]), case or {}).lines
    return (cents(lines[0].value.low), cents(lines[0].value.high)) if lines else (None, None)


def job(**facts: Any) -> dict[str, Any]:
    """A case with one job in February 2026 (28 days, four weeks) for which nothing was paid."""
    work = {"country": "XX", "start": "2026-02-02", "end": "2026-03-01", "hours_per_week": 40, "paid": [], **facts}
    return {"work": [work]}
