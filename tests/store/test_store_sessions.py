"""Signing in and sessions: each try costs time, each code opens once, and a session ends by itself."""

import base64
import secrets
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from store.models import TombstoneRow
from store.organisations.sessions import IDLE, LONGEST, Sessions, SignInError
from store.sealing import Sealer
from tests.store.people import NOBODY_KNOWS, WORDS, colleague, rows


def test_nobody_waits_for_a_passphrase_to_be_looked_at(engine, people, watch, monkeypatch):
    opened = people.sessions._opened

    def meanwhile(row, passphrase):
        # On SQLite this would wait in vain if the sign-in held its lock.
        with Session(engine) as session, session.begin():
            session.add(TombstoneRow(case="another", deleted_at=watch.now))
        return opened(row, passphrase)

    monkeypatch.setattr(people.sessions, "_opened", meanwhile)
    assert people.token("ana")


def test_what_happens_while_a_passphrase_is_looked_at_counts(people, staff, watch, monkeypatch):
    opened = people.sessions._opened
    ana = people.member("ana")
    bea = colleague(people, ana)

    def while_it_is_looked_at(work):
        def meanwhile(row, passphrase):
            monkeypatch.setattr(people.sessions, "_opened", opened)
            work()
            return opened(row, passphrase)

        monkeypatch.setattr(people.sessions, "_opened", meanwhile)

    def guess():
        for _ in range(6):
            with pytest.raises(SignInError):
                people.sessions.sign_in("bea", "wrong", "123456", NOBODY_KNOWS)

    while_it_is_looked_at(guess)
    with pytest.raises(SignInError) as refused:
        people.token("bea")
    assert refused.value.wait
    watch.on(hours=1)
    while_it_is_looked_at(lambda: staff.reset(ana, bea.id))
    with pytest.raises(SignInError):
        people.token("bea")


def test_a_session_ends_when_nobody_comes_and_at_the_end_of_the_day(people, staff, watch):
    token = people.token("ana")
    began = watch.now
    while people.sessions.member(token) is not None:
        token = people.sessions.renew(token)
        watch.on(seconds=IDLE.total_seconds() - 1)
    assert timedelta() <= watch.now - began - LONGEST < IDLE
    token = people.token("ana")
    watch.on(seconds=IDLE.total_seconds() + 1)
    assert people.sessions.member(token) is None


def test_a_renewed_session_has_another_cookie_and_ends_when_the_first_would_have(people, staff, watch):
    first = people.token("ana")
    second = people.sessions.renew(first)
    assert people.sessions.member(first) is None and people.sessions.member(second).name == "ana" and people.sessions.renew(first) is None
    ana = people.sessions.member(second)
    other = people.token("ana")
    assert len(people.sessions.of(ana)) == 2
    mine = [called for called, _began, _seen in people.sessions.of(ana)]
    assert people.sessions.end(ana, mine[1]) and not people.sessions.end(ana, "x")
    assert people.sessions.member(other) is None
    people.sessions.sign_out(second)
    assert people.sessions.member(second) is None


def test_each_code_is_taken_once_and_spare_codes_too(people, staff, watch):
    watch.on(minutes=5)
    code = people.code("ana")
    assert people.sessions.sign_in("ANA", WORDS.format("ana"), f"{code[:3]} {code[3:]}", NOBODY_KNOWS).token
    with pytest.raises(SignInError):
        people.sessions.sign_in("ana", WORDS.format("ana"), code, NOBODY_KNOWS)
    spare = people.joined["ana"].spare_codes[0]
    assert people.sessions.sign_in("ana", WORDS.format("ana"), spare.upper(), NOBODY_KNOWS).token
    for wrong in (spare, "", "000000 ", "١٢٣٤٥٦"):
        with pytest.raises(SignInError):
            people.sessions.sign_in("ana", WORDS.format("ana"), wrong, secrets.token_hex(4))


def test_the_key_of_the_installation_may_change_between_two_sign_ins(engine, people, staff, key, watch, tombstones):
    new = base64.urlsafe_b64encode(secrets.token_bytes(32))
    both, only_new = (Sessions(engine, Sealer(*keys), new, watch, tombstones) for keys in ((new, key), (new,)))
    watch.on(minutes=1)
    assert both.sign_in("ana", WORDS.format("ana"), people.code("ana"), NOBODY_KNOWS).token
    watch.on(minutes=1)
    assert only_new.sign_in("ana", WORDS.format("ana"), people.code("ana"), NOBODY_KNOWS).token


def test_guessing_takes_longer_and_longer_and_never_keeps_her_out_of_her_own_browser(people, staff, watch):
    watch.on(minutes=1)
    mine = people.sessions.sign_in("ana", WORDS.format("ana"), people.code("ana"), "198.51.100.1").browser
    waits = []
    for _ in range(8):
        with pytest.raises(SignInError) as refused:
            people.sessions.sign_in("ana", "wrong", "123456", "203.0.113.9")
        waits.append(refused.value.wait)
        watch.on(seconds=refused.value.wait.total_seconds())
    assert waits == [timedelta()] * 4 + [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
    # Right words while it has to be waited are not looked at either.
    with pytest.raises(SignInError):
        people.sessions.sign_in("ana", "wrong", "123456", "203.0.113.9")
    with pytest.raises(SignInError) as early:
        people.sessions.sign_in("ana", WORDS.format("ana"), people.code("ana"), "203.0.113.9")
    assert early.value.wait
    # From a hundred places at once: elsewhere half a minute at most, in her own browser nothing.
    for number in range(100):
        with pytest.raises(SignInError):
            people.sessions.sign_in("ana", "wrong", "123456", f"203.0.113.{number}")
    with pytest.raises(SignInError) as elsewhere:
        people.sessions.sign_in("ana", WORDS.format("ana"), people.code("ana"), "192.0.2.200")
    assert timedelta() < elsewhere.value.wait <= timedelta(seconds=30)
    assert people.sessions.sign_in("ana", WORDS.format("ana"), people.code("ana"), "198.51.100.1", mine).token
    forged = f"{mine.partition('.')[0]}.{'0' * 64}"
    watch.on(seconds=1)
    with pytest.raises(SignInError):
        people.sessions.sign_in("ana", WORDS.format("ana"), people.code("ana"), "192.0.2.201", forged)


def test_an_unknown_name_is_refused_as_a_wrong_passphrase_is(people, staff, engine):
    for name in ("nobody", "ana"):
        with pytest.raises(SignInError) as refused:
            people.sessions.sign_in(name, "wrong words and more", "123456", "192.0.2.1")
        assert str(refused.value) == "not signed in" and not refused.value.wait
    # What is counted names nobody.
    assert "nobody" not in str(rows(engine)["sign_in_tries"]) and "192.0.2.1" not in str(rows(engine)["sign_in_tries"])
