"""The three servers as programs: what starts each, where it listens, and where it says that it lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.liveness import Patience
from cli.program import Program
from envelope.secret import SharedSecret
from store.keys import read_keys

REPOSITORY = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
NAMES = ("web", "rasa", "actions")
#: Who is in danger has her answer in two seconds or not at all: a gateway that stands still for so long is of no use to anybody.
GATEWAY_PATIENCE = Patience(every=0.25, answer_within=0.5, misses=3, busy=20.0)
GATEWAY_PAUSE = 4.0
#: A long text may keep these busy for seconds; the gateway does without them meanwhile.
PATIENCE = Patience(every=2.0, answer_within=3.0, misses=3, busy=60.0)


@dataclass(frozen=True)
class Ports:
    """Ports of the three servers."""

    web: int = 8000
    rasa: int = 5005
    actions: int = 5055


@dataclass(frozen=True)
class Binds:
    """Addresses that the three servers listen on."""

    web: str = LOOPBACK
    rasa: str = LOOPBACK
    actions: str = LOOPBACK

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Binds:
        """As REDRESS_BIND, REDRESS_RASA_BIND and REDRESS_ACTIONS_BIND say."""
        return cls(*(environment.get(name) or LOOPBACK for name in ("REDRESS_BIND", "REDRESS_RASA_BIND", "REDRESS_ACTIONS_BIND")))


def shared_secret(environment: Mapping[str, str], data_dir: Path) -> SharedSecret:
    """What the servers know each other by; made when there is none. Raises OSError or KeyFileError."""
    return SharedSecret(Path(environment.get("REDRESS_CHANNEL_SECRET_FILE") or data_dir / "channel.secret").absolute(), read_keys)


def address(bind: str, port: int) -> str:
    """The address at which a server that listens on `bind` is reached from this machine."""
    host = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(bind, bind)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def programs(ports: Ports, binds: Binds) -> list[Program]:
    """The servers in the order of their start."""
    rasa_python = str(REPOSITORY / ".venv-rasa" / "bin" / "python")
    python = str(REPOSITORY / ".venv" / "bin" / "python")
    actions, rasa, web = address(binds.actions, ports.actions), address(binds.rasa, ports.rasa), address(binds.web, ports.web)

    def command(interpreter: str, module: str, bind: str, port: int) -> tuple[str, ...]:
        return (interpreter, "-m", module, "--host", bind, "--port", str(port))

    return [
        Program(
            "actions",
            command(python, "actions.server", binds.actions, ports.actions),
            binds.actions,
            ports.actions,
            f"{actions}/health",
            f"{actions}/health",
            PATIENCE,
        ),
        Program(
            "rasa",
            command(rasa_python, "bot.server", binds.rasa, ports.rasa),
            binds.rasa,
            ports.rasa,
            f"{rasa}/status",
            f"{rasa}/status",
            PATIENCE,
        ),
        # Ready is what could answer a message as it should, alive is what answers: it lives without the others.
        Program(
            "web",
            command(python, "web.server", binds.web, ports.web),
            binds.web,
            ports.web,
            f"{web}/readyz",
            f"{web}/healthz",
            GATEWAY_PATIENCE,
            longest_pause=GATEWAY_PAUSE,
        ),
    ]
