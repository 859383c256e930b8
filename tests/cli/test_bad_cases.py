"""Whatever stands in a case file, the command says what is wrong with it and ends with 2; a batch goes on with the others."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app

GOOD = {"evaluated_on": "2026-06-30", "exploitation": [{"country": "DE", "forms": ["labour"]}]}
#: (case, fact that is named)
BAD: list[tuple[Any, str]] = [
    ({**GOOD, "evaluated_on": "0001-01-01"}, "evaluated_on"),
    ({**GOOD, "evaluated_on": "9999-12-31"}, "evaluated_on"),
    ({**GOOD, "person": {"birth_date": "9999"}}, "person.birth_date"),
    ({**GOOD, "exploitation": [{"country": "DE", "start": {"earliest": "0001-01-01", "latest": "2025"}}]}, "exploitation[0].start"),
    ({**GOOD, "exploitation": [{"country": "DE", "start": "1920", "end": "2020"}]}, "exploitation[0].end"),
    ({**GOOD, "work": [{"occupation": "\ud800"}]}, "work[0].occupation"),
    ({**GOOD, "work": [{"\udfff": 1}]}, "work[0]"),
    ({**GOOD, "work": [{"": 1}]}, "work[0]"),
    ({**GOOD, "work": [{"sick_days": float("nan")}]}, "work[0].sick_days"),
    ({**GOOD, "work": [{"sick_days": float("-inf")}]}, "work[0].sick_days"),
    ({**GOOD, "work": [{"sick_days": 10**4_000}]}, "work[0].sick_days"),
    ({**GOOD, "work": [{"paid": [{"amount": "1e400"}]}]}, "work[0].paid[0].amount"),
    ({**GOOD, "work": [{}] * 501}, "work"),
    ({**GOOD, "losses": [{"kind": "x" * 201}]}, "losses[0].kind"),
    ({**GOOD, "work": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}, "work[0][0]"),
    ({**GOOD, "work": 3}, "work"),
    ([], ""),
]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(("case", "fact"), BAD, ids=[f"{number}-{fact}" for number, (_, fact) in enumerate(BAD)])
@pytest.mark.parametrize("command", ["estimate", "questions"])
def test_one_case(tmp_path: Path, command: str, case: Any, fact: str) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))
    answer = run(command, str(file), "--format", "json")
    assert answer.exit_code == 2, answer.output
    error = json.loads(answer.stdout)["error"]
    assert error["fact"].startswith(fact) and error["message"] and error["fix"]


def test_a_batch_names_each_and_goes_on(tmp_path: Path) -> None:
    source, target = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    texts = [*(json.dumps(case) for case, _ in BAD), '{"work": [], "work": []}', '{"work": ' + "[" * 30_000, json.dumps(GOOD)]
    source.write_text("\n".join(texts))
    answer = run("batch", str(source), "-o", str(target), "--workers", "1")
    assert answer.exit_code == 2, answer.output
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(texts)
    assert all(line["error"]["message"] and line["error"]["fix"] for line in lines[:-1]) and "estimate" in lines[-1]
    assert [line["error"]["fact"][: len(fact)] for line, (_, fact) in zip(lines, BAD, strict=False)] == [fact for _, fact in BAD]


def test_a_batch_writes_the_name_of_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/caf\xe9.json", "w") as file:
        json.dump(GOOD, file)
    answer = run("batch", str(folder), "-o", str(tmp_path / "out.jsonl"), "--workers", "1")
    assert answer.exit_code == 0, answer.output
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["case"] == "caf\ufffd.json"
