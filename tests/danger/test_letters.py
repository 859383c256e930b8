"""The look for danger by letters alone: what it hears, what it costs, and that a broken file is noticed."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danger.letters import BUCKETS, END, Letters, LettersError, calm_mark, features, parts_of
from store.settings import load_settings


@pytest.fixture(scope="module")
def learned() -> Letters:
    """The weights of this installation's training."""
    return Letters.load(load_settings().letters_file)


DANGERS = {
    "en": "help he is at the door with a knife he says he will kill me",
    "de": "hilfe er steht vor der tür mit einem messer er will mich umbringen",
    "fr": "au secours il est devant la porte avec un couteau il va me tuer",
    "es": "ayuda está en la puerta con un cuchillo me va a matar",
    "it": "aiuto è alla porta con un coltello mi vuole ammazzare",
    "nl": "help hij staat voor de deur met een mes hij gaat me vermoorden",
    "pt": "socorro ele está na porta com uma faca vai me matar",
    "pl": "pomocy on stoi pod drzwiami z nożem chce mnie zabić",
    "ro": "ajutor e la ușă cu un cuțit vrea să mă omoare",
    "bg": "помощ той е пред вратата с нож ще ме убие",
    "sq": "ndihmë ai është te dera me thikë do më vrasë",
    "ru": "помогите он у двери с ножом он меня убьёт",
    "uk": "допоможіть він під дверима з ножем він мене вб'є",
    "tr": "imdat kapıda elinde bıçak var beni öldürecek",
    "ar": "النجدة هو عند الباب ومعه سكين سيقتلني",
    "vi": "cứu tôi với nó đứng ngoài cửa cầm dao nó giết tôi mất",
    "zh": "救命 他拿着刀在门口 他要杀我",
}
CALM = (
    "how much money can i claim", "i worked in a hotel in vienna for two years", "thank you", "which papers do i need", "what is this page",
    "wie viel geld steht mir zu", "ich habe von märz bis juni geputzt", "j'ai travaillé dans un restaurant à lyon", "combien je peux demander",
    "quanto dinheiro posso pedir", "trabajé en el campo ocho meses", "mi hanno promesso 1200 euro al mese", "сколько денег я могу получить",
    "я работал на стройке с марта", "我能要回多少钱", "كم يمكنني أن أطلب", "pracowałem w magazynie przez rok", "ne kadar para alabilirim",
)  # fmt: skip


GREETINGS = ("hello", "Hello!", "hallo", "bonjour", "hola", "ciao", "merhaba", "привет", "مرحبا", "xin chào", "你好", "thank you", "no", "да")


@pytest.mark.parametrize("text", GREETINGS)
def test_a_short_greeting_is_no_danger(learned: Letters, text: str) -> None:
    assert not learned.look(text).perhaps


@pytest.mark.parametrize("text", ["help", "help me", "he is here", "hilfe", "помогите", "救命"])
def test_a_short_cry_is_not_taken_for_a_greeting(learned: Letters, text: str) -> None:
    assert calm_mark(text) not in learned.calm


@pytest.mark.parametrize("language", DANGERS)
def test_danger_is_heard_in_every_language(learned: Letters, language: str) -> None:
    look = learned.look(DANGERS[language])
    assert look.sure and look.kind is not None


def test_most_plain_messages_are_calm(learned: Letters) -> None:
    # One in four alarms (docs/decisions/0012); whoever hears danger everywhere would hear none.
    alarms = [text for text in CALM if learned.look(text).sure]
    assert len(alarms) <= len(CALM) // 3, alarms


def test_danger_is_heard_at_both_ends_of_a_long_text(learned: Letters) -> None:
    story = "I want to tell you about my work in the hotel. " * 300
    danger = DANGERS["en"]
    assert learned.look(f"{danger}. {story}").sure and learned.look(f"{story} {danger}").sure


def test_what_is_not_danger_is_what_it_sounds_like_alone(learned: Letters) -> None:
    assert learned.look("").sure is False and learned.look(" \n.!").sure is False


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_features_in_range_and_never_fails(text: str) -> None:
    assert all(0 <= place < BUCKETS for place in features(text))
    assert all(parts_of(text))
    assert features(text) == features(text.upper().lower()) or not text.isascii()


def test_a_long_text_costs_no_more_than_its_ends() -> None:
    assert sum(map(len, parts_of("word " * 100_000))) <= 2 * END + 2


def test_what_is_written_is_read_and_what_is_broken_is_refused(tmp_path: Path) -> None:
    weights = array("b", bytes(BUCKETS))
    for place in features("knife"):
        weights[place] = 100
    path = tmp_path / "danger.letters"
    Letters(weights, 0.1, -1.0, 0.5, 0.0, {"attack": (weights, 0.1, 0.0), "medical": (array("b", bytes(BUCKETS)), 0.1, 0.0)}).save(path)
    read = Letters.load(path)
    assert read.look("knife").kind == "attack" and read.look("knife").sure and not read.look("good morning to you").sure
    whole = path.read_bytes()
    for broken in (b"", b"{}", whole[:-1], whole.replace(b"redress-letters-2", b"redress-letters-0"), whole[:-5] + b"xxxxx"):
        path.write_bytes(broken)
        with pytest.raises(LettersError):
            Letters.load(path)
