"""`python -m tools.fuzz.cases --cases N --seed S`: generated cases, each against one State; anything but a CaseError is a failure.

Most cases go through the calculator in this process, a share through the gateway's HTTP application with a real worker. A failure is
printed with the seed, the State and the number that make it again (`--state DE --first 1234 --cases 1`). With `--resume FILE` what was
done is kept there, and the next run goes on behind it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from calculator.api import default_rules, estimate, questions_json
from calculator.engine.result.document import Jurisdiction
from calculator.engine.result.document_json import as_json
from calculator.errors import CaseError
from calculator.files import write_whole
from calculator.translation import languages, translator
from tools.fuzz.cases_material import Made, Maker

#: One in so many cases is asked what to ask next, which tries many estimates; one in so many goes over HTTP.
QUESTIONS_EVERY, HTTP_EVERY = 25, 50
#: One in so many is worked out with every figure unfolded, in one of the languages.
TRACE_EVERY = 7
#: A case that takes more processor time is reported: within the limits nothing may.
LONGEST_SECONDS = 10.0
KEEP_EVERY = 500
START_SECONDS = 120.0
MOST_SHOWN = 20
TONGUES = languages()


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that ended in something else than an estimate or an error that names a fact."""

    state: str
    seed: int
    number: int
    what: str

    def __str__(self) -> str:
        return f"--seed {self.seed} --state {self.state} --first {self.number} --cases 1\n{self.what}"


@dataclass(slots=True)
class Run:
    """What a run has done so far: cases by kind and end, how long, and what failed."""

    seed: int
    done: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def cases(codes: list[str], seed: int, first: int, count: int) -> Iterator[tuple[str, int, Made]]:
    """(State, number, case): the States take turns."""
    makers = {state: Maker(default_rules().packs[state]) for state in codes}
    for number in range(first, first + count):
        state = codes[number % len(codes)]
        yield state, number, makers[state].case(f"{seed}:{state}:{number}")


Ask = Callable[[Made, int], str]


def directly(made: Made, number: int) -> str:
    """Work a case out in this process; the end it came to. Raises whatever is wrong with us."""
    language = TONGUES[number % len(TONGUES)]
    try:
        if number % QUESTIONS_EVERY == 0:
            questions_json(made.raw, made.jurisdictions, made.on, language)
            return "questions"
        found = estimate(made.raw, made.jurisdictions, made.on, language, trace=number % TRACE_EVERY == 0)
    except CaseError as error:
        said = error.as_json(translator(language, "law"))
        json.dumps(said, ensure_ascii=False).encode()
        if not said["error"]["message"] or not said["error"]["fix"]:
            raise AssertionError(f"an error without words: {error!r}") from error
        return "refused"
    json.dumps(as_json(found), ensure_ascii=False, allow_nan=False).encode()
    for jurisdiction in found.jurisdictions:
        _check_amounts(jurisdiction)
    return "estimate"


def _check_amounts(jurisdiction: Jurisdiction) -> None:
    """Every amount is finite, and its low end is not above its high end."""
    amounts = [line.amount for route in jurisdiction.routes for line in route.lines]
    for amount in [*amounts, jurisdiction.total]:
        ends = [Decimal(end) for end in (amount.low, amount.high) if end is not None]
        if not all(end.is_finite() for end in ends) or ends != sorted(ends):
            raise AssertionError(f"an impossible amount: {amount}")


def over_http() -> Iterator[Ask]:
    """The same through the gateway's application: every answer is JSON, and none is an error of ours."""
    from fastapi.testclient import TestClient

    from tools.fuzz.cases_gateway import gateway  # reads the whole gateway, which other ways need not

    with gateway() as app, TestClient(app) as client:

        def ask(made: Made, number: int) -> str:
            body = {"case": made.raw, "jurisdictions": made.jurisdictions, "on": made.on and made.on.isoformat(), "language": "fr"}
            where = "questions" if number % (HTTP_EVERY * 10) == 0 else "estimates"
            answer = client.post(f"/api/v1/{where}", content=_written(body), headers={"content-type": "application/json"})
            document = answer.json()
            if answer.status_code not in (200, 422):
                raise AssertionError(f"HTTP {answer.status_code}: {answer.text[:300]}")
            if answer.status_code == 422 and not document["error"]["message"]:
                raise AssertionError("an error without words")
            return f"http {answer.status_code}"

        # On a busy machine the first worker may take longer to start than anybody is kept waiting.
        until = time.monotonic() + START_SECONDS
        while client.post("/api/v1/estimates", json={"case": {"exploitation": [{"country": states()[0]}]}}).status_code != 200:
            if time.monotonic() > until:
                raise RuntimeError("no worker started")
            time.sleep(1)
        yield ask


