"""Passkeys and identities elsewhere: they say that it is she, open no key, and are gone when she is shut out."""

import json
import secrets
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store.models import AuditRow, PasskeyRow, ServiceIdentityRow, SignInStepRow, StaffRow
from store.organisations import vault
from store.organisations.audit import faults
from store.organisations.second_factors import Identities, PasskeyError, Passkeys, Site
from store.organisations.sessions import SignInError, StepOverError
from store.organisations.vault import KeyPair
from store.sealing import Sealer
from store.settings import SettingsError, load_settings
from tests.store.device import Device
from tests.store.people import NOBODY_KNOWS, SECRET, WORDS, colleague, later, rows
from tests.store.test_store_organisations import found_by_a_thief

HERE = Site("http://here", "here")


@pytest.fixture
def passkeys(engine, key, watch, tombstones):
    return Passkeys(engine, Sealer(key), watch, tombstones)


@pytest.fixture
def device(people, passkeys):
    """Ana's, with a passkey."""
    return added(people, passkeys, "ana")


def added(people, passkeys, name: str, **more) -> Device:
    member, device = people.member(name), Device(**more)
    question = passkeys.ask(member, HERE)
    passkeys.add(member, question.token, device.makes(question.options))
    return device


def asked(people, name: str = "ana", passphrase: str | None = None, place: str = NOBODY_KNOWS):
    return people.sessions.ask_for_passkey(name, passphrase or WORDS.format(name), place, HERE)


def refused(people, question, answer: str) -> timedelta:
    with pytest.raises(SignInError) as told:
        people.sessions.sign_in_by_passkey(question.token, answer, NOBODY_KNOWS)
    return told.value.wait


def test_a_passkey_in_place_of_a_code_begins_the_same_session(engine, people, passkeys, device, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    question = asked(people, " ANA ", WORDS.format("ana"))
    signed = people.sessions.sign_in_by_passkey(question.token, device.answers(question.options), NOBODY_KNOWS)
    member = people.sessions.member(signed.token)
    assert member.name == "ana" and cases.open(member, case.id).content == {"notes": SECRET}
    [kept] = passkeys.of(member)
    assert kept.used_at == watch.now and kept.made_at < watch.now
    with Session(engine) as session:
        told = [row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.number))]
    assert told.count("sign_in") == 3 and "add_passkey" in told and faults(engine) == []


def test_each_question_is_answered_once_and_within_minutes(people, device, watch):
    question = asked(people)
    answer = device.answers(question.options)
    assert people.sessions.sign_in_by_passkey(question.token, answer, NOBODY_KNOWS)
    refused(people, question, answer)
    late = asked(people)
    watch.on(minutes=5, seconds=1)
    refused(people, late, device.answers(late.options))
    # A wrong answer uses it up, too.
    question = asked(people)
    refused(people, question, "{}")
    refused(people, question, device.answers(question.options))


def test_a_question_for_one_thing_answers_no_other(people, passkeys, device):
    ana = people.member("ana")
    adding = passkeys.ask(ana, HERE)
    refused(people, adding, device.answers(json.dumps({**json.loads(adding.options), "rpId": "here"})))
    question = asked(people)
    with pytest.raises(PasskeyError):
        passkeys.add(ana, question.token, Device().makes(json.dumps({**json.loads(question.options), "rp": {"id": "here"}})))


CHEATS = {
    "another key": {"signer": ec.generate_private_key(ec.SECP256R1())},
    "another question": {"challenge": "AAAA"},
    "another site": {"host": "elsewhere"},
    "not touched": {"flags": 0},
    "making one": {"type": "webauthn.create"},
    "a count that does not grow": {"used": 0},
}


@pytest.mark.parametrize("changed", CHEATS.values(), ids=CHEATS)
def test_an_answer_that_is_not_hers_is_refused(people, device, changed):
    # So that a count can stand still.
    question = asked(people)
    people.sessions.sign_in_by_passkey(question.token, device.answers(question.options), NOBODY_KNOWS)
    question = asked(people)
    refused(people, question, device.answers(question.options, **changed))
    question = asked(people)
    device.used = 7
    assert people.sessions.sign_in_by_passkey(question.token, device.answers(question.options), NOBODY_KNOWS)


def test_a_device_elsewhere_or_of_a_colleague_is_refused(people, passkeys, device):
    question = asked(people)
    device.origin = "http://elsewhere"
    refused(people, question, device.answers(question.options))
    colleague(people, people.member("ana"))
    of_bea = added(people, passkeys, "bea")
    question = asked(people)
    refused(people, question, of_bea.answers(question.options))


