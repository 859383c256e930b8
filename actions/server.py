"""`python -m actions.server [--host ADDRESS] [--port N]`: the action server, on loopback unless it is told another address."""

from __future__ import annotations

import argparse
import logging
import os

from envelope.logs import hand_over, set_up_logs
from store.private import UMASK

HOST = "127.0.0.1"
# Not `actions` itself: what it would tell of a message that it cannot read may quote that message.
OWN_LOGGERS = ("store", "envelope", "actions.app", "__main__")


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--host",
        default=os.environ.get("REDRESS_ACTIONS_BIND") or "127.0.0.1",
        help="address to listen on; default: REDRESS_ACTIONS_BIND, else 127.0.0.1",
    )
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    os.umask(UMASK)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_HOST"] = arguments.host
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    set_up_logs(OWN_LOGGERS)

    from rasa_sdk.executor import ActionExecutor  # reads the environment when it is imported

    from actions.app import guarded_app  # read rasa_sdk, too
    from actions.warm import warm
    from envelope.secret import only_this_machine
    from store.settings import load_settings

    warm()
    executor = ActionExecutor()
    executor.register_package("actions")
    settings = load_settings()
    open_health = only_this_machine(arguments.host) and not settings.secret_always
    app = guarded_app(executor, settings.channel_secret_file, open_health, settings.rules_folder)
    hand_over("sanic.root", "sanic.error", "sanic.access", "sanic.server")
    logging.getLogger("sanic.access").disabled = True
    # One process: a manager with a worker below it would have warmed itself instead of the worker, and would live on without it.
    app.run(host=arguments.host, port=arguments.port, single_process=True, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main()
