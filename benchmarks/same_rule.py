"""The same back-pay rule in our step language and in OpenFisca-Core, run side by side.

One job in whole calendar months, a minimum wage with its history, monthly pay: what both can say. Ranges, dates that are not
known, time bars, promises, sources and traces, which ours works out besides, are what the rest of the benchmarks measure.
"""

from __future__ import annotations

import json
import subprocess
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, p50, series
from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.routes.estimate import estimate
from calculator.packs.load import Rules, build_pack

ROOT = Path(__file__).parent.parent
ON = date(2026, 6, 30)
WEEKS = "4.35"
MINUTE = 60


def case(months: int) -> dict[str, Any]:
    """So many whole months of work up to the end of 2025."""
    first = 2026 * 12 - months
    return {"start": date(first // 12, first % 12 + 1, 1).isoformat(), "end": "2025-12-31", "hours_per_week": 48, "paid_per_month": 400}


def rates() -> list[tuple[str, str]]:
    """The German minimum wage, from its pack."""
    values = default_rules().packs["DE"].parameters["mindestlohn"].values
    return [(v.start.isoformat(), str(v.raw.value)) for v in values if v.raw.value is not None]


def ours() -> Rules:
    """A pack with this rule alone."""
    history = rates()
    values: list[dict[str, Any]] = [{"from": day, "value": rate} for day, rate in history]
    figure = {"unit": "EUR/hour", "source": "act", "confidence": "official", "id": "wage", "title": "Minimum wage", "values": values}
    for value, following in zip(values, values[1:], strict=False):
        value["to"] = date.fromordinal(date.fromisoformat(following["from"]).toordinal() - 1).isoformat()
    weeks = {
        "id": "weeks",
        "title": "Weeks in a month",
        "unit": "number",
        "source": "act",
        "confidence": "official",
        "values": [{"from": "2000-01-01", "value": WEEKS}],
    }
    rule = {"pay_period": "month", "weeks_per_month": {"param": "weeks"}, "rates": [{"param": "wage"}]}
    route = {
        "id": "wages",
        "kind": "labour_claim",
        "name": "Wages",
        "authority": "A court.",
        "legal_basis": ["Act"],
        "source": "act",
        "conditions": [{"id": "work", "text": "Work.", "source": "act", "test": {"always": True}}],
        "pay_rules": {"work": rule},
        "heads": [{"head": "back_pay", "payer": "employer", "result": {"back_pay": "work"}}],
    }
    pack = build_pack(
        "XX",
        {
            "XX/jurisdiction.yaml": {
                "code": "XX",
                "country": "XX",
                "name": "X",
                "currency": "EUR",
                "languages": ["en"],
                "sources_checked_on": "2026-01-01",
            },
            "XX/sources.yaml": {"act": {"title": "An act", "kind": "official"}},
            "XX/parameters/all.yaml": [figure, weeks],
            "XX/routes/wages.yaml": route,
        },
    )
    return Rules({"XX": pack}, "benchmark")


def rows() -> list[Row]:
    python = ROOT / ".venv-openfisca" / "bin" / "python"
    rules, found = ours(), []
    for months in (12, 60):
        facts = case(months)
        read = read_case(
            {
                "work": [
                    {
                        "country": "XX",
                        "start": facts["start"],
                        "end": facts["end"],
                        "hours_per_week": facts["hours_per_week"],
                        "paid": [{"amount": facts["paid_per_month"], "per": "month"}],
                    }
                ]
            }
        )
        run = partial(estimate, read, rules, ON, ["XX"], trace=False)
        value = run().jurisdictions[0].routes[0].lines[0].value.low
        given = json.dumps({**facts, "rates": rates(), "weeks_per_month": WEEKS})
        answer = subprocess.run(
            [python, "-m", "benchmarks.openfisca_rule"], input=given, capture_output=True, text=True, check=True, cwd=ROOT, timeout=5 * MINUTE
        )
        other = json.loads(answer.stdout)
        # OpenFisca counts in 32-bit floating point.
        if abs(value - Decimal(other["result"])) > value / 1_000_000:
            raise SystemExit(f"The two rules differ: ours {value}, OpenFisca {other['result']}.")
        taken = p50(series(run, 200))
        found.append(
            Row(
                f"back pay, {months} months, the same rule in OpenFisca-Core 46",
                f"p50 {taken * 1000:.2f} ms",
                "not slower",
                f"{taken / other['one_p50']:.2f} x OpenFisca ({other['one_p50'] * 1000:.2f} ms for one person; "
                f"{other['many_per_person'] * 1e6:.1f} us a person among 10,000 at once)",
            )
        )
    return found
