"""Releases of the rules: two people, one order, nothing lost, and the same bytes a year later."""

from __future__ import annotations

import json
import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from calculator.api import estimate_json
from calculator.engine.figures import reference_rates
from calculator.errors import PackError
from calculator.packs.current import in_force, put_in_force
from calculator.packs.load import load_rules
from calculator.packs.parsed import checksum
from calculator.packs.released import RATES, load_release, pointer_in, write_release
from store.backup import restore_backup, write_backup
from store.database import connect
from store.migrate import upgrade
from store.models import AuditRow, RuleFile, RuleRelease
from store.organisations.audit import faults
from store.organisations.roles import Action
from store.rules.following import Following, product_files
from store.rules.releases import ALONE, Actor, Refused, ReleaseError, Releases, State
from tests.store.people import Watch

ENGINE = "1.0.0"
RATE_FILES = {f"{RATES}{name}": content for name, content in reference_rates.texts().items()}
ANN, BEA, CY = (Actor(name, "house") for name in ("ann", "bea", "cy"))


def packs(**files: str) -> dict[str, bytes]:
    """Files of a release: `DE_wages` stands for DE/wages.yaml."""
    return {f"{name.replace('_', '/')}.yaml": text.encode() for name, text in files.items()} | RATE_FILES


FIRST = packs(DE_wages="a: 1\n", DE_contacts="- 112\n", FR_wages="b: 1\n")


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def releases(engine, watch):
    made = Releases(engine, watch)
    made.seed(FIRST, ENGINE)
    return made


def changed(files=FIRST, **new: str) -> dict[str, bytes]:
    return {**files, **packs(**new)}


def in_review(releases, files, by=ANN, base=None):
    made = releases.draft(by, files, ENGINE, "why", base)
    releases.submit(by, made.id)
    return made.id


def refused(why: Refused, work, *given) -> str:
    with pytest.raises(ReleaseError) as error:
        work(*given)
    assert error.value.refused is why
    return error.value.detail


def wages(releases) -> bytes:
    return releases.files(releases.in_force().id)["DE/wages.yaml"]


def test_the_packs_of_a_version_are_the_first_release_once(releases, watch):
    first = releases.in_force()
    assert (first.state, first.made_by, first.id) == (State.IN_FORCE, "product", "2026-12-02.1")
    assert releases.files(first.id) == FIRST
    watch.on(days=1)
    assert releases.seed(FIRST, ENGINE) is None and len(releases.all()) == 1
    # A newer version while nobody here has rules of her own; the older one does not come back by itself.
    assert releases.seed(changed(DE_wages="a: 2\n"), ENGINE).state is State.IN_FORCE
    assert releases.seed(FIRST, ENGINE) is None and wages(releases) == b"a: 2\n"


def test_a_new_version_never_replaces_what_a_team_has_released(releases, watch):
    releases.approve(BEA, in_review(releases, changed(DE_wages="a: 3\n")))
    watch.on(days=1)
    brought = releases.seed(changed(DE_wages="a: 2\n"), "2.0.0")
    assert brought.state is State.DRAFT and wages(releases) == b"a: 3\n"
    # The same entry was changed by both: a person decides.
    refused(Refused.OTHERS_CHANGED, Releases(releases._engine, watch).approve, BEA, brought.id) if brought.base is None else None
    assert releases.approve(BEA, brought.id).state is State.IN_FORCE


def test_four_eyes(releases):
    made = releases.draft(ANN, changed(DE_wages="a: 2\n"), ENGINE, "a rate")
    refused(Refused.NOT_SO_FAR, releases.approve, BEA, made.id)
    releases.submit(ANN, made.id)
    refused(Refused.OWN_WORK, releases.approve, ANN, made.id)
    assert wages(releases) == b"a: 1\n"
    approved = releases.approve(BEA, made.id)
    assert (approved.state, approved.decided_by, approved.note) == (State.IN_FORCE, "bea", "a rate") and wages(releases) == b"a: 2\n"
    refused(Refused.NOT_SO_FAR, releases.approve, CY, made.id)
    refused(Refused.NOTHING_NEW, releases.draft, ANN, changed(DE_wages="a: 2\n"), ENGINE, "again")
    refused(Refused.NOT_THERE, releases.approve, BEA, "2020-01-01.1")


