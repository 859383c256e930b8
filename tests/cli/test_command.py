"""The `redress` command as somebody uses it: tables, JSON, and errors that end with 2 and a sentence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASE = (
    "exploitation: [{country: DE, forms: [labour], start: 2025-01-01, end: 2025-06-30}]\n"
    "work: [{country: DE, hours_per_week: 60, paid: [{amount: '50', per: week}], permit_to_work: true}]\n"
)


def redress(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cli.main", *arguments], input=given, capture_output=True, text=True, cwd=ROOT, check=False)


def test_an_estimate_from_standard_input_as_json() -> None:
    answer = redress("estimate", "-", "--on", "2026-06-30", "--format", "json", given=CASE)
    assert answer.returncode == 0, answer.stderr
    document = json.loads(answer.stdout)
    assert document["on"] == "2026-06-30" and document["engine"] and len(document["release"]["sha256"]) == 64
    wages = next(r for r in document["jurisdictions"][0]["routes"] if r["id"] == "de-wages")
    assert set(wages) >= {
        "id",
        "kind",
        "name",
        "status",
        "waits_for",
        "conditions",
        "lines",
        "amount",
        "unconfirmed",
        "deadlines",
        "documents",
        "steps",
        "missing",
        "confidence",
        "may_report_status",
        "gaps",
        "stale_since",
    }
    assert set(wages["amount"]) >= {"low", "typical", "high", "per", "from", "until", "unbounded", "unknown"}
    assert wages["amount"]["low"] == "18706.34"
    entry = next(e for line in wages["lines"] for e in line["trace"] if e["parameter"] == "mindestlohn")
    assert entry["source"]["title"] and entry["valid_from"] == "2025-01-01"


def test_the_day_of_the_option_wins_over_the_case() -> None:
    answer = redress("estimate", "-", "--on", "2026-01-31", "--format", "json", given="evaluated_on: 2025-12-31\n" + CASE)
    assert json.loads(answer.stdout)["on"] == "2026-01-31"
    answer = redress("estimate", "-", "--format", "json", given="evaluated_on: 2025-12-31\n" + CASE)
    assert json.loads(answer.stdout)["on"] == "2025-12-31"


def test_readable_tables_in_another_language() -> None:
    answer = redress("estimate", "-", "--on", "2026-06-30", "--language", "fr", "--explain", given=CASE)
    assert answer.returncode == 0 and "18 706,34" in answer.stdout.replace("\u202f", " ").replace("\xa0", " ")
    assert "salaires non payés" in answer.stdout.lower()


def test_published_awards_are_told_with_their_source() -> None:
    words = " ".join(redress("estimate", "-", "--on", "2026-06-30", given=CASE).stdout.split())
    assert "What other people got" in words and "Berlin-Brandenburg" in words and "Like yours: the same kind of exploitation" in words
    assert "Source: " in words and "(from an official text)" in words


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ("work: [{country: DE, hours_per_week: -3}]", "work[0].hours_per_week"),
        ("work: [", ""),
        ("{}", "exploitation[0].country"),
        ("exploitation: [{country: ZZ}]", "exploitation[0].country"),
    ],
)
def test_a_bad_case_ends_with_two_and_a_sentence_that_helps(given: str, fact: str) -> None:
    answer = redress("estimate", "-", given=given)
    assert answer.returncode == 2 and answer.stderr.strip() and "Traceback" not in answer.stderr
    as_json = redress("estimate", "-", "--format", "json", given=given)
    error = json.loads(as_json.stdout)["error"]
    assert as_json.returncode == 2 and error["fact"] == fact and error["message"] and error["fix"]


def test_a_missing_file_ends_with_two() -> None:
    answer = redress("estimate", "no-such-file.yaml")
    assert answer.returncode == 2 and "no-such-file.yaml" in answer.stderr


def test_a_format_that_does_not_exist_is_named_not_ignored() -> None:
    done = redress("jurisdictions", "--format", "xml")
    assert done.returncode == 2
    assert "xml" in done.stderr
    assert "json" in done.stderr


def test_questions_best_first() -> None:
    answer = redress("questions", "-", "-j", "DE", "--format", "json", given="exploitation: [{country: DE}]")
    facts = [q["fact"] for q in json.loads(answer.stdout)["questions"]]
    assert facts[0] == "exploitation[0].forms" and "harm.injuries" not in facts


def test_jurisdictions_and_coverage() -> None:
    packs = json.loads(redress("jurisdictions", "--format", "json").stdout)
    assert {p["code"] for p in packs} >= {"DE", "FR", "GB"}
    assert all(p["examples"] and p["oldest_checked_on"] and p["routes"] for p in packs)
    rows = json.loads(redress("pack", "coverage", "--format", "json").stdout)
    assert next(r for r in rows if r["code"] == "GB")["blank_figures"] >= 163


def test_a_pack_is_read_in_one_go() -> None:
    rows = json.loads(redress("say", "NL", "--language", "ar", "--format", "json").stdout)
    deadline = next(r for r in rows if r["part"] == "loonvordering" and r["field"] == "deadline last_wages" and r["rule"])
    assert "job.end" in deadline["rule"] and deadline["text"] != deadline["english"]
    readers = [row["reader"] for row in rows]
    assert readers == sorted(readers, reverse=True), "what is for lawyers comes last"
    text = redress("say", "NL", "--language", "ar").stdout
    assert deadline["text"] in text and f"en: {deadline['english']}" in text and f"rule: {deadline['rule']}" in text
    wrong = redress("say", "XX")
    assert wrong.returncode == 2 and "NL" in wrong.stderr


def test_check_names_file_and_field(tmp_path: Path) -> None:
    pack = tmp_path / "DE"
    shutil.copytree(ROOT / "calculator" / "jurisdictions" / "DE", pack)
    route = pack / "routes" / "wages.yaml"
    route.write_text(route.read_text(encoding="utf-8").replace("{param: mindestlohn}", "{param: mindestlon}"), encoding="utf-8")
    answer = redress("check", str(pack))
    assert answer.returncode == 1 and "DE/routes/wages.yaml" in answer.stderr and "rates" in answer.stderr
    assert "mindestlohn" in answer.stderr
    assert redress("check").returncode == 0


@pytest.mark.parametrize("what", ["case", "pack", "estimate"])
def test_schemas_are_json(what: str) -> None:
    assert json.loads(redress("schema", what).stdout)


def test_the_commands_of_the_readme_work_as_they_stand_there(tmp_path: Path) -> None:
    lines = [line.partition("#")[0].split() for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()]
    commands = [
        words[1 : words.index(">") if ">" in words else None] for words in lines if words[:1] == [".venv/bin/redress"] and len(words) > 2
    ]
    assert len(commands) == 6
    for command in commands:
        # What it writes stays out of the repository.
        answer = redress(*(str(tmp_path / word) if word == "notes.pdf" else word for word in command))
        assert answer.returncode == 0 and answer.stdout, (command, answer.stderr)
        assert "error" not in answer.stdout.partition("\n")[0]
    assert (tmp_path / "notes.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_the_page_saved_opens_here(tmp_path: Path) -> None:
    case = {"exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30"}]}
    alone, saved = tmp_path / "case.json", tmp_path / "notes.json"
    alone.write_text(json.dumps(case))
    saved.write_text(json.dumps({"case": {"version": 1, **case}, "estimate": {"routes": []}}))
    answers = [redress("estimate", str(file), "--on", "2026-06-30", "--format", "json") for file in (alone, saved)]
    assert answers[1].returncode == 0, answers[1].stderr
    assert json.loads(answers[0].stdout) == json.loads(answers[1].stdout)
    # A group named "case" in a case file is no saved file: it is told as the fault it is.
    other = redress("estimate", "-", given="{case: {}, work: []}")
    assert other.returncode == 2 and "case" in other.stderr
