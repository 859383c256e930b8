"""`python -m tools.fuzz.conversations --turns N --seed S`: people who write anything, in every language, and what must hold all the same.

Starts servers of its own unless an address is given. With `--resume FILE` a long run is done in pieces: its place, its count and the
failures it found are kept there. `--faults` also breaks Rasa and the action server while somebody writes. `--again` plays the failures of
FILE once more, after something was mended.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from tools.fuzz.client import Server, probed
from tools.fuzz.installation import Installation, Logs
from tools.fuzz.invariants import STRUCK
from tools.fuzz.play import Breaker, converse, replay, shortened
from tools.fuzz.progress import Progress
from tools.fuzz.steps import Complaint, Failure, Opening

#: Conversations at the same time, and between two notes of what was done.
AT_ONCE, IN_A_PIECE = 3, 48
PORTS = (8130, 8131, 8132)
#: What Rasa logs of an action that was not answered by the turn's deadline.
LATE = "TimeoutError"


def run(
    server: Server,
    progress: Progress,
    turns: int,
    breaker: Breaker | None = None,
    logs: Logs | None = None,
    note: Callable[[], None] = lambda: None,
) -> None:
    """Hold conversations until so many turns were taken; what does not hold goes into `progress`."""
    at_once = AT_ONCE if breaker is None else 1
    with ThreadPoolExecutor(at_once) as pool:
        while progress.turns < turns:
            numbers = range(progress.next, progress.next + (IN_A_PIECE if breaker is None else 1))
            busy = False
            for number, played in zip(numbers, pool.map(lambda n: converse(server, progress.seed, n, breaker), numbers), strict=True):
                progress.turns += played.turns
                for at, complaint in played.failed:
                    progress.seen[complaint.name] += 1
                    busy |= complaint.key == STRUCK
                    # A busy machine is counted; played again it would only be busier.
                    if complaint.key != STRUCK and progress.is_new(complaint.name):
                        progress.failures.append(shortened(server, number, played, at, complaint, breaker))
            for line in logs.news() if logs is not None and breaker is None else []:
                if busy and LATE in line:
                    # Of the turns that were answered as unavailable, which is counted above.
                    continue
                complaint = Complaint("logs_are_quiet", line, f"in one of the conversations {numbers.start} to {numbers.stop - 1}")
                progress.seen[complaint.name] += 1
                if progress.is_new(complaint.name):
                    progress.failures.append(Failure(numbers.start, Opening("en"), complaint))
            progress.next = numbers.stop
            note()


def again(server: Server, progress: Progress, breaker: Breaker | None) -> list[Failure]:
    """The failures that still show when their steps are taken once more."""
    found = []
    for failure in progress.failures:
        played = replay(server, failure.opening, failure.steps, breaker)
        if any(complaint.name == failure.complaint.name for _at, complaint in played.failed):
            found.append(failure)
    return found


def main() -> int:
    """Run or go on; exit code 1 when an invariant did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz.conversations", description=__doc__)
    parser.add_argument("--turns", type=int, default=1000, help="messages to send, those of earlier pieces among them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", type=Path, metavar="FILE", help="keep what was done here, and go on from it")
    parser.add_argument("--address", metavar="URL", help="servers that run already; else some are started")
    parser.add_argument("--rasa", metavar="URL", help="the address of their Rasa, to tell whose country a city is")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="their logs")
    parser.add_argument("--ports", type=int, nargs=3, default=PORTS, metavar=("WEB", "RASA", "ACTIONS"), help="of the servers that are started")
    parser.add_argument("--faults", action="store_true", help="halt and kill Rasa and the action server meanwhile (only servers of our own)")
    parser.add_argument("--ids", action="store_true", help="messages carry ids, also if the server seems not to know them")
    parser.add_argument("--again", action="store_true", help="only play the failures of FILE once more")
    given = parser.parse_args()
    if given.faults and given.address or given.again and not given.resume:
        parser.error("--faults needs servers of our own, and --again a file")
    progress = Progress.read(given.resume) if given.resume and given.resume.exists() else Progress(given.seed)
    with Installation(tuple(given.ports)) if given.address is None else nullcontext() as own:
        server = probed(own.url, own.rasa_url) if own is not None else probed(given.address.rstrip("/"), given.rasa)
        server = replace(server, ids=server.ids or given.ids)
        print(f"{server.url}: ids {'yes' if server.ids else 'no'}, confirms {'yes' if server.confirms else 'no'}", flush=True)
        logs = own.logs if own is not None else Logs(given.logs) if given.logs else None
        breaker = own.break_it if own is not None and given.faults else None
        if given.again:
            left = again(server, progress, breaker)
            print("\n".join(line for failure in left for line in failure.lines()))
            return 1 if left else 0
        _run(server, progress, given.turns, breaker, logs, given.resume)
    return 1 if progress.failures else 0


def _run(server: Server, progress: Progress, turns: int, breaker: Breaker | None, logs: Logs | None, file: Path | None) -> None:
    begun, before, told = time.monotonic(), progress.turns, len(progress.failures)

    def note() -> None:
        nonlocal told
        for failure in progress.failures[told:]:
            print("\n".join(failure.lines()), flush=True)
        told = len(progress.failures)
        if file is not None:
            progress.write(file)

    try:
        run(server, progress, turns, breaker, logs, note)
    except KeyboardInterrupt:
        print("stopped", flush=True)
    seconds = time.monotonic() - begun
    print(f"{progress.turns} turns in {progress.next} conversations (seed {progress.seed}); now {progress.turns - before} in {seconds:.0f} s")
    for name, times in progress.seen.most_common():
        print(f"  {times:5} {name}")


if __name__ == "__main__":
    sys.exit(main())
