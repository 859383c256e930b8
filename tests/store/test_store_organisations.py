"""Organisations and their cases in SQLite and PostgreSQL: who may, who can, and what is left for whoever steals the disk."""

import base64
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, inspect, select, text, update
from sqlalchemy.orm import Session

from store.models import AuditRow, CaseRow, MemberKeyRow, OrganisationKeyRow, StaffRow, StaffSessionRow
from store.organisations import audit, vault
from store.organisations.access import NoKeyError, NotAllowedError
from store.organisations.audit import faults, newest
from store.organisations.cases import ChangedError, NoCaseError
from store.organisations.roles import MAY, Action, Role, may
from store.organisations.sessions import SignInError
from store.organisations.staff import INVITATION, InvitationError, PassphraseError, StaffError
from store.organisations.tombstones import Gone
from store.organisations.vault import KeyPair, RecoveryKeyError, SealError
from tests.store.people import SECRET, WORDS, WORKER, colleague, later, rows


def test_what_one_member_writes_another_reads_and_nobody_of_another_organisation(people, staff, cases, watch):
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(ana, {"notes": SECRET, "case": {"version": 1}}, later(watch))
    assert cases.open(bea, case.id).content == {"notes": SECRET, "case": {"version": 1}}
    assert [one.id for one in cases.all(bea)] == [case.id]
    people.join("eve", staff.invite_from_command("eve", "Another house", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]))
    eve = people.member("eve")
    for attempt in (cases.open, cases.export, cases.delete, lambda by, id: cases.save(by, id, {}, 1), lambda by, id: cases.change(by, id, dict)):
        with pytest.raises(NoCaseError):
            attempt(eve, case.id)
        # The same as for a case that never was.
        with pytest.raises(NoCaseError):
            attempt(eve, secrets.token_urlsafe(16))
    assert cases.all(eve) == []
    assert [one.name for one in staff.colleagues(eve)] == ["eve"]
    for attempt in (staff.let_in, staff.reset, staff.remove):
        with pytest.raises(StaffError, match="no such member"):
            attempt(eve, bea.id)


@pytest.mark.parametrize("role", Role)
def test_each_role_can_do_what_the_table_says_and_nothing_else(people, staff, cases, watch, role):
    ana = people.member("ana")
    case = cases.create(ana, {}, later(watch))
    other = colleague(people, ana, "other")
    member = colleague(people, ana, "member", {role})
    tries: dict[Action, Callable[[], object]] = {
        Action.CREATE_CASE: lambda: cases.create(member, {}, later(watch)),
        Action.LIST_CASES: lambda: cases.all(member),
        Action.OPEN_CASE: lambda: cases.open(member, case.id),
        Action.CHANGE_CASE: lambda: cases.save(member, case.id, {}, 1),
        Action.EXPORT_CASE: lambda: cases.export(member, case.id),
        Action.LET_IN: lambda: staff.let_in(member, other.id),
        Action.INVITE: lambda: staff.invite(member, "new", WORKER),
        Action.RESET: lambda: staff.reset(member, other.id),
        Action.REMOVE: lambda: staff.remove(member, other.id),
        Action.ROTATE_KEYS: lambda: staff.rotate(member),
        Action.DELETE_CASE: lambda: cases.delete(member, case.id),
    }
    for action, attempt in tries.items():
        if role in MAY[action]:
            if action is not Action.DELETE_CASE:
                attempt()
        else:
            with pytest.raises(NotAllowedError):
                attempt()
    assert bool(member.keys) == (role in (Role.SUPPORT_WORKER, Role.ADMINISTRATOR))
    assert not may(frozenset(), Action.SIGN_OUT) and not may(frozenset(Role), Action.CASE_ENDED)


def found_by_a_thief(engine, folder: Path, *known: bytes) -> list[bytes]:
    """Everything that somebody can open with every byte of database and files: whatever is as long as a key is tried as one, on everything
    that is sealed, and on what that gives, until nothing new comes. `known`: keys the thief has besides."""
    values = [value for table in rows(engine).values() for row in table for value in row.values() if isinstance(value, bytes | str)]
    for path in folder.rglob("*"):
        if path.is_file():
            values += path.read_bytes().split()
    pieces = {value if isinstance(value, bytes) else value.encode() for value in values} | {*known}
    keys: set[bytes] = set()
    for piece in list(pieces):
        keys |= {piece} if len(piece) == 32 else set()
        for read in (base64.urlsafe_b64decode, bytes.fromhex, vault.read_written):
            try:
                raw = read(piece.decode())
            except ValueError:
                continue
            keys |= {raw} if len(raw) == 32 else set()
        keys |= {vault.key_of_secret(piece, "session")}
        keys |= {vault.key_of_secret(vault.letters_of(piece.decode("latin-1")).encode(), "invitation")}
    opened: list[bytes] = []
    sealed = {piece for piece in pieces if piece[:1] == vault.VERSION}
    tried: set[tuple[bytes, bytes]] = set()
    while new := {(one, key) for one in sealed for key in keys} - tried:
        tried |= new
        for one, key in new:
            for way in (lambda one, key: KeyPair.of(key).open(one), vault.unlock):
                try:
                    content = way(one, key)
                except (SealError, ValueError):
                    continue
                opened.append(content)
                if len(content) == 32:
                    keys.add(content)
    return opened


