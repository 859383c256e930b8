"""What the engine leaves behind, in words a person can read, and in a trace a lawyer can check."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from calculator.api import default_rules
from calculator.engine.result import sentences as words
from calculator.engine.result.document import Range
from calculator.engine.result.report import _plain
from calculator.quantity import Value
from calculator.translation import translator

GERMANY = default_rules().packs["DE"]


def test_no_code_of_the_engine_reaches_a_person() -> None:
    """Every reason that the engine leaves behind has words."""
    folder = Path(words.__file__).parents[1]
    codes = {code for path in folder.rglob("*.py") for code in re.findall(r"unknown\(\"([a-z_]+)\"\)", path.read_text(encoding="utf-8"))}
    assert len(codes) >= 6
    for code in codes:
        assert " " in words.gap_text(code, GERMANY, str), f"{code} would be shown as it is"


def test_days_in_a_gap_are_written_as_the_reader_writes_them() -> None:
    barred = "barred:2022-05-01:2022-06-30"
    assert words.gap_text(barred, GERMANY, str).startswith("Work from May 1, 2022 to June 30, 2022 may be too old")
    german = words.gap_text(barred, GERMANY, translator("de", "law"), "de")
    assert "1. Mai 2022" in german and "30. Juni 2022" in german and "2022-" not in german
    wage = next(iter(GERMANY.parameters))
    assert words.gap_text(f"gap:{wage}:2010-02-03", GERMANY, str).endswith(": no confirmed figure for February 3, 2010.")


def test_values_of_a_trace_are_written_in_full() -> None:
    assert _plain(date(2026, 1, 2)) == "2026-01-02" and _plain(Decimal("1.50")) == "1.50" and _plain("x") == "x"
    assert _plain(Value(low=Decimal(1), high=Decimal(2))) == Range(low="1", high="2")
    assert _plain(Value(low=Decimal(1), high=None)) == Range(low="1", high=None)
    # A deduction that may be anything leaves no lower end.
    assert _plain(Value(low=Decimal("-Infinity"), high=Decimal(2))) == Range(low=None, high="2")