def states() -> list[str]:
    """Codes of all States with rules."""
    return sorted(default_rules().packs)


def _written(body: Any) -> str:
    """JSON as anybody may send it: half characters as escapes, and whole numbers longer than Python would write of itself."""
    longest = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(body)
    finally:
        sys.set_int_max_str_digits(longest)


def run(codes: list[str], run: Run, first: int, count: int, http: Ask | None = None, keep: Callable[[Run], None] | None = None) -> Run:
    """Work out `count` cases from number `first` on; failures are collected."""
    for state, number, made in cases(codes, run.seed, first, count):
        ask = http if http is not None and number % HTTP_EVERY == 0 else directly
        started = time.process_time()
        try:
            end = ask(made, number)
        except Exception:  # noqa: BLE001 - that nothing gets here is what is tested
            end = "failed"
            run.failures.append(Failure(state, run.seed, number, traceback.format_exc()[-2_500:].encode("ascii", "backslashreplace").decode()))
        taken = time.process_time() - started
        if taken > LONGEST_SECONDS:
            run.failures.append(Failure(state, run.seed, number, f"took {taken:.1f} s"))
        run.slowest = max(run.slowest, taken)
        run.ends[f"{made.kind}, {end}"] += 1
        run.done += 1
        if keep is not None and run.done % KEEP_EVERY == 0:
            keep(run)
    if keep is not None:
        keep(run)
    return run


def _resumed(path: Path | None, seed: int, codes: list[str]) -> Run:
    """What the last run left; another seed or other States begin anew."""
    if path is None or not path.exists():
        return Run(seed)
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept["seed"] != seed or kept["states"] != codes:
        sys.exit(f"{path} belongs to seed {kept['seed']} and {' '.join(kept['states'])}; name those, or another file.")
    return Run(seed, kept["done"], Counter(kept["ends"]), kept["slowest"], [Failure(**failure) for failure in kept["failures"]])


def main() -> None:
    """Run, print what failed, exit 1 if anything did."""
    parser = argparse.ArgumentParser(prog="tools.fuzz.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", action="append", help="code of a State; all of them without")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--resume", type=Path, help="file in which what was done is kept")
    parser.add_argument("--no-http", action="store_true", help="only in this process")
    arguments = parser.parse_args()
    wanted = arguments.state or states()
    state_of_run = _resumed(arguments.resume, arguments.seed, wanted)

    def keep(so_far: Run) -> None:
        print(f"{so_far.done} cases, {len(so_far.failures)} failures, slowest {so_far.slowest:.2f} s", flush=True)
        if arguments.resume:
            write_whole(
                arguments.resume,
                json.dumps(
                    {
                        "seed": so_far.seed,
                        "states": wanted,
                        "done": so_far.done,
                        "ends": so_far.ends,
                        "slowest": so_far.slowest,
                        "failures": [{name: getattr(f, name) for name in Failure.__slots__} for f in so_far.failures],
                    }
                ),
            )

    clients = over_http() if not arguments.no_http else None
    http = next(clients) if clients is not None else None
    try:
        run(wanted, state_of_run, arguments.first + state_of_run.done, arguments.cases - state_of_run.done, http, keep)
    finally:
        if clients is not None:
            next(clients, None)
    for end, count in sorted(state_of_run.ends.items()):
        print(f"{count:8} {end}")
    for failure in state_of_run.failures[:MOST_SHOWN]:
        print(failure)
    sys.exit(1 if state_of_run.failures else 0)


if __name__ == "__main__":
    main()