@pytest.fixture
def of_a_day(people, staff, cases, watch):
    """A case, two members, an open invitation, open sessions."""
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(bea, {"notes": SECRET}, later(watch))
    code = staff.invite(ana, "cleo", WORKER)
    return ana, bea, case, code


def test_whoever_has_database_and_key_files_opens_nothing(engine, tmp_path, of_a_day, people):
    assert found_by_a_thief(engine, tmp_path) == []
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for planted in (SECRET, WORDS.format("ana"), people.joined["ana"].second_factor):
        assert planted.encode() not in content
    assert not any(SECRET in str(table) for table in rows(engine).values())


def test_the_thief_would_find_it_with_any_one_of_the_things_that_are_not_there(engine, tmp_path, of_a_day, people, watch):
    _ana, _bea, _case, code = of_a_day
    token = people.token("bea")
    with Session(engine) as session:
        salt = session.scalar(select(StaffRow.salt).where(StaffRow.name == "ana"))
    paper = people.joined["ana"].recovery_key
    for known in (token.encode(), paper.encode(), vault.key_of_passphrase(WORDS.format("ana"), salt)):
        assert any(SECRET.encode() in opened for opened in found_by_a_thief(engine, tmp_path, known))
    # An invitation gives the keys themselves, as its words do.
    assert any(b'{"1":' in opened for opened in found_by_a_thief(engine, tmp_path, code.encode()))


def test_names_of_rows_and_sizes_tell_nothing(engine, people, cases, watch):
    ana = people.member("ana")
    short, long = (cases.create(ana, {"notes": "x" * length}, later(watch)) for length in (1, 900))
    with Session(engine) as session:
        assert len({len(session.get_one(CaseRow, case.id).content) for case in (short, long)}) == 1


def test_a_deleted_case_is_nowhere(engine, tmp_path, people, cases, watch, tombstones):
    ana = people.member("ana")
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    with Session(engine) as session:
        row = session.get_one(CaseRow, case.id)
        sealed = (row.sealed_key, row.content[-200:])
    cases.delete(ana, case.id)
    with pytest.raises(NoCaseError):
        cases.open(ana, case.id)
    assert case.id in tombstones.all(Gone.CASE)
    with engine.connect() as connection:
        assert [connection.execute(text("SELECT count(*) FROM case_file")).scalar()] == [0]
    if engine.dialect.name == "sqlite":
        left = b"".join(path.read_bytes() for path in tmp_path.glob("redress.db*"))
        assert not any(part in left for part in sealed)


def test_a_case_ends_when_its_time_is_over_though_nobody_is_signed_in(people, cases, watch):
    ana = people.member("ana")
    soon, late = (cases.create(ana, {}, later(watch, days)) for days in (1, 30))
    watch.on(days=2)
    assert cases.delete_over() == 1 and cases.delete_over() == 0
    assert [case.id for case in cases.all(people.member("ana"))] == [late.id] != [soon.id]


def test_two_workers_on_one_case_lose_nothing(people, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"done": []}, later(watch))
    barrier = threading.Barrier(4)

    def edit(worker: int) -> None:
        barrier.wait()
        for number in range(15):
            now = cases.open(ana, case.id)
            while True:
                try:
                    cases.save(ana, case.id, {"done": [*now.content["done"], [worker, number]]}, now.revision)
                    break
                except ChangedError as error:
                    now = error.now

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(edit, range(4)))
    done = cases.open(ana, case.id)
    assert sorted(done.content["done"]) == [[worker, number] for worker in range(4) for number in range(15)]
    assert done.revision == 61


def test_changes_of_several_at_once_are_put_onto_each_other(people, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"done": []}, later(watch))
    barrier = threading.Barrier(3)

    def edit(worker: int) -> None:
        barrier.wait()
        for number in range(10):
            cases.change(ana, case.id, lambda content: {"done": [*content["done"], [worker, number]]})  # noqa: B023 - called at once

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(edit, range(3)))
    assert sorted(cases.open(ana, case.id).content["done"]) == [[worker, number] for worker in range(3) for number in range(10)]


