"""The repository keeps its own rules: boundaries, lint, types, catalogues, locks, frozen test set, telemetry."""

from __future__ import annotations

import ast
import doctest
import hashlib
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import circles
from tools.catalogue_check import problems
from tools.mutation_modules import left_out as left_out_of_mutation
from tools.mutation_modules import modules, settings

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def tracked(*patterns: str) -> list[Path]:
    listing = run("git", "ls-files", *patterns).stdout.split()
    return [ROOT / name for name in listing if (ROOT / name).is_file()]


def test_import_boundaries_hold() -> None:
    answer = run(str(BIN / "lint-imports"))
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("package", circles.PACKAGES)
def test_no_module_imports_itself_in_a_circle(package: str) -> None:
    assert circles.modules(package) and circles.circle(package) == []


def test_a_circle_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "a.py").write_text("def late():\n    from ring import b\n")
    (tmp_path / "ring" / "b.py").write_text("from ring.a import late\n")
    monkeypatch.setattr(circles, "ROOT", tmp_path)
    assert set(circles.circle("ring")) == {"ring.a", "ring.b"}


def test_imports_inside_functions_of_the_calculator_are_few_and_have_a_reason() -> None:
    inside = [
        line
        for path in (ROOT / "calculator").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s+(from|import) \w", line) and "calculator" in line
    ]
    assert len(inside) <= 3 and all("#" in line for line in inside), inside


def test_bot_imports_nothing_of_ours() -> None:
    for path in (ROOT / "bot").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            )
            for name in names:
                assert name.split(".")[0] not in {"calculator", "store", "actions", "web", "cli", "tools"}, f"{path.name}: {name}"


def test_ruff_and_mypy_are_clean() -> None:
    lint = run(str(BIN / "ruff"), "check", ".")
    assert lint.returncode == 0, lint.stdout
    written = run(str(BIN / "ruff"), "format", "--check", ".")
    assert written.returncode == 0, written.stdout
    types = run(str(BIN / "mypy"), "calculator", "store", "cli", "web", "actions")
    assert types.returncode == 0, types.stdout


def test_mutation_testing_takes_every_module_of_the_engine_that_is_not_left_out_by_name() -> None:
    """A module that is moved or added would go untested without a word."""
    wanted = settings()
    assert all(list(ROOT.glob(pattern)) for pattern in wanted["do_not_mutate"])
    left_out = {".".join(path.relative_to(ROOT / "calculator").with_suffix("").parts) for path in left_out_of_mutation()}
    everything = {name.removeprefix("calculator.") for name, path in circles.modules("calculator").items() if path.stem != "__init__"}
    assert left_out <= everything
    assert set(modules()) | left_out >= {name for name in everything if name.startswith("engine.")}
    assert not left_out & set(modules()) and {"quantity", "dates", "engine.routes.totals", "engine.work.pay"} <= set(modules())
    for path in wanted["pytest_add_cli_args_test_selection"]:
        assert (ROOT / path).is_file(), path


def _docstrings(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [text for node in nodes if isinstance(node, kinds) and (text := ast.get_docstring(node))]


def test_docstrings_say_what_comes_back_in_one_style() -> None:
    packages = ("calculator", "actions", "web", "store", "cli", "bot", "danger", "envelope", "erasure", "tools")
    texts = [(path, text) for package in packages for path in (ROOT / package).rglob("*.py") for text in _docstrings(path)]
    assert len(texts) > 1000
    assert [f"{path.name}: {text[:60]}" for path, text in texts if re.match(r"Returns? ", text) or re.search(r"(?<!`)``(?!`)", text)] == []


def _examples(*packages: str) -> list[str]:
    """Modules whose docstrings hold examples that can be run."""
    holds = re.compile(r">>> (?!.*doctest: \+SKIP)")
    return [name for package in packages for name, path in circles.modules(package).items() if holds.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("module", _examples("calculator", "actions", "web", "store", "cli", "danger", "envelope", "erasure"))
def test_examples_in_docstrings_hold(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0 and found.failed == 0


@pytest.mark.parametrize("module", _examples("bot"))
def test_examples_of_the_understanding_hold(module: str) -> None:
    python = ROOT / ".venv-rasa" / "bin" / "python"
    code = f"import doctest, {module} as module; found = doctest.testmod(module); assert found.attempted and not found.failed, found"
    answer = run(str(python), "-c", code)
    assert answer.returncode == 0, answer.stdout + answer.stderr[-1000:]


def test_catalogues_are_complete_and_hold_no_english() -> None:
    assert problems() == []


def test_locks_carry_hashes_and_no_addresses() -> None:
    for name in ("main", "dev", "rasa"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


def test_the_nlu_test_set_is_frozen() -> None:
    for line in (ROOT / "tests" / "nlu" / "CHECKSUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((ROOT / "tests" / "nlu" / name).read_bytes()).hexdigest() == digest, f"{name} was changed"


def test_no_test_sentence_is_a_training_sentence() -> None:
    def normal(text: str) -> str:
        return " ".join(re.sub(r"[^\w ]", " ", text.casefold()).split())

    trained = {
        normal(line.strip()[2:])
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- ")
    }
    shared = set()
    for path in sorted((ROOT / "tests" / "nlu").glob("*.yml")):
        for match in re.finditer(r"text: (.+)", path.read_text(encoding="utf-8")):
            sentence = normal(match.group(1).strip("'\""))
            if sentence in trained and len(sentence.split()) > 3:
                shared.add(sentence)
    # Two people asked to write "where can i sleep tonight" write some of the same sentences.
    assert len(shared) <= 30, sorted(shared)


def test_telemetry_is_off_at_every_entry_point() -> None:
    for name in ("Makefile", "bot/environment.py", "cli/stack.py", "actions/server.py"):
        assert "RASA_TELEMETRY_ENABLED" in (ROOT / name).read_text(encoding="utf-8"), name


#: Put together here, so that this file holds none of them.
_REGISTRIES = "|".join(re.escape(name) for name in ("python" + "hosted", "registry." + "npm", "py" + "pi.org", "deb." + "debian"))


@pytest.mark.parametrize("pattern", [r"(?<![\w./])/(?:root|home|Users)/\w", _REGISTRIES])
def test_nothing_of_a_machine_or_a_registry_is_committed(pattern: str) -> None:
    for path in tracked():
        if path.suffix in {".png", ".mo"} or path.name == "LICENSE":
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not re.search(pattern, text), f"{path.relative_to(ROOT)}: {pattern}"


def test_the_folders_the_user_fixed_are_there() -> None:
    for name in ("bot", "actions", "domain.yml", "data", "calculator", "locales", "tests", "README.md"):
        assert (ROOT / name).exists(), name


def test_every_test_that_the_threats_name_exists() -> None:
    named = set(re.findall(r"`((?:test|check)_\w+)`", (ROOT / "docs" / "threats.md").read_text("utf-8")))
    defined = {name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def ((?:test|check)_\w+)", path.read_text("utf-8"))}
    assert len(named) > 20 and named <= defined, sorted(named - defined)