@pytest.mark.parametrize(
    "answer",
    ["", "{", "null", "[]", '"x"', "{}", "1" * 5000, '{"id": 1}', '{"id":"a","rawId":"a","type":"public-key","response":{}}', "[" * 3000],
)
def test_what_no_browser_sends_is_refused(people, passkeys, device, answer):
    question = asked(people)
    refused(people, question, answer)
    ana = people.member("ana")
    adding = passkeys.ask(ana, HERE)
    with pytest.raises(PasskeyError):
        passkeys.add(ana, adding.token, answer)
    with pytest.raises(PasskeyError):
        passkeys.add(ana, adding.token, Device().makes(adding.options))


def test_parts_of_an_answer_that_are_altered_are_refused(people, device):
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for value in ("", "AA", "!!!!", "A" * 2000, 7, None):
            question = asked(people, place=secrets.token_hex(4))
            answer = json.loads(device.answers(question.options))
            answer["response"][part] = value
            with pytest.raises(SignInError):
                people.sessions.sign_in_by_passkey(question.token, json.dumps(answer), NOBODY_KNOWS)
            people.watch.on(minutes=1)


def test_a_device_that_does_not_count_signs_in_again_and_again(people, passkeys):
    device = added(people, passkeys, "ana", counts=False)
    for _ in range(2):
        question = asked(people)
        assert people.sessions.sign_in_by_passkey(question.token, device.answers(question.options), NOBODY_KNOWS)


