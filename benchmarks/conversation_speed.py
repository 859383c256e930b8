"""The conversation on the real three servers: turns at 3 and at 200, many people, danger with halted actions, memory."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
import time
from pathlib import Path

import psutil
import requests

from benchmarks.measure import Row, p50, p95
from calculator.api import write_contacts
from cli.stack import Ports, Stack
from tools.faults.flood import CONNECTIONS, flooding
from tools.local_services import free_port

PEOPLE = 50
SECONDS = 60
THINK = 5.0


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        write_contacts(data / "contacts.json")
        started = time.monotonic()
        with Stack(
            data, Ports(free_port(), free_port(), free_port()), environment={"REDRESS_MESSAGES_PER_MINUTE": "100000"}, say=lambda line: None
        ) as stack:
            ready = time.monotonic() - started
            return [
                Row("start, environments built and model trained", f"{ready:.0f} s", "<= 60 s with training, warm"),
                *_turns(stack),
                _idle(stack),
                *_crowds(stack),
                _danger(stack),
            ]


def _begin(stack: Stack) -> str:
    return str(requests.post(f"{stack.url}/api/v1/conversations", json={"language": "en", "country": "DE"}, timeout=10).json()["conversation"])


def _say(stack: Stack, conversation: str, text: str) -> tuple[float, list[str]]:
    started = time.perf_counter()
    answer = requests.post(f"{stack.url}/api/v1/conversations/{conversation}/messages", json={"text": text}, timeout=30)
    taken = time.perf_counter() - started
    return taken, [m["kind"] for m in answer.json()["messages"]]


def _turns(stack: Stack) -> list[Row]:
    early, late = [], []
    for _ in range(8):
        conversation = _begin(stack)
        _say(stack, conversation, "how much money can i claim")
        _say(stack, conversation, "yes")
        early += [_say(stack, conversation, "why do you ask?")[0] for _ in range(5)]
    conversation = _begin(stack)
    _say(stack, conversation, "how much money can i claim")
    for turn in range(210):
        taken, _ = _say(stack, conversation, "why do you ask?")
        if turn >= 190:
            late.append(taken)
    return [
        Row("chat turn through the gateway, turn 3", f"p50 {p50(early) * 1000:.0f} ms, p95 {p95(early) * 1000:.0f} ms", "p95 <= 200 ms"),
        Row(
            "the same at turn 200",
            f"p50 {p50(late) * 1000:.0f} ms, p95 {p95(late) * 1000:.0f} ms",
            "p95 <= 200 ms, flat",
            f"{p50(late) / p50(early):.2f} x turn 3",
        ),
    ]


def _idle(stack: Stack) -> Row:
    sizes = {}
    for name in ("rasa", "actions", "web"):
        leader = psutil.Process(stack.process(name).pid)
        sizes[name] = sum(p.memory_info().rss for p in [leader, *leader.children(recursive=True)]) / 1e6
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    return Row("whole product idle, resident", f"{sum(sizes.values()):.0f} MB ({parts})", "<= 1,200 MB")


TEXTS = [
    "how much money can i claim",
    "yes",
    "where can i sleep tonight",
    "why do you ask?",
    "i have no papers, can i stay",
    "about sixty hours",
    "january 2024",
    "i dont know",
    "is this private",
    "60 euro a week",
]


def _crowds(stack: Stack) -> list[Row]:
    """Many people alone, and beside strangers who write long texts without a pause, on the same two cores."""
    alone, told = _crowd(stack)
    with flooding(stack.ports.web):
        beside, told_beside = _crowd(stack)
    return [
        Row(f"{PEOPLE} people, mean think time {THINK:.0f} s", told, "p95 <= 1.0 s, no error"),
        Row(
            f"the same beside a flood of {CONNECTIONS} strangers",
            told_beside,
            "p95 <= 1.5 s, or 1.5 x without it",
            f"p95 {beside / alone:.2f} x without it",
        ),
    ]


def _crowd(stack: Stack) -> tuple[float, str]:
    """The 95th percentile in seconds, and all that is told of it."""
    taken: list[float] = []
    bad: list[str] = []
    until = time.monotonic() + SECONDS

    def person(seed: int) -> None:
        choose = random.Random(seed)
        conversation = _begin(stack)
        time.sleep(choose.uniform(0, THINK))
        while time.monotonic() < until:
            try:
                seconds, kinds = _say(stack, conversation, choose.choice(TEXTS))
                taken.append(seconds)
                if "unavailable" in kinds:
                    bad.append("unavailable")
            except Exception as error:
                bad.append(type(error).__name__)
            time.sleep(choose.expovariate(1 / THINK))

    threads = [threading.Thread(target=person, args=(n,)) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return p95(taken), (
        f"p50 {p50(taken) * 1000:.0f} ms, p95 {p95(taken) * 1000:.0f} ms, {len(taken)} turns, {len(bad)} errors"
        + (f" ({', '.join(sorted(set(bad)))})" if bad else "")
    )


def _danger(stack: Stack) -> Row:
    conversation = _begin(stack)
    leader = psutil.Process(stack.process("actions").pid)
    processes = [leader, *leader.children(recursive=True)]
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        found = [_say(stack, conversation, "he is at the door he is going to kill me") for _ in range(10)]
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)
    assert all("emergency" in kinds for _, kinds in found)
    return Row("danger with the action server halted", f"worst of 10: {max(t for t, _ in found) * 1000:.0f} ms", "<= 2 s")