def test_a_release_waits_for_its_day_and_comes_by_itself(releases, watch):
    start = watch.now + timedelta(days=20)
    made = in_review(releases, changed(DE_wages="a: 2\n"))
    assert releases.approve(BEA, made, start).state is State.SCHEDULED
    assert wages(releases) == b"a: 1\n"
    # What is approved now would be undone by it.
    other = in_review(releases, changed(FR_wages="b: 2\n"))
    assert refused(Refused.ONE_IS_SCHEDULED, releases.approve, BEA, other) == made
    watch.on(days=20)
    assert releases.in_force().id == made and wages(releases) == b"a: 2\n"


def test_what_others_changed_meanwhile_is_kept(releases):
    first = releases.in_force().id
    mine = in_review(releases, changed(DE_wages="a: 2\n"), ANN, first)
    theirs = in_review(releases, changed(FR_wages="b: 2\n"), CY, first)
    clashing = in_review(releases, changed(DE_wages="a: 9\n"), CY, first)
    releases.approve(BEA, theirs)
    both = releases.approve(BEA, mine)
    assert both.id != mine and releases.one(mine).state is State.WITHDRAWN, "what is in a release never changes"
    assert releases.files(both.id) == changed(DE_wages="a: 2\n", FR_wages="b: 2\n") and both.made_by == "ann"
    assert refused(Refused.OTHERS_CHANGED, releases.approve, BEA, clashing) == "DE/wages.yaml"


def test_in_a_hurry_only_whom_to_call_and_not_for_long(releases, watch):
    more = releases.draft(BEA, changed(DE_contacts="- 110\n", DE_wages="a: 2\n"), ENGINE, "x")
    assert refused(Refused.NOT_IN_A_HURRY, releases.approve_in_a_hurry, BEA, more.id) == "DE/wages.yaml"
    made = releases.draft(BEA, changed(DE_contacts="- 110\n"), ENGINE, "dead number")
    assert releases.approve_in_a_hurry(BEA, made.id).ends_at == watch.now + ALONE
    refused(Refused.OWN_WORK, releases.confirm, BEA, made.id)
    watch.on(hours=71)
    assert releases.in_force().id == made.id
    watch.on(hours=2)
    assert releases.in_force().id != made.id and releases.one(made.id).state is State.OVER
    refused(Refused.NOT_SO_FAR, releases.confirm, ANN, made.id)
    again = releases.draft(BEA, changed(DE_contacts="- 110\n"), ENGINE, "dead number")
    releases.approve_in_a_hurry(BEA, again.id)
    releases.confirm(ANN, again.id)
    watch.on(days=30)
    assert releases.in_force().id == again.id


def test_rolling_back_says_what_was_said_as_a_new_release(releases, watch):
    first = releases.in_force()
    refused(Refused.IN_FORCE, releases.roll_back, BEA, first.id, ENGINE, "x")
    draft = releases.draft(ANN, changed(FR_wages="b: 9\n"), ENGINE, "never approved")
    refused(Refused.NOT_SO_FAR, releases.roll_back, BEA, draft.id, ENGINE, "x")
    second = releases.approve(BEA, in_review(releases, changed(DE_wages="a: 2\n"))).id
    watch.on(hours=1)
    back = releases.roll_back(BEA, first.id, ENGINE, "a wrong figure")
    assert back.state is State.IN_FORCE and back.sha256 == first.sha256 and back.id != first.id
    assert releases.one(second).state is State.OVER and releases.files(back.id) == FIRST


def test_what_is_in_force_is_not_withdrawn_what_waits_is(releases, watch):
    refused(Refused.IN_FORCE, releases.withdraw, BEA, releases.in_force().id)
    made = in_review(releases, changed(DE_wages="a: 2\n"))
    releases.approve(BEA, made, watch.now + timedelta(days=5))
    releases.withdraw(ANN, made)
    watch.on(days=9)
    assert wages(releases) == b"a: 1\n"
    refused(Refused.NOT_SO_FAR, releases.withdraw, ANN, made)


