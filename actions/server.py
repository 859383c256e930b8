"""`python -m actions.server [--port N]`: the action server, on loopback only."""

from __future__ import annotations

import argparse
import logging
import os


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_HOST"] = "127.0.0.1"
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")

    from rasa_sdk.endpoint import run  # reads the environment when it is imported
    from rasa_sdk.executor import ActionExecutor

    from actions.warm import warm

    # What people write never reaches a log, whatever a library would like to tell.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(name)s: %(funcName)s line %(lineno)d")
    warm()
    executor = ActionExecutor()
    executor.register_package("actions")
    run(executor, port=arguments.port)


if __name__ == "__main__":
    main()
