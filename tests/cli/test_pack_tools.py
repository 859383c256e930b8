"""Tools for lawyers: a new pack, what its examples do not try, figures to look at again, schemas for editors."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_command import ROOT, redress

from calculator import yaml12
from calculator.errors import PackError
from calculator.packs.load import PACKS, build_pack, load_rules, raw_pack
from cli.check import check, date_warnings, overdue, value_warnings
from cli.scaffold import new_pack
from cli.schema import KINDS, schema, write


def test_a_new_pack_checks_and_reaches_nobody(tmp_path: Path) -> None:
    answer = redress("pack", "new", "PT", "--into", str(tmp_path))
    assert answer.returncode == 0 and "redress check" in answer.stdout
    assert redress("check", str(tmp_path / "PT")).returncode == 0
    jurisdiction = yaml12.load((tmp_path / "PT" / "jurisdiction.yaml").read_text(encoding="utf-8"))
    assert jurisdiction["status"] == "draft" and jurisdiction["currency"] == "EUR" and jurisdiction["name"] == "Portugal"
    assert "PT" not in load_rules(tmp_path).packs
    texts = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "PT").rglob("*.yaml"))
    assert "@" not in texts and texts.count("# ") > 10, "every file guides"


@pytest.mark.parametrize("code", ["pt", "ZZ", "DE", "../X"])
def test_a_pack_that_cannot_be_begun_says_why(tmp_path: Path, code: str) -> None:
    shutil.copytree(PACKS / "DE", tmp_path / "DE")
    with pytest.raises(PackError) as raised:
        new_pack(code, tmp_path)
    assert raised.value.fix


def test_exercise_names_what_no_example_tries(tmp_path: Path) -> None:
    new_pack("PT", tmp_path)
    answer = redress("pack", "exercise", str(tmp_path / "PT"))
    assert answer.returncode == 1
    assert "wages.conditions.worked_here.test: no example shows it false" in answer.stdout
    as_json = json.loads(redress("pack", "exercise", str(tmp_path / "PT"), "--format", "json").stdout)
    assert any("back_pay" in entry["place"] for entry in as_json)
    clean = redress("pack", "exercise", "DE")
    assert clean.returncode == 0 and "both ways" in clean.stdout
    assert redress("pack", "exercise", "ZZ").returncode == 2


def test_figures_to_look_at_again_are_listed() -> None:
    assert overdue(build_pack("DE", raw_pack(PACKS / "DE")), date(2060, 1, 1))
    warnings = date_warnings([PACKS / "DE"], date(2060, 1, 1))
    assert warnings and all(w.fix for w in warnings)
    answer = redress("check", "--dates")
    assert answer.returncode == 0


def test_a_figure_out_of_proportion_to_its_neighbour_is_named_and_no_pack_has_one(tmp_path: Path) -> None:
    assert value_warnings([]) == []
    new_pack("PT", tmp_path)
    file = tmp_path / "PT" / "parameters" / "wages.yaml"
    head = file.read_text(encoding="utf-8").split("    - {from")[0]

    def warned(new: str, note: str = "") -> list[str]:
        values = f'- {{from: 2023-01-01, to: 2025-12-31, value: "14.60"}}\n    - {{from: 2026-01-01, value: "{new}"{note}}}'
        file.write_text(f"{head}    {values}\n", encoding="utf-8")
        return [str(w) for w in value_warnings([tmp_path / "PT"])]

    (found,) = warned("152.0")
    assert "minimum_wage 2026-01-01" in found and "152.0 stands beside 14.60: 10.4 times" in found and "decimal point" in found
    assert warned("15.20") == [] and warned("152.0", ", note: Another unit.") == []
    assert len(warned("1.52")) == 1


def test_a_missing_step_in_a_rhythm_is_found(tmp_path: Path) -> None:
    new_pack("PT", tmp_path)
    file = tmp_path / "PT" / "parameters" / "wages.yaml"
    head = file.read_text(encoding="utf-8").split("    - {from")[0]

    def steps(note: str = "") -> list[str]:
        values = f'- {{from: 2023-01-01, to: 2025-12-31, value: "9"{note}}}\n    - {{from: 2026-01-01, value: "10"}}'
        file.write_text(f"{head}    {values}\n", encoding="utf-8")
        return [str(w) for w in date_warnings([tmp_path / "PT"], date(2026, 6, 1)) if "rhythm" in str(w)]

    (found,) = steps()
    assert "2025-01-01" in found and "minimum_wage 2023-01-01" in found
    assert steps(", note: It stayed the same.") == []


def test_check_goes_on_and_names_every_broken_file(tmp_path: Path) -> None:
    pack = tmp_path / "DE"
    shutil.copytree(PACKS / "DE", pack)
    for name, before, after in (("wages", "{param: mindestlohn}", "{param: mindestlon}"), ("adhaesion", "payer: offender", "payer: nobody")):
        route = pack / "routes" / f"{name}.yaml"
        text = route.read_text(encoding="utf-8")
        assert before in text
        route.write_text(text.replace(before, after), encoding="utf-8")
    found = [(error.place["file"], str(error)) for error in check([pack])]
    assert {file for file, _ in found} == {"DE/routes/wages.yaml", "DE/routes/adhaesion.yaml"}
    assert all("mindestlon. Did you mean mindestlohn?" in text for file, text in found if file.endswith("wages.yaml"))


def test_an_example_that_comes_to_something_else_shows_both(tmp_path: Path) -> None:
    new_pack("PT", tmp_path)
    file = tmp_path / "PT" / "examples" / "wages.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("status: open", "status: closed"), encoding="utf-8")
    (error,) = check([tmp_path / "PT"])
    assert "expected" in str(error) and "closed" in str(error) and "open" in str(error)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_file_of_every_pack_fits_the_schema_of_its_kind(kind: str) -> None:
    """The schema an editor uses names the same fields as the checker: what a pack uses, the schema knows."""
    known = _names(schema(kind))
    for folder in PACKS.iterdir():
        for file in (*folder.glob(f"{kind}.yaml"), *folder.glob(f"{kind}/*.yaml"), *folder.glob(f"{kind}s/*.yaml")):
            content = yaml12.load(file.read_text(encoding="utf-8"))
            for entry in content if isinstance(content, list) else [content]:
                if kind not in ("sources", "protection"):
                    assert set(entry) <= known, f"{file}: {set(entry) - known}"


def _names(raw: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(raw, dict):
        found |= set(raw.get("properties", {}))
        for value in raw.values():
            found |= _names(value)
    elif isinstance(raw, list):
        for value in raw:
            found |= _names(value)
    return found


def test_schemas_are_written_for_editors(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert {p.stem for p in written} == {"case", "estimate", *KINDS}
    wired = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    assert {Path(name).stem for name in wired} == {"case", *KINDS}


def test_the_schema_of_a_kind_is_printed_and_an_unknown_one_named() -> None:
    assert "properties" in json.loads(redress("schema", "route").stdout)
    answer = redress("schema", "rute")
    assert answer.returncode == 2 and "route" in answer.stderr
