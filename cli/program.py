"""A server as the supervisor knows it: what it is, and how it is doing."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass

from cli.liveness import Patience


class StackError(RuntimeError):
    """A server did not start or ended by itself; the text names it and shows the end of its log."""


@dataclass(frozen=True)
class Program:
    """A server: what starts it, where it listens, and the addresses that say whether it is ready and whether it lives."""

    name: str
    command: tuple[str, ...]
    host: str
    port: int
    ready_url: str
    alive_url: str
    patience: Patience
    #: How long at most, in seconds, it is waited before it is started again.
    longest_pause: float = 30.0


@dataclass(eq=False)
class Server:
    """A program that runs, or has ended and is to be started again."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    ready: bool = False
    #: How often it ended soon after its start, and when it is to be started again.
    failures: int = 0
    again_at: float | None = None
    #: The question that is being asked, since when, what it had done until then, and when it is asked next.
    question: asyncio.Task[bool | None] | None = None
    asked_at: float = 0.0
    asked_ticks: int = 0
    ask_at: float = 0.0
    #: Questions in a row that it did not answer while it stood still, and since when it has answered none.
    misses: int = 0
    silent_since: float | None = None
    hung: bool = False

    @property
    def name(self) -> str:
        """Name of the program."""
        return self.program.name
