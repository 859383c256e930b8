"""What is gone stays gone, whatever old copy of the database is put in its place."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from store.models import CaseRow, MemberKeyRow, StaffRow, TombstoneRow
from store.organisations.audit import faults
from store.organisations.sessions import SignInError
from store.organisations.staff import InvitationError
from store.organisations.tombstones import Gone, TombstonesError
from tests.store.people import NOBODY_KNOWS, WORDS, WORKER, colleague, later, rows


def test_an_old_copy_of_the_database_brings_back_no_case_and_nobody(engine, people, staff, cases, watch, tombstones):
    ana = people.member("ana")
    bea = colleague(people, ana)
    gone, kept = (cases.create(ana, {"notes": name}, later(watch)) for name in ("gone", "kept"))
    tables = (CaseRow, StaffRow, MemberKeyRow)
    before = {table: rows(engine)[table.__tablename__] for table in tables}
    cases.delete(ana, gone.id)
    staff.remove(ana, bea.id)
    with Session(engine) as session, session.begin():
        # The old copy knows of no deletion.
        for table in (*tables, TombstoneRow):
            session.execute(delete(table))
        for table in tables:
            session.add_all([table(**row) for row in before[table]])
    assert len(cases.all(ana)) == 2 and people.member("bea").keys
    assert staff.leave_again() == 1 and cases.delete_again() == 1
    assert staff.leave_again() == 0 and cases.delete_again() == 0
    assert [case.id for case in cases.all(people.member("ana"))] == [kept.id]
    with pytest.raises(SignInError):
        people.token("bea")
    assert faults(engine) == []
    assert staff.organisation(ana).rotation_due


def test_an_old_copy_of_the_database_opens_to_no_code_and_no_passphrase_that_was_void(engine, people, staff, watch):
    ana = people.member("ana")
    code = staff.invite(ana, "bea", WORKER)
    spare = people.joined["ana"].spare_codes[0]
    copies = {"invited": rows(engine)["staff"]}
    people.join("bea", code)
    bea = people.member("bea")
    copies["joined"] = rows(engine)["staff"]
    people.sessions.sign_in("ana", WORDS.format("ana"), spare, NOBODY_KNOWS)
    again = staff.reset(ana, bea.id)

    def put_back(copy):
        with Session(engine) as session, session.begin():
            session.execute(delete(StaffRow))
            session.add_all([StaffRow(**row) for row in copies[copy]])

    put_back("invited")
    with pytest.raises(InvitationError):
        staff.join(code, "four words of somebody else")
    put_back("joined")
    with pytest.raises(SignInError):
        people.token("bea")
    watch.on(hours=1)
    with pytest.raises(SignInError):
        people.sessions.sign_in("ana", WORDS.format("ana"), spare, NOBODY_KNOWS)
    watch.on(hours=1)
    # What was not used still is.
    assert people.sessions.sign_in("ana", WORDS.format("ana"), people.joined["ana"].spare_codes[1], NOBODY_KNOWS).token
    with pytest.raises(InvitationError):
        staff.join(again, "four words of somebody else")


def test_what_could_not_be_noted_outside_the_database_is_noted_later(people, staff, cases, watch, tombstones, tmp_path):
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(ana, {}, later(watch))
    (tmp_path / "tombstones").unlink()
    (tmp_path / "tombstones").mkdir()
    cases.delete(ana, case.id)
    staff.remove(ana, bea.id)
    # What it may name neither comes back nor opens.
    for attempt in (cases.delete_again, staff.leave_again, lambda: people.token("ana")):
        with pytest.raises(TombstonesError):
            attempt()
    (tmp_path / "tombstones").rmdir()
    assert tombstones.all(Gone.CASE) == tombstones.all(Gone.MEMBER) == set()
    staff.leave_again()
    cases.delete_again()
    assert tombstones.all(Gone.CASE) == {case.id} and tombstones.all(Gone.MEMBER) == {bea.id}
    assert (tmp_path / "tombstones").stat().st_mode & 0o777 == 0o600
