"""`python -m web.server [--host] [--port]`: serve the gateway with uvicorn."""

from __future__ import annotations

import argparse
import logging
import os

import uvicorn

from web.app import create_app

SHUTDOWN_SECONDS = 3


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="web.server", description="The Redress gateway.")
    parser.add_argument("--host", default=os.environ.get("REDRESS_BIND") or "127.0.0.1", help="default: REDRESS_BIND, else 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    quiet_logging()
    uvicorn.run(
        create_app(),
        host=arguments.host,
        port=arguments.port,
        # Addresses hold conversation ids: no access log. `Server: uvicorn` tells an attacker what to try.
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def quiet_logging() -> None:
    """Warnings and errors only, and none that could quote an address: those of HTTP clients name conversations."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
