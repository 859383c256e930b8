"""`python -m actions.server [--port N]`: the action server, on loopback only."""

from __future__ import annotations

import argparse
import logging
import os

from envelope.logs import hand_over, set_up_logs
from store.private import UMASK

HOST = "127.0.0.1"
# Not `actions` itself: what it would tell of a message that it cannot read may quote that message.
OWN_LOGGERS = ("store", "envelope", "__main__")


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    os.umask(UMASK)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    set_up_logs(OWN_LOGGERS)

    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    from actions.warm import warm

    warm()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    hand_over("sanic.root", "sanic.error", "sanic.access", "sanic.server")
    logging.getLogger("sanic.access").disabled = True
    # In this process: one that Sanic starts would have to read packs and words again, and the first who writes would wait for that.
    app.run(host=HOST, port=arguments.port, single_process=True, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main()
