"""What must be set before Rasa is imported: no telemetry, one thread, loopback only, logs without anybody's words."""

from __future__ import annotations

import logging
import os
import sys
import warnings

import structlog

from bot.settings import DEFAULT_ACTIONS_URL, LOCK_SECONDS
from envelope.logs import hand_over, set_up_logs

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


#: Whose messages are printed; those of Rasa quote texts, slots and ids of conversations.
OWN_LOGGERS = ("bot", "danger", "envelope", "__main__")


def prepare_environment(training: bool = False) -> None:
    """Set the variables (whatever they were) and the logging. Call before the first import of Rasa."""
    os.environ.update(VARIABLES)
    os.environ.setdefault("REDRESS_ACTIONS_URL", DEFAULT_ACTIONS_URL)
    if training:
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout, force=True)
    else:
        set_up_logs(OWN_LOGGERS)
    logging.getLogger("bot").setLevel(logging.INFO)
    # Rasa's structured log prints every message, slot and event where nobody configures it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # Rasa's warnings are about its own libraries, or quote what they warn of.
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_, **__: None


def quiet_sanic() -> None:
    """Take Sanic's own log handlers away (it installs them with each application); access logs name conversations."""
    hand_over("sanic.root", "sanic.error", "sanic.access")
    logging.getLogger("sanic.access").disabled = True
