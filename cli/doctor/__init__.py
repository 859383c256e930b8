"""`redress doctor`: what this installation lacks, and how to mend it. Looks at everything, also when nothing runs, and changes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from cli.doctor import data, installation, servers
from cli.doctor.finding import Finding, Level, ok, wrong
from store.settings import REPOSITORY, SettingsError, current_day, load_settings

__all__ = ["Finding", "Level", "examine"]


def examine(gateway: str) -> Iterator[Finding]:
    """Look at each part; the findings in the order in which they are best mended. `gateway`: its address on this machine."""
    try:
        settings = load_settings()
        current_day()
    except SettingsError as error:
        yield wrong("settings", str(error), "Correct the variable in the environment of every server (docs/configuration.md).")
        # The rest is judged by what is left without them.
        settings = load_settings({"REDRESS_DATA_DIR": os.environ.get("REDRESS_DATA_DIR", "")})
    else:
        yield ok("settings", "every variable can be read")
    yield installation.today(os.environ.get("REDRESS_TODAY", ""))
    yield installation.clock(REPOSITORY, time.time())
    yield from installation.examine(REPOSITORY, settings)
    yield from data.examine(settings)
    yield from servers.examine(settings, gateway)
