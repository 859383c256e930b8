"""Organisations and cases in a backup: they come back whole into a database of any kind, and what has gone since does not."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import String, delete
from sqlalchemy.orm import Session

from store.backup import LASTS, BackupError, restore_backup, write_backup
from store.database import connect
from store.migrate import upgrade
from store.models import Base, CaseRow
from store.organisations.access import NoKeyError
from store.organisations.audit import faults, newest
from store.organisations.cases import Cases, NoCaseError
from store.organisations.roles import Role
from store.organisations.sessions import Sessions, SignInError
from store.organisations.staff import InvitationError, Staff
from store.organisations.tombstones import Tombstones
from store.sealing import Sealer
from tests.store.people import SECRET, People, colleague, later


class Elsewhere:
    """A new database of the same installation: its key and the file of what was deleted are still there."""

    def __init__(self, engine, key, watch, tombstones, joined) -> None:
        self.engine = engine
        self.staff = Staff(engine, Sealer(key), watch, tombstones)
        self.sessions = Sessions(engine, Sealer(key), key, watch, tombstones)
        self.cases = Cases(engine, watch, tombstones)
        self.people = People(self.staff, self.sessions, watch)
        self.people.joined = joined


@pytest.fixture
def elsewhere(tmp_path, key, watch, tombstones, people):
    url = f"sqlite:///{tmp_path / 'elsewhere' / 'redress.db'}"
    upgrade(url)
    found = connect(url)
    yield Elsewhere(found, key, watch, tombstones, people.joined)
    found.dispose()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.json"


def test_everything_comes_back_into_an_empty_database(engine, people, staff, cases, watch, tombstones, elsewhere, file):
    ana = people.member("ana")
    colleague(people, ana)
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    done = write_backup(engine, file, watch.now)
    assert (done.cases, done.ended) == (1, 0)
    found = restore_backup(elsewhere.engine, file, tombstones, watch.now)
    assert (found.of_organisations.organisations, found.of_organisations.cases) == (1, 1)
    for name in ("ana", "bea"):
        assert elsewhere.cases.open(elsewhere.people.member(name), case.id).content == {"notes": SECRET}
    assert faults(elsewhere.engine, newest(engine)) == []
    # Whoever was signed in is not: the cookie opens nothing there.
    assert elsewhere.sessions.member(people.token("ana")) is None
    again = restore_backup(elsewhere.engine, file, tombstones, watch.now)
    assert (again.of_organisations.organisations, again.of_organisations.cases) == (0, 0)


def test_what_was_deleted_and_who_has_left_stay_away(engine, people, staff, cases, watch, tombstones, elsewhere, file):
    ana = people.member("ana")
    bea = colleague(people, ana)
    gone, over, kept = (cases.create(ana, {"notes": name}, later(watch, days)) for name, days in (("gone", 90), ("over", 3), ("kept", 90)))
    code = staff.invite(ana, "cleo", {Role.SUPPORT_WORKER})
    write_backup(engine, file, watch.now)
    cases.delete(ana, gone.id)
    staff.remove(ana, bea.id)
    watch.on(days=4)
    found = restore_backup(elsewhere.engine, file, tombstones, watch.now).of_organisations
    assert (found.cases, found.gone) == (1, 2)
    ana = elsewhere.people.member("ana")
    assert [case.id for case in elsewhere.cases.all(ana)] == [kept.id]
    for missing in (gone, over):
        with pytest.raises(NoCaseError):
            elsewhere.cases.open(ana, missing.id)
    with pytest.raises(SignInError):
        elsewhere.people.token("bea")
    assert elsewhere.staff.organisation(ana).rotation_due
    # A code that may have been used since lets nobody in.
    with pytest.raises(InvitationError):
        elsewhere.staff.join(code, "four words of somebody else")
    with elsewhere.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM member_key").scalar() == 1
    assert faults(elsewhere.engine) == []


def test_a_lost_case_comes_back_where_its_organisation_still_is(engine, people, staff, cases, watch, tombstones, file):
    ana = people.member("ana")
    lost, changed = (cases.create(ana, {"notes": name}, later(watch)) for name in ("lost", "before"))
    write_backup(engine, file, watch.now)
    cases.save(ana, changed.id, {"notes": "after"}, 1)
    with Session(engine) as session, session.begin():
        session.execute(delete(CaseRow).where(CaseRow.id == lost.id))
    found = restore_backup(engine, file, tombstones, watch.now).of_organisations
    assert (found.organisations, found.cases) == (0, 1)
    assert {case.id: case.content["notes"] for case in cases.all(ana)} == {lost.id: "lost", changed.id: "after"}
    assert faults(engine) == []


def test_a_case_sealed_to_a_key_that_was_changed_stays_away(engine, people, staff, cases, watch, tombstones, file):
    ana = people.member("ana")
    lost = cases.create(ana, {}, later(watch))
    write_backup(engine, file, watch.now)
    with Session(engine) as session, session.begin():
        session.execute(delete(CaseRow).where(CaseRow.id == lost.id))
    staff.rotate(people.member("ana"))
    found = restore_backup(engine, file, tombstones, watch.now).of_organisations
    assert (found.cases, found.no_key) == (0, 1)
    assert cases.all(people.member("ana")) == []


def test_an_organisation_whose_name_is_taken_by_now_is_named(engine, people, cases, watch, tombstones, elsewhere, file):
    cases.create(people.member("ana"), {}, later(watch))
    write_backup(engine, file, watch.now)
    elsewhere.people.joined = {}
    elsewhere.people.join("dora", elsewhere.staff.invite_from_command("dora", "House of Hope", [Role.SUPPORT_WORKER]))
    found = restore_backup(elsewhere.engine, file, tombstones, watch.now).of_organisations
    assert found.taken == ["House of Hope"] and (found.organisations, found.cases) == (0, 0)
    assert elsewhere.people.member("dora").keys


def test_who_was_let_in_by_nobody_is_let_in_by_no_backup(engine, people, staff, cases, watch, tombstones, elsewhere, file):
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(ana, {}, later(watch))
    people.join("bea", staff.reset(ana, bea.id))
    write_backup(engine, file, watch.now)
    restore_backup(elsewhere.engine, file, tombstones, watch.now)
    with pytest.raises(NoKeyError):
        elsewhere.cases.open(elsewhere.people.member("bea"), case.id)


def test_an_invitation_of_an_organisation_that_nobody_has_joined_comes_back(engine, staff, watch, tombstones, elsewhere, file):
    code = staff.invite_from_command("dora", "Another house", [Role.ADMINISTRATOR])
    write_backup(engine, file, watch.now)
    restore_backup(elsewhere.engine, file, tombstones, watch.now)
    elsewhere.people.join("dora", code)
    assert elsewhere.people.member("dora").keys


def test_no_case_comes_back_after_thirty_days(engine, people, cases, watch, tombstones, elsewhere, file):
    cases.create(people.member("ana"), {}, later(watch))
    write_backup(engine, file, watch.now)
    found = restore_backup(elsewhere.engine, file, tombstones, watch.now + LASTS + timedelta(seconds=1))
    assert found.over and (found.of_organisations.organisations, found.of_organisations.cases) == (0, 0)
    assert not restore_backup(elsewhere.engine, file, tombstones, watch.now + LASTS).over


def test_backups_in_a_folder_end(engine, tmp_path, watch):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "redress-notes.json").write_text("{}")
    first = write_backup(engine, folder, watch.now)
    watch.on(days=29)
    second = write_backup(engine, folder, watch.now)
    watch.on(days=2)
    third = write_backup(engine, folder, watch.now)
    assert [one.ended for one in (first, second, third)] == [0, 0, 1]
    assert sorted(folder.iterdir()) == sorted([second.file, third.file, folder / "redress-notes.json"])
    assert third.file.stat().st_mode & 0o777 == 0o600


def damaged(body):
    """Ways in which a backup may be broken, one at a time."""
    for table, rows in body["tables"].items():
        yield {**body, "tables": {name: kept for name, kept in body["tables"].items() if name != table}}
        yield {**body, "tables": {**body["tables"], table: [*rows, rows[0]]}}
        columns = Base.metadata.tables[table].columns
        for column, value in rows[0].items():
            yield {**body, "tables": {**body["tables"], table: [{name: kept for name, kept in rows[0].items() if name != column}]}}
            for other in ([], "2026-12-02", True, None):
                fits = columns[column].nullable if other is None else isinstance(columns[column].type, String) and isinstance(other, str)
                if not fits and (other is not True or not isinstance(value, bool)):
                    yield {**body, "tables": {**body["tables"], table: [{**rows[0], column: other}]}}
    for made in (None, "yesterday", "2026-12-02"):
        yield {**body, "made_at": made}


def test_a_backup_that_is_broken_changes_nothing(engine, people, cases, watch, tombstones, elsewhere, file):
    cases.create(people.member("ana"), {}, later(watch))
    write_backup(engine, file, watch.now)
    tried = list(damaged(json.loads(file.read_text())))
    assert len(tried) > 100
    for body in tried:
        file.write_text(json.dumps(body))
        with pytest.raises(BackupError):
            restore_backup(elsewhere.engine, file, tombstones, watch.now)
    with elsewhere.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name != "rule_release":
                assert connection.execute(table.select()).first() is None


def test_another_installation_reads_the_backup_and_nobody_of_hers_can_sign_in_there(engine, people, cases, watch, elsewhere, tmp_path, file):
    cases.create(people.member("ana"), {"notes": SECRET}, later(watch))
    write_backup(engine, file, watch.now)
    assert "marzipan" not in file.read_text()
    restore_backup(elsewhere.engine, file, Tombstones(tmp_path / "none"), watch.now)
    other = b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    strange = People(elsewhere.staff, Sessions(elsewhere.engine, Sealer(other), other, watch, Tombstones(tmp_path / "none")), watch)
    strange.joined = people.joined
    with pytest.raises(SignInError):
        strange.token("ana")
