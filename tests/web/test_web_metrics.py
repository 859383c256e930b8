"""What is counted, that nothing of it leads to a person, and that no stranger finds it."""

from __future__ import annotations

import re
import socket

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from web.metrics import outcome_of

LABELS = {
    "redress_requests": {"method", "route", "status"},
    "redress_turns": {"outcome"},
    "redress_turn_seconds": {"le"},
    "redress_refusals": {"fault"},
    "redress_part_up": {"part"},
}


class Scraped:
    """The metrics of one gateway as Prometheus reads them."""

    def __init__(self, port: int) -> None:
        self.text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, timeout=10).text
        self.samples = [sample for family in text_string_to_metric_families(self.text) for sample in family.samples]

    def __call__(self, name: str, **labels: str) -> float:
        return sum(s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items())


@pytest.fixture
def counted(run_gateway, new_port, wait):
    """A gateway and a look at its metrics."""
    port = new_port()
    gateway = run_gateway(REDRESS_METRICS=str(port), REDRESS_MESSAGES_PER_MINUTE="12")
    wait(lambda: Scraped(port)("redress_part_up", part="rasa") == 1)
    return gateway, lambda: Scraped(port)


def test_turns_requests_refusals_and_parts_are_counted(counted, new_chat):
    gateway, scrape = counted
    chat = new_chat(gateway.url, country="DE")
    for text in ("hello", "he will kill me", "i am afraid", "FAIL", "kill kill"):
        chat.say(text)
    button = chat.say("choose")[0]["buttons"][0]["button"]
    chat.press(button)
    with httpx.Client(base_url=gateway.url, trust_env=False) as http:
        http.head("/")
        http.post("/api/v1/conversations", content=b"{")
        http.get("/nowhere")
        http.get("/static/notes.css")
        http.get(f"/api/v1/conversations/{'x' * 32}/case")
        http.patch("/")
    now = scrape()
    assert {o: now("redress_turns_total", outcome=o) for o in ("emergency", "hint", "unavailable", "text", "wait", "failed", "refused")} == {
        "emergency": 2,
        "hint": 1,
        "unavailable": 1,
        "text": 3,
        "wait": 0,
        "failed": 0,
        "refused": 0,
    }
    assert now("redress_turn_seconds_count") == 7 and 0 < now("redress_turn_seconds_sum") < 60
    message = "/api/v1/conversations/{conversation}/messages"
    assert now("redress_requests_total", method="POST", route=message, status="2xx") == 7
    assert now("redress_requests_total", method="GET", route="/", status="2xx") == 1
    assert now("redress_requests_total", method="GET", route="/static", status="2xx") == 1
    assert now("redress_requests_total", method="GET", route="none", status="4xx") == 1
    assert now("redress_requests_total", method="other") == 1
    refused = {fault: now("redress_refusals_total", fault=fault) for fault in ("unknown_conversation", "bad_body", "not_found", "too_many")}
    assert refused == {"unknown_conversation": 1, "bad_body": 1, "not_found": 1, "too_many": 0}
    assert now("redress_part_up", part="disk") == now("redress_part_up", part="actions") == 1


def test_a_limit_that_is_met_is_counted_once_by_the_api_and_by_the_page(counted, new_chat):
    gateway, scrape = counted
    chat = new_chat(gateway.url)
    statuses = [chat.post(text="where can i sleep").status_code for _ in range(14)]
    refused = statuses.count(429)
    assert 0 < refused < 14
    page = httpx.Client(base_url=gateway.url, trust_env=False, timeout=20)
    for _ in range(14):
        page.post("/chat", data={"text": "where can i sleep"})
    now = scrape()
    assert now("redress_refusals_total", fault="too_many") == now("redress_turns_total", outcome="refused") == 2 * refused
    assert now("redress_turns_total") == 28


def test_nothing_in_them_leads_to_a_person(counted, new_chat):
    gateway, scrape = counted
    before = {(s.name, *s.labels.items()) for s in scrape().samples}
    chat = new_chat(gateway.url, "fr", "FR")
    as_somebody = {"X-Forwarded-For": "203.0.113.7", "User-Agent": "Somebodys-Telephone"}
    for text in ("marzipan in Bordeaux", "he will kill me marzipan"):
        chat.http.post(f"/api/v1/conversations/{chat.id}/messages", json={"text": text}, headers=as_somebody)
    chat.http.get(f"/api/v1/conversations/{chat.id}/marzipan", headers=as_somebody)
    chat.delete()
    now = scrape()
    for secret in (chat.id, "marzipan", "203.0.113.7", "Somebody", "Bordeaux", "FR", '"fr"', "127.0.0.1"):
        assert secret not in now.text
    assert not re.search(r"[A-Za-z0-9_-]{32}", now.text)
    for sample in now.samples:
        family = next((f for f in LABELS if sample.name.startswith(f"{f}_") or sample.name == f), None)
        assert set(sample.labels) <= LABELS.get(family or "", set()), sample
        # A moment would tell when somebody wrote; that of the process is no person's.
        assert not sample.name.endswith("_created")
    # Of turns and refusals every series is there before anybody writes.
    new = {name for name, *_ in {(s.name, *s.labels.items()) for s in now.samples} - before}
    assert new <= {"redress_requests_total"}


def test_no_stranger_finds_them(counted, run_gateway):
    gateway, scrape = counted
    assert httpx.get(f"{gateway.url}/metrics", trust_env=False).status_code == 404
    address = socket.gethostbyname(socket.gethostname())
    port = re.search(r"\d+$", gateway.url)
    assert port
    if not address.startswith("127."):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://{address}:{port.group()}/metrics", trust_env=False, timeout=5)
    assert scrape()("redress_turns_total") == 0
    # Without the setting there are none at all.
    silent = run_gateway()
    assert httpx.get(f"{silent.url}/metrics", trust_env=False).status_code == 404


def test_a_port_that_is_taken_costs_nobody_an_answer(run_gateway, new_chat, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        gateway = run_gateway(REDRESS_METRICS=str(taken.getsockname()[1]))
        assert new_chat(gateway.url).say("hello")[0]["text"] == "You said: hello"
    assert "of the metrics is in use" in (tmp_path / "gateway.log").read_text()


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (["emergency_hint", "unavailable"], "unavailable"),
        (["text", "emergency"], "emergency"),
        (["emergency_hint", "question"], "hint"),
        (["estimate"], "text"),
        ([], "text"),
        (["wait"], "wait"),
    ],
)
def test_what_an_answer_came_to(kinds, outcome):
    assert outcome_of(kinds) == outcome
