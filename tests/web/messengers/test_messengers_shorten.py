"""How long an SMS is, and where an answer is cut."""

from pathlib import Path

import pytest

from web.i18n import Words
from web.messengers.shorten import MAX_SEGMENTS, MAX_SEGMENTS_OTHER, pieces, segments, shorten
from web.state import Button, Message

ENGLISH = Words(Path("nowhere"), "en")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("\u20ac" * 80, 1),
        # 76 signs of the extension fit a part, and a half one may not stand at its end.
        ("\u20ac" * 152, 2),
        ("\u20ac" * 153, 3),
        ("\u00e9\u00e0\u00fc\u00df" * 40, 1),
        ("\u044f" * 70, 1),
        ("\u044f" * 71, 2),
        ("\u044f" * 134, 2),
        ("\u044f" * 135, 3),
        ("a" * 70 + "\u044f", 2),
        ("\U0001f44b" * 35, 1),
        ("\U0001f44b" * 66, 2),
        ("\U0001f44b" * 67, 3),
        # In GSM there is a big cedilla, and no small one.
        ("\u00c7" * 71, 1),
        ("\u00e7" * 71, 2),
    ],
)
def test_parts_are_counted_as_phone_companies_do(text, count):
    assert segments(text) == count


def question(choices, fact=None):
    buttons = [Button(title=title, button=f"id{n}") for n, title in enumerate(choices)]
    return Message(text="What was it?", buttons=buttons, kind="question", fact=fact)


def test_what_is_short_stays_whole():
    short = shorten([Message(text="One. Two."), question(["Yes", "No"])], "en", ENGLISH)
    assert (short.whole, short.shown, short.rest) == ("", "One. Two.\n\nWhat was it?\n1. Yes\n2. No", "")


def test_the_numbers_come_first_wherever_they_stood():
    hint = Message(text="Danger? 112. " + "Say where you are. " * 40, kind="emergency_hint")
    short = shorten([Message(text="One. " * 200), hint], "en", ENGLISH)
    assert short.whole == hint.text
    assert segments(short.shown) <= MAX_SEGMENTS
    assert short.shown.startswith("One. One.")
    assert short.shown.endswith("One.\n\nWrite MORE for the rest.")


def test_helplines_come_before_what_is_said_about_them():
    services = Message(text="Helpline: 116 016\nDay and night", kind="services")
    assert shorten([Message(text="There are safe places."), services], "en", ENGLISH).shown.startswith("Helpline: 116 016")
    long = shorten([Message(text="One. " * 200), services], "en", ENGLISH)
    assert long.shown.startswith("Helpline: 116 016\nDay and night\n\nOne. One.")


def test_a_question_with_many_choices_is_cut_between_two_of_them():
    choices = [f"Country number {n} of many" for n in range(1, 41)]
    short = shorten([Message(text="One. Two."), question(choices)], "en", ENGLISH)
    assert segments(short.shown) <= MAX_SEGMENTS
    text, asked, notice = short.shown.split("\n\n")
    assert (text, notice) == ("One. Two.", "Write MORE for the rest.")
    shown = asked.split("\n")
    assert shown[0] == "What was it?"
    assert shown[-1] == f"{len(shown) - 1}. Country number {len(shown) - 1} of many"
    assert [*shown[1:], *short.rest.split("\n")] == [f"{n}. {choice}" for n, choice in enumerate(choices, 1)]


@pytest.mark.parametrize(
    "sentence",
    ["\u042d\u0442\u043e \u0442\u0430\u043a. ", "\u8fd9\u662f\u4e00\u53e5\u8bdd\u3002", "\u0647\u0644 \u0647\u0630\u0627\u061f "],
)
def test_other_writings_end_their_sentences_too(sentence):
    short = shorten([Message(text=sentence * 90)], "en", ENGLISH)
    assert MAX_SEGMENTS < segments(short.shown) <= MAX_SEGMENTS_OTHER
    kept = short.shown.split("\n\n")[0]
    assert kept.endswith(sentence.strip())
    assert (kept + short.rest).replace(" ", "") == (sentence * 90).replace(" ", "")


def test_a_menu_gives_way_to_the_answer_above_it():
    menu = Message(text="What helps?", buttons=[Button(title=f"Topic {n} of ten", button=str(n)) for n in range(1, 11)])
    text = " ".join(["This is the answer."] * 18)
    short = shorten([Message(text=text), menu], "en", ENGLISH)
    assert short.shown.startswith(f"{text}\n\nWhat helps?")
    assert segments(short.shown) <= MAX_SEGMENTS
    assert short.rest.endswith("10. Topic 10 of ten")


def test_a_sentence_that_is_too_long_alone_waits_for_more():
    short = shorten([Message(text="word " * 200)], "en", ENGLISH)
    assert short.shown == "Write MORE for the rest."
    assert short.rest == ("word " * 200).strip()


def test_signs_that_double_the_price_are_left_out():
    text = "It\u2019s \u20681\u00a0000\u2069 \u2013 \u201cyes\u201d"
    assert shorten([Message(text=text)], "en", ENGLISH).shown == 'It\'s 1 000 - "yes"'
    assert shorten([Message(text="\u2068112\u2069")], "ar", ENGLISH).shown == "\u2068112\u2069"


def test_pieces_end_with_sentences_and_lose_nothing():
    text = " ".join(f"Sentence {n}." for n in range(100, 500)) + "\n\n" + "x" * 250
    found = pieces(text, 100)
    assert all(len(piece) <= 100 for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece.endswith(".") for piece in found[:-3])
    assert pieces("  ", 100) == []
