"""How many questions the interview needs: `make interview-report` prints the table and writes docs/interview.md.

Examples of every pack are played through: the case starts with its country alone, each question is answered as the
example says (what it does not say is "I don't know"), and it is counted when the outcome is the one that stays. Beside it,
the same facts asked in a fixed random order, and all facts that the State's rules read.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from calculator import vocabulary
from calculator.api import default_rules
from calculator.case.paths import get, put
from calculator.case.read import dump_case, read_case
from calculator.engine.result.interview import Interview, outcome
from calculator.engine.result.questions import Question, next_questions
from calculator.engine.routes.pack import Pack
from calculator.errors import CaseError
from calculator.packs.load import PACKS, Rules, raw_pack
from calculator.packs.model import Example

ROOT = Path(__file__).parent.parent
MOST = 150
#: Most examples of one State; more are taken at even distances.
EXAMPLES = 25


@dataclass(frozen=True, slots=True)
class Played:
    """One example: questions asked until nothing can change, and until the outcome was the last one."""

    asked: int
    settled: int


def facts_read(code: str) -> set[str]:
    """Facts that the rules of a pack name, and those of jobs that every pay rule reads."""
    found: set[str] = set()

    def walk(raw: Any) -> None:
        if isinstance(raw, dict):
            for key, value in raw.items():
                walk(key)
                walk(value)
        elif isinstance(raw, list):
            for value in raw:
                walk(value)
        elif isinstance(raw, str) and raw in vocabulary.facts():
            found.add(raw)

    files = raw_pack(PACKS / code)
    for name, content in files.items():
        if "/routes/" in name:
            walk(content)
    text = str({n: c for n, c in files.items() if "/routes/" in n})
    if "pay_rules" in text:
        found |= {"job.start", "job.end", "job.hours_per_week", "job.paid", "job.agreed"}
    for op, facts in {"ranked": ["harm.injuries"], "losses": ["losses"], "incapacity_days": ["harm.incapacity"]}.items():
        if f"'{op}'" in text:
            found |= set(facts)
    return {f for f in found if vocabulary.facts()[f].ask != "never"}


def play(example: Example, code: str, rules: Rules, order: Callable[[list[Question]], list[Question]], chat: bool = False) -> Played | None:
    """Play one example through; None when it cannot be played from its facts. `order` puts the open questions in a row; the
    first that can still change something is asked. `chat` keeps to what the chat asks before somebody wants it more exact."""
    truth = dump_case(read_case(example.case))
    raw: dict[str, Any] = {"exploitation": [{"country": code}]}
    # Other entries (a second job, claims already made, money received) are not found by questions; they are given.
    if truth.get("work"):
        raw["work"] = [{"country": code} for _ in truth["work"]]
    for part in ("claims", "received", "awards", "prevented", "conciliation"):
        value = get(truth, f"procedure.{part}")
        if value is not None:
            put(raw, f"procedure.{part}", value)
    outcomes = []
    for _ in range(MOST):
        try:
            interview = Interview(read_case(raw), rules, example.on, [code])
        except CaseError:
            return None
        outcomes.append(outcome(interview.found))
        every = next_questions(interview.found, sensitive=not chat, workbench=not chat, more=not chat)
        open_ones = [q for q in every if get(raw, q.fact) is None]
        question = next((q for q in order(open_ones) if interview.can_change(q)), None)
        if question is None:
            break
        said = get(truth, question.fact)
        put(raw, question.fact, "unknown" if said is None else said)
    asked = len(outcomes) - 1
    settled = next(n for n, seen in enumerate(outcomes) if all(later == outcomes[-1] for later in outcomes[n:]))
    return Played(asked, settled)


def row(pack: Pack, rules: Rules, examples: list[Example]) -> list[str] | None:
    at_random = random.Random(0)
    ours, others, chats = [], [], []
    for example in examples:
        mine = play(example, pack.code, rules, list)
        other = play(example, pack.code, rules, lambda found: at_random.sample(found, len(found)))
        short = play(example, pack.code, rules, list, chat=True)
        if mine and other and short:
            ours.append(mine)
            others.append(other)
            chats.append(short)
    if not ours:
        return None
    everything = len(facts_read(pack.code))

    def mean(values: list[int]) -> str:
        return f"{statistics.mean(values):.1f}"

    return [
        pack.code,
        str(len(ours)),
        str(everything),
        mean([p.asked for p in ours]),
        str(max(p.asked for p in ours)),
        mean([p.settled for p in ours]),
        mean([p.asked for p in others]),
        mean([p.settled for p in others]),
        f"{statistics.mean(p.settled for p in ours) / everything:.2f}",
        mean([p.asked for p in chats]),
        str(max(p.asked for p in chats)),
    ]


HEADER = [
    "State",
    "examples",
    "facts its rules read",
    "asked, mean",
    "asked, most",
    "settled after, mean",
    "random order: asked",
    "random order: settled",
    "settled / all facts",
    "in the chat, mean",
    "in the chat, most",
]


def main() -> None:
    rules = default_rules()
    codes = sys.argv[1:] or list(rules.packs)
    with ProcessPoolExecutor() as pool:
        rows = [found for found in pool.map(_row, codes) if found]
    table = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER), *("| " + " | ".join(r) + " |" for r in rows)]
    text = INTRODUCTION.format(day=date.today().isoformat()) + "\n".join(table) + "\n"
    (ROOT / "docs" / "interview.md").write_text(text, encoding="utf-8")
    print("\n".join(table))


def _row(code: str) -> list[str] | None:
    rules = default_rules()
    examples = rules.packs[code].examples
    found = row(rules.packs[code], rules, examples[:: max(1, len(examples) // EXAMPLES)][:EXAMPLES])
    print(" ".join(found or [code, "nothing to play"]), file=sys.stderr, flush=True)
    return found


INTRODUCTION = """# The interview: how many questions

Measured on {day} with `make interview-report`: up to 25 examples of every pack, spread over its files, each played from its
country alone. A question is asked only when an answer to it can still change a status, an amount, a time limit, or what else
is to be asked. What an example does
not say is answered "I don't know". Facts of the workbench (dates of claims, expert ratings) are asked too, so a chat asks fewer.

*Asked* counts until nothing can change any more. *Settled* counts until the outcome is the one that stays, whatever else is
asked. Beside it the same game with the questions in random order, and the number of facts that the State's rules read at all.
*In the chat* counts what a person is asked before wanting it more exact: no intimate facts, none that need papers.

"""

if __name__ == "__main__":
    main()
