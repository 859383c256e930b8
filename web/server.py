"""`python -m web.server [--host] [--port]`: serve the gateway with uvicorn."""

from __future__ import annotations

import argparse
import logging
import os

import uvicorn

from envelope.logs import set_up_logs
from store.private import keep_private
from store.settings import load_settings
from web.app import create_app
from web.connections import Limits, limited, most_connections, raise_file_limit

SHUTDOWN_SECONDS = 3
OWN_LOGGERS = ("web", "store", "calculator", "danger", "envelope", "__main__")


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="web.server", description="The Redress gateway.")
    parser.add_argument("--host", default=os.environ.get("REDRESS_BIND") or "127.0.0.1", help="default: REDRESS_BIND, else 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    quiet_logs()
    settings = load_settings()
    keep_private(settings.data_dir)
    uvicorn.run(
        create_app(settings),
        host=arguments.host,
        port=arguments.port,
        http=limited(Limits(most=most_connections(raise_file_limit()))),
        # Nothing of ours speaks it, and its connections would be outside these limits.
        ws="none",
        # Addresses hold conversation ids: no access log. `Server: uvicorn` tells an attacker what to try.
        access_log=False,
        server_header=False,
        log_config=None,
        # Its warnings are about requests that are none: anybody could fill the log with them.
        log_level="error",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def quiet_logs() -> None:
    """Warnings and errors only, and of libraries none that anybody on the network can bring about as often as they like."""
    set_up_logs(OWN_LOGGERS)
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
