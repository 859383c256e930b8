"""Run-on text is cut where a thought begins; what is shorter is left whole."""

from __future__ import annotations

from bot.clauses import clauses
from bot.run_on import WINDOW_CHARACTERS, windows


def test_dictated_text_is_cut_at_who_acts_and_when() -> None:
    said = (
        "a guy i met online told me of work in amsterdam when i got there in march he took my id after eight months i ran away now i am in spain"
    )
    assert clauses(said) == [
        "a guy i met online told me of work in amsterdam",
        "when i got there in march",
        "he took my id",
        "after eight months i ran away",
        "now i am in spain",
    ]


def test_little_words_of_one_language_do_not_cut_another() -> None:
    assert clauses("at a car wash in Leicester") == ["at a car wash in Leicester"]
    assert clauses("recebia 40 euros por dia na mão") == ["recebia 40 euros por dia na mão"]
    assert clauses("lucrez pentru ei in oslo") == ["lucrez pentru ei in oslo"]
    assert clauses("j'y vais car il me garde mon passeport") == ["j'y vais", "il me garde mon passeport"]


def test_a_no_stands_for_itself() -> None:
    assert clauses("no because i have no visa") == ["no", "i have no visa"]


def test_nothing_is_lost_and_no_piece_is_too_long() -> None:
    words = [f"word{n}" for n in range(60)]
    found = windows(" ".join(words))
    assert {word for piece in found for word in piece.split()} == set(words)
    said = "mich zur prostitution gezwungen ich musste ihm das ganze geld geben nach acht monaten bin ich weggelaufen"
    assert {word for piece in windows(said) for word in piece.split()} == set(said.split())
    assert all(len(piece) <= WINDOW_CHARACTERS for piece in windows("x" * 5000))
