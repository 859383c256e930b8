"""Connections that say nothing, or too slowly: danger is answered all the same, and they are closed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from web.connections import Crowd, Limits, Step, limited, most_connections

CROWD = 1100
DEADLINE = 2.0
START = b"POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
KINDS = {
    "says nothing": b"",
    "speaks no HTTP": b"\x16\x03\x01\x02\x00 hello\r\n\r\n",
    "half a header": START + b"Content-Le",
    "half a body": START + b"Content-Length: 900\r\n\r\n{",
}


@pytest.fixture(autouse=True)
def many_files():
    """This process holds the other ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * CROWD:
        pytest.skip("this machine lets a process have too few files open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * CROWD) if soft != resource.RLIM_INFINITY else soft, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def crowd(url: str, says: bytes) -> Iterator[list[socket.socket]]:
    host, port = url.removeprefix("http://").split(":")
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(CROWD):
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=5))
            # One that was dropped already may say so here.
            with contextlib.suppress(OSError):
                connection.sendall(says)
            connection.setblocking(False)
            connections.append(connection)
        yield connections


def open_ones(connections: list[socket.socket]) -> list[socket.socket]:
    """Those that the other side has not closed; what it said before is read over."""
    found = []
    for connection in connections:
        try:
            while connection.recv(1 << 16):
                pass
        except BlockingIOError:
            found.append(connection)
        except OSError:
            pass
    return found


def in_danger(url: str, conversation: str) -> tuple[str, float]:
    """Write from a new connection that there is danger: the kind of the answer, and after how many seconds it came."""
    begun = time.monotonic()
    answer = httpx.post(
        f"{url}/api/v1/conversations/{conversation}/messages",
        json={"text": "help he is at the door with a knife he is going to kill me"},
        trust_env=False,
        timeout=20,
    )
    assert answer.status_code == 200
    return answer.json()["messages"][0]["kind"], time.monotonic() - begun


@pytest.mark.parametrize("kind", KINDS)
def test_danger_is_answered_beside_a_crowd_that_says_half_a_request(limited_gateway, kind):
    url, conversation = limited_gateway
    with crowd(url, KINDS[kind]):
        for _ in range(3):
            said, seconds = in_danger(url, conversation)
            assert said == "emergency"
            assert seconds <= DEADLINE


def test_a_letter_every_second_buys_no_time(limited_gateway):
    url, conversation = limited_gateway
    with crowd(url, KINDS["half a header"]) as connections:
        begun = time.monotonic()
        while open_ones(connections) and time.monotonic() - begun < 40:
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.send(b"x")
            said, seconds = in_danger(url, conversation)
            assert said == "emergency" and seconds <= DEADLINE
            time.sleep(1)
        assert open_ones(connections) == []


def test_a_body_that_comes_by_letters_is_cut_off_and_one_in_time_is_taken(limited_gateway):
    url, _ = limited_gateway
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as slow:
        slow.sendall(START + b"Content-Length: 900\r\n\r\n{")
        gone = threading.Event()

        def dribble() -> None:
            with contextlib.suppress(OSError):
                while not gone.wait(1):
                    slow.sendall(b" ")

        dribbling = threading.Thread(target=dribble)
        dribbling.start()
        with contextlib.suppress(OSError):
            assert slow.recv(1000) == b""
        gone.set()
        dribbling.join()
    with socket.create_connection((host, int(port)), timeout=20) as unhurried:
        for part in (START[:20], START[20:], b"Content-Length: 2\r\n", b"\r\n{", b"}"):
            unhurried.sendall(part)
            time.sleep(0.5)
        assert unhurried.recv(1000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("letters", [10, 40_000, 100_000, 500_000])
def test_a_body_of_any_length_is_read_whole_in_whatever_parts_it_comes(gateway, letters):
    host, port = gateway.url.removeprefix("http://").split(":")
    body = json.dumps({"language": "x" * letters}).encode()
    request = START + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        for begin in range(0, len(request), 20_011):
            connection.sendall(request[begin : begin + 20_011])
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_who_asks_before_sending_a_body_is_told_to_go_on(gateway):
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(START + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_take_an_answer_is_dropped(new_port):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 20_000_000})

    port = new_port()
    limits = limited(Limits(most=10, answer_seconds=2))
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=limits, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(5)
            assert not server.server_state.connections
            with pytest.raises(ConnectionError):
                while connection.recv(1 << 20):
                    pass
                raise ConnectionResetError  # some systems tell a cut connection by its end alone
    finally:
        server.should_exit = True
        thread.join(10)


