"""Examples of packs: whether each comes out as it says, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from calculator.case.read import read_case
from calculator.engine.result.document import Amount
from calculator.engine.result.document_json import as_json
from calculator.engine.result.report import report
from calculator.engine.routes.estimate import estimate
from calculator.errors import PackError, RedressError
from calculator.packs.load import Rules
from calculator.packs.model import Example


def failing(rules: Rules, codes: Iterable[str]) -> list[PackError]:
    """Every example of these packs that does not come out as it says."""
    return [
        PackError(f"{code}/examples", example.id, "{problem}", "Correct the example or the rule.", problem=text)
        for code in codes
        for example in rules.packs[code].examples
        for text in differences(example, rules, code)
    ]


def _as_it_is(text: str) -> str:
    """The texts of the pack, in its own language."""
    return text


def differences(example: Example, rules: Rules, code: str) -> list[str]:
    """What an example expects and does not get, in words; empty when it comes out."""
    try:
        found = estimate(read_case(example.case), rules, example.on, [example.jurisdiction or code], trace=False)
    except RedressError as error:
        return [f"The case cannot be worked out: {error}"]
    told = report(found, _as_it_is).jurisdictions[0]
    wanted = example.expect
    route = next((r for r in told.routes if r.id == wanted.get("route")), None)
    if route is None:
        return [f"There is no route {wanted.get('route')}."]
    problems = []
    problems += _amounts("amount", wanted.get("amount"), route.amount)
    problems += _amounts("unconfirmed", wanted.get("unconfirmed"), route.unconfirmed)
    problems += _amounts("total", wanted.get("total"), told.total)
    if "status" in wanted and wanted["status"] != route.status:
        problems.append(f"status: expected {wanted['status']}, found {route.status}.")
    for line in wanted.get("lines", []):
        options = [one for one in route.lines if one.head == line["head"] and line.get("confidence") in (None, one.confidence)]
        if not any(not _amounts("line", {k: v for k, v in line.items() if k in ("low", "high", "per")}, one.amount) for one in options):
            shown = [(one.amount.low, one.amount.high, one.confidence) for one in options]
            problems.append(f"line {line['head']}: expected {line}, found {shown}.")
    dates = {d.id: d.date for d in route.deadlines}
    problems += [
        f"deadline {name}: expected {day}, found {dates.get(name, 'absent')}."
        for name, day in wanted.get("deadlines", {}).items()
        if (None if day is None else str(day)) != dates.get(name, "absent")
    ]
    return problems


def _amounts(name: str, wanted: dict[str, Any] | None, found: Amount | None) -> list[str]:
    if wanted is None:
        return []
    written = as_json(found) if found else {}
    problems = []
    for key, value in wanted.items():
        actual = written.get(key)
        same = str(value) == str(actual) if key == "per" or value is None or actual is None else (Decimal(str(value)) == Decimal(str(actual)))
        if not same and not (value is None and actual is None):
            problems.append(f"{name}.{key}: expected {value}, found {actual}.")
    return problems