def test_what_changes_nothing_is_not_written(people, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"a": 1}, later(watch))
    assert cases.change(ana, case.id, dict).revision == 1
    kept = cases.change(ana, case.id, dict, later(watch, 700))
    assert (kept.revision, kept.keep_until) == (2, later(watch, 700))


def test_what_one_person_changes_at_a_stretch_is_one_row_of_the_audit(engine, people, cases, watch):
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(ana, {"a": 0}, later(watch))

    def change(by) -> None:
        cases.change(by, case.id, lambda content: {"a": content["a"] + 1})

    for by, minutes in ((ana, 0), (ana, 1), (ana, 2), (bea, 1), (ana, 1), (ana, 11)):
        watch.on(minutes=minutes)
        change(by)
    changed = [row["actor"] for row in rows(engine)["audit"] if row["action"] == Action.CHANGE_CASE]
    assert changed == [ana.id, bea.id, ana.id, ana.id] and faults(engine) == []
    assert cases.open(ana, case.id).content == {"a": 6}


def test_who_saves_from_an_older_state_is_told_what_it_is_now(people, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"a": 1}, later(watch))
    cases.save(ana, case.id, {"a": 2}, 1)
    with pytest.raises(ChangedError) as told:
        cases.save(ana, case.id, {"a": 3}, 1)
    assert (told.value.now.content, told.value.now.revision) == ({"a": 2}, 2)
    assert cases.open(ana, case.id).content == {"a": 2}


def test_somebody_who_leaves_loses_access_and_the_key_is_changed(engine, people, staff, cases, watch):
    ana = people.member("ana")
    bea = colleague(people, ana)
    token = people.token("bea")
    first = cases.create(ana, {"notes": "before"}, later(watch))
    staff.remove(ana, bea.id)
    assert people.sessions.member(token) is None
    with pytest.raises(SignInError):
        people.token("bea")
    assert staff.organisation(ana).rotation_due
    old = ana.newest
    assert staff.rotate(people.member("ana")) == 1
    assert not staff.organisation(ana).rotation_due
    ana = people.member("ana")
    assert set(ana.keys) == {2} and cases.open(ana, first.id).content == {"notes": "before"}
    second = cases.create(ana, {"notes": "after"}, later(watch))
    with Session(engine) as session:
        for case in (first, second):
            with pytest.raises(SealError):
                old[1].open(session.get_one(CaseRow, case.id).sealed_key)
        assert session.scalars(select(OrganisationKeyRow.number)).all() == [2]
        assert session.scalars(select(MemberKeyRow.number)).all() == [2]
    # Who comes with the old key, because she was signed in meanwhile, is told to come again instead of sealing to it.
    with pytest.raises(NoKeyError):
        cases.create(bea, {}, later(watch))
    with pytest.raises(NoKeyError):
        cases.open(bea, first.id)


def test_the_last_administrator_does_not_leave(people, staff):
    ana = people.member("ana")
    colleague(people, ana)
    with pytest.raises(StaffError, match="last administrator"):
        staff.remove(ana, ana.id)
    colleague(people, ana, "cleo", {Role.ADMINISTRATOR})
    staff.remove(people.member("cleo"), ana.id)
    # The name is free for whoever comes next.
    staff.invite(people.member("cleo"), "ana", WORKER)


def test_one_wrong_letter_anywhere_on_paper_is_found() -> None:
    key = vault.new_key()
    paper = vault.written(key)
    assert vault.read_written(paper) == key
    for at, letter in enumerate(paper):
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != "-" else "":
            if other != letter:
                with pytest.raises(RecoveryKeyError):
                    vault.read_written(paper[:at] + other + paper[at + 1 :])


def test_a_reset_gives_sign_in_back_and_not_the_key(people, staff, cases, watch):
    ana = people.member("ana")
    bea = colleague(people, ana)
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    token = people.token("bea")
    code = staff.reset(ana, bea.id)
    assert people.sessions.member(token) is None
    people.join("bea", code)
    bea = people.member("bea")
    assert bea.keys == {}
    with pytest.raises(NoKeyError):
        cases.open(bea, case.id)
    with pytest.raises(NoKeyError):
        staff.let_in(bea, bea.id)
    assert [(one.name, one.has_key) for one in staff.colleagues(ana)] == [("ana", True), ("bea", False)]
    staff.let_in(ana, bea.id)
    assert cases.open(people.member("bea"), case.id).content == {"notes": SECRET}


