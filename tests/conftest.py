"""The three real servers, started once for everything that needs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from calculator.api import write_contacts
from calculator.packs.current import put_in_force, rules_so_far
from calculator.packs.load import load_rules
from cli.stack import Ports, Stack
from tools.local_services import free_port

REPOSITORY = Path(__file__).parents[1]
MODEL = REPOSITORY / "models" / "redress.tar.gz"


#: Tests of these folders talk to the three real servers: in one process, which starts them once.
WITH_SERVERS = ("bot", "browser", "stories")


class TwoCores(LoadScopeScheduling):
    """Tests with the real servers stay together in one process; the others go file by file to whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "servers" if path.split("/")[1] in WITH_SERVERS else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoCores:
    """How `make test` shares the tests out."""
    return TwoCores(config, log)


@pytest.fixture(scope="module", autouse=True)
def rules_of_the_repository() -> Iterator[None]:
    """A gateway that runs within these tests puts releases in force; the next file of this process has the rules as they were."""
    before = rules_so_far()
    yield
    now = rules_so_far()
    if now is not None and now is not before and now.release is not None:
        put_in_force(before if before is not None and before.release is None else load_rules())


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
