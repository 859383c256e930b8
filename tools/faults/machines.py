"""`python -m tools.faults.machines [--network] [--write FILE]`: two machines with one database; one part after another is killed.

Each machine has a gateway, a Rasa server and an action server, each kept by a launcher of its own as on machines with systemd; they share one
PostgreSQL and one Redis. People answer the questions through either gateway while parts fall. With `--network` (as root) each machine is a
network of its own behind a cable that can be cut.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests

from calculator.api import write_contacts
from cli.stack import REPOSITORY
from tools.faults.people import Answerer, Seen, Witness
from tools.faults.report import write_table
from tools.local_services import LOOPBACK, Service, free_port, postgres, redis

PEOPLE = 6
#: How long people write before something falls, and while it is down and comes back.
BEFORE, DURING = 4.0, 20.0
START_SECONDS = 240.0
SERVERS = ("actions", "rasa", "web")
BRIDGE, NETWORK = "redressbr", "10.83.0"
HEAD = "| what falls | in danger, the slowest of | after | her number | answers acknowledged | lost | not answered at once | well again after |"
MARK = "<!-- machines -->"


@dataclass
class Machine:
    """One machine: its address, the ports of its servers, and the launchers that keep them."""

    name: str
    host: str
    folder: Path
    prefix: tuple[str, ...] = ()
    cable: str = ""
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVERS})
    launchers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def url(self, server: str) -> str:
        """Address of one of its servers."""
        return f"http://{self.host}:{self.ports[server]}"

    def start(self, environment: dict[str, str]) -> None:
        """Start the three servers, each with a launcher of its own."""
        self.folder.mkdir(mode=0o700)
        write_contacts(self.folder / "contacts.json")
        own = {f"REDRESS_{name}BIND": self.host for name in ("", "RASA_", "ACTIONS_")}
        given = os.environ | environment | own | {"REDRESS_DATA_DIR": str(self.folder)}
        ports = ["--port", str(self.ports["web"]), "--rasa-port", str(self.ports["rasa"]), "--actions-port", str(self.ports["actions"])]
        for server in SERVERS:
            command = [*self.prefix, sys.executable, "-m", "cli.stack", "--only", server, *ports]
            output = subprocess.DEVNULL
            self.launchers.append(subprocess.Popen(command, cwd=REPOSITORY, env=given, stdout=output, stderr=output))

    def process(self, server: str) -> int:
        """Process id of one of its servers, which leads a group."""
        return int(json.loads((self.folder / f"redress-{server}.pid").read_text())["servers"][server]["pid"])

    def stop(self) -> None:
        """End all of it."""
        for launcher in self.launchers:
            launcher.send_signal(signal.SIGTERM)
        for launcher in self.launchers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                launcher.wait(20)
            launcher.kill()
            launcher.wait()


@contextmanager
def two_machines(network: bool) -> Iterator[list[Machine]]:
    """Both machines, ready."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        if network:
            ends.callback(_unplug)
            machines = [_plug(name, number, folder) for number, name in ((2, "A"), (3, "B"))]
            database = ends.enter_context(postgres(f"{NETWORK}.1", f"{NETWORK}.0/24"))
            memory = ends.enter_context(redis(f"{NETWORK}.1"))
        else:
            machines = [Machine(name, LOOPBACK, folder / name) for name in "AB"]
            database, memory = ends.enter_context(postgres()), ends.enter_context(redis())
        for machine in machines:
            ends.callback(machine.stop)
        for number, machine in enumerate(machines):
            machine.start(_environment([machine, machines[1 - number]], folder, database, memory))
            # The first start makes the keys that both have.
            _wait(partial(_ready, machine.url("web")), f"machine {machine.name}")
        yield machines


def _environment(machines: list[Machine], folder: Path, database: Service, memory: Service) -> dict[str, str]:
    """What the servers of the first are told; its own Rasa is asked before the other's."""
    return {
        "REDRESS_DATABASE_URL": database.url,
        "REDRESS_REDIS_URL": memory.url,
        "REDRESS_CHANNEL_SECRET_FILE": str(folder / "channel.secret"),
        "REDRESS_CONVERSATION_KEY_FILE": str(folder / "conversation.key"),
        "REDRESS_WRAPPING_KEYS_FILE": str(folder / "wrapping.keys"),
        "REDRESS_RASA_URL": ",".join(machine.url("rasa") for machine in machines),
        "REDRESS_ACTIONS_URL": ",".join(f"{machine.url('actions')}/webhook" for machine in machines),
        "REDRESS_MESSAGES_PER_MINUTE": "100000",
    }


