"""What was installed and built: environments, model, words, packs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from calculator.errors import PackError
from calculator.packs.load import PACKS, load_rules
from cli.doctor.finding import Finding, ok, warning, wrong
from danger.letters import Letters, LettersError
from danger.table import read_table
from store.settings import Settings

_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
CHECK_SECONDS = 120
#: What `bot.train --check` says of a model that comes from other files.
STALE = 3


@dataclass(frozen=True)
class Environment:
    """A Python environment: its folder, the lock it is made from, and the minor versions of Python 3 that it may have."""

    folder: str
    lock: str
    minors: range
    make: str


ENVIRONMENTS = (
    Environment(".venv", "requirements/main.lock", range(11, 14), "main"),
    Environment(".venv-rasa", "requirements/rasa.lock", range(10, 11), "rasa"),
)


def examine(root: Path, settings: Settings) -> Iterator[Finding]:
    """Look at everything that `make build` makes. `root`: the repository."""
    for environment in ENVIRONMENTS:
        yield python_environment(root, environment)
    yield model(root)
    yield letters(settings.letters_file)
    yield catalogues(root / "locales")
    yield packs()
    yield contacts(settings.contacts_file)


def python_environment(root: Path, environment: Environment) -> Finding:
    """An environment that is there, has the right Python, and the packages of its lock in their versions."""
    part = f"environment {environment.folder}"
    fix = f"Run `make env`. If that does not help: rm -rf {environment.folder} build/stamps/{environment.make}, then `make env`."
    folder = root / environment.folder
    sites = sorted(folder.glob("lib/python3.*/site-packages"))
    if not (folder / "bin" / "python").exists() or not sites:
        return wrong(part, "it is not there", f"Run `make env` (it needs Python 3.{environment.minors[0]}).")
    minor = int(sites[-1].parent.name.removeprefix("python3."))
    if minor not in environment.minors:
        wanted = " to ".join(f"3.{m}" for m in sorted({environment.minors[0], environment.minors[-1]}))
        return wrong(part, f"its Python is 3.{minor}; it must be {wanted}", fix)
    installed = {_normal(d.metadata["Name"]): d.version for d in distributions(path=[str(sites[-1])])}
    differing = sorted(
        name
        for name, version, condition in _PINNED.findall((root / environment.lock).read_text(encoding="utf-8"))
        # A package with a condition may be for other systems only.
        if installed.get(_normal(name), version if condition else None) != version
    )
    if differing:
        return wrong(part, f"{len(differing)} packages are missing or of another version than in {environment.lock}: {_few(differing)}", fix)
    return ok(part, f"Python 3.{minor} with the packages of {environment.lock}")


def model(root: Path) -> Finding:
    """A trained model that comes from the sentences and the code that are here."""
    fix = "Run `make train`."
    if not (root / "models" / "redress.tar.gz").exists():
        return wrong("model", "it is not trained", fix)
    python = root / ".venv-rasa" / "bin" / "python"
    try:
        done = subprocess.run([python, "-m", "bot.train", "--check"], cwd=root, capture_output=True, timeout=CHECK_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return wrong("model", f"it could not be compared with its sources ({type(error).__name__})", "Mend the environment .venv-rasa first.")
    if done.returncode == 0:
        return ok("model", "trained from the sentences and code that are here")
    if done.returncode == STALE:
        return wrong("model", "sentences or code were changed since it was trained", fix)
    return wrong("model", "it could not be compared with its sources", "Mend the environment .venv-rasa first.")


def letters(file: Path) -> Finding:
    """What hears danger when Rasa does not answer."""
    try:
        Letters.load(file)
    except (OSError, LettersError) as error:
        return wrong("letters", f"{file.name} cannot be read ({type(error).__name__}): danger is heard by Rasa alone", "Run `make train`.")
    return ok("letters", "danger is heard without Rasa too")


def catalogues(folder: Path) -> Finding:
    """Compiled words for every language that has any, none older than its source."""
    compiled = {path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/*.mo")}
    if not compiled:
        return wrong("catalogues", "no language is compiled: everybody is answered in English", "Run `make catalogues`.")
    stale = sorted(
        f"{language}/{source.stem}"
        for language in compiled
        for source in (folder / language / "LC_MESSAGES").glob("*.po")
        if not source.with_suffix(".mo").exists() or source.with_suffix(".mo").stat().st_mtime < source.stat().st_mtime
    )
    if stale:
        return wrong("catalogues", f"older than their sources, or missing: {_few(stale)}", "Run `make catalogues`.")
    return ok("catalogues", f"{len(compiled)} languages")


def packs() -> Finding:
    """Rules that can be read."""
    try:
        found = load_rules(PACKS)
    except PackError as error:
        return wrong("packs", str(error), "Run `redress check`; it names every place.")
    return ok("packs", f"{len(found.packs)} jurisdictions")


def contacts(file: Path) -> Finding:
    """The words and numbers for danger, of the rules that are here."""
    table = read_table(file)
    if table is None or not table.get("emergency"):
        return wrong("contacts", f"{file.name} is missing or cannot be read: nobody is told a local number", "Run `make packs`.")
    newest = max((path.stat().st_mtime for path in PACKS.rglob("*.yaml")), default=0.0)
    if newest > file.stat().st_mtime:
        return warning("contacts", f"{file.name} is older than the packs: its numbers may be", "Run `make packs`.")
    return ok("contacts", f"numbers of {len(table.get('countries') or [])} countries in {len(table.get('languages') or [])} languages")


def clock(root: Path, now: float) -> Finding:
    """A clock that is not behind what was written here. `now`: seconds since 1970."""
    newest = max((path.stat().st_mtime for path in root.iterdir() if path.is_file()), default=0.0)
    days = (newest - now) / 86_400
    if days > 1:
        return wrong(
            "clock",
            f"it is {days:.0f} days behind files of this installation: deadlines would be wrong",
            "Set the clock of the machine (timedatectl).",
        )
    return ok("clock", "not behind the files of this installation")


def today(fixed: str) -> Finding:
    """Whether the day is the real one. `fixed`: REDRESS_TODAY."""
    if fixed:
        return warning(
            "day", f"REDRESS_TODAY is {fixed}: everything is judged as of that day", "Remove REDRESS_TODAY where real people are answered."
        )
    return ok("day", "the real one")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