def test_headers_without_end_are_refused(gateway):
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 70_000)
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_one_connection_serves_many_requests_also_sent_at_once(gateway):
    host, port = gateway.url.removeprefix("http://").split(":")
    ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection, selectors.DefaultSelector() as ready:
        ready.register(connection, selectors.EVENT_READ)
        for times in (1, 5, 1, 20):
            connection.sendall(ask * times)
            answers = b""
            while answers.count(b'{"status":"ok"}') < times:
                assert ready.select(10)
                answers += connection.recv(65536)
        # Idle after an answer, it is closed.
        begun = time.monotonic()
        assert connection.recv(100) == b""
        assert time.monotonic() - begun < 15


@pytest.fixture(scope="module", params=["soft", "hard"])
def limited_gateway(request, tmp_path_factory, standin):
    """A gateway that begins with 1,024 files as most systems have it, and may raise that or not; and a conversation in it."""
    from tests.web.conftest import contacts, free_port

    folder, port = tmp_path_factory.mktemp("limited"), free_port()
    (folder / "contacts.json").write_text(json.dumps(contacts()))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1] if request.param == "soft" else 1024
    program = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (1024, {hard})); "
        f"sys.argv[1:] = ['--port', '{port}']; from web.server import main; main()"
    )
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        # Rasa is away, as it may be in such an hour: danger is heard by its letters.
        environment = {
            "REDRESS_DATA_DIR": str(folder),
            "REDRESS_RASA_URL": "http://127.0.0.1:1",
            "REDRESS_ACTIONS_URL": "http://127.0.0.1:1/webhook",
        }
        process = subprocess.Popen([sys.executable, "-c", program], env=os.environ | environment, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError, KeyError):
                created = httpx.post(f"{url}/api/v1/conversations", json={"country": "DE"}, trust_env=False, timeout=10)
                conversation = created.json()["conversation"]
                break
            time.sleep(0.1)
        yield url, conversation
        # Nothing of this is worth a line that fills a disk.
        lines = (folder / "log").read_text().splitlines()
        # That the database is slow where much else runs is, once in a while, and what then waits for its next turn.
        slow = ("the database does not answer", "conversations were not purged", "were not deleted")
        assert [line for line in lines if not any(one in line for one in slow)] == [] and len(lines) < 20
    finally:
        process.terminate()
        process.wait(20)


class Connection:
    """Notes when it is dropped."""

    dropped = False

    def drop(self) -> None:
        self.dropped = True


@pytest.fixture
def timed():
    """A crowd of three at most, a clock to turn, and whatever was dropped."""
    now = [0.0]
    return Crowd(Limits(most=3, head_seconds=10, body_seconds=20, answer_seconds=60), lambda: now[0]), now


def test_each_step_has_its_time_and_begins_anew(timed):
    crowd, now = timed
    one, two = Connection(), Connection()
    crowd.enter(one)
    crowd.enter(two)
    now[0] = 9
    crowd.move(two, Step.BODY)
    crowd.sweep()
    assert not one.dropped and not two.dropped
    now[0] = 10
    crowd.sweep()
    assert one.dropped and not two.dropped and len(crowd) == 1
    now[0] = 28
    crowd.move(two, Step.ANSWER)
    now[0] = 87
    crowd.sweep()
    assert not two.dropped
    now[0] = 88
    crowd.sweep()
    assert two.dropped and len(crowd) == 0


def test_one_too_many_costs_the_slowest_its_place_and_never_the_newcomer(timed):
    crowd, now = timed
    silent, served = Connection(), Connection()
    crowd.enter(served)
    crowd.move(served, Step.ANSWER)
    now[0] = 1
    crowd.enter(silent)
    now[0] = 4
    newcomers = [Connection() for _ in range(4)]
    crowd.enter(newcomers[0])
    crowd.enter(newcomers[1])
    assert silent.dropped and not served.dropped
    now[0] = 50
    crowd.move(newcomers[0], Step.ANSWER)
    crowd.move(newcomers[1], Step.ANSWER)
    crowd.enter(newcomers[2])
    assert served.dropped
    assert not any(newcomer.dropped for newcomer in newcomers)


def test_who_has_left_does_not_come_back(timed):
    crowd, _ = timed
    gone = Connection()
    crowd.enter(gone)
    crowd.leave(gone)
    crowd.move(gone, Step.ANSWER)
    crowd.leave(gone)
    assert len(crowd) == 0


def test_how_many_connections_fit_beside_the_other_files():
    assert most_connections(1024) == 512
    assert most_connections(256) == 128
    assert most_connections(65_536) == 4096
