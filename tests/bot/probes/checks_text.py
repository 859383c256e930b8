"""Reading messages: clauses, commands, payloads, countries, odd text."""

from __future__ import annotations

import functools
import time
import unicodedata

import numpy as np

from bot.clauses import clauses
from bot.country import CountryFinder, place_names, words_of_clauses
from bot.country_names import country_names
from bot.danger import choose_clauses
from bot.encoder import DIMENSION, clean, shared_encoder
from bot.featurizer import condense
from bot.messages import MalformedMessageError, payload_parse, read_message, without_command

ODD = ["", " ", "\x00\x07", "😀🆘", "\ud83d broken", "x" * 10_000, "我" * 10_000, "a," * 5_000, "\n" * 500, "/" * 99]


@functools.cache
def finder() -> CountryFinder:
    return CountryFinder(country_names())


@functools.cache
def trained() -> CountryFinder:
    """The finder as a training makes it, with the cities."""
    names, cities = place_names()
    return CountryFinder(names, cities, words_of_clauses(cities))


def check_that_words_which_are_also_cities_name_no_place() -> None:
    for text in (
        "ich wohne noch dort",
        "Dort habe ich gearbeitet",
        "in berlin dort im keller",
        "benim pasaportum onda",
        "estaba sola",
        "sono malata",
        "toi la nguoi ti nan",
        "punë në fabrikë",
        "i was so tired at the wedding",
        "لا أشعر بأمان",
    ):
        found = [f.place for f in trained().find(text)]
        assert found in ([], ["DE"]) and (not found or "berlin" in text), (text, found)
    for text, place in {
        "I worked in Dordrecht": "NL",
        "ich arbeitete in dordrecht": "NL",
        "in Wedding gearbeitet": "DE",
        "ho lavorato a torino": "IT",
        "he fled to Rome": "IT",
        "pune ne tirane": "AL",
    }.items():
        assert [f.place for f in trained().find(text)] == [place], text


def places(text: str) -> list[str]:
    return [found.place for found in finder().find(text)]


def check_danger_after_a_story_is_a_clause_of_its_own() -> None:
    assert "he is at the door now" in clauses("Hello. I worked there in 2022 and he is at the door now")


def check_numbers_are_not_cut() -> None:
    assert clauses("i paid 1,800.50 euro a month") == ["i paid 1,800.50 euro a month"]


def check_run_on_text_comes_in_windows_that_cover_every_word() -> None:
    words = [f"w{i}" for i in range(100)]
    found = clauses(" ".join(words))
    assert set(words) == {w for c in found for w in c.split()}
    assert all(len(c.split()) <= 12 for c in found)


def check_text_without_spaces_is_cut() -> None:
    assert all(len(c) <= 24 for c in clauses("他说要杀了我请帮帮我我在德国的一个房子里面不能出去真的很害怕怎么办"))


def check_odd_text_never_raises() -> None:
    for text in ODD:
        assert len(choose_clauses(clauses(text), 12)) <= 12
        condense(text)
        clean(text)
        places(text)
        without_command(text)


def check_long_text_is_cut_in_no_time_and_keeps_both_ends() -> None:
    text = ". ".join(f"sentence number {i} here" for i in range(400))
    started = time.monotonic()
    chosen = choose_clauses(clauses(text), 12)
    assert time.monotonic() - started < 0.2
    assert len(chosen) == 12
    assert chosen[0] == "sentence number 0 here" and chosen[-1] == "sentence number 399 here"


