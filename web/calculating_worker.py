"""`python -m web.calculating_worker`: a process that does calculations for the gateway, one after the other.

It reads requests from its standard input and writes replies to its standard output (`Pipe`), and ends when the input does. It is bounded
from inside too, so that it neither outlives the gateway nor takes the machine with it: memory, time, and death with its parent.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import logging
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from calculator.api import default_rules
from calculator.errors import PackError
from calculator.packs.current import in_force
from calculator.packs.load import Rules
from calculator.packs.released import Followed, Pointer, load_release
from web.calculating_work import Outcome, Reply, Work, perform

logger = logging.getLogger(__name__)
#: Outcome, and the length of what follows it; before a request stands its length alone.
REPLY_HEAD, REQUEST_HEAD = struct.Struct("!BI"), struct.Struct("!I")
#: A worker that could not have the memory a case needs ends with this code, so that none of it is left over.
OUT_OF_MEMORY = 77
#: Somebody who writes comes first.
NICENESS = 5
_PARENT_DEATH_SIGNAL = 1


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="web.calculating_worker")
    parser.add_argument("--parent", type=int, required=True, help="process that this one ends with")
    parser.add_argument("--seconds", type=float, required=True, help="after which a calculation is given up")
    parser.add_argument("--rules", type=Path, required=True, help="folder in which the release in force is named")
    parser.add_argument("--megabytes", type=int, required=True, help="memory at most")
    arguments = parser.parse_args()
    _end_with(arguments.parent)
    requests, replies = _pipe()
    # A case must not be found in a file that a crash left behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rules = RulesOfTheMachine(arguments.rules)
    rules.take_up()
    most = arguments.megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.nice(NICENESS)
    serve(requests, replies, arguments.seconds, rules)


class RulesOfTheMachine:
    """The release that is in force on this machine; another one for a while, where a request asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._followed = folder, Followed(folder)

    def take_up(self) -> None:
        """Use what is in force: looked at before each request, so that none is answered by two releases."""
        try:
            self._followed.look()
        except PackError:
            logger.error("the release in force cannot be read here, the one before stands")
        default_rules()

    def of(self, release: Pointer) -> Rules:
        """The rules of an earlier release. Raises PackError."""
        return load_release(self._folder, release)


def _end_with(parent: int) -> None:
    """The kernel ends this process when the gateway is killed, even in the middle of a calculation."""
    # Ctrl-C reaches the whole group; the gateway ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(0)


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for ourselves alone: what anything else prints goes to the log."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, replies


def serve(requests: BinaryIO, replies: BinaryIO, seconds: float, rules: RulesOfTheMachine) -> None:
    """Say that it is ready, then answer one request after the other."""
    _send(replies, Reply(Outcome.READY))
    while len(head := requests.read(REQUEST_HEAD.size)) == REQUEST_HEAD.size:
        work: Work = pickle.loads(requests.read(*REQUEST_HEAD.unpack(head)))
        # The gateway ends a calculation that takes too long; should it hang itself, this does.
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds * work.times_as_long)
        reply = _reply(work, rules)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(replies, reply)


def _reply(work: Work, rules: RulesOfTheMachine) -> Reply:
    try:
        if work.release is None:
            rules.take_up()
            return perform(work)
        return _by_release(work, work.release, rules)
    except MemoryError:
        with contextlib.suppress(BaseException):
            logger.warning("a calculation needed too much memory")
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - one case must not end the worker, and no message may be logged: it could quote the case
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
        return Reply(Outcome.BROKEN)


def _by_release(work: Work, release: Pointer, rules: RulesOfTheMachine) -> Reply:
    try:
        with in_force(rules.of(release)):
            return perform(work)
    except PackError as error:
        logger.warning("the release %s cannot be read: %s", release.release, error)
        return Reply(Outcome.NO_RELEASE, str(error).encode())


def _send(replies: BinaryIO, reply: Reply) -> None:
    replies.write(REPLY_HEAD.pack(reply.outcome, len(reply.body)) + reply.body)
    replies.flush()


if __name__ == "__main__":
    main()
