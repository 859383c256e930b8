"""The way out, without servers: whom to call at which hour, once for each reason, and never in place of what is asked."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
from turns import TODAY, a_turn

from actions.interview import result
from actions.interview.facts import HOW_OLD
from actions.interview.state import InterviewState, ToldFact
from actions.story import echo, whom
from actions.topics import out, services
from actions.topics.services import best_line, card
from calculator import api
from web.state import Result

NIGHT, NOON = datetime(2026, 11, 30, 2, tzinfo=UTC), datetime(2026, 11, 30, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("moment", [NIGHT, NOON])
@pytest.mark.parametrize("country", sorted(api.default_rules().packs))
def test_there_is_somebody_to_call_in_every_state_at_every_hour(monkeypatch: pytest.MonkeyPatch, country: str, moment: datetime) -> None:
    monkeypatch.setattr(services, "now", lambda: moment)
    turn = a_turn(country=country)
    for reaches in (out.ADULTS, out.ALL):
        contact = best_line(turn, reaches)
        assert contact is not None and contact.number and services.is_open(turn, contact) is not False


def test_a_closed_line_for_children_stands_behind_one_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for moment, first in ((NIGHT, "116 016"), (NOON, "116 111")):
        monkeypatch.setattr(services, "now", lambda moment=moment: moment)
        turn = a_turn(country="DE", adult_asked=True, adult=False)
        out.first(turn)
        cards = [m.text for m in turn.messages if m.extras.shown.get("service")]
        assert first in cards[0] and any("116 111" in text for text in cards), cards


def test_a_reason_is_said_once_and_a_new_one_again() -> None:
    turn = a_turn(adult_asked=True, adult=False)
    out.first(turn)
    assert turn.messages and turn.asks
    turn.messages.clear()
    out.first(turn)
    assert not turn.messages
    turn.interview.ongoing = True
    out.first(turn)
    assert turn.messages and turn.messages[0].kind == "emergency_hint"


def test_work_that_has_not_ended_is_a_reason_and_work_that_has_is_none() -> None:
    for end, reasons in ((TODAY.isoformat(), [out.ONGOING]), ("2026-06-30", []), ("unknown", []), (None, [])):
        assert out.reasons(a_turn(case={"work": [{"end": end}], "exploitation": [{}]})) == reasons


def test_to_live_with_the_offender_is_a_reason() -> None:
    for said, reasons in ((True, [out.ONGOING]), (False, []), ("unknown", []), (None, [])):
        assert out.reasons(a_turn(country="GB", case={"procedure": {"lives_with_offender": said}})) == reasons
    turn = a_turn(country="GB", case={"procedure": {"lives_with_offender": True}})
    out.first(turn)
    assert turn.messages[0].kind == "emergency_hint" and any(m.extras.shown.get("service") for m in turn.messages)


def test_the_number_is_not_said_twice_and_the_page_is_named_only_on_it() -> None:
    turn = a_turn(ongoing=True)
    turn.metadata = type(turn.metadata)(language="en", country="DE", danger_shown=True, page=True)
    out.first(turn)
    assert "emergency_hint" not in [m.kind for m in turn.messages]
    assert out.LATER in "\n".join(m.text for m in turn.messages)


def test_where_something_is_asked_the_way_out_stands_above_it_and_asks_nothing() -> None:
    turn = a_turn(ongoing=True)
    turn.say("Is that right?", kind="understood", buttons=[turn.button("All right", "/x")])
    out.first(turn)
    assert turn.messages[-1].kind == "understood" and sum(bool(m.buttons) for m in turn.messages) == 1
    assert turn.messages[0].kind == "emergency_hint"


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize("country", sorted(api.default_rules().packs))
def test_a_result_hands_somebody_to_call_to_the_page(country: str, minor: bool) -> None:
    case = {"exploitation": [{"country": country, "forms": ["labour"], "end": TODAY.isoformat()}]}
    turn = a_turn(country=country, case=case, adult_asked=True, adult=not minor)
    result.show(turn)
    handed = next(Result.model_validate(m.extras.result) for m in turn.messages if m.extras.result)
    assert handed.minor is minor and handed.services and handed.services[0].number
    kinds = [m.kind for m in turn.messages]
    assert "services" in kinds[: kinds.index("estimate")]


def _about(text: str, **facts: str) -> dict[str, object]:
    return {"text": text, "facts": [{"group": group, "value": value, "score": 1.0, "sure": True} for group, value in facts.items()]}


def test_the_age_of_who_asks_is_not_that_of_the_person_she_asks_for() -> None:
    clauses = [_about("i am 45 years old", age="mine"), _about("my client is 16 and still works there", about="other_person", now="still")]
    turn = a_turn("i am 45 years old. my client is 16 and still works there", "tell_story", clauses=clauses)
    echo.hear(turn)
    whom.take(turn, "other")
    state = turn.interview
    assert state.helper and not state.adult_asked and state.adult is not True
    assert "person.birth_year" not in state.told and state.told.get(echo.ADULT_FACT, ToldFact(value=False)).value is False
    assert state.ongoing, "that she is still there was told of her, and protects"


def test_what_was_told_before_is_put_away_for_who_asks_for_another_and_there_again_for_herself() -> None:
    case = {"person": {"birth_year": {"low": "1980", "high": "1981"}}, "exploitation": [{"country": "DE", "violence": ["physical"]}]}
    told = {"work[0].live_in": ToldFact(value=True, words="i slept there")}
    turn = a_turn(adult_asked=True, adult=True, order=["person.birth_year"], case=copy.deepcopy(case), told=dict(told))
    whom.take(turn, "other")
    assert turn.case == {} and not turn.interview.adult_asked and not turn.interview.told and turn.hides
    assert "hurt" not in "".join(message.text for message in turn.messages)
    turn.messages.clear()
    # As it is kept between two messages.
    turn.interview = InterviewState.read(turn.interview.to_slot())
    whom.take(turn, "self")
    assert turn.case == case and turn.interview.adult and not turn.interview.helper
    assert turn.interview.told == told and turn.interview.own is None


def test_who_asks_for_a_child_is_not_asked_how_old_it_is() -> None:
    turn = a_turn()
    whom.take(turn, "child")
    assert turn.interview.helper and turn.interview.adult is False
    assert turn.translate(HOW_OLD) == "Is that person 18 or older?"


def test_a_helper_of_the_last_version_can_ask_for_herself() -> None:
    turn = a_turn(helper=True, case={"exploitation": [{"country": "DE"}]})
    whom.take(turn, "self")
    assert not turn.interview.helper and turn.case == {}


def test_where_a_shelter_is_and_how_it_works_is_not_told_to_who_asks_for_another() -> None:
    for country in sorted(api.default_rules().packs):
        for contact in (c for c in api.contacts_of(country) if "shelter" in c.reaches):
            said = card(a_turn(country=country, helper=True), contact).text
            assert not contact.gives or contact.gives not in said
            assert not contact.note or contact.note not in said


def test_words_for_a_child_are_not_said_to_who_helps_it() -> None:
    turn = a_turn(helper=True, adult_asked=True, adult=False)
    said = "\n".join(message.text for message in out.stands(turn, True))
    assert out.HELPER in said and out.CHILD_LINE not in said


def test_what_is_not_to_be_kept_is_not_kept_of_somebody_else_either() -> None:
    theirs = {"work[0].sector": ToldFact(value="factory")}
    told = {"work[0].live_in": ToldFact(value=True)}
    turn = a_turn(intent="deny", entities={"fact": "echo", "value": "drop"}, echo=[*told], told=told, theirs=theirs)
    assert echo.take(turn) and turn.interview.theirs == {}
