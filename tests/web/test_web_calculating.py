"""Cases over HTTP are worked out by processes that can be ended: by their time, their memory, their client, their gateway."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import psutil
import pytest

from web.calculating import MOST_OF_ONE, Worker, WorkerEndedError
from web.calculating_work import Outcome, Work
from web.calculating_worker import OUT_OF_MEMORY

SMALL = {"evaluated_on": "2026-06-30", "exploitation": [{"country": "DE", "forms": ["labour"]}]}


def heavy() -> dict[str, Any]:
    """Jobs of ten years with an absence every week, under the rules of every American State: minutes of work, within every limit."""
    days = [(date(2016, 7, 1) + timedelta(days=8 * n)).isoformat() for n in range(440)]
    work = [
        {
            "country": "US",
            "region": "US-NY",
            "start": "2016-06-01",
            "end": (date(2026, 5, 1) - timedelta(days=n)).isoformat(),
            "paid": [],
            "hours_per_week": "1",
            "occupation": str(n),
            "absences": [{"start": day, "hours": 1} for day in days],
        }
        for n in range(30)
    ]
    return {"evaluated_on": "2026-06-30", "exploitation": [{"country": "US", "region": "US-NY", "forms": ["labour"]}], "work": work}


def post(url: str, case: dict[str, Any], what: str = "questions", seconds: float = 60, **headers: str) -> httpx.Response:
    return httpx.post(f"{url}/api/v1/{what}", json={"case": case}, trust_env=False, timeout=seconds, headers=headers)


def workers(gateway: Any) -> list[psutil.Process]:
    """The calculating processes of a gateway."""
    return [p for p in psutil.Process(gateway.process.pid).children() if "web.calculating_worker" in command_of(p)]


def command_of(process: psutil.Process) -> list[str]:
    """The words a process was started with; none once it has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def busy(gateway: Any, wait: Any) -> psutil.Process:
    """A worker in the middle of a calculation."""
    found: list[psutil.Process] = []

    def runs() -> bool:
        found[:] = [p for p in workers(gateway) if p.status() == psutil.STATUS_RUNNING and p.cpu_times().user > before.get(p.pid, 99)]
        return bool(found)

    wait(lambda: bool(workers(gateway)))
    before = {p.pid: p.cpu_times().user + 0.2 for p in workers(gateway)}
    wait(runs, 60)
    return found[0]


def test_a_worker_is_made_ready_before_anybody_asks(run_gateway: Any, wait: Any) -> None:
    gateway = run_gateway()
    wait(lambda: len(workers(gateway)) == 1)
    assert post(gateway.url, SMALL, "estimates").status_code == 200
    assert len(workers(gateway)) == 1


def test_a_case_over_its_time_is_ended_and_the_next_is_answered(run_gateway: Any, wait: Any) -> None:
    gateway = run_gateway(REDRESS_CALCULATION_SECONDS="1")
    assert post(gateway.url, SMALL).status_code == 200
    before = {p.pid for p in workers(gateway)}
    answer = post(gateway.url, heavy())
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "too long" in answer.json()["error"]["message"] and answer.json()["error"]["fix"]
    # It was told to end before the answer went out; the system may take a moment longer.
    wait(lambda: not before & {p.pid for p in workers(gateway)})
    assert post(gateway.url, SMALL).status_code == 200


def test_a_calculation_ends_when_its_client_goes(run_gateway: Any, wait: Any) -> None:
    gateway = run_gateway(REDRESS_CALCULATION_SECONDS="300")
    assert post(gateway.url, SMALL).status_code == 200

    gave_up = threading.Event()

    def give_up() -> None:
        try:
            post(gateway.url, heavy(), seconds=4)
        except httpx.ReadTimeout:
            gave_up.set()

    client = threading.Thread(target=give_up)
    client.start()
    worker = busy(gateway, wait)
    client.join()
    assert gave_up.is_set()
    worker.wait(15)
    assert post(gateway.url, SMALL).status_code == 200


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_gateway_even_in_the_middle_of_a_case(run_gateway: Any, wait: Any, how: signal.Signals) -> None:
    gateway = run_gateway(REDRESS_CALCULATION_SECONDS="300")

    def ask() -> None:
        try:
            post(gateway.url, heavy())
        except httpx.TransportError:
            return

    client = threading.Thread(target=ask)
    client.start()
    working = busy(gateway, wait)
    all_of_them = workers(gateway)
    os.kill(gateway.process.pid, how)
    assert working in all_of_them
    gone, alive = psutil.wait_procs(all_of_them, 15)
    assert not alive
    client.join(10)


def test_a_worker_that_was_killed_is_replaced(run_gateway: Any, wait: Any) -> None:
    gateway = run_gateway()
    assert post(gateway.url, SMALL).status_code == 200
    old = workers(gateway)[0]
    old.kill()
    old.wait(10)
    wait(lambda: post(gateway.url, SMALL).status_code == 200, 30)
    assert old.pid not in {p.pid for p in workers(gateway)}


