"""The calculator: one estimate, packs, growth with work periods."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, p50, paired, series
from calculator.api import default_rules
from calculator.case.model import CaseFile
from calculator.case.read import read_case
from calculator.engine.result.interview import Interview
from calculator.engine.routes.estimate import estimate
from calculator.packs.load import PACKS, Rules, load_rules, pack_folders
from cli.batch import Options, run

ON = date(2026, 6, 30)


def one_job(country: str) -> dict[str, Any]:
    """One job over two rate years and three injuries."""
    return {
        "person": {"birth_date": "1990-01-01"},
        "exploitation": [{"country": country, "forms": ["labour"], "start": "2024-09-01", "end": "2025-06-30", "violence": ["physical"]}],
        "work": [
            {
                "country": country,
                "hours_per_week": 60,
                "paid": [{"amount": "50", "per": "week"}],
                "permit_to_work": True,
                "employer_kind": "company",
                "accommodation": {"provided": False},
                "declared": "not_at_all",
            }
        ],
        "harm": {
            "injuries": [{"code": "ptsd", "permanent": True, "severity": "serious"}, {"code": "A-PHY-02"}, {"code": "A-PHY-07"}],
            "degree_of_harm": 40,
            "psychological": "permanent",
            "diagnosed": True,
        },
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
    every, ratios = [], []
    for country, pack in rules.packs.items():
        case = read_case(one_job(country))
        plain = partial(estimate, case, rules, ON, [country], trace=False)
        taken, ratio = paired(plain, by_hand, 200)
        _, traced = paired(partial(estimate, case, rules, ON, [country], trace=True), plain, 100)
        every.append(taken)
        ratios.append(ratio)
        found.append(
            Row(
                f"one estimate, all {len(pack.routes)} routes of {country}",
                f"p50 {taken * 1000:.2f} ms",
                "<= 2 ms",
                f"{ratio:.1f} x one route's back pay by hand, day by day; {taken * 1000 / len(pack.routes):.2f} ms a "
                f"route; with trace {traced:.1f} x",
            )
        )
    found.append(Row("the same, median of all States", f"p50 {p50(every) * 1000:.2f} ms", "<= 2 ms, <= 3.5 x", f"{p50(ratios):.1f} x the same"))
    found += _throughput()
    loading = p50(series(load_rules, 10))
    found.append(
        Row(f"load all {len(rules.packs)} packs, parsed before", f"{loading * 1000:.0f} ms; {_memory()}", "<= 0.5 s, <= 80 MB", _by_pack())
    )
    for count in (25, 50, 100):
        case = read_case(_periods(count))
        taken = p50(series(partial(estimate, case, rules, ON, ["GB"], trace=False), 10))
        found.append(
            Row(
                f"{count} work periods over 10 years",
                f"{taken * 1000:.1f} ms",
                "linear, <= 20 ms at 100",
                f"{taken * 1000 / count:.2f} ms a period",
            )
        )
    return found + _many_questions()


def _many_questions() -> list[Row]:
    """What to ask next about many jobs, everything that is worth asking; the State with the most rules of pay beside one with few."""
    rules = default_rules()
    found = []
    for country in ("GB", "US"):
        for count in (50, 100, 200):
            case = read_case(_periods(count, country))
            one = p50(series(partial(estimate, case, rules, ON, [country], trace=False), 3))
            taken = p50(series(partial(_all_worth_asking, case, rules, country), 3))
            found.append(
                Row(
                    f"questions about {count} jobs, {country}",
                    f"{taken * 1000:.0f} ms",
                    "linear, <= 1 s at 200",
                    f"{taken / one:.1f} x one estimate of the same case; {taken * 1000 / count:.1f} ms a job",
                )
            )
    return found


def _all_worth_asking(case: CaseFile, rules: Rules, country: str) -> None:
    for _question in Interview(case, rules, ON, [country]).worth_asking():
        pass


def _throughput(cases: int = 600) -> list[Row]:
    """Cases of all States through `redress batch`, by one process and by all cores."""
    states = list(default_rules().packs)
    lines = "\n".join(json.dumps({**one_job(states[n % len(states)]), "version": 1}) for n in range(cases))
    options = Options(jurisdictions=None, on=ON, today=ON, language="en", trace=False)
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.jsonl"
        source.write_text(lines, encoding="utf-8")
        for workers in (1, os.cpu_count() or 1):
            started = time.perf_counter()
            run(source, io.StringIO(), options, workers)
            rates.append(cases / (time.perf_counter() - started))
    return [
        Row(
            f"batch of {cases} cases, JSON, {os.cpu_count()} cores",
            f"{rates[1]:.0f} cases a second",
            "",
            f"{rates[1] / rates[0]:.1f} x one process ({rates[0]:.0f} a second), start of the workers included",
        )
    ]


def _by_pack() -> str:
    """How loading grows with the number of packs."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (5, 10, 15):
            root = Path(folder) / str(count)
            for pack in pack_folders(PACKS)[:count]:
                shutil.copytree(pack, root / pack.name)
            taken.append(f"{count}: {p50(series(partial(load_rules, root), 5)) * 1000:.0f} ms")
    return f"by number of packs, {', '.join(taken)}"


def _periods(count: int, country: str = "GB") -> dict[str, Any]:
    length = 3650 // count
    first = date(2016, 6, 1)
    work = [
        {
            "country": country,
            "hours_per_week": 50,
            "paid": [],
            "accommodation": {"provided": False},
            "start": (first + timedelta(days=length * n)).isoformat(),
            "end": (first + timedelta(days=length * n + length - 1)).isoformat(),
        }
        for n in range(count)
    ]
    return {"person": {"birth_date": "1990-01-01"}, "exploitation": [{"country": country, "forms": ["labour"]}], "work": work}


def _memory() -> str:
    """What loading the packs adds to a fresh Python with the calculator imported."""
    code = (
        "import psutil, os; p = psutil.Process(os.getpid());"
        "from calculator.packs.load import load_rules; import calculator.api; before = p.memory_info().rss;"
        "rules = load_rules(); print(round((p.memory_info().rss - before) / 1e6))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    return f"{answer.stdout.strip()} MB"
