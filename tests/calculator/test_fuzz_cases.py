"""Generated cases, each against one State, in this process and over HTTP: an estimate, questions, or an error that names a fact."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from calculator.api import default_rules
from tools.fuzz import cases as fuzz
from tools.fuzz.cases_material import Made, Maker

ROOT = Path(__file__).parents[2]
STATES = sorted(default_rules().packs)
CASES = 1_000


def test_generated_cases_end_in_an_estimate_or_an_error() -> None:
    clients = fuzz.over_http()
    http = next(clients)
    try:
        found = fuzz.run(STATES, fuzz.Run(seed=20), 0, CASES, http)
    finally:
        next(clients, None)
    assert not found.failures, "\n".join(str(failure) for failure in found.failures)
    assert found.done == CASES
    ends = {end.split(", ")[1] for end in found.ends}
    assert ends >= {"estimate", "questions", "refused", "http 200", "http 422"}
    assert sum(count for end, count in found.ends.items() if end.endswith("estimate")) > CASES / 4


def test_the_same_seed_makes_the_same_case() -> None:
    pack = default_rules().packs["DE"]
    one, other = (repr(Maker(pack).case("1:DE:7")) for _ in range(2))
    assert one == other != repr(Maker(pack).case("1:DE:8"))


def test_every_field_of_the_case_file_is_made() -> None:
    maker = Maker(default_rules().packs["DE"])
    seen: set[str] = set()

    def look(raw: object, path: str) -> None:
        if isinstance(raw, dict):
            for key, value in raw.items():
                seen.add(f"{path}.{key}")
                look(value, f"{path}.{key}")
        elif isinstance(raw, list):
            for value in raw:
                look(value, path)

    for number in range(400):
        made = maker.case(f"fields:{number}")
        if made.kind != "broken":
            look(made.raw, "")
    from calculator import vocabulary

    wanted = {"." + definition.path.replace("[]", "") for definition in vocabulary.facts().values()}
    assert not wanted - seen


def test_what_goes_wrong_is_found_and_can_be_made_again() -> None:
    def broken(made: Made, number: int) -> str:
        if number == 150:
            raise RuntimeError("a fault of ours")
        return "estimate"

    found = fuzz.run(["DE"], fuzz.Run(seed=3), 100, 100, broken)
    # Only what goes over this way is asked by `broken`; the others by the calculator itself.
    assert [(failure.state, failure.number) for failure in found.failures] == [("DE", 150)]
    assert "--seed 3 --state DE --first 150" in str(found.failures[0]) and "a fault of ours" in str(found.failures[0])


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def run(count: int, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "tools.fuzz.cases",
                "--cases",
                str(count),
                "--state",
                "DE",
                "--no-http",
                "--resume",
                str(tmp_path / "kept"),
                *more,
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(20).returncode == 0
    first = json.loads((tmp_path / "kept").read_text())
    again = run(40)
    assert again.returncode == 0, again.stdout
    second = json.loads((tmp_path / "kept").read_text())
    assert (first["done"], second["done"]) == (20, 40)
    assert sum(second["ends"].values()) == 40 and all(second["ends"][end] >= count for end, count in first["ends"].items())
    assert run(50, "--seed", "9").returncode != 0, "another seed is another run"


@pytest.mark.parametrize("country", STATES)
def test_an_impossible_amount_is_noticed(country: str) -> None:
    case = {"exploitation": [{"country": country, "forms": ["labour"]}], "losses": [{"kind": "medical", "amount": "10"}]}
    found = fuzz.estimate(case, [country], date(2026, 6, 30), "en", trace=False).jurisdictions[0]
    fuzz._check_amounts(found)
    turned = replace(found, total=replace(found.total, low="2.00", high="1.00"))
    with pytest.raises(AssertionError):
        fuzz._check_amounts(turned)
