"""What must be set before Rasa is imported: no telemetry, one thread, loopback only, logs without anybody's words."""

from __future__ import annotations

import logging
import os
import sys
import warnings

import structlog

from bot.settings import DEFAULT_ACTIONS_URL, LOCK_SECONDS

VARIABLES = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TICKET_LOCK_LIFETIME": str(LOCK_SECONDS),
    "SANIC_HOST": "127.0.0.1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Rasa keeps results of training steps by the source of a component's own module; ours use other modules too.
    "RASA_MAX_CACHE_SIZE": "0",
    # Rasa asks git for the project's revision and prints an error where there is none.
    "GIT_PYTHON_REFRESH": "quiet",
}


class PrivateFormatter(logging.Formatter):
    """Prints messages of our own loggers; of all others only where and what kind of error it was.

    Rasa's errors quote message texts, slots and conversation ids, so their text never reaches a log.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        if record.name.split(".")[0] in ("bot", "__main__"):
            return f"{record.levelname.lower()}: {record.getMessage()}"
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "no exception"
        return f"{record.levelname.lower()}: {record.name}, {record.funcName} line {record.lineno} ({error})"


def prepare_environment(training: bool = False) -> None:
    """Set the variables (whatever they were) and the logging. Call before the first import of Rasa."""
    os.environ.update(VARIABLES)
    os.environ.setdefault("REDRESS_ACTIONS_URL", DEFAULT_ACTIONS_URL)
    handler = logging.StreamHandler(sys.stdout if training else sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s") if training else PrivateFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
    # Rasa's structured log prints every message, slot and event where nobody configures it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # Rasa's warnings are about its own libraries, or quote what they warn of.
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_, **__: None


def quiet_sanic() -> None:
    """Take Sanic's own log handlers away (it installs them with each application); access logs name conversations."""
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        sanic_logger = logging.getLogger(name)
        sanic_logger.handlers.clear()
        sanic_logger.setLevel(logging.ERROR)
    logging.getLogger("sanic.access").disabled = True