def check_the_encoder_takes_odd_text() -> None:
    vectors = shared_encoder().encode([t[:200] for t in ODD])
    assert vectors.shape == (len(ODD), DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def check_no_letter_is_wider_than_its_place_in_the_engine() -> None:
    """The engine has room for four signs for each byte of a text, and does not look whether they fit."""
    for code in range(0x110000):
        letter = clean(chr(code))
        assert len(unicodedata.normalize("NFKC", letter)) <= 4 * len(letter.encode()), hex(code)
    assert np.allclose(np.linalg.norm(shared_encoder().encode(["\ufdfa" * 300]), axis=1), 1, atol=1e-3)


def check_sentences_that_mean_the_same_are_near() -> None:
    one, other, third = shared_encoder().encode(["he is at the door", "il est à la porte", "two eggs and some milk"])
    assert one @ other > one @ third + 0.05


def check_text_is_never_a_command() -> None:
    for text in ("/restart", " /greet", "\n/inform{}", "\u200b/restart", "/ / /restart", "\x00/greet"):
        assert not without_command(text).startswith("/"), text
        message = read_message({"conversation": "c", "text": text})
        assert not message.text.startswith("/")


def check_a_parse_that_is_a_command_is_not_taken() -> None:
    parse = {"intent": {"name": "restart"}, "entities": []}
    assert read_message({"conversation": "c", "text": "x", "parse": parse}).parse is None


def check_payload_gives_intent_and_entities() -> None:
    message = read_message({"conversation": "c", "payload": '/inform{"value": "a", "n": 2}', "title": "A"})
    assert message.text == "A" and message.metadata["button"] is True
    assert message.parse is not None and message.parse["intent"] == {"name": "inform", "confidence": 1.0}
    assert message.parse["entities"] == [{"entity": "value", "value": "a"}, {"entity": "n", "value": 2}]


def check_malformed_requests_are_refused() -> None:
    both = {"conversation": "c", "text": "a", "payload": "/a"}
    none = {"conversation": "c"}
    no_id = {"text": "a"}
    for body in (None, [], "x", both, none, no_id, {"conversation": "c", "text": 3}, {"conversation": " ", "text": "a"}):
        try:
            read_message(body)
        except MalformedMessageError:
            continue
        raise AssertionError(body)


def check_payloads_that_are_not_ours_are_refused() -> None:
    for payload in ("/restart", "/session_start", "greet", "/greet{", "/greet{nope}", "", None, '/greet["a"]'):
        try:
            payload_parse(payload)
        except MalformedMessageError:
            continue
        raise AssertionError(payload)


def check_countries_in_many_languages() -> None:
    for text, place in {
        "i am in germany now": "DE",
        "je suis en ALLEMAGNE": "DE",
        "أنا في ألمانيا": "DE",
        "انا بالمانيا": "DE",
        "我在德国": "DE",
        "я в Германии": "DE",
        "jestem w Niemczech": "DE",
        "almanyada": "DE",
        "tôi ở Đức": "DE",
        "sunt în Italia": "IT",
        "رجعت للمغرب": "MA",
        "i live in côte d'ivoire": "CI",
        "COTE D IVOIRE": "CI",
        "uk": "GB",
        "en Turquie": "TR",
        "Turkey": "TR",
        "i am in the US": "US",
        "in NL": "NL",
        "the united states": "US",
    }.items():
        assert places(text) == [place], (text, places(text))


def check_nations_of_the_united_kingdom() -> None:
    for text, place in {
        "je suis en Angleterre": "GB-EAW",
        "i live in scotland": "GB-SCT",
        "Irlande du Nord": "GB-NIR",
        "Schottland": "GB-SCT",
        "en Inglaterra": "GB-EAW",
        "انا في اسكتلندا": "GB-SCT",
        "irlande": "IE",
    }.items():
        assert places(text) == [place], (text, places(text))


def check_words_that_are_not_countries() -> None:
    for text in (
        "help us",
        "HELP US",
        "Chad hit me",
        "la reunion etait longue",
        "i live on an island",
        "I need my ID",
        "i have NO money",
        "5 GB of data",
        "i am romanian",
        "اعطوني مالي",
        "je suis de Paris",
        "he beat us",
    ):
        assert places(text) == [], (text, places(text))


def check_georgia_beside_the_united_states_is_a_state() -> None:
    assert places("Atlanta, Georgia, USA") == ["US"]
    assert places("georgia") == ["GE"]


def check_two_countries_in_order() -> None:
    assert places("from Nigeria to Italy") == ["NG", "IT"]
