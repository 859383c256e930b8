"""Cases handed to another organisation: sealed to its key, taken once, withdrawn, refused, over, and through a change of key."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import AuditRow, HandedCaseRow
from store.organisations.access import NoKeyError
from store.organisations.audit import faults
from store.organisations.cases import NoCaseError
from store.organisations.handing import Handing, NoOrganisationError, OtherKeyError, Receiver
from store.organisations.roles import Role
from tests.store.people import SECRET, colleague, later, rows

CONTENT = {"version": 2, "text": SECRET}


@pytest.fixture
def handing(engine, watch, cases):
    return Handing(engine, watch, cases)


def house(people, name, organisation):
    people.join(name, people.staff.invite_from_command(name, organisation, [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]))
    return people.member(name)


@pytest.fixture
def ana(people):
    return people.member("ana")


@pytest.fixture
def eva(people):
    return house(people, "eva", "House  of Dawn")


def handed(handing, cases, watch, ana, days=90):
    case = cases.create(ana, CONTENT, later(watch))
    to = handing.receiver(ana, "house of dawn")
    handing.hand(ana, case.id, to, CONTENT, later(watch, days))
    return case, to


def keeps(watch):
    return lambda content: (content, later(watch, 90))


def test_a_copy_is_taken_once_by_the_other_house(engine, handing, cases, watch, ana, eva):
    case, to = handed(handing, cases, watch, ana)
    assert to.letters == handing.own(eva).letters and re.fullmatch(r"[A-Z2-7]{5}(-[A-Z2-7]{1,5})+", to.letters)
    (waits,) = handing.waiting(eva)
    assert waits.content == CONTENT and handing.waiting(ana) == []
    (given,) = handing.given(ana, case.id)
    assert given.receiver == "House  of Dawn" and given.content is None
    taken = handing.take(eva, waits.id, keeps(watch))
    assert cases.open(eva, taken.id).content == CONTENT and taken.keep_until == later(watch, 90)
    for again in (
        lambda: handing.take(eva, waits.id, keeps(watch)),
        lambda: handing.refuse(eva, waits.id),
        lambda: handing.withdraw(ana, waits.id),
    ):
        with pytest.raises(NoCaseError):
            again()
    assert handing.waiting(eva) == handing.given(ana, case.id) == []
    # Each house has its own: what one deletes, the other keeps.
    cases.delete(ana, case.id)
    assert cases.open(eva, taken.id).content == CONTENT
    with Session(engine) as session:
        told = [(row.action, row.target) for row in session.scalars(select(AuditRow).order_by(AuditRow.number))]
    assert ("hand_over_case", case.id) in told and ("take_case", taken.id) in told and faults(engine) == []


def test_the_giver_and_the_database_cannot_read_what_was_handed_over(engine, handing, cases, watch, ana, eva):
    handed(handing, cases, watch, ana)
    with Session(engine) as session:
        row = session.scalar(select(HandedCaseRow))
        with pytest.raises(NoKeyError):
            ana.key(99)
        with pytest.raises(ValueError, match="another key"):
            ana.newest[1].open(row.sealed_key)
    assert SECRET not in str(rows(engine)) and SECRET.encode() not in repr(rows(engine)).encode()


def test_only_the_two_houses_touch_it(handing, cases, watch, people, ana, eva):
    case, _to = handed(handing, cases, watch, ana)
    mia = house(people, "mia", "House of Noon")
    (waits,) = handing.waiting(eva)
    assert handing.waiting(mia) == handing.given(mia, case.id) == []
    for other in (
        lambda: handing.take(mia, waits.id, keeps(watch)),
        lambda: handing.refuse(mia, waits.id),
        lambda: handing.withdraw(mia, waits.id),
    ):
        with pytest.raises(NoCaseError):
            other()
    with pytest.raises(NoCaseError):
        handing.take(ana, waits.id, keeps(watch))
    with pytest.raises(NoCaseError):
        handing.hand(mia, case.id, handing.receiver(mia, "House of Dawn"), CONTENT, later(watch))
    handing.withdraw(ana, waits.id)
    assert handing.waiting(eva) == []


def test_nobody_hands_over_to_her_own_house_or_to_none(handing, people, ana):
    for name in ("House of Hope", "Nowhere", ""):
        with pytest.raises(NoOrganisationError):
            handing.receiver(ana, name)
    # One that nobody has founded yet has no key.
    people.staff.invite_from_command("zoe", "House of Night", [Role.ADMINISTRATOR])
    with pytest.raises(NoOrganisationError):
        handing.receiver(ana, "House of Night")


def test_another_key_than_the_one_that_was_compared_gets_nothing(engine, handing, cases, watch, people, ana, eva):
    case = cases.create(ana, CONTENT, later(watch))
    to = handing.receiver(ana, "House of Dawn")
    people.staff.rotate(eva)
    with pytest.raises(OtherKeyError):
        handing.hand(ana, case.id, to, CONTENT, later(watch))
    with pytest.raises(NoOrganisationError):
        handing.hand(ana, case.id, Receiver("nobody", "House of Dawn", to.letters), CONTENT, later(watch))
    assert rows(engine)["handed_case"] == []


def test_what_waits_goes_through_a_change_of_key(handing, cases, watch, people, ana, eva):
    handed(handing, cases, watch, ana)
    assert people.staff.rotate(eva) == 0
    again = people.member("eva")
    (waits,) = handing.waiting(again)
    assert waits.content == CONTENT
    handing.take(again, waits.id, keeps(watch))
    assert cases.all(colleague(people, again, "ida"))[0].content == CONTENT


def test_what_nobody_takes_is_gone_after_two_weeks_or_at_its_end(engine, handing, cases, watch, ana, eva):
    for days, waits in ((90, 14), (3, 3)):
        handed(handing, cases, watch, ana, days)
        watch.on(days=waits, seconds=-1)
        assert handing.delete_over() == 0 and len(handing.waiting(eva)) == 1
        watch.on(seconds=1)
        assert handing.waiting(eva) == [] and handing.delete_over() == 1
        assert rows(engine)["handed_case"] == []


def test_what_waits_ends_with_its_case(engine, handing, cases, watch, ana, eva):
    case, _to = handed(handing, cases, watch, ana)
    cases.delete(ana, case.id)
    assert handing.waiting(eva) == [] and rows(engine)["handed_case"] == []


def test_refused_is_deleted(engine, handing, cases, watch, ana, eva):
    case, _to = handed(handing, cases, watch, ana)
    handing.refuse(eva, handing.waiting(eva)[0].id)
    assert handing.given(ana, case.id) == [] and rows(engine)["handed_case"] == []