def test_each_step_is_in_the_audit_and_nothing_of_the_rules(releases, engine):
    made = in_review(releases, changed(DE_wages="a: 2\n"))
    releases.approve(BEA, made)
    releases.exported(CY, made)
    with Session(engine) as session:
        rows = [(row.actor, row.action, row.target) for row in session.scalars(select(AuditRow).order_by(AuditRow.number))]
    assert [action for _actor, action, _target in rows] == ["draft_rules", "draft_rules", "submit_rules", "approve_rules", "export_rules"]
    assert rows[3] == ("bea", Action.APPROVE_RULES.value, made) and faults(engine) == []


def test_a_file_is_kept_once_and_checked(releases, engine):
    in_review(releases, changed(DE_wages="a: 2\n"))
    with Session(engine) as session:
        assert len(session.scalars(select(RuleFile)).all()) == len(FIRST) + 1
        session.delete(session.scalar(select(RuleFile)))
        session.commit()
    refused(Refused.WRONG_FILES, releases.files, releases.in_force().id)


def test_two_that_decide_at_once_do_not_undo_each_other(releases):
    first = releases.in_force().id
    drafts = [in_review(releases, changed(**{f"S{number}_wages": "x: 1\n"}), ANN, first) for number in range(4)]
    failed = []

    def decide(release):
        try:
            releases.approve(BEA, release)
        except Exception as error:  # noqa: BLE001 - looked at below
            failed.append(error)

    threads = [threading.Thread(target=decide, args=(one,)) for one in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    files = releases.files(releases.in_force().id)
    assert {f"S{number}/wages.yaml" for number in range(4)} <= files.keys()


@pytest.mark.parametrize("seed", range(4))
def test_any_history_keeps_every_release_as_it_was(engine, watch, seed):
    """A year of changes: drafts, approvals, withdrawals, roll-backs, in any order; each release still has its bytes and its checksum."""
    chance, releases = random.Random(seed), Releases(engine, watch)
    releases.seed(FIRST, ENGINE)
    kept = {releases.in_force().id: FIRST}
    for step in range(40):
        watch.on(hours=chance.randrange(1, 200))
        newest = releases.files(releases.all()[0].id) if chance.random() < 0.3 else releases.files(releases.in_force().id)
        name = chance.choice(["DE/wages.yaml", "FR/wages.yaml", "IT/routes/a.yaml"])
        try:
            match chance.randrange(4):
                case 0 | 1:
                    made = in_review(releases, {**newest, name: f"v: {step}\n".encode()})
                    kept[made] = releases.files(made)
                    approved = releases.approve(BEA, made, watch.now + timedelta(days=chance.randrange(0, 12)))
                    kept[approved.id] = releases.files(approved.id)
                case 2:
                    back = releases.roll_back(BEA, chance.choice(releases.all()).id, ENGINE, "back")
                    kept[back.id] = releases.files(back.id)
                case _:
                    releases.withdraw(ANN, chance.choice(releases.all()).id)
        except ReleaseError:
            pass
    assert {one.id: releases.files(one.id) for one in releases.all()} == kept
    states = [one.state for one in releases.all()]
    assert states.count(State.IN_FORCE) == 1 and faults(engine) == []


def test_a_release_that_came_by_a_backup_is_whole_and_in_force(releases, engine, tmp_path, tombstones, watch):
    releases.approve(BEA, in_review(releases, changed(DE_wages="a: 2\n")))
    write_backup(engine, tmp_path / "b", watch.now)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    fresh = Releases(connect(url), watch)
    # The gateway was started before: what its version brought steps back.
    watch.on(days=1)
    fresh.seed(packs(DE_wages="a: 7\n"), ENGINE)
    assert restore_backup(fresh._engine, tmp_path / "b", tombstones, watch.now).releases == 2
    assert wages(fresh) == b"a: 2\n"
    body = json.loads((tmp_path / "b").read_text())
    body["rule_files"][next(iter(body["rule_files"]))] = "AAAA"
    (tmp_path / "bad").write_text(json.dumps(body))
    upgrade(f"sqlite:///{tmp_path / 'third.db'}")
    with pytest.raises(ValueError, match="cannot be read"):
        restore_backup(connect(f"sqlite:///{tmp_path / 'third.db'}"), tmp_path / "bad", tombstones, watch.now)


# -- on a machine


@pytest.fixture
def folder(tmp_path):
    """Where this machine keeps releases; afterwards the process uses the packs of the repository again."""
    yield tmp_path / "rules"
    put_in_force(load_rules())


def test_a_machine_follows(engine, folder):
    releases = Releases(engine, lambda: datetime.now(UTC))
    following = Following(releases, folder)
    named = following.look()
    assert named.release == releases.in_force().id and pointer_in(folder) == releases.pointer()
    assert following.look() is None or named is not None
    wage = product_files()["DE/parameters/wages.yaml"].replace(b'value: "14.60"', b'value: "14.80"')
    made = releases.approve(BEA, in_review(releases, {**product_files(), "DE/parameters/wages.yaml": wage})).id
    rules = following.look()
    assert rules.release == made and rules.sha256 == releases.pointer().sha256 == checksum(folder / rules.sha256 / "packs")
    # Files that were changed on the machine are not used.
    (folder / rules.sha256 / "packs" / "DE" / "parameters" / "wages.yaml").write_text("[]")
    with pytest.raises(PackError, match="not the files that were released"):
        load_release(folder, releases.pointer())
    following.kept(releases.pointer())
    assert load_release(folder, releases.pointer()).packs["DE"].parameters["mindestlohn"]


def test_what_this_version_cannot_read_leaves_the_one_before(engine, folder):
    releases = Releases(engine, lambda: datetime.now(UTC))
    following = Following(releases, folder)
    following.look()
    broken = {**product_files(), "DE/jurisdiction.yaml": b"code: DE\nof_a_later_version: 1\n"}
    made = releases.approve(BEA, in_review(releases, broken)).id
    before = pointer_in(folder)
    assert following.look() is None and following.trouble[0].release == made
    assert pointer_in(folder) == before and following.look() is None
    releases.roll_back(CY, releases.all()[-1].id, ENGINE, "cannot be read")
    following.look()
    assert following.trouble is None


def test_a_release_is_written_whole_or_not_at_all(folder, watch, engine):
    releases = Releases(engine, watch)
    releases.seed(FIRST, ENGINE)
    pointer = releases.pointer()
    with pytest.raises(TypeError):
        write_release(folder, pointer, {**FIRST, "DE/x.yaml": None})
    assert list(folder.iterdir()) == []
    write_release(folder, pointer, FIRST)
    write_release(folder, pointer, {})
    assert (folder / pointer.sha256 / "packs" / "DE" / "wages.yaml").read_bytes() == b"a: 1\n"


def test_rows_say_what_the_database_holds(releases, engine):
    with Session(engine) as session:
        row = session.scalar(select(RuleRelease))
        assert row.files and b"a: 1" not in row.files


def test_a_year_of_changes_later_the_same_estimate_comes_to_the_same_bytes(engine, folder, watch):
    """As the issue asks: by its release, whatever came after, also by a change of the wage it counts with and of the rates."""
    releases = Releases(engine, watch)
    following = Following(releases, folder)
    following.look()
    first = releases.pointer()
    work = {"country": "DE", "start": "2026-01-01", "end": "2026-06-30", "hours_per_week": 60}
    case = {
        "version": 1,
        "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2026-01", "end": "2026-06"}],
        "work": [{**work, "paid": [{"amount": "300", "currency": "RON", "per": "month"}]}],
    }

    def told(pointer) -> str:
        with in_force(following.rules_of(pointer)):
            return json.dumps(estimate_json(case, ["DE"], date(2026, 7, 2)))

    before = told(first)
    for month in range(12):
        watch.on(days=30)
        files = releases.files(releases.in_force().id)
        wages = files["DE/parameters/wages.yaml"].decode()
        old = wages.split("from: 2026-01-01, to: 2026-12-31, value: ")[1].split('"')[1]
        files["DE/parameters/wages.yaml"] = wages.replace(
            f'to: 2026-12-31, value: "{old}"', f'to: 2026-12-31, value: "{14 + month}.00"'
        ).encode()
        releases.approve(BEA, in_review(releases, files))
    assert told(first) == before
    after = told(releases.pointer())
    assert after != before and json.loads(after)["release"]["id"] == releases.in_force().id
