"""Labels of choices, and what people write for them."""

import pytest

from web.messengers.options import chosen, labels, written_out
from web.state import Button, ConversationState, Message, StoredButton

YES_NO = "work[0].live_in"
HOURS = "work[2].hours_per_week"


def state(fact=YES_NO, count=3, turn=4, **more):
    old = [StoredButton(id=f"old{n}", title="Old", payload="/old", turn=turn - 1) for n in range(9)]
    new = [StoredButton(id=f"id{n}", title=f"Title {n}", payload="/x", fact=fact, turn=turn) for n in range(1, count + 1)]
    return ConversationState(language="en", buttons=[*old, *new], **more)


@pytest.mark.parametrize(
    "said",
    ["2", "2.", "(2)", "2)", " 2 ", "[2]", "02", "\u0662", "\u06f2", "\u0968", "\uff12\uff09", "\u2461", "2\ufe0f\u20e3", "\u200f\u0662"],
)
def test_a_digit_in_any_writing_names_a_choice_of_the_newest_answer(said):
    button = chosen(said, state())
    assert button is not None
    assert button.id == "id2"


@pytest.mark.parametrize("said", ["", "0", "4", "12", "112", "2 years", "b", "2,5", "-2", "\u4e8c"])
def test_what_is_no_label_is_a_text(said):
    assert chosen(said, state()) is None


@pytest.mark.parametrize("said", ["b", "B)", "(b)", "b.", "\u0431", "\u0411)", "\u0628", "\u0628)", "\uff22"])
def test_letters_name_the_choices_where_digits_are_the_answer(said):
    button = chosen(said, state(fact=HOURS))
    assert button is not None
    assert button.id == "id2"


@pytest.mark.parametrize("fact", [HOURS, "exploitation[0].start", "work[0].paid"])
def test_there_a_digit_stays_an_answer(fact):
    assert chosen("2", state(fact=fact)) is None


def test_alef_counts_with_and_without_hamza():
    assert chosen("\u0627", state(fact=HOURS)) == chosen("\u0623", state(fact=HOURS)) == chosen("a", state(fact=HOURS))


def test_labels_follow_the_question_and_the_language():
    assert labels([None, YES_NO], "en") == ["1.", "2."]
    assert labels([HOURS, HOURS], "fr") == ["a)", "b)"]
    assert labels([HOURS, HOURS], "ru") == ["\u0430)", "\u0431)"]
    assert labels([HOURS, HOURS], "ar") == ["\u0623)", "\u0628)"]
    # More choices than letters, in a question nobody asks: digits, the same way when they are read.
    assert labels([HOURS] * 23, "en")[-1] == "23."
    many = chosen("23", state(fact=HOURS, count=23))
    assert many is not None
    assert many.id == "id23"


def test_choices_of_an_answer_are_counted_through():
    messages = [
        Message(text="One", buttons=[Button(title="A", button="1")]),
        Message(text="Two"),
        Message(text="", buttons=[Button(title="B", button="2")]),
    ]
    assert written_out(messages, "en") == ["One\n1. A", "Two", "2. B"]


def test_nothing_is_open_after_an_emergency_or_without_choices():
    assert chosen("2", state(emergency_shown=True)) is None
    assert chosen("2", ConversationState(language="en")) is None
