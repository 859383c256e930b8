"""`python -m cli.alive web|rasa|actions`: exit code 0 when that server answers on this machine, for health checks of containers."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cli.liveness import is_ready
from cli.servers import NAMES, REPOSITORY, Binds, Ports, programs, shared_secret
from store.keys import KeyFileError


def main() -> int:
    """Ask once."""
    parser = argparse.ArgumentParser(prog="python -m cli.alive", description="Whether a server of this machine answers.")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--port", type=int, help="default: the port it has without another")
    arguments = parser.parse_args()
    ports = Ports() if arguments.port is None else Ports(**{arguments.name: arguments.port})
    program = next(program for program in programs(ports, Binds.of(os.environ)) if program.name == arguments.name)
    try:
        secret = shared_secret(os.environ, Path(os.environ.get("REDRESS_DATA_DIR") or REPOSITORY / "var"))
    except (OSError, KeyFileError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if is_ready(program.alive_url, secret.headers()) else 1


if __name__ == "__main__":
    sys.exit(main())
