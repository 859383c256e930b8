"""`python -m tools.conversations`: holds the conversations of tests/stories/held.yaml with running servers and writes docs/conversations.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import requests
from babel import Locale

from calculator import yaml12
from calculator.translation import translator

ROOT = Path(__file__).parents[1]
SCRIPTS, PAGE = ROOT / "tests" / "stories" / "held.yaml", ROOT / "docs" / "conversations.md"
HEAD = """# Whole conversations

Held with the three servers running on 29 November 2026 (`REDRESS_TODAY`), written again by `python -m tools.conversations`. `>` is the person;
`[...]` are buttons. Each has a change of mind, a correction, a second job, danger in the middle or a stop. Invented; no native speaker has
reviewed the words.
"""


class UnableError(RuntimeError):
    """A conversation cannot be held as it is written; the text says where."""


def hold(url: str, script: dict[str, Any]) -> list[str]:
    """The lines of one conversation. Raises UnableError when a button is not there, or the servers do not answer."""
    said = translator(script["language"], "chat", "law", "danger", "web")
    countries = Locale.parse(script["language"]).territories
    body = {"language": script["language"], **({"country": script["country"]} if "country" in script else {})}
    conversation = requests.post(f"{url}/api/v1/conversations", json=body, timeout=30).json()["conversation"]
    lines: list[str] = []
    buttons: dict[str, str] = {}
    for step in script["steps"]:
        typed = {"text": step}
        shown = step
        if step.startswith("["):
            words = step[1:-1].lstrip("?")
            title = str(countries[words]) if words in countries else said(words)
            found = buttons.get(title)
            if found is None and step.startswith("[?"):
                # Only where it is offered.
                continue
            if found is None:
                raise UnableError(f"{script['language']}, {script['about']}: no button {title!r} among {list(buttons)}")
            typed, shown = {"button": found}, f"[{title}]"
        answer = requests.post(f"{url}/api/v1/conversations/{conversation}/messages", json=typed, timeout=60)
        if answer.status_code != requests.codes.ok:
            raise UnableError(f"{script['language']}, {script['about']}: {step!r} was answered with {answer.status_code}: {answer.text[:200]}")
        messages = answer.json()["messages"]
        lines.append(f"> {shown}")
        for message in messages:
            lines.append(message["text"])
            if message["buttons"]:
                lines.append("  " + " ".join(f"[{button['title']}]" for button in message["buttons"]))
        buttons = {button["title"]: button["button"] for message in messages for button in message["buttons"]}
    return lines


def main() -> int:
    """Hold all, or those of one language; exit code 1 when one cannot be held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--language")
    parser.add_argument("--print", action="store_true", help="print instead of writing the page")
    given = parser.parse_args()
    scripts = yaml12.load(SCRIPTS.read_text(encoding="utf-8"))
    parts, failed = [HEAD], 0
    for number, script in enumerate(scripts, start=1):
        if given.language and script["language"] != given.language:
            continue
        try:
            lines = hold(given.url, script)
        except UnableError as problem:
            print(problem, file=sys.stderr)
            failed += 1
            continue
        parts.append("\n".join([f"## {number}. {script['language']}: {script['about']}", "", "```", *lines, "```", ""]))
    text = "\n".join(parts)
    if given.print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