def test_one_address_may_send_so_many_cases_a_minute_and_so_many_at_once(run_gateway: Any) -> None:
    gateway = run_gateway(REDRESS_CALCULATIONS_PER_MINUTE="3")
    assert [post(gateway.url, SMALL).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = post(gateway.url, SMALL)
    assert refused.headers["retry-after"] == "60" and set(refused.json()["error"]) == {"message", "fix"}
    # The chat is another matter.
    assert httpx.post(f"{gateway.url}/api/v1/conversations", json={}, trust_env=False).status_code == 200


def test_one_address_cannot_take_every_place_in_the_queue(run_gateway: Any) -> None:
    gateway = run_gateway(REDRESS_CALCULATION_SECONDS="3")
    answers: list[httpx.Response] = []
    clients = [threading.Thread(target=lambda: answers.append(post(gateway.url, heavy()))) for _ in range(MOST_OF_ONE + 2)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    said = Counter(answer.json()["error"]["message"] for answer in answers)
    assert {answer.status_code for answer in answers} == {503}
    assert said["Many cases are being worked out now."] >= 2 and said["This case takes too long to work out."] >= 1, said


def test_a_worker_without_the_memory_it_needs_says_so_and_ends() -> None:
    async def out_of_memory() -> WorkerEndedError:
        worker = await Worker.start(60, Path("/nowhere"), megabytes=120)
        with pytest.raises(WorkerEndedError) as raised:
            await worker.ask(Work("estimates", json.dumps({"case": heavy()}).encode(), "en", ("en",)))
        await worker.ended()
        return raised.value

    assert asyncio.run(out_of_memory()).code == OUT_OF_MEMORY


def test_a_worker_inherits_no_socket_and_no_file_of_the_gateway(run_gateway: Any) -> None:
    gateway = run_gateway()
    assert post(gateway.url, SMALL).status_code == 200
    assert psutil.Process(gateway.process.pid).net_connections("inet")
    for worker in workers(gateway):
        assert not worker.net_connections("inet")
        held = [os.readlink(entry) for entry in Path(f"/proc/{worker.pid}/fd").iterdir()]
        assert held and not [name for name in held if name.endswith((".db", ".key", ".secret"))], held


def test_a_fault_of_ours_in_a_worker_tells_nothing_of_the_case(capfd: pytest.CaptureFixture[str]) -> None:
    """A language that no translation could be made for stands for any fault: the worker goes on, and its log names a place alone."""

    async def fault() -> tuple[Outcome, Outcome]:
        worker = await Worker.start(60, Path("/nowhere"))
        body = json.dumps({"case": SMALL}).encode()
        broken = await worker.ask(Work("estimates", body, cast(str, None), ("en",)))
        fine = await worker.ask(Work("estimates", body, "en", ("en",)))
        worker.end()
        await worker.ended()
        return broken.outcome, fine.outcome

    assert asyncio.run(fault()) == (Outcome.BROKEN, Outcome.ANSWERED)
    logged = capfd.readouterr().err
    assert " in " in logged and "labour" not in logged and "DE" not in logged


DEEP = b'{"case": {"work": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}"


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({"case": {**SMALL, "exploitation": [{"country": "DE", "start": "0001-01-01"}]}}, "exploitation[0].start"),
        ({"case": {**SMALL, "exploitation": [{"country": "DE", "end": "9999-12-31"}]}}, "exploitation[0].end"),
        ({"case": {**SMALL, "evaluated_on": "9999-12-31"}}, "evaluated_on"),
        ({"case": SMALL, "on": "0001-01-01"}, "evaluated_on"),
        ({"case": SMALL, "on": "9999-12-31"}, "evaluated_on"),
        ({"case": {**SMALL, "work": [{"occupation": "\ud800"}]}}, "work[0].occupation"),
        ({"case": {**SMALL, "claimant": "\udfff"}}, "claimant"),
        ({"case": {**SMALL, "work": [{"\ud800": 1}]}}, "work[0]"),
        ({"case": {**SMALL, "work": [{"": 1}]}}, "work[0]"),
        ({"case": {**SMALL, "work": [{"hours_per_week": float("nan")}]}}, "work[0].hours_per_week"),
        ({"case": {**SMALL, "work": [{"hours_per_week": float("inf")}]}}, "work[0].hours_per_week"),
        (b'{"case": {"work": [{"hours_per_week": ' + b"9" * 6_000 + b"}]}}", "work[0].hours_per_week"),
        (b'{"case": {"person": {"birth_date": ' + b"9" * 6_000 + b"}}}", "person.birth_date"),
        (b'{"case": {"work": [], "work": []}}', None),
        (DEEP, None),
        (b'{"case": {"work": ' + b"[" * 40 + b"]" * 40 + b"}}", "work[0][0]"),
        ({"case": {**SMALL, "work": {"a": 1}}}, "work"),
        ({"case": {**SMALL, "work": [{"occupation": "x" * 201}]}}, "work[0].occupation"),
        ({"case": {**SMALL, "work": [{}] * 501}}, "work"),
        ({"case": SMALL, "jurisdictions": [f"DE-{n:03}" for n in range(100)]}, "jurisdictions"),
        ({"case": SMALL, "jurisdictions": ["\ud800"]}, "exploitation[0].country"),
        ({"case": SMALL, "on": "soon"}, None),
        ({"case": SMALL, "language": "x-" * 50_000}, None),
        (b"\xff\xfe", None),
        (b"", None),
        (b"3", None),
        (b'{"case": "x"}', None),
    ],
)
@pytest.mark.parametrize("what", ["estimates", "questions"])
def test_whatever_is_sent_is_answered_with_an_estimate_or_with_what_is_wrong(gateway: Any, body: Any, fact: str | None, what: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = post_raw(gateway.url, what, content)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["message"] and error["fix"] and error.get("fact") == fact


def post_raw(url: str, what: str, content: bytes) -> httpx.Response:
    return httpx.post(f"{url}/api/v1/{what}", content=content, headers={"content-type": "application/json"}, trust_env=False, timeout=30)