def _plug(name: str, number: int, folder: Path) -> Machine:
    """A network of its own for a machine, on a switch that all share."""
    space, cable = f"redress{name}", f"redress{name}0"
    if number == 2:
        _ip(f"link add {BRIDGE} type bridge")
        _ip(f"addr add {NETWORK}.1/24 dev {BRIDGE}")
        _ip(f"link set {BRIDGE} up")
    _ip(f"netns add {space}")
    _ip(f"link add {cable} type veth peer name eth0 netns {space}")
    _ip(f"link set {cable} master {BRIDGE} up")
    for command in (f"addr add {NETWORK}.{number}/24 dev eth0", "link set eth0 up", "link set lo up"):
        _ip(f"-n {space} {command}")
    return Machine(name, f"{NETWORK}.{number}", folder / name, ("ip", "netns", "exec", space), cable)


def _unplug() -> None:
    for command in (f"link del {BRIDGE}", "netns del redressA", "netns del redressB"):
        subprocess.run(["ip", *command.split()], stderr=subprocess.DEVNULL)


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)


def killed(machine: Machine, server: str) -> Callable[[], None]:
    """One server ends without a word."""
    return lambda: os.killpg(machine.process(server), signal.SIGKILL)


def halted(machine: Machine, server: str) -> Callable[[], None]:
    """One server neither answers nor refuses, until its launcher starts it again."""
    return lambda: os.killpg(machine.process(server), signal.SIGSTOP)


def cut(machine: Machine) -> Callable[[], None]:
    """The cable is cut, and plugged in again after half of the time."""

    def fault() -> None:
        _ip(f"link set {machine.cable} down")
        threading.Timer(DURING / 2, _ip, [f"link set {machine.cable} up"]).start()

    return fault


def row(machines: list[Machine], words: str, fault: Callable[[], None]) -> tuple[str, bool]:
    """People write while something falls; the row, and whether nothing was lost and danger answered in time."""
    gateways = [machine.url("web") for machine in machines]
    people = [Answerer(gateways[number % 2 :] + gateways[: number % 2]) for number in range(PEOPLE)]
    in_danger = [Witness(gateway, "DE", patience=2.5) for gateway in gateways]
    over = threading.Event()
    threads = [threading.Thread(target=one.answer_until, args=(over,)) for one in people]
    for thread in threads:
        thread.start()
    time.sleep(BEFORE)
    fault()
    begun, well, seen, times = time.monotonic(), 0.0, Seen("emergency", 0.0, "110"), 0
    while time.monotonic() - begun < DURING:
        # Whoever is with the one that is not there is sent to the other, as a balancer does.
        said = min((witness.in_danger() for witness in in_danger), key=lambda one: (one.kind != "emergency", one.seconds))
        times += 1
        seen = max(seen, said, key=lambda one: (one.kind != "emergency", one.seconds))
        if not all(_ready(gateway) for gateway in gateways):
            well = time.monotonic() - begun
        time.sleep(0.5)
    over.set()
    for thread in threads:
        thread.join()
    _wait(lambda: all(_ready(gateway) for gateway in gateways), "both machines")
    lost = sum(one.lost() for one in people)
    good = seen.kind == "emergency" and seen.number == "110" and seen.seconds <= 2.0 and lost == 0
    told = f"| {words} | {seen.kind}, {times} | {seen.seconds:.1f} s | {seen.number} | {sum(len(one.acknowledged) for one in people)} | {lost} |"
    return f"{told} {sum(one.again for one in people)} | {well:.0f} s |", good


def _ready(url: str) -> bool:
    try:
        return bool(requests.get(f"{url}/readyz", timeout=1.5, proxies={"http": ""}).json()["ready"])
    except (requests.RequestException, ValueError, KeyError):
        return False


def _wait(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"error: {what} did not get ready in {START_SECONDS:.0f} s")
        time.sleep(0.5)


def main() -> int:
    """Run the rows; exit code 1 when danger came late or with a wrong number, or when an acknowledged answer was lost."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults.machines", description=__doc__)
    parser.add_argument("--network", action="store_true", help="a network of its own for each machine (Linux, root)")
    parser.add_argument("--write", type=Path, help="write the table into this file, below its heading")
    given = parser.parse_args()
    lines, bad = [HEAD, "|" + "---|" * HEAD.count(" | ") + "---|"], 0
    print("\n".join(lines), flush=True)
    with two_machines(given.network) as machines:
        first, second = machines
        rows = [
            ("nothing", lambda: None),
            ("Rasa of one is killed", killed(first, "rasa")),
            ("the action server of the other is killed", killed(second, "actions")),
            ("the gateway of one is killed", killed(first, "web")),
            ("Rasa of the other hangs", halted(second, "rasa")),
            *([("the cable of one is cut for ten seconds", cut(first))] if given.network else []),
        ]
        for words, fault in rows:
            line, good = row(machines, words, fault)
            print(line, flush=True)
            lines.append(line)
            bad += not good
    if given.write:
        write_table(given.write, MARK, lines)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
