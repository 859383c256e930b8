"""What is gone stays gone when the servers start on an old copy of the database."""

import time
from datetime import UTC, datetime, timedelta

from store.database import connect
from store.keys import read_keys
from store.migrate import upgrade
from store.organisations.cases import Cases
from store.organisations.roles import Role
from store.organisations.sessions import Sessions
from store.organisations.staff import Staff
from store.organisations.tombstones import Gone, Tombstones
from store.sealing import Sealer
from tests.store.people import People, colleague


def now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The clock of people who are signed in while the servers run; a code is taken once, the next one is that of half a minute later."""

    def __init__(self) -> None:
        self.later = timedelta(minutes=-3)

    def __call__(self) -> datetime:
        return now() + self.later

    @property
    def now(self) -> datetime:
        return self()

    def on(self, **more: float) -> None:
        self.later += timedelta(**more)


def test_a_gateway_that_starts_on_an_old_copy_deletes_again(run_gateway, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    url = f"sqlite:///{folder / 'redress.db'}"
    upgrade(url)
    engine, keys, clock = connect(url), read_keys(folder / "conversation.key"), Clock()
    # The copy knows of no deletion: whatever these two note goes elsewhere.
    unknown = Tombstones(tmp_path / "unknown")
    sealer = Sealer(*keys)
    people = People(Staff(engine, sealer, clock, unknown), Sessions(engine, sealer, keys[0], clock, unknown), clock)
    people.join("ana", people.staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]))
    ana = people.member("ana")
    bea = colleague(people, ana)
    cases = Cases(engine, clock, unknown)
    gone, kept = (cases.create(ana, {}, now() + timedelta(days=9)) for _ in range(2))
    outside = Tombstones(tmp_path / "outside")
    outside.note(Gone.CASE, gone.id)
    outside.note(Gone.MEMBER, bea.id)
    run_gateway(REDRESS_DATA_DIR=str(folder), REDRESS_TOMBSTONES_FILE=str(tmp_path / "outside"))
    until = time.monotonic() + 20
    while [case.id for case in cases.all(ana)] != [kept.id] or len(people.staff.colleagues(ana)) > 1:
        assert time.monotonic() < until, "nothing was deleted again"
        time.sleep(0.2)
    engine.dispose()
