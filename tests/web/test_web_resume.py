"""Coming back with words: made on request, good once, for hours, in any of the languages; guesses are limited."""

import re
import sqlite3

import httpx
import pytest

from calculator.translation import languages, translator
from web.resume_words import WORDS, code_of, codes_in


@pytest.fixture
def client(gateway):
    def begin():
        return httpx.Client(
            base_url=gateway.url,
            trust_env=False,
            follow_redirects=True,
            timeout=20,
            headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
        )

    return begin


def words_of(page):
    return re.findall(r"<li>([a-z]+)</li>", page.text.partition('class="code"')[2].partition("</ol>")[0])


def test_words_lead_back_once_and_from_another_device(client):
    first, second, third = client(), client(), client()
    first.post("/chat", data={"text": "remember this line"})
    assert "Give me the words" in first.get("/keep").text
    words = words_of(first.post("/keep"))
    assert len(words) == 6 and set(words) <= set(WORDS)
    assert "remember this line" in second.post("/resume", data={"words": " ".join(words)}).text
    # The first device reads no more of it, and the second goes on.
    assert "remember this line" not in first.get("/chat").text
    assert "one more line" in second.post("/chat", data={"text": "one more line"}).text
    again = third.post("/resume", data={"words": " ".join(words)})
    assert (again.status_code, "open nothing" in again.text) == (404, True)


def test_nothing_to_keep_gives_no_words(client):
    browser = client()
    assert "Give me the words" not in browser.get("/keep").text
    assert words_of(browser.post("/keep")) == []


def test_leaving_keeps_what_was_to_be_kept_and_deleting_does_not(client):
    first, second, third = client(), client(), client()
    for browser in (first, second):
        browser.post("/chat", data={"text": "remember this line"})
    kept, deleted = (words_of(browser.post("/keep")) for browser in (first, second))
    assert "because you asked for that" in first.get("/chat").text
    first.get("/leave", follow_redirects=False)
    second.post("/delete")
    assert "remember this line" in third.post("/resume", data={"words": " ".join(kept)}).text
    assert third.post("/resume", data={"words": " ".join(deleted)}).status_code == 404


def test_the_database_knows_neither_words_nor_conversation(run_gateway, tmp_path):
    gateway = run_gateway()
    browser = httpx.Client(base_url=gateway.url, trust_env=False, follow_redirects=True, headers={"Sec-Fetch-Site": "same-origin"})
    browser.post("/chat", data={"text": "remember this line"})
    words = words_of(browser.post("/keep"))
    assert len(words) == 6
    with sqlite3.connect(tmp_path / "redress.db") as database:
        rows = database.execute("select key, data from conversation").fetchall()
    kept = repr(rows)
    assert len(rows) == 2
    # As words: three letters in a row stand in any ciphertext now and then.
    secrets = [*words, browser.cookies["s"], code_of([WORDS.index(w) for w in words])]
    assert not any(re.search(rf"\b{re.escape(secret)}\b", kept) for secret in secrets)


def guesses(gateway, words, times, address="192.0.2.1"):
    browser = httpx.Client(base_url=gateway.url, trust_env=False, headers={"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": address})
    return [browser.post("/resume", data={"words": words}).status_code for _ in range(times)]


def test_guessing_is_slow_for_who_guesses_and_nobody_else(run_gateway):
    gateway = run_gateway(FORWARDED_ALLOW_IPS="127.0.0.1")
    assert guesses(gateway, "moon moon moon moon moon moon", 8) == [404] * 6 + [429] * 2
    assert guesses(gateway, "sun sun sun moon moon moon", 1, "192.0.2.2") == [404]


def test_the_rest_of_words_that_were_seen_is_not_guessed_from_many_addresses(run_gateway):
    gateway = run_gateway(FORWARDED_ALLOW_IPS="127.0.0.1")
    answers = [guesses(gateway, f"moon sun sea {word} bread tea", 1, f"192.0.2.{number}")[0] for number, word in enumerate(WORDS[:22])]
    assert answers == [404] * 20 + [429] * 2
    assert guesses(gateway, "star sun sea fire bread tea", 1, "192.0.2.99") == [404]


@pytest.mark.parametrize("language", languages())
def test_the_words_of_a_language_differ_and_are_read_back(language):
    translate = translator(language, "web")
    known = [translate(word).casefold() for word in WORDS]
    twice = sorted({word for word in known if known.count(word) > 1})
    assert twice == []
    for start in range(0, len(WORDS), 5):
        numbers = list(range(start, start + 5))
        said = ", ".join(translate(WORDS[number]).upper() for number in numbers)
        assert code_of(numbers) in codes_in(said, [translate])


def test_a_keyboard_without_accents_is_enough_where_nothing_is_mixed_up_by_it():
    polish = dict(zip(WORDS[:6], ["jabłko", "chleb", "koń", "kon", "śnieg", "łóżko"], strict=True))
    translate = lambda word: polish.get(word, word)  # noqa: E731
    assert list(codes_in("jablko CHLEB snieg lozko cat", [translate])) == ["0-1-4-5-12"]
    assert list(codes_in("koń kon koń kon koń", [translate])) == ["2-3-2-3-2"]


def test_chinese_words_are_read_without_spaces():
    chinese = dict(zip(WORDS[:5], ["\u82f9\u679c", "\u9762\u5305", "\u6cc9\u6c34", "\u725b\u5976", "\u9e21\u86cb"], strict=True))
    said = "".join(chinese.values())
    assert list(codes_in(said, [lambda word: chinese.get(word, word)])) == ["0-1-2-3-4"]
    assert list(codes_in(said[:-1], [lambda word: chinese.get(word, word)])) == []


def test_words_that_are_none_or_too_few_are_no_code():
    for text in ("", "moon", "moon moon moon moon", "moon moon moon moon tiger", "moon " * 7, "1 2 3 4 5", "<b>" * 50):
        assert list(codes_in(text, [lambda word: word])) == []