def test_the_same_is_asked_of_everybody(engine, people, passkeys, device, watch):
    colleague(people, people.member("ana"))
    questions = {
        "right": asked(people, "ana"),
        "no passkey": asked(people, "bea"),
        "wrong": asked(people, "ana", "wrong words and more"),
        "nobody": asked(people, "nobody", "wrong words and more"),
    }
    shapes = []
    for question in questions.values():
        options = json.loads(question.options)
        assert options.pop("challenge")
        shapes.append((options, len(question.token), len(question.options)))
    assert shapes == shapes[:1] * 4 and shapes[0][0]["allowCredentials"] == []
    with Session(engine) as session:
        sizes = {len(row.content) // 40 for row in session.scalars(select(SignInStepRow))}
    assert len(sizes) == 1
    for name, question in questions.items():
        if name != "right":
            refused(people, question, device.answers(question.options))
    device.used = 7
    assert people.sessions.sign_in_by_passkey(questions["right"].token, device.answers(questions["right"].options), NOBODY_KNOWS)


def test_a_right_passphrase_alone_counts_as_a_failure_and_takes_as_long_as_a_wrong_one(people, device):
    waits = []
    for words in (WORDS.format("ana"), "wrong words and more"):
        place = secrets.token_hex(4)
        waits.append([refused(people, asked(people, "ana", words, place), "{}") for _ in range(3)])
        for _ in range(2):
            asked(people, "ana", words, place)
        with pytest.raises(SignInError) as told:
            asked(people, "ana", words, place)
        waits[-1].append(told.value.wait)
        people.watch.on(hours=25)
    assert waits[0] == waits[1] == [timedelta()] * 3 + [timedelta(seconds=2)]
    with Session(people.sessions._engine) as session:
        row = session.scalar(select(StaffRow))
    spent: dict[str, list[float]] = {"right": [], "wrong": []}
    for _ in range(4):
        for what, words in (("right", WORDS.format("ana")), ("wrong", "wrong words and more")):
            began = time.process_time()
            people.sessions._opened(row, words)
            spent[what].append(time.process_time() - began)
    assert min(spent["wrong"]) > 0.75 * min(spent["right"])


def test_signing_in_takes_back_what_asking_counted(people, device):
    for _ in range(30):
        question = asked(people)
        assert people.sessions.sign_in_by_passkey(question.token, device.answers(question.options), NOBODY_KNOWS)
        people.watch.on(minutes=1)
    # Elsewhere nobody waits either: twenty failures of a name would cost time from everywhere.
    assert asked(people, place="192.0.2.99")


def test_wrong_answers_cost_time(people, device):
    waits = []
    for _ in range(7):
        question = asked(people)
        waits.append(refused(people, question, device.answers(question.options, challenge="AAAA")))
        people.watch.on(seconds=waits[-1].total_seconds())
    assert waits == [timedelta()] * 4 + [timedelta(seconds=seconds) for seconds in (2, 4, 8)]
    assert people.watch.on(minutes=1) is None and people.token("ana")


def test_a_passkey_that_was_taken_away_signs_nobody_in_and_no_old_copy_brings_it_back(engine, people, passkeys, device):
    ana = people.member("ana")
    with Session(engine) as session:
        before = dict(session.execute(select(PasskeyRow.__table__)).one()._mapping)
    colleague(people, ana)
    [kept] = passkeys.of(ana)
    assert not passkeys.remove(people.member("bea"), kept.called)
    pending = asked(people)
    assert passkeys.remove(ana, kept.called) and not passkeys.remove(ana, kept.called) and passkeys.of(ana) == []
    refused(people, pending, device.answers(pending.options))
    with Session(engine) as session, session.begin():
        session.execute(insert(PasskeyRow).values(**before))
    question = asked(people)
    refused(people, question, device.answers(question.options))


def test_a_device_is_added_once_and_only_by_who_was_asked(people, passkeys, device):
    ana = people.member("ana")
    bea = colleague(people, ana)
    question = passkeys.ask(ana, HERE)
    assert [one["id"] for one in json.loads(question.options)["excludeCredentials"]] == [
        json.loads(device.answers('{"rpId":"","challenge":""}'))["id"]
    ]
    with pytest.raises(PasskeyError):
        passkeys.add(bea, question.token, Device().makes(question.options))
    question = passkeys.ask(bea, HERE)
    with pytest.raises(PasskeyError):
        passkeys.add(bea, question.token, device.makes(question.options))
    for changed in ({"challenge": "AAAA"}, {"host": "elsewhere"}):
        question = passkeys.ask(bea, HERE)
        with pytest.raises(PasskeyError):
            passkeys.add(bea, question.token, Device().makes(question.options, **changed))
    question = passkeys.ask(bea, HERE)
    with pytest.raises(PasskeyError):
        passkeys.add(bea, question.token, Device("http://elsewhere").makes(question.options))
    assert passkeys.of(bea) == []


@pytest.mark.parametrize("how", ["reset", "remove"])
def test_who_is_shut_out_has_no_passkeys(engine, people, passkeys, staff, tombstones, how):
    ana = people.member("ana")
    bea = colleague(people, ana)
    device = added(people, passkeys, "bea")
    question = asked(people, "bea")
    if how == "reset":
        code = staff.reset(ana, bea.id)
        people.join("bea", code)
    else:
        staff.remove(ana, bea.id)
    assert rows(engine)["passkey"] == []
    refused(people, question, device.answers(question.options))
    question = asked(people, "bea")
    refused(people, question, device.answers(question.options))


def test_database_and_key_files_open_nothing_while_a_passkey_is_asked_for_and_the_cookie_does(
    engine, key, tmp_path, people, passkeys, cases, watch, device
):
    ana = people.member("ana")
    cases.create(ana, {"notes": SECRET}, later(watch))
    question = asked(people)
    # The thief has the installation's key, so she reads what is in the step.
    with Session(engine) as session:
        steps = [Sealer(key).unseal(row.content) for row in session.scalars(select(SignInStepRow))]
    locked = [bytes.fromhex(step["private"]) for step in steps if step and "private" in step]
    assert len(locked) == 1
    inside = json.dumps(steps).encode()
    (tmp_path / "steps").write_bytes(b"\n".join([inside, *json.dumps(steps).replace('"', " ").encode().split()]))
    assert found_by_a_thief(engine, tmp_path) == []
    own = vault.unlock(locked[0], vault.key_of_secret(question.token.encode(), "step"))
    assert KeyPair.of(own) == ana.own
    assert any(SECRET.encode() in opened for opened in found_by_a_thief(engine, tmp_path, own))


@pytest.fixture
def identities(engine, key, watch, tombstones):
    return Identities(engine, Sealer(key), watch, tombstones)


SERVICE, HER = "https://service.example", "subject-7"


def linked(identities, member) -> None:
    assert identities.link(member, identities.ask_to_link(member.id, SERVICE, HER))


def after_service(people, token: str, name: str = "ana"):
    return people.sessions.sign_in_after_service(token, WORDS.format(name), NOBODY_KNOWS)


def test_an_identity_elsewhere_and_the_passphrase_begin_a_session(engine, people, identities, cases, watch):
    ana = people.member("ana")
    case = cases.create(ana, {"notes": SECRET}, later(watch))
    assert identities.signs_in(SERVICE, HER) is None and identities.of(ana) is None
    linked(identities, ana)
    assert identities.of(ana) == watch.now
    for other in ((SERVICE, "another"), ("https://other.example", HER)):
        assert identities.signs_in(*other) is None
    token = identities.signs_in(SERVICE, HER)
    with pytest.raises(SignInError):
        people.sessions.sign_in_after_service(token, "wrong words and more", NOBODY_KNOWS)
    member = people.sessions.member(after_service(people, token).token)
    assert cases.open(member, case.id).content == {"notes": SECRET}
    # Once.
    with pytest.raises(StepOverError):
        after_service(people, token)
    token = identities.signs_in(SERVICE, HER)
    watch.on(minutes=5, seconds=1)
    with pytest.raises(StepOverError):
        after_service(people, token)
    # Neither her name there nor the service is in the database.
    assert HER not in str(rows(engine)) and SERVICE not in str(rows(engine))


def test_what_is_asked_of_a_service_needs_cookie_and_state_and_is_answered_once_in_ten_minutes(people, identities, watch):
    ana = people.member("ana")
    identities.go("cookie", "state", {"nonce": "n"}, ana)
    assert identities.back("cookie", "other") is None and identities.back("other", "state") is None and identities.back("", "") is None
    step = identities.back("cookie", "state")
    assert step.staff == ana.id and step.content == {"nonce": "n"} and identities.back("cookie", "state") is None
    identities.go("cookie", "again", {"nonce": "n"})
    watch.on(minutes=10, seconds=1)
    assert identities.back("cookie", "again") is None


def test_what_was_asked_of_one_is_answered_by_no_other(people, identities, passkeys):
    ana = people.member("ana")
    bea = colleague(people, ana)
    asked_of_ana = identities.ask_to_link(ana.id, SERVICE, HER)
    assert not identities.link(bea, asked_of_ana) and not identities.link(ana, asked_of_ana) and not identities.link(ana, "x")
    # A passkey that was asked for links nothing, and a link opens nothing.
    assert not identities.link(ana, passkeys.ask(ana, HERE).token)
    with pytest.raises(StepOverError):
        after_service(people, identities.ask_to_link(ana.id, SERVICE, HER))


def test_what_was_unlinked_or_reset_meanwhile_signs_nobody_in_and_no_old_copy_brings_it_back(engine, people, identities, staff, watch):
    ana = people.member("ana")
    bea = colleague(people, ana)
    linked(identities, bea)
    with Session(engine) as session:
        before = dict(session.execute(select(ServiceIdentityRow.__table__)).one()._mapping)
    token = identities.signs_in(SERVICE, HER)
    assert identities.unlink(bea) and not identities.unlink(bea)
    with pytest.raises(StepOverError):
        after_service(people, token, "bea")
    with Session(engine) as session, session.begin():
        session.execute(insert(ServiceIdentityRow).values(**before))
    assert identities.signs_in(SERVICE, HER) is None
    # Linked anew it holds.
    watch.on(seconds=1)
    linked(identities, bea)
    token = identities.signs_in(SERVICE, HER)
    staff.reset(ana, bea.id)
    assert rows(engine)["service_identity"] == [] and identities.signs_in(SERVICE, HER) is None
    with pytest.raises(StepOverError):
        after_service(people, token, "bea")


OIDC = {
    "REDRESS_OIDC_ISSUER": "https://login.example/realms/house",
    "REDRESS_OIDC_CLIENT_ID": "redress",
    "REDRESS_OIDC_CLIENT_SECRET": "planted secret",
    "REDRESS_OIDC_NAME": "Harbour",
}


def test_a_service_is_configured_whole_or_not_at_all(tmp_path):
    found = load_settings(OIDC).oidc
    assert (found.issuer, found.client_id, found.client_secret, found.name) == tuple(OIDC.values()) and "planted" not in repr(found)
    assert load_settings({}).oidc is None
    for name in OIDC:
        with pytest.raises(SettingsError, match=name) as told:
            load_settings({key: value for key, value in OIDC.items() if key != name})
        assert "planted" not in str(told.value) and "sign-in through another service" in str(told.value)
    for issuer in ("login.example", "http://login.example", "https://login.example?x=1", "http://localhost.example"):
        with pytest.raises(SettingsError, match="REDRESS_OIDC_ISSUER"):
            load_settings({**OIDC, "REDRESS_OIDC_ISSUER": issuer})
    assert load_settings({**OIDC, "REDRESS_OIDC_ISSUER": "http://localhost:8080/x"}).oidc


def test_the_secret_of_a_service_may_lie_in_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("planted secret\n")
    others = {key: value for key, value in OIDC.items() if "SECRET" not in key} | {"REDRESS_OIDC_CLIENT_SECRET_FILE": str(file)}
    assert load_settings(others).oidc.client_secret == "planted secret"
    with pytest.raises(SettingsError, match="both set"):
        load_settings({**OIDC, **others})
    file.write_text("\n")
    with pytest.raises(SettingsError, match="empty"):
        load_settings(others)
    file.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(others)
