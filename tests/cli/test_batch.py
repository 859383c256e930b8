"""`redress batch`: many cases at once; one that cannot be worked out is named and does not stop the others."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_command import CASE, redress

from cli import batch
from cli.batch import Options, run

DAY = date(2026, 6, 30)
ONE: dict[str, Any] = {
    "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30"}],
    "work": [{"country": "DE", "hours_per_week": 60, "paid": [{"amount": "50", "per": "week"}]}],
}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_folder_of_cases_with_bad_ones_among_them(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "b.yml").write_text("work: [{country: DE, hours_per_week: -3}]", encoding="utf-8")
    (tmp_path / "c.json").write_text(json.dumps(ONE), encoding="utf-8")
    (tmp_path / "d.json").write_text("{", encoding="utf-8")
    (tmp_path / "e.yaml").write_bytes(b"work: \xff")
    (tmp_path / "f.yaml").write_text("x" * 2_100_000, encoding="utf-8")
    (tmp_path / "inner" / "g.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a case", encoding="utf-8")
    answer = redress("batch", str(tmp_path), "--on", "2026-06-30")
    found = {line["case"]: line for line in lines(answer.stdout)}
    assert list(found) == ["a.yaml", "b.yml", "c.json", "d.json", "e.yaml", "f.yaml", "inner/g.yaml"]
    assert found["a.yaml"]["estimate"]["jurisdictions"][0]["code"] == "DE"
    assert found["c.json"]["estimate"] and found["inner/g.yaml"]["estimate"]
    assert found["b.yml"]["error"]["fact"] == "work[0].hours_per_week"
    for name, word in (("b.yml", "between 0 and 168"), ("d.json", "JSON"), ("e.yaml", "UTF-8"), ("f.yaml", "too large")):
        assert word in found[name]["error"]["message"] + found[name]["error"]["fix"]
        assert f"{name}:" in answer.stderr
    assert answer.returncode == 2


def test_json_lines_keep_their_order_on_all_cores(tmp_path: Path) -> None:
    source = tmp_path / "cases.jsonl"
    hours = [20 + n for n in range(70)]
    cases = [{**ONE, "work": [{**ONE["work"][0], "hours_per_week": n}]} for n in hours]
    source.write_text("\n".join(json.dumps(c) for c in cases[:35]) + "\n\n" + "\n".join(json.dumps(c) for c in cases[35:]), encoding="utf-8")
    options = Options(jurisdictions=["DE"], on=DAY, today=DAY, language="en", trace=False)
    alone, together = io.StringIO(), io.StringIO()
    assert run(source, alone, options, workers=1).done == 70
    assert run(source, together, options, workers=3).failed == 0
    assert alone.getvalue() == together.getvalue()
    lows = [
        float(next(r for r in line["estimate"]["jurisdictions"][0]["routes"] if r["id"] == "de-wages")["amount"]["low"])
        for line in lines(alone.getvalue())
    ]
    assert lows == sorted(lows) and lows[0] < lows[-1]


def test_the_day_of_a_case_is_its_own_unless_one_is_given(tmp_path: Path) -> None:
    source = tmp_path / "cases.jsonl"
    source.write_text(json.dumps({**ONE, "evaluated_on": "2025-07-01"}) + "\n" + json.dumps(ONE), encoding="utf-8")
    target = io.StringIO()
    run(source, target, Options(None, None, DAY, "en", False), workers=1)
    assert [line["estimate"]["on"] for line in lines(target.getvalue())] == ["2025-07-01", "2026-06-30"]
    target = io.StringIO()
    run(source, target, Options(None, date(2026, 1, 1), DAY, "en", False), workers=1)
    assert [line["estimate"]["on"] for line in lines(target.getvalue())] == ["2026-01-01", "2026-01-01"]


def _dies(*given: Any) -> list[dict[str, Any]]:
    chunk, options = given
    if any("deadly" in (item.text or "") for item in chunk):
        os._exit(1)
    return _before(chunk, options)


_before = batch._work_out


def test_a_case_that_kills_its_worker_is_the_only_one_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_work_out", _dies)
    source = tmp_path / "cases.jsonl"
    source.write_text("\n".join([json.dumps(ONE), '{"deadly": 1}', json.dumps(ONE)]), encoding="utf-8")
    target = io.StringIO()
    outcome = run(source, target, Options(["DE"], DAY, DAY, "en", False), workers=2)
    found = lines(target.getvalue())
    assert outcome.done == 3 and outcome.failed == 1
    assert "estimate" in found[0] and "could not be worked out" in found[1]["error"]["message"] and "estimate" in found[2]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_our_own_files_is_no_fault_of_the_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(batch.api, "estimate_json", _no_packs)
    source = tmp_path / "cases.jsonl"
    source.write_text("\n".join([json.dumps(ONE), json.dumps(ONE)]), encoding="utf-8")
    target = io.StringIO()
    outcome = run(source, target, Options(["DE"], DAY, DAY, "en", False), workers=workers)
    assert outcome.done == outcome.failed == 2
    assert all("could not be worked out" in line["error"]["message"] for line in lines(target.getvalue()))


def _no_packs(*_: Any) -> None:
    raise FileNotFoundError(2, "No such file", "jurisdictions")


@pytest.mark.parametrize("name", ["nothing-here", "empty"])
def test_no_cases_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = redress("batch", str(tmp_path / name))
    assert answer.returncode == 2 and name in answer.stderr
