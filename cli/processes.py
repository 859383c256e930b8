"""Processes as the Linux kernel knows them: groups, when each began, and what is left of a group."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.02
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None
_PARENT_DEATH_SIGNAL = 1
#: Fields of /proc/PID/stat behind the name, which is in brackets and may hold anything.
_STATE, _GROUP, _USER_TICKS, _SYSTEM_TICKS, _STARTED = 0, 2, 11, 12, 19


def ending_with(parent: int) -> Callable[[], None] | None:
    """What to run in a child before its program: the kernel ends it when this launcher (process `parent`) is killed, so that no port
    stays taken. None where the kernel cannot do so."""
    if _PRCTL is None:
        return None

    def end_with_parent() -> None:
        _PRCTL(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # it was killed before we asked

    return end_with_parent


def began(process: int) -> str | None:
    """When a process began, as text that no other process with its number shares; None when there is no such process."""
    fields = _fields(process)
    if fields is None or fields[_STATE] == "Z":
        return None
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot = ""
    return f"{boot} {fields[_STARTED]}"


def ticks(process: int) -> int:
    """How long a process has had a processor, in ticks of the kernel (hundredths of a second)."""
    fields = _fields(process)
    return 0 if fields is None else int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])


def stands_still(process: int, since: int) -> bool:
    """Whether a process has done nothing since it had had so many `ticks`, and does not just wait for a disk."""
    fields = _fields(process)
    return ticks(process) == since and (fields is None or fields[_STATE] != "D")


def members(group: int) -> list[int]:
    """The processes of a process group that still run."""
    found = []
    for entry in os.scandir("/proc"):
        fields = _fields(int(entry.name)) if entry.name.isdigit() else None
        if fields is not None and fields[_STATE] != "Z" and int(fields[_GROUP]) == group:
            found.append(int(entry.name))
    return found


def has_in_environment(process: int, setting: str) -> bool:
    """Whether a process was started with a variable of this value, written as `NAME=value`."""
    try:
        return setting.encode() in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to all of a group; nothing when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def wait_for_group(group: int, seconds: float) -> bool:
    """Wait until all of a group have ended: a kill is only a request until the kernel has come to it. False when they have not."""
    until = time.monotonic() + seconds
    while members(group):
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _fields(process: int) -> list[str] | None:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()
