"""What runs: the three servers and what the gateway says of its parts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from cli.doctor.finding import Finding, Level, note, ok, wrong
from store.settings import Settings

SECONDS = 10.0
START = "Start everything: `make run`."
#: How to mend a part of /readyz that is false.
FIXES = {
    "rasa": "See logs/rasa.log in the data folder; then restart it (`make run` does so by itself when it has ended).",
    "channel": "Rasa's answer to the gateway's secret is no, or its database, locks or actions fail: both must have the same data folder "
    "(channel.secret), REDRESS_DATABASE_URL, REDRESS_REDIS_URL and REDRESS_ACTIONS_URL. Restart both after a change.",
    "actions": "See logs/actions.log in the data folder; after its start it needs some seconds to read packs and words.",
    "database": "See `database` above; while it is held by another program nothing can be kept.",
    "disk": "Free some room in the data folder, and see that it can be written to.",
    "redis": "Start it, or correct REDRESS_REDIS_URL; a gateway that is alone needs none.",
    "numbers": "Run `make packs`.",
    "ears": "Run `make train`, and restart the gateway.",
}


def examine(settings: Settings, gateway: str) -> Iterator[Finding]:
    """Look at the servers. `gateway`: the address of the gateway as this machine reaches it."""
    servers = [server("gateway", gateway, "/healthz", '"status"')]
    for rasa, actions in settings.dialogue_urls:
        servers.append(server("rasa", rasa, "/status", '"model_file"'))
        servers.append(server("actions", actions.removesuffix("/webhook"), "/health", '"status"'))
    running = [name for name, finding in servers if finding is None]
    for name, finding in servers:
        if finding is None:
            yield ok(name, "it answers")
        elif finding.level is Level.NOTE and running:
            # All of them stopped is a choice; some of them is a fault.
            yield wrong(name, finding.found, finding.fix)
        else:
            yield finding
    if "gateway" in running:
        yield from parts(gateway)


def server(name: str, url: str, path: str, sign: str) -> tuple[str, Finding | None]:
    """A server by the answer that only ours gives (`sign` is in it): its name, and what is wrong unless it answers."""
    try:
        answer = httpx.get(f"{url}{path}", timeout=SECONDS, trust_env=False)
    except httpx.TimeoutException:
        return name, wrong(name, "it takes connections and does not answer", f"See logs/{_log(name)}.log in the data folder; restart it.")
    except httpx.HTTPError:
        if _listens(url):
            return name, wrong(name, f"another program uses {url}", "Stop that program, or give ours another port.")
        return name, note(name, f"nothing runs at {url}", START)
    if answer.status_code == 200 and sign in answer.text:
        return name, None
    return name, wrong(name, f"what answers at {url} is not ours", "Stop that program, or give ours another port.")


def parts(gateway: str) -> Iterator[Finding]:
    """Each part as the gateway sees it."""
    try:
        seen = httpx.get(f"{gateway}/readyz", timeout=SECONDS, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        yield wrong("readiness", f"the gateway does not say it ({type(error).__name__})", "Restart the gateway.")
        return
    broken = [name for name, works in seen.items() if works is not True and name != "ready"]
    for name in broken:
        yield wrong(f"readiness: {name}", "it does not work for the gateway", FIXES.get(name, "See logs/web.log in the data folder."))
    if not broken:
        yield ok("readiness", "a whole turn would be answered")


def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=2):
            return True
    except OSError:
        return False


def _log(name: str) -> str:
    return "web" if name == "gateway" else name
