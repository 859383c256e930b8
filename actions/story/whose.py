"""Whose story a text tells: the writer's, somebody else's, what was reported, what is only supposed or asked.

What a clause says is learned (`bot/facts.py`); whose it is often stands in another clause ("my friend's boss keeps her papers, he pays her
300 euros"), in little words that every language has a few of. They are looked for where a sentence begins, and count where nothing in the
sentence names the writer: "my cousin brought me there" is the writer's story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from actions.readers.lexicon import is_unspaced, keeps_accents, one_of, plain_form
from calculator import yaml12
from calculator.translation import base_language
from envelope import ParsedClause

FOLDER = Path(__file__).parent / "lexicon"
Whose = Literal["writer", "other_person", "question"]
_SENTENCE = re.compile(r"[^.!?\n。！？؟]*(?:[.,](?=\d)[^.!?\n。！？؟]*)*[.!?\n。！？؟]*")
#: How many letters of a sentence may stand before words that say what it is; fewer for words that also stand in the middle of a story.
NEAR_BEGINNING, BEGINNING, VERY_BEGINNING = 30, 20, 12
#: What somebody else said, of two words or more.
_QUOTED = re.compile(r"[\"«„“‟「][^\"»“”」]*[^\W\d_]\s+[^\"»“”」]*[\"»“”」]|[\"“「][\u3400-\u9fff]{4,}")
#: Endings that grammar puts on such words.
_ENDINGS = {"elsewhere": 3}
#: Whose friend somebody is, where that stands behind: sora mea, братовчед ми.
_HIS = {"ro": r"(?:\s+(?:meu|mea|mei|mele)\b)?", "bg": r"(?:\s+(?:ми|mi)\b)?", "sq": r"(?:\s+(?:im|ime|tim|sime)\b)?"}
#: Languages whose questions have their word at the end.
_ASKING_LAST = frozenset({"zh", "vi"})


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    stop: int
    #: None: nothing in it says whose it is.
    whose: Whose | None


@cache
def words(key: str, language: str, accents: bool) -> re.Pattern[str]:
    """The compiled pattern of one list of a language (`actions/story/lexicon`)."""
    path = FOLDER / f"{base_language(language)}.yaml"
    known: dict[str, list[str]] = yaml12.load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return re.compile(one_of((plain_form(word, accents, language) for word in known.get(key) or ()), _ENDINGS.get(key, 0)))


def says(key: str, text: str, language: str) -> bool:
    """Whether a text has one of the words of a list."""
    accents = keeps_accents(text, language)
    return bool(words(key, language, accents).search(plain_form(text, accents, language)))


def not_the_writers(text: str, clauses: list[ParsedClause], language: str, answers: bool) -> dict[str, Whose]:
    """The clauses that tell nothing of the writer, by their text, with what they tell of. `answers`: a question is open, so that a relative
    who is named is one of those the writer tells of."""
    reader = _Reader(language, answers)
    sentences = [reader.read(text, m.start(), m.end()) for m in _SENTENCE.finditer(text) if m.group().strip()]
    found: dict[str, Whose] = {clause.text: "other_person" for clause in clauses if reader.is_theirs(clause)}
    if not sentences or all(one.whose in (None, "writer") for one in sentences):
        return found
    whole = says("asking", text, language)
    of_writer = any(one.whose == "writer" for one in sentences)
    last: Whose | None = None
    at = 0
    for clause in clauses:
        at = _find(text, clause.text, at)
        own = next((one.whose for one in sentences if one.start <= at < one.stop), None)
        # "She is 17": goes on with whom the sentence before told of, where the writer is nowhere.
        whose = "other_person" if whole else own or (None if of_writer else last)
        last = whose
        if whose is not None and whose != "writer":
            found[clause.text] = whose
    return found


def names_the_writer(text: str, language: str) -> bool:
    """Whether a clause speaks of the writer: "I am 45", and not "my client is 45"."""
    accents = keeps_accents(text, language)
    return _Reader(language, False)._me(plain_form(text, accents, language), accents)


def _find(text: str, clause: str, start: int) -> int:
    """Where a clause begins, at or behind a place; that place when it is not found, as joining words were taken out of it."""
    for piece in (clause, " ".join(clause.split()[:2]), *clause.split()[:1]):
        at = text.find(piece, start)
        if at >= 0:
            return at
    return start


class _Reader:
    """What one sentence tells of."""

    def __init__(self, language: str, answers: bool) -> None:
        self.language, self.answers = language, answers

    def read(self, text: str, start: int, stop: int) -> _Sentence:
        return _Sentence(start, stop, self._whose(text[start:stop].lstrip()))

    def is_theirs(self, clause: ParsedClause) -> bool:
        """Whether a clause is quoted, or the whole message seems to be about somebody else and nothing in the clause names the writer."""
        if _QUOTED.search(clause.text):
            return True
        accents = keeps_accents(clause.text, self.language)
        guessed = clause.value("about", guess=True) == "other_person"
        return guessed and not self.answers and not self._me(plain_form(clause.text, accents, self.language), accents)

    def _whose(self, sentence: str) -> Whose | None:
        accents = keeps_accents(sentence, self.language)
        plain = plain_form(sentence, accents, self.language).lstrip(" ¿¡\"'«„“-")
        if self._begins("asking", plain, accents, 2 * NEAR_BEGINNING):
            return "other_person"
        asks = self._begins("opener", plain, accents, len(plain) if self._asks_last() else VERY_BEGINNING)
        if self._begins("supposed", plain, accents, VERY_BEGINNING) or asks and plain.rstrip().endswith(("?", "؟", "？")):
            return "question"
        named = self._me(plain, accents)
        if named:
            return "writer"
        if asks or plain.rstrip().endswith(("?", "؟", "？")):
            return "question"
        if self._begins("reported", plain, accents, BEGINNING) or self._begins("others", plain, accents, NEAR_BEGINNING):
            return "other_person"
        if not self.answers and self._begins("kin", plain, accents, VERY_BEGINNING):
            return "other_person"
        return None

    def _asks_last(self) -> bool:
        return base_language(self.language) in _ASKING_LAST

    def _begins(self, key: str, plain: str, accents: bool, within: int) -> bool:
        found = words(key, self.language, accents).search(plain)
        return found is not None and found.start() <= (within // 3 if is_unspaced(plain) else within)

    def _me(self, plain: str, accents: bool) -> bool:
        """Whether a sentence names the writer other than as somebody's friend or relative, or as who has read of it."""
        me = words("me", self.language, accents).pattern
        for key in ("others", "kin", "reported", "asking"):
            theirs = words(key, self.language, accents).pattern + _HIS.get(base_language(self.language), "")
            plain = re.sub(rf"(?:{me}['\s]*)?{theirs}", " ", plain)
        return bool(re.search(me, plain))
