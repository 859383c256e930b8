"""What is told in free text: kept apart, said back, confirmed or forgotten; what protects acts at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from turns import TODAY, a_turn

from actions.interview import answer, ask, corrections, doubts
from actions.interview.state import InterviewState, ToldFact
from actions.story import echo
from actions.turn import Turn
from calculator.case.paths import get


def clause(text: str, **facts: str) -> dict[str, Any]:
    """A clause as Rasa gives it; a value that ends in ? is only a guess."""
    return {
        "text": text,
        "facts": [{"group": group, "value": value.rstrip("?"), "score": 1.0, "sure": not value.endswith("?")} for group, value in facts.items()],
    }


STORY = "my boss keeps my passport and pays me 100 pounds a week, i clean houses 12 hours every day since march 2024"
CLAUSES = [
    clause("my boss keeps my passport", papers="taken", relation="employer"),
    clause("pays me 100 pounds a week", money="paid"),
    clause("i clean houses 12 hours every day since march 2024", sector="domestic", hours="work", time="begin"),
]


def told(text: str = STORY, clauses: list[dict[str, Any]] | None = None, **more: Any) -> Turn:
    turn = a_turn(text, "tell_story", "GB", clauses=CLAUSES if clauses is None else clauses, **more)
    echo.hear(turn)
    return turn


def test_a_story_is_said_back_in_one_list_and_enters_nothing_before_it_is_confirmed() -> None:
    turn = told()
    assert echo.offer(turn) and not turn.case
    (message,) = turn.messages
    assert message.kind == "understood" and [b.title for b in message.buttons] == ["All right", "Change one", "Do not keep"]
    for words in ("84 hours a week", "you got £100 a week", "they kept your passport or papers", "it began: March 2024"):
        assert words in message.text
    assert len(message.text.splitlines()) <= 2 + echo.MOST_LINES
    so_far = turn.case_so_far()
    assert get(so_far["case"], "work[0].hours_per_week") == 84 and so_far["confirmed"] == [] and "work[0].paid" in so_far["read"]


def pressed(turn: Turn, value: str) -> Turn:
    """The answer to the list by a button, in the next turn."""
    following = a_turn(intent="choose", country="GB", entities={"fact": "echo", "value": value}, button=True, case=turn.case)
    following.interview = InterviewState.read(turn.interview.to_slot())
    assert echo.take(following)
    return following


def test_all_right_confirms_and_the_words_are_gone() -> None:
    turn = told()
    echo.offer(turn)
    after = pressed(turn, "right")
    assert get(after.case, "work[0].paid") == [{"amount": "100", "currency": "GBP", "per": "week"}]
    assert get(after.case, "exploitation[0].documents_taken") is True and "work[0].hours_per_week" in after.interview.order
    assert not [t for t in after.interview.told.values() if t.sure] and "boss" not in str(after.interview.to_slot()["order"])
    assert STORY.split(",")[0] not in str(after.interview.to_slot())


def test_a_week_worked_out_of_two_confirmed_facts_is_said() -> None:
    hours, days = "work[0].hours_per_day", "work[0].days_per_week"
    turn = a_turn(told={hours: ToldFact(value=15), days: ToldFact(value=7)}, echo=[hours, days], case={"work": [{"country": "DE"}]})
    echo.confirm(turn, [hours, days])
    assert turn.case["work"][0]["hours_per_week"] == 105
    assert turn.interview.said_back == ["105 hours a week"] and turn.interview.learned[0][0] == "work[0].hours_per_week"


def test_do_not_keep_forgets_and_is_not_read_a_second_time() -> None:
    turn = told()
    echo.offer(turn)
    after = pressed(turn, "drop")
    assert not after.case and not echo.waiting(after)
    again = a_turn(STORY, "tell_story", "GB", clauses=CLAUSES)
    again.interview = after.interview
    assert not echo.hear(again)


def test_one_that_is_not_right_is_asked_again_and_the_others_are_kept() -> None:
    turn = told(in_form=True)
    echo.offer(turn)
    which = pressed(turn, "change")
    assert any("84 hours" in b.title for b in which.messages[0].buttons)
    following = a_turn(intent="choose", country="GB", entities={"fact": "echo", "value": "work[0].hours_per_week"}, button=True, in_form=True)
    following.interview = which.interview
    assert echo.take(following)
    assert get(following.case, "work[0].paid") and get(following.case, "work[0].hours_per_week") is None
    assert following.interview.again == "work[0].hours_per_week"


def test_a_guess_is_no_fact_but_a_button_of_its_question() -> None:
    turn = told("perhaps a kitchen", [clause("perhaps a kitchen", sector="hospitality?")])
    assert not echo.waiting(turn) and turn.case_so_far()["read"] == []
    turn.case = {"exploitation": [{"country": "GB"}], "work": [{"country": "GB"}]}
    ask.ask(turn, "work[0].sector", 0)
    assert turn.messages[-1].buttons[0].title == "Yes: Hotel or restaurant"
    chosen = a_turn(intent="choose", country="GB", entities={"fact": "work[0].sector", "value": "guess"}, button=True, case=turn.case)
    chosen.interview = turn.interview
    answer.take(chosen)
    assert get(chosen.case, "work[0].sector") == "hospitality"


def test_what_protects_acts_at_once() -> None:
    young = told("i am 15 and i work for him", [clause("i am 15", age="minor"), clause("i work for him", now="still")])
    assert young.interview.adult is False and young.interview.ongoing
    unsafe = told("he looks for me everywhere", [clause("he looks for me everywhere", now="unsafe")])
    assert unsafe.interview.unsafe


def test_denials_other_people_and_wishes_say_nothing() -> None:
    turn = told(
        "my cousin lost her passport, i want to work in a hotel", [clause("my cousin lost her passport"), clause("i want to work in a hotel")]
    )
    assert not turn.interview.told and not turn.interview.learned


def test_a_promise_is_told_from_what_was_got() -> None:
    turn = told(
        "they promised 1200 euros a month but gave me 300 euros a month",
        [clause("they promised 1200 euros a month but gave me 300 euros a month", money="paid")],
    )
    assert turn.interview.told["work[0].agreed"].value["amount"] == "1200"
    assert turn.interview.told["work[0].paid"].value[0]["amount"] == "300"


def test_a_short_answer_in_another_country_has_an_entry_of_its_own() -> None:
    clauses = [
        clause("i picked fruit in spain", sector="agriculture", place="here"),
        clause("then i cleaned hotels in france", sector="cleaning", place="here"),
    ]
    text = "i picked fruit in spain, then i cleaned hotels in france"
    parse = {
        "intent": {"name": "tell_story"},
        "danger": {"level": "none"},
        "clauses": clauses,
        "entities": [{"entity": "country", "value": "ES", "start": 18, "end": 23}, {"entity": "country", "value": "FR", "start": 50, "end": 56}],
    }
    turn = a_turn(text, "tell_story", None)
    from envelope import Understood

    turn.understood = Understood.read(parse)
    echo.hear(turn)
    assert turn.interview.told["exploitation[0].country"].value == "ES" and turn.interview.told["exploitation[1].country"].value == "FR"
    assert turn.interview.told["work[1].sector"].value == "cleaning" and turn.interview.new_country == "ES"


# -- typed answers


def typed(fact: str, text: str, intent: str = "inform", **more: Any) -> Turn:
    case = more.pop("case", {"exploitation": [{"country": "DE"}], "work": [{"country": "DE"}]})
    turn = a_turn(text, intent, "DE", case=case, asked=fact, in_form=True, adult_asked=True, **more)
    answer.take(turn)
    return turn


def test_a_typed_answer_is_said_back_with_the_next_question() -> None:
    turn = typed("work[0].hours_per_week", "12 hours a day, 7 days")
    assert get(turn.case, "work[0].hours_per_week") == 84 and turn.interview.said_back == ["84 hours a week"]
    assert turn.interview.learned[0][0] == "work[0].hours_per_week"
    ask.ask(turn, "work[0].paid", 0)
    assert turn.messages[-1].text.startswith("I understood: 84 hours a week.\n")


def test_hours_a_day_are_never_hours_a_week() -> None:
    turn = typed("work[0].hours_per_week", "14h a day")
    assert get(turn.case, "work[0].hours_per_week") is None and get(turn.case, "work[0].hours_per_day") == 14
    assert turn.interview.again == "work[0].days_per_week"
    following = typed("work[0].days_per_week", "6", case=turn.case)
    assert get(following.case, "work[0].hours_per_week") == 84


def test_a_number_that_may_be_for_a_day_or_a_week_is_asked_about() -> None:
    turn = typed("work[0].hours_per_week", "12")
    assert turn.interview.doubt is not None and turn.interview.doubt.kind == "hours_unit"
    assert [b.title for b in turn.messages[-1].buttons][:4] == ["One day", "One week", "I don't know", "I'd rather not say"]
    following = a_turn("a week", case=turn.case, in_form=True)
    following.interview = turn.interview
    assert doubts.take(following) and get(following.case, "work[0].hours_per_week") == 12


def test_a_part_of_the_hours_is_not_said_back_as_the_whole() -> None:
    clauses = [{"text": "35 hours at the warehouse", "facts": []}, {"text": "25 at his home", "facts": []}]
    turn = typed("work[0].hours_per_week", "35 hours at the warehouse and 25 at his home", clauses=clauses)
    assert not any("hours" in path for path in turn.interview.told) and get(turn.case, "work[0].hours_per_week") is None


@pytest.mark.parametrize("unsaid", ["unknown", "declined"])
def test_what_is_not_known_more_exactly_is_left_open(unsaid: str) -> None:
    turn = typed("work[0].hours_per_week", "12")
    following = a_turn("", "choose", case=turn.case, in_form=True, entities={"fact": "doubt:work[0].hours_per_week", "value": unsaid})
    following.interview = turn.interview
    answer.take(following)
    assert following.interview.doubt is None and get(following.case, "work[0].hours_per_week") == unsaid


def test_an_unusual_value_is_asked_about_once_and_then_believed() -> None:
    turn = typed("work[0].hours_per_week", "18 hours a day 7 days")
    assert turn.interview.doubt is not None and "126 hours a week" in turn.messages[-1].text and get(turn.case, "work[0].hours_per_week") is None
    following = a_turn("yes", "affirm", case=turn.case, in_form=True)
    following.interview = turn.interview
    assert doubts.take(following) and get(following.case, "work[0].hours_per_week") == 126


def test_an_amount_without_its_period_is_kept_apart_until_it_is_whole() -> None:
    turn = typed("work[0].paid", "300 euros")
    assert get(turn.case, "work[0].paid") is None and turn.interview.doubt is not None
    following = a_turn("no, 400 a month", "correct_answer", case=turn.case, asked="work[0].paid", in_form=True)
    following.interview = turn.interview
    assert not doubts.take(following)
    answer.take(following)
    assert get(following.case, "work[0].paid") == [{"amount": "400", "per": "month"}]


def test_both_ends_of_a_span_answer_both_questions() -> None:
    turn = typed("exploitation[0].start", "from march 2023 to may 2024")
    assert (
        get(turn.case, "exploitation[0].start")["earliest"] == "2023-03-01" and get(turn.case, "exploitation[0].end")["latest"] == "2024-05-31"
    )


def test_an_end_before_its_beginning_is_asked_about() -> None:
    turn = typed("exploitation[0].end", "2022", case={"exploitation": [{"country": "DE", "start": "2024-01-01"}]})
    assert "ended before it began" in turn.messages[-1].text and len(turn.messages[-1].buttons) == 2


def test_what_is_no_answer_is_asked_again_with_an_example() -> None:
    for fact, text, said in (
        ("exploitation[0].start", "in a city in the north", "could not read a date"),
        ("work[0].paid", "he is a bad man", "50 a week"),
        ("work[0].hours_per_week", "very much", "12 hours a day, 6 days a week"),
    ):
        turn = typed(fact, text)
        assert said in turn.messages[-1].text and get(turn.case, fact) is None


def test_asked_how_much_in_the_middle_there_is_an_answer() -> None:
    turn = typed("exploitation[0].start", "how much do i get?", "ask_compensation")
    assert "I can say how much" in turn.messages[0].text and turn.messages[0].buttons[0].payload == "/stop"


# -- corrections, dead ends, versions


def test_every_answer_can_be_changed_from_a_list_by_page() -> None:
    facts = [
        "exploitation[0].start",
        "exploitation[0].end",
        "exploitation[0].violence",
        "work[0].hours_per_week",
        "work[0].paid",
        "work[0].sector",
        "work[0].live_in",
        "procedure.reported_to_police",
    ]
    case = {
        "exploitation": [{"country": "DE", "start": "2024-01-01", "end": "2024-06-30", "violence": ["threats"]}],
        "work": [{"country": "DE", "hours_per_week": 60, "paid": [], "sector": "factory", "live_in": True}],
        "procedure": {"reported_to_police": False},
    }
    turn = a_turn(case=case, order=facts)
    corrections.offer(turn)
    assert len(turn.messages[-1].buttons) == corrections.SHOWN + 1
    corrections.choose(turn, f"page:{corrections.SHOWN}")
    shown = [b.payload for m in turn.messages for b in m.buttons]
    assert all(any(fact in payload for payload in shown) for fact in facts)


def test_not_knowing_the_country_leads_on() -> None:
    from actions.interview import result

    turn = a_turn(country=None, country_unsaid=True)
    result.show(turn)
    titles = [b.title for m in turn.messages for b in m.buttons]
    assert "Choose a country" in titles and "A safe place" in titles and ask.next_fact(turn) == (None, 0)


def test_an_interview_of_the_last_version_goes_on() -> None:
    old = {
        "adult": True,
        "order": ["exploitation[0].start", "work[0].paid"],
        "answered": 2,
        "per_for": "work[0].paid",
        "more_work": False,
        "set_country": "DE",
        "screening": {"answers": {"hours": True}, "open": "pay"},
        "language_offered": True,
    }
    state = InterviewState.read(old)
    assert state.adult_asked and state.adult and state.more_work_asked and state.order == old["order"]
    assert state.doubt is not None and state.doubt.fact == "work[0].paid" and state.screening is not None and state.screening.open == "pay"
    assert InterviewState.read(state.to_slot()) == state
    assert InterviewState.read({"order": 7}) == InterviewState() and InterviewState.read(None) == InterviewState()


def test_a_day_that_is_today_means_that_it_goes_on() -> None:
    turn = a_turn(told={"exploitation[0].end": ToldFact(value=TODAY.isoformat())})
    echo.offer(turn)
    assert "it has not ended" in turn.messages[0].text


def test_an_answer_can_be_changed_to_not_knowing() -> None:
    for fact, before in (
        ("work[0].paid", [{"amount": "50", "per": "week"}]),
        ("work[0].hours_per_week", 60),
        ("exploitation[0].end", "2026-01-01"),
    ):
        case: dict[str, Any] = {"exploitation": [{"country": "DE"}], "work": [{"country": "DE"}]}
        turn = a_turn(intent="choose", button=True, case=case, in_form=True, asked=fact)
        answer.store(turn, fact, before)
        answer.store(turn, fact, "unknown")
        assert get(turn.case, fact) == "unknown" and "I don't know" in turn.messages[-1].text and "?" in turn.messages[-1].text


def test_how_old_somebody_was_then_is_not_how_old_they_are() -> None:
    then = told("i was 15 when my aunt took me", [clause("i was 15 when my aunt took me", age="mine")])
    now = told("i am 15 and my aunt took me", [clause("i am 15 and my aunt took me", age="mine")])
    assert then.interview.adult is None and now.interview.adult is False


def test_what_protects_is_heard_in_a_question_too() -> None:
    turn = told("what can i do i am 16", [clause("what can i do i am 16", age="minor", about="question")])
    assert turn.interview.adult is False
    friend = told("my friend is 16 what can she do", [clause("my friend is 16 what can she do", age="minor", about="other_person")])
    assert friend.interview.adult is None


def test_not_knowing_loses_nothing_that_stands_beside_it() -> None:
    text = "i dont know, he kept my passport"
    case: dict[str, Any] = {"exploitation": [{"country": "DE"}], "work": [{"country": "DE"}]}
    clauses = [clause("i dont know"), clause("he kept my passport", papers="taken")]
    turn = a_turn(text, "dont_know", case=case, in_form=True, asked="exploitation[0].start", clauses=clauses)
    answer.take(turn)
    assert get(turn.case, "exploitation[0].start") == "unknown"
    assert turn.interview.told["exploitation[0].documents_taken"].value is True and turn.messages[-1].kind == "understood"


def test_having_no_money_is_not_having_been_paid_nothing() -> None:
    assert not told("i have no money left", [clause("i have no money left")]).interview.told["work[0].paid"].sure
    assert told("he never paid me a cent", [clause("he never paid me a cent", money="paid?")]).interview.told["work[0].paid"].sure


def test_an_answer_that_only_its_clause_tells_takes_the_line_about_danger_away_too() -> None:
    turn = a_turn("i had to work", clauses=[clause("i had to work", forms="labour")], asked="exploitation[0].forms")
    turn.understood = replace(turn.understood, danger_level="unsure", danger_kind="medical")
    answer.take(turn)
    assert turn.case["exploitation"][0]["forms"] == ["labour"] or "exploitation[0].forms" in turn.interview.told
    assert turn.calm


def test_what_a_second_job_takes_over_from_the_first_is_listed() -> None:
    case = {"exploitation": [{"country": "DE", "forms": ["labour"], "start": "2024-01", "end": "2024-06"}], "work": [{"country": "DE"}]}
    turn = a_turn("", "choose", "DE", case=case, in_form=True, entities={"fact": ask.WORK_COUNTRY, "value": "FR"})
    answer.take(turn)
    learned = {path: value for path, value, _line in turn.interview.learned}
    assert learned == {"work[0].start": "2024-01", "work[0].end": "2024-06", "exploitation[1].forms": ["labour"]}
    assert all(line for _path, _value, line in turn.interview.learned) and get(turn.case, "exploitation[1].forms") == ["labour"]


def test_where_there_is_nothing_to_change_the_questions_go_on() -> None:
    turn = a_turn("", "choose", "DE")
    corrections.offer(turn)
    assert [button.title for button in turn.messages[-1].buttons] == ["Go on with the questions"]
