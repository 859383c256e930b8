"""How every process of ours writes its log: nobody's words, no id of a conversation, no address.

It stands here because this package is the one that all of them load.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Collection
from types import TracebackType
from typing import Any

HIDDEN = "***"
#: Ids of conversations (32), of rows (64), secrets and tokens. Names in code are as long, but have small letters and underscores alone.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])(?![a-z_]+(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{24,}")
_USER_OF_URL = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_QUERY_OF_URL = re.compile(r"(?<=[/\w])\?[^\s'\"]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"\+\d[\d ()/-]{5,}\d")
_PERHAPS_ADDRESS = re.compile(r"(?<![\w.:])[0-9A-Fa-f.:]{3,45}(?![\w])")


def masked(text: str) -> str:
    """A line of a log without ids, secrets, passwords in addresses, telephone numbers, mail addresses and addresses of other machines."""
    for pattern in (_USER_OF_URL, _QUERY_OF_URL, _MAIL, _TELEPHONE, _TOKEN):
        text = pattern.sub(HIDDEN, text)
    return _PERHAPS_ADDRESS.sub(_address, text)


def _address(found: re.Match[str]) -> str:
    text = found.group()
    # The sentence may go on with a full stop or a colon, and an address with its port.
    bare = text.rstrip(".:")
    for candidate in (bare, bare.rpartition(":")[0]):
        try:
            address = ipaddress.ip_address(candidate)
        except ValueError:
            continue
        return text if address.is_loopback or address.is_unspecified else text.replace(candidate, HIDDEN)
    return text


class PrivateFormatter(logging.Formatter):
    """Prints what our own loggers say, masked; of all others only where it was said, and which kind of error it was.

    What libraries say quotes texts, slots, ids and addresses, so it never reaches a log; nor does the text of any exception.
    """

    def __init__(self, own: Collection[str]) -> None:
        """`own`: the packages whose messages are printed."""
        super().__init__()
        self._own = frozenset(own)

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        error = record.exc_info[1] if record.exc_info else None
        place = f" ({place_of(error)})" if error is not None else ""
        if record.name.split(".")[0] in self._own:
            said = masked(record.getMessage()).replace("\n", " ")
            return f"{head}: {said}{place}"
        return f"{head}: {record.funcName} line {record.lineno}{place}"


def place_of(error: BaseException) -> str:
    """Which kind of error it was and where it arose, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    return f"{kind} in {frames[-1].name}, line {frames[-1].lineno}" if frames else kind


def set_up_logs(own: Collection[str], level: int = logging.WARNING) -> None:
    """Write the log of this process to standard error, privately; also what nobody catches. Call it before anything can fail.

    `level`: of all loggers; those of single packages may be set afterwards.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(own))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False

    def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        for frame in traceback.extract_tb(trace):
            print(f"  {os.path.basename(frame.filename)}, {frame.name} line {frame.lineno}", file=sys.stderr)
        # Our own errors say what to mend, and quote nobody.
        ours = kind.__module__.split(".")[0] in own
        print(f"{kind.__name__}: {masked(str(error))}" if ours else kind.__name__, file=sys.stderr)

    def unraisable(what: Any) -> None:
        logging.getLogger("unraisable").error("", exc_info=what.exc_value)

    sys.excepthook = crash
    sys.unraisablehook = unraisable
    threading.excepthook = lambda what: logging.getLogger("thread").error("", exc_info=what.exc_value)


def hand_over(*names: str, level: int = logging.ERROR) -> None:
    """Take the handlers away that a library gave its loggers: what they say goes to ours."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)
