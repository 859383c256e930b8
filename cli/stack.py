"""Start and stop the three servers together: Rasa, actions, gateway. `python -m cli.stack` is `make run`.

`--only NAME` keeps one of them running, for machines where something else starts each part (deploy/).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from cli.program import StackError
from cli.servers import NAMES, REPOSITORY, Binds, Ports, address, programs, shared_secret
from cli.supervisor import Supervisor
from store.keys import KeyFileError

__all__ = ["REPOSITORY", "Binds", "Ports", "Stack", "StackError"]


class Stack(Supervisor):
    """The three servers as child processes, each in a process group of its own. Use it in a `with` block."""

    def __init__(
        self,
        data_dir: Path,
        ports: Ports | None = None,
        binds: Binds | None = None,
        environment: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
        only: str | None = None,
    ) -> None:
        """`environment`: further variables for all three; `say` gets one line of progress at a time; `only`: one of them alone, with its
        log where this process writes. Raises StackError when the secret they share cannot be read."""
        self.ports = ports or Ports()
        self.binds = binds or Binds()
        given = {**os.environ, **(environment or {})}
        data_dir = data_dir.resolve()
        always = {
            "RASA_TELEMETRY_ENABLED": "false",
            "OMP_NUM_THREADS": "1",
            "SANIC_HOST": self.binds.actions,
            "PYTHONUNBUFFERED": "1",
            "REDRESS_DATA_DIR": str(data_dir),
        }
        urls = {"REDRESS_RASA_URL": self.rasa_url, "REDRESS_ACTIONS_URL": self.actions_url}
        # One alone finds the others where the environment says; all three find each other.
        variables = urls | given | always if only else given | urls | always
        plan = programs(self.ports, self.binds)
        if only:
            # It is ready when it answers; what it lacks of the others it says itself.
            plan = [replace(program, ready_url=program.alive_url) for program in plan if program.name == only]
        try:
            secret = shared_secret(given, data_dir)
        except (OSError, KeyFileError) as error:
            raise StackError(f"The secret that the servers share cannot be read. {error}") from error
        name = f"redress-{only}" if only else "redress"
        super().__init__(plan, data_dir, variables, REPOSITORY, secret.headers, say, keep_logs=only is None, name=name)

    @property
    def url(self) -> str:
        """Address of the gateway on this machine."""
        return address(self.binds.web, self.ports.web)

    @property
    def rasa_url(self) -> str:
        """Address of Rasa."""
        return address(self.binds.rasa, self.ports.rasa)

    @property
    def actions_url(self) -> str:
        """Address of the action server's webhook."""
        return f"{address(self.binds.actions, self.ports.actions)}/webhook"


def _say(line: str) -> None:
    # Who looked on may have closed the terminal; the servers go on.
    try:
        print(line, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the rest of this process


def main() -> int:
    """Run everything until Ctrl-C or SIGTERM. Exit code 1 if a server fails."""
    binds = Binds.of(os.environ)
    parser = argparse.ArgumentParser(prog="redress run", description="Start Rasa, actions and the gateway.")
    parser.add_argument("--host", default=binds.web, help="address the gateway listens on; default: REDRESS_BIND, else 127.0.0.1")
    parser.add_argument("--rasa-host", default=binds.rasa, help="default: REDRESS_RASA_BIND, else 127.0.0.1")
    parser.add_argument("--actions-host", default=binds.actions, help="default: REDRESS_ACTIONS_BIND, else 127.0.0.1")
    parser.add_argument("--port", type=int, default=Ports.web, help="port of the gateway")
    parser.add_argument("--rasa-port", type=int, default=Ports.rasa)
    parser.add_argument("--actions-port", type=int, default=Ports.actions)
    parser.add_argument("--data-dir", type=Path, help="default: REDRESS_DATA_DIR, else var/")
    parser.add_argument("--only", choices=NAMES, help="keep one of the three running; the others run elsewhere")
    arguments = parser.parse_args()
    data_dir = arguments.data_dir or Path(os.environ.get("REDRESS_DATA_DIR") or REPOSITORY / "var")
    ports = Ports(web=arguments.port, rasa=arguments.rasa_port, actions=arguments.actions_port)
    binds = Binds(arguments.host, arguments.rasa_host, arguments.actions_host)
    try:
        stack = Stack(data_dir, ports, binds, say=_say, only=arguments.only)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Who ignores SIGHUP (`nohup`) wants the servers to outlive the terminal. A shell ignores SIGINT for what it starts in the
            # background, but whoever sends it means it.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: stack.interrupt())
        with stack:
            _say(f"Redress is ready: {stack.url}  (Ctrl-C stops everything)" if arguments.only is None else f"{arguments.only} is watched")
            stack.watch()
    except KeyboardInterrupt:
        _say("stopped")
        return 0
    except StackError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
