"""The calculator: one estimate, packs, growth with work periods."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, p50, series
from calculator.api import PACK_CACHE, default_rules
from calculator.case.read import read_case
from calculator.engine.estimate import estimate
from calculator.packs.load import load_rules

ON = date(2026, 6, 30)


def one_job(country: str) -> dict[str, Any]:
    """One job over two rate years and three injuries."""
    return {
        "person": {"birth_date": "1990-01-01"},
        "exploitation": [{"country": country, "forms": ["labour"], "start": "2024-09-01", "end": "2025-06-30",
                          "violence": ["physical"]}],
        "work": [{"country": country, "hours_per_week": 60, "paid": [{"amount": "50", "per": "week"}], "permit_to_work": True,
                  "employer_kind": "company", "accommodation": {"provided": False}, "declared": "not_at_all"}],
        "harm": {"injuries": [{"code": "ptsd", "permanent": True, "severity": "serious"}, {"code": "A-PHY-02"}, {"code": "A-PHY-07"}],
                 "degree_of_harm": 40, "psychological": "permanent", "diagnosed": True},
        "procedure": {"reported_to_police": True, "identified_as_victim": "conclusive", "cooperates": True},
    }


def by_hand() -> Decimal:
    """The baseline: the same British back pay written out for this one case, without ranges, dates or sources."""
    total = Decimal(0)
    day = date(2024, 9, 1)
    while day <= date(2025, 6, 30):
        rate = Decimal("11.44") if day < date(2025, 4, 1) else Decimal("12.21")
        unpaid = rate * 60 / 7 - Decimal(50) / 7
        total += max(unpaid, unpaid / rate * Decimal("12.71"))
        day += timedelta(days=1)
    return total


def rows() -> list[Row]:
    rules = default_rules()
    found = []
    baseline = p50(series(by_hand, 200))
    for country in ("DE", "FR", "GB"):
        case = read_case(one_job(country))
        taken = p50(series(partial(estimate, case, rules, ON, [country], trace=False), 200))
        traced = p50(series(partial(estimate, case, rules, ON, [country], trace=True), 100))
        found.append(Row(f"one estimate, all routes of {country}", f"p50 {taken * 1000:.2f} ms", "<= 2 ms",
                         f"{taken / baseline:.1f} x one route's back pay by hand, day by day; with trace {traced / taken:.1f} x"))
    loading = p50(series(lambda: load_rules(cache=PACK_CACHE), 10))
    per_pack = loading / len(rules.packs)
    found.append(Row("load every pack from the cache", f"{loading * 1000:.0f} ms, {per_pack * 1000:.0f} ms a pack; {_memory()}",
                     "<= 0.5 s, <= 80 MB"))
    for count in (25, 50, 100):
        case = read_case(_periods(count))
        taken = p50(series(partial(estimate, case, rules, ON, ["GB"], trace=False), 10))
        found.append(Row(f"{count} work periods over 10 years", f"{taken * 1000:.1f} ms", "linear, <= 20 ms at 100",
                         f"{taken * 1000 / count:.2f} ms a period"))
    return found


def _periods(count: int) -> dict[str, Any]:
    length = 3650 // count
    first = date(2016, 6, 1)
    work = [{"country": "GB", "hours_per_week": 50, "paid": [], "accommodation": {"provided": False},
             "start": (first + timedelta(days=length * n)).isoformat(),
             "end": (first + timedelta(days=length * n + length - 1)).isoformat()} for n in range(count)]
    return {"person": {"birth_date": "1990-01-01"}, "exploitation": [{"country": "GB", "forms": ["labour"]}], "work": work}


def _memory() -> str:
    """What loading the packs adds to a fresh Python with the calculator imported."""
    code = ("import psutil, os; p = psutil.Process(os.getpid());"
            "from calculator.packs.load import load_rules; from calculator.api import PACK_CACHE; before = p.memory_info().rss;"
            "rules = load_rules(cache=PACK_CACHE); print(round((p.memory_info().rss - before) / 1e6))")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                            cwd=Path(__file__).parent.parent)
    return f"{answer.stdout.strip()} MB"
