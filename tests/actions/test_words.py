"""The words of the conversation: short, plain, without blame, in every language that is offered."""

from __future__ import annotations

import re
from statistics import mean

import pytest
from babel.messages.pofile import read_po

from calculator.translation import DOMAINS, languages
from tools.catalogue_files import path_of, template

#: Domains a person reads while chatting.
SPOKEN = ("danger", "chat", "web")
#: No space follows the full stop where none stands between words.
SENTENCE_END = re.compile(r"[.!?:؟]+(?:\s|$)|[。！？]+")
LONGEST_SENTENCE = 26
#: Languages that put no space between words: their signs are counted instead.
UNSPACED = {"zh"}
LONGEST_IN_SIGNS = 60
#: Never said to somebody who was exploited (guidance, 3.3 and 2.3).
NEVER = re.compile(
    r"\b(illegal(?:s| migrants?| immigrants?)|rescue|prostitutes?|slaves?|confess|admit|allegedly|calm down|be strong|"
    r"everything will be fine|why did you|you must|you should have|help is on the way)\b",
    re.IGNORECASE,
)


def sources() -> list[str]:
    return [
        text
        for domain in SPOKEN
        for message in template(domain)
        if message.id
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    ]


def sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE_END.split(re.sub(r"\{\w+\}", "x", text)) if re.search(r"\w", part)]


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    return max(1, len(groups) - (word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1))


def grade(text: str) -> float:
    """Flesch-Kincaid grade of an English text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / max(1, len(sentences(text))) + 11.8 * sum(map(syllables, words)) / max(1, len(words)) - 15.59


def word_lists() -> set[str]:
    """Strings that are read, not said."""
    from actions.readers import words

    return {words.BETWEEN, words.NUMBER_AND, *words.PER.values()}


def test_english_is_as_easy_as_a_nine_year_old_reads() -> None:
    said = [text for text in sources() if text not in word_lists()]
    assert grade(" ".join(text if SENTENCE_END.search(text[-1:]) else f"{text}." for text in said)) < 5
    hard = [text for text in said if len(text.split()) > 8 and grade(text) > 11]
    assert not hard, hard


@pytest.mark.parametrize("language", languages())
def test_sentences_are_short(language: str) -> None:
    lists = word_lists()
    found = []
    for domain in SPOKEN:
        with path_of(language, domain).open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.id not in lists:
                    for text in [message.string] if isinstance(message.string, str) else message.string:
                        found += sentences(text)
    length = (lambda s: len(s)) if language in UNSPACED else (lambda s: len(s.split()))
    longest = LONGEST_IN_SIGNS if language in UNSPACED else LONGEST_SENTENCE
    assert not [s for s in found if length(s) > longest]
    assert mean(map(length, found)) < (longest / 2.5)


#: Two forms of one word, or an ending in brackets, where a language has them for women and for men.
BOTH_SEXES = re.compile(r"[^\W\d_]{2,}\([^\W\d_]{1,4}\)|[^\W\d_]+/[^\W\d_]+")


@pytest.mark.parametrize("language", languages())
def test_nobody_is_addressed_with_a_slash(language: str) -> None:
    """A screen reader stumbles over "Pan/Pani", and nobody talks like that."""
    lists, found = word_lists(), []
    for domain in DOMAINS:
        with path_of(language, domain).open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.id not in lists:
                    texts = [message.string] if isinstance(message.string, str) else message.string
                    found += [form for text in texts for form in BOTH_SEXES.findall(text) if form not in str(message.id)]
    assert not found


def test_nothing_blames_labels_or_promises() -> None:
    assert not [text for text in sources() if NEVER.search(text)]


def test_every_domain_of_a_language_is_one_of_ours() -> None:
    assert DOMAINS == ("danger", "chat", "law", "web")
