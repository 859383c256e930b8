"""A release that comes into force while two gateways answer fifty estimates at a time: no error, no mixed release, and both follow."""

import os
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from store.database import connect
from store.migrate import upgrade
from store.rules.following import product_files
from store.rules.releases import Actor, Releases
from tests.store.conftest import postgres_url
from tests.web.conftest import start_gateway, wait_until
from tests.web.test_web_rules import CASE, WAGES

__all__ = ["postgres_url"]
AT_ONCE = 50


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'redress.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def gateways(standin, tmp_path, database):
    """Two machines: each with files of its own, one database."""
    upgrade(database)
    settings = {"REDRESS_DATABASE_URL": database, "REDRESS_CALCULATIONS_PER_MINUTE": "100000"}
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        found.append(start_gateway(standin, tmp_path / name, settings))
    yield found
    for one in found:
        one.stop()


def test_fifty_estimates_at_a_time_while_a_release_comes(gateways, database, tmp_path):
    releases = Releases(connect(database), lambda: datetime.now(UTC))
    wait_until(lambda: releases.in_force() is not None, 30)
    files = product_files()
    files[WAGES] = files[WAGES].replace(b'from: 2027-01-01, value: "14.60"', b'from: 2027-01-01, value: "14.80"')
    ann, bea = Actor("ann"), Actor("bea")
    made = releases.draft(ann, files, "1.0.0", "a rate").id
    releases.submit(ann, made)
    seen, wrong, stop = set(), [], threading.Event()

    def count(url):
        with httpx.Client(trust_env=False, timeout=60) as client:
            while not stop.is_set():
                answer = client.post(f"{url}/api/v1/estimates", json=CASE)
                if answer.status_code == 503:
                    # As many wait as may: told to come again, with when.
                    time.sleep(0.1)
                elif answer.status_code != 200:
                    wrong.append(answer.text)
                else:
                    told = answer.json()
                    seen.add((url, told["release"]["id"], told["release"]["sha256"], told["jurisdictions"][0]["total"]["low"]))

    threads = [threading.Thread(target=count, args=(gateways[n % 2].url,), daemon=True) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: wrong or len({url for url, *_ in seen}) == 2, 60)
        releases.approve(bea, made)
        wait_until(lambda: wrong or {url for url, name, *_ in seen if name == made} == {one.url for one in gateways}, 30)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert wrong == []
    # Before the first look an estimate has no name yet, but the same rules.
    sums = {sha256: total for _url, _name, sha256, total in seen}
    assert len(sums) == 2 and all(sums[sha256] == total for _url, _name, sha256, total in seen), "one sum for each release"
    assert sums[releases.one(made).sha256] > min(sums.values()) or len(set(sums.values())) == 2
    for name in ("one", "two"):
        assert os.path.isdir(tmp_path / name / "rules" / releases.one(made).sha256)
