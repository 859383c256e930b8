"""/readyz is true only when a whole turn would be answered, and names what is not."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from web.rules_in_force import LOOK_AGAIN_SECONDS

pytestmark = pytest.mark.usefixtures("one_second")

PARTS = {"rasa", "channel", "actions", "database", "disk", "numbers", "ears"}


def look(url: str) -> tuple[int, dict[str, bool]]:
    answer = httpx.get(f"{url}/readyz", trust_env=False, timeout=30)
    return answer.status_code, answer.json()


def broken(url: str) -> set[str]:
    """The parts that do not work, as a fresh look says."""
    time.sleep(1.1)
    status, parts = look(url)
    assert (status == 200) == parts.pop("ready") == all(parts.values())
    return {name for name, works in parts.items() if not works}


@pytest.fixture
def order(standin):
    """Orders a fault of the stand-in, and mends all at the end."""

    def order(what: str, body: str = "") -> None:
        httpx.post(f"{standin}/{what}", content=body, trust_env=False).raise_for_status()

    yield order
    order("warm")
    order("secret")


def test_all_parts_are_named_and_all_work(run_gateway):
    gateway = run_gateway()
    assert look(gateway.url) == (200, {"ready": True} | dict.fromkeys(PARTS, True))


def test_each_part_that_fails_is_named_alone(run_gateway, order, tmp_path):
    gateway = run_gateway()
    assert broken(gateway.url) == set()
    order("cold")
    assert broken(gateway.url) == {"actions", "channel"}
    order("warm")
    order("secret", "another")
    assert broken(gateway.url) == {"channel"}
    order("secret", (tmp_path / "channel.secret").read_text().strip())
    assert broken(gateway.url) == set()
    database = sqlite3.connect(tmp_path / "redress.db", isolation_level=None, timeout=10)
    database.execute("begin exclusive")
    assert broken(gateway.url) == {"database"}
    database.execute("rollback")
    # A database of an earlier version, which this gateway has not migrated.
    database.execute("update store_version set version_num = '0000'")
    assert broken(gateway.url) == {"database"}
    database.close()


def test_without_numbers_room_ears_or_rasa_it_is_not_ready(run_gateway, tmp_path):
    (tmp_path / "broken.json").write_text("not json")
    assert broken(run_gateway(REDRESS_CONTACTS_FILE=str(tmp_path / "broken.json")).url) == {"numbers"}
    assert broken(run_gateway(REDRESS_LEAST_FREE_MB="1000000000").url) == {"disk"}
    assert broken(run_gateway(REDRESS_LETTERS_FILE=str(tmp_path / "nothing")).url) == {"ears"}
    assert broken(run_gateway(REDRESS_RASA_URL="http://127.0.0.1:1").url) == {"rasa", "channel"}
    assert broken(run_gateway(REDRESS_ACTIONS_URL="http://127.0.0.1:1/webhook").url) == {"actions"}


def test_a_data_folder_that_is_gone_is_no_room(run_gateway, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    contacts = tmp_path / "contacts.json"
    gateway = run_gateway(REDRESS_DATA_DIR=str(folder), REDRESS_CONTACTS_FILE=str(contacts))
    # In one step: the gateway may be writing a key in it.
    folder.rename(tmp_path / "elsewhere")
    assert "disk" in broken(gateway.url)
    # Nor does anything that runs by itself begin it anew, on whatever disk is there now.
    time.sleep(2 * LOOK_AGAIN_SECONDS)
    assert "disk" in broken(gateway.url) and not folder.exists()


def test_redis_is_a_part_where_it_is_used(run_gateway, redis_url):
    with_redis = run_gateway(REDRESS_REDIS_URL=redis_url)
    assert look(with_redis.url)[1]["redis"] is True
    assert broken(run_gateway(REDRESS_REDIS_URL="redis://127.0.0.1:1/0").url) == {"redis"}


def test_who_asks_without_a_pause_costs_one_look_a_second(run_gateway, standin):
    gateway = run_gateway()
    # What was seen while it started counts for a second; on a fast machine all of these come within it.
    time.sleep(1.1)
    before = asked(standin)
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert all(status == 200 for status, _ in pool.map(lambda _: look(gateway.url), range(200)))
    seconds = time.monotonic() - begun
    assert 1 <= asked(standin) - before <= 2 + seconds


def asked(standin: str) -> int:
    return int(httpx.get(f"{standin}/seen", trust_env=False).json()["asked"])


@pytest.mark.stack
def test_the_real_servers_are_ready_and_each_one_that_is_not_is_named(own_stack):
    assert look(own_stack.url) == (200, {"ready": True} | dict.fromkeys(PARTS, True))
    secret = own_stack.data_dir / "channel.secret"
    channel = f"{own_stack.rasa_url}/webhooks/gateway/ready"
    right = {"Authorization": f"Bearer {secret.read_text().strip()}"}
    assert httpx.get(channel, headers=right).json() == {"database": True, "locks": True, "actions": True}
    assert httpx.get(channel).status_code == 401
    own_stack.process("actions").kill()
    assert broken(own_stack.url) == {"actions", "channel"}
    assert httpx.get(channel, headers=right).json() == {"database": True, "locks": True, "actions": False}
    own_stack.restart("actions")
    assert broken(own_stack.url) == set()