def test_the_key_on_paper_opens_when_nobody_else_can(people, staff, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    staff.rotate(ana)
    paper = people.joined["ana"].recovery_key
    people.join("ana", staff.reset(people.member("ana"), ana.id))
    again = people.member("ana")
    wrong = paper.replace(paper[3], "A" if paper[3] != "A" else "B", 1)
    with pytest.raises(RecoveryKeyError):
        staff.recover(again, wrong)
    with pytest.raises(SealError):
        staff.recover(again, vault.written(vault.new_key()))
    staff.recover(again, f" {paper.lower().replace('-', ' ')} ")
    assert cases.open(people.member("ana"), case.id).content == {"notes": SECRET}
    # Only the founder was shown it.
    bea = colleague(people, people.member("ana"))
    assert people.joined["bea"].recovery_key is None and bea.keys


def test_an_invitation_holds_once_and_three_days(people, staff, watch):
    ana = people.member("ana")
    code = staff.invite(ana, "bea", WORKER)
    assert staff.invited(code) == "bea"
    for name in ("Bea", " bea"):
        with pytest.raises(StaffError, match="this name"):
            staff.invite(ana, name, WORKER)
    for weak in ("short", "aaaaaaaaaaaaaaaa", "x" * 300):
        with pytest.raises(PassphraseError):
            staff.join(code, weak)
    people.join("bea", code)
    late = staff.invite(people.member("ana"), "cleo", WORKER)
    watch.on(seconds=INVITATION.total_seconds() + 1)
    for over in (code, late, "nonsense"):
        with pytest.raises(InvitationError):
            staff.join(over, WORDS.format("x"))


def test_everything_is_told_by_the_audit_and_no_fact_of_a_case(engine, of_a_day, cases, watch):
    _ana, bea, case, _code = of_a_day
    cases.save(bea, case.id, {"notes": SECRET * 2}, 1)
    cases.all(bea)
    cases.delete(bea, case.id)
    with Session(engine) as session:
        told = [(row.action, row.target) for row in session.scalars(select(AuditRow).order_by(AuditRow.number))]
    actions = [action for action, _target in told]
    assert actions[:4] == ["invite", "found", "join", "sign_in"]
    assert actions[-4:] == ["invite", "change_case", "list_cases", "delete_case"] and told[-1][1] == case.id
    assert faults(engine) == [] and SECRET not in str(told)


@pytest.mark.parametrize("break_it", ["change", "remove", "insert", "cut", "anew"])
def test_a_chain_that_was_broken_is_found(engine, of_a_day, break_it):
    anchor = newest(engine)
    assert faults(engine, anchor) == []
    with Session(engine) as session, session.begin():
        middle = session.get_one(AuditRow, 3)
        if break_it == "change":
            middle.action = "sign_out"
        elif break_it == "remove":
            session.delete(middle)
        elif break_it == "cut":
            session.execute(delete(AuditRow).where(AuditRow.number > 4))
        elif break_it == "insert":
            # Between two rows there is no number: the later ones are counted up, and the new row hashes well.
            for row in sorted(session.scalars(select(AuditRow).where(AuditRow.number > 3)), key=lambda row: -row.number):
                values = {column.key: getattr(row, column.key) for column in inspect(AuditRow).column_attrs}
                session.delete(row)
                session.flush()
                session.add(AuditRow(**{**values, "number": row.number + 1}))
            told = AuditRow(number=4, at=middle.at, actor=middle.actor, action="export_case", previous=middle.hash, hash="")
            told.hash = audit.hash_of(told)
            session.add(told)
        else:
            previous = audit.BEGINNING
            for row in session.scalars(select(AuditRow).order_by(AuditRow.number)):
                row.actor, row.previous = "somebody else", previous
                row.hash = previous = audit.hash_of(row)
    assert faults(engine, anchor)
    # What is only cut off behind, or written anew from the first row on, is seen by who kept the anchor.
    assert bool(faults(engine)) == (break_it in ("change", "remove", "insert"))


def test_many_at_once_make_one_chain(engine, people, cases, watch):
    ana = people.member("ana")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: cases.create(ana, {"n": number}, later(watch)).id, range(24)))
    assert len(set(made)) == 24 and faults(engine) == []


def test_rows_that_were_altered_are_refused_and_never_read_as_something_else(engine, people, cases, watch):
    ana = people.member("ana")
    one, two = (cases.create(ana, {"notes": name}, later(watch)) for name in ("one", "two"))
    with Session(engine) as session, session.begin():
        session.execute(update(CaseRow).where(CaseRow.id == one.id).values(content=session.get_one(CaseRow, two.id).content))
    with pytest.raises(SealError):
        cases.open(ana, one.id)
    token = people.token("ana")
    with Session(engine) as session, session.begin():
        session.execute(update(StaffSessionRow).values(locked_private=b"\x02nothing"))
    for read in (people.sessions.member, people.sessions.renew):
        with pytest.raises(SealError):
            read(token)
