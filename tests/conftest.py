"""The three real servers, started once for everything that needs them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calculator.api import write_contacts
from cli.stack import Ports, Stack

REPOSITORY = Path(__file__).parents[1]
MODEL = REPOSITORY / "models" / "redress.tar.gz"


#: Tests of these folders run servers, which are timed: one after the other, beside whatever else runs.
WITH_SERVERS = ("bot", "browser", "danger", "stories", "store", "web")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` uses two cores: tests with servers stay together in one process, the others go to the other one, file by file."""
    tests = Path(__file__).parent
    for item in items:
        folder, *below = item.path.relative_to(tests).parts
        item.add_marker(pytest.mark.xdist_group("servers" if below and folder in WITH_SERVERS else str(item.path)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Rasa, the action server and the gateway on ports and a data folder of their own; ended by process group."""
    with running(tmp_path_factory.mktemp("redress")) as started:
        yield started


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """Three servers for one test that breaks one of them."""
    with running(tmp_path) as started:
        yield started


@contextmanager
def running(data: Path) -> Iterator[Stack]:
    if not MODEL.exists():
        if os.environ.get("CI"):
            pytest.fail("The model is not trained; `make build` trains it.")
        pytest.skip("The model is not trained; `make build` trains it.")
    write_contacts(data / "contacts.json")
    with Stack(data, Ports(free_port(), free_port(), free_port()), say=lambda line: None) as started:
        yield started
