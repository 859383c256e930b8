"""`redress impact`: what a change changes, from a release or a folder; a run that was cut off goes on where it stood."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calculator.engine.figures import reference_rates
from calculator.packs.released import RATES

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "calculator" / "jurisdictions"


def command(*arguments: str) -> list[str]:
    """Of `redress`, or of `redress release`."""
    return [sys.executable, "-m", "cli.main", *([] if arguments[0] == "impact" else ["release"]), *arguments]


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "REDRESS_DATA_DIR": str(tmp_path / "data"), "REDRESS_TODAY": "2026-12-05"}


def redress(here: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, cwd=ROOT, env=here, check=False)


def states(here: dict[str, str], folder: str, cases: str) -> list[str]:
    found = json.loads(redress(here, "impact", folder, "--cases", cases, "--format", "json").stdout)
    return [one["jurisdiction"] for one in found["states"]]


def other_wage(folder: Path) -> Path:
    """The packs of Germany and the Netherlands with another German minimum wage from 2027 on."""
    for code in ("DE", "NL"):
        shutil.copytree(PACKS / code, folder / code)
    wages = folder / "DE" / "parameters" / "wages.yaml"
    text = wages.read_text(encoding="utf-8")
    assert text.count('from: 2027-01-01, value: "14.60"') == 1
    wages.write_text(text.replace('from: 2027-01-01, value: "14.60"', 'from: 2027-01-01, value: "15.60"'), encoding="utf-8")
    return folder


def test_a_folder_is_compared_with_the_packs_of_the_repository(here: dict[str, str], tmp_path: Path) -> None:
    folder = str(other_wage(tmp_path / "packs"))
    told = redress(here, "impact", folder, "--cases", "120", "--processes", "2")
    assert told.returncode == 0 and "of 120 cases come out otherwise" in told.stdout and "de-wages: amount" in told.stdout, told.stderr
    both = json.loads(redress(here, "impact", folder, "--cases", "120", "--format", "json").stdout)
    (found,) = both["states"]
    assert (both["cases"], both["changed"]) == (found["cases"], found["changed"])
    assert found["jurisdiction"] == "DE" and found["cases"] == 120 and 0 < found["changed"] < 120
    assert f"{found['changed']} of 120" in told.stdout and found["median_thousandths"] > 0
    wrong = redress(here, "impact", folder, "-j", "NL")
    assert wrong.returncode == 2 and "NL" in wrong.stderr and "DE" in wrong.stderr
    contacts = tmp_path / "packs" / "NL" / "contacts.yaml"
    contacts.write_text(contacts.read_text(encoding="utf-8") + "\n# looked at\n", encoding="utf-8")
    assert states(here, folder, "5") == ["DE"]
    # The folder of one State alone.
    assert states(here, f"{folder}/DE", "5") == ["DE"] and states(here, f"{folder}/NL", "5") == []


def test_a_release_is_compared_with_the_one_it_was_made_from(here: dict[str, str], tmp_path: Path) -> None:
    assert redress(here, "list").returncode == 0
    first = json.loads(redress(here, "list", "--format", "json").stdout)[0]["id"]
    assert "No case can come out otherwise" in redress(here, "impact", first).stdout
    folder = tmp_path / "out"
    assert redress(here, "export", first, str(folder), "--as", "ann").returncode == 0
    wages = folder / "DE" / "parameters" / "wages.yaml"
    text = wages.read_text(encoding="utf-8")
    wages.write_text(text.replace('from: 2027-01-01, value: "14.60"', 'from: 2027-01-01, value: "15.60"'), encoding="utf-8")
    drafted = redress(here, "draft", str(folder), "--as", "ann", "--why", "the rate of 2027")
    assert drafted.returncode == 0, drafted.stderr
    release = drafted.stdout.split()[0]
    (by_release,) = json.loads(redress(here, "impact", release, "--cases", "60", "--format", "json").stdout)["states"]
    (by_folder,) = json.loads(redress(here, "impact", str(folder), "--cases", "60", "--format", "json").stdout)["states"]
    assert {**by_release, "before": 0, "after": 0} == {**by_folder, "before": 0, "after": 0}
    assert by_release["after"][0] == release
    missing = redress(here, "impact", "2001-01-01.1")
    assert missing.returncode == 1 and "There is no release 2001-01-01.1" in missing.stderr


def test_a_folder_that_cannot_be_read_says_where(here: dict[str, str], tmp_path: Path) -> None:
    folder = other_wage(tmp_path / "packs")
    wages = folder / "DE" / "parameters" / "wages.yaml"
    wages.write_text(wages.read_text(encoding="utf-8").replace("unit: ", "unite: ", 1), encoding="utf-8")
    answer = redress(here, "impact", str(folder), "--cases", "50")
    assert answer.returncode == 1 and "DE/parameters/wages.yaml" in answer.stderr and "Traceback" not in answer.stderr
    rates = folder / RATES
    rates.mkdir()
    for name, content in reference_rates.texts().items():
        (rates / name).write_bytes(content + b"\n")
    answer = redress(here, "impact", str(folder))
    assert answer.returncode == 1 and "other reference rates" in answer.stderr


def test_a_run_that_was_cut_off_goes_on_where_it_stood(here: dict[str, str], tmp_path: Path) -> None:
    arguments = ("impact", str(other_wage(tmp_path / "packs")), "--cases", "550", "--processes", "1", "--format", "json")
    running = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=here, text=True)
    kept = tmp_path / "data" / "impact"
    started = time.monotonic()
    while not list(kept.glob("*.json")) and running.poll() is None and time.monotonic() - started < 60:
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    (file,) = kept.glob("*.json")
    done = json.loads(file.read_text())["tally"]["cases"]
    assert 0 < done < 550
    answer = redress(here, *arguments)
    assert answer.returncode == 0 and f"{done} of 550 cases were tried before; going on." in answer.stderr
    assert list(kept.glob("*.json")) == []
    assert json.loads(answer.stdout) == json.loads(redress(here, *arguments).stdout)
