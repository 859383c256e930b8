"""Cuts a text without punctuation, as it is dictated or typed in haste, where a new thought begins.

A thought begins with who acts ("he took my passport i ran away") or with when ("after eight months", "now i am in"). Where no such word is
near, overlapping windows hold what belongs together.

>>> windows("he took my passport when i came there and gave me nothing i ran away after eight months and now i live in spain")
['he took my passport', 'when i came there and gave me nothing', 'i ran away', 'after eight months and now i live in spain']
"""

from __future__ import annotations

import re

from envelope.writing import UNSPACED

WINDOW_WORDS = 12
WINDOW_STEP = 8
WINDOW_SIGNS = 24
WINDOW_SIGNS_STEP = 16
# A window holds at most this many characters: one endless "word" must not cost the encoder half a second.
WINDOW_CHARACTERS = 100
#: A piece has so many words at least: a verb and its object.
FEWEST_WORDS = 3
FEWEST_SIGNS = 5

#: Yes and no, which stand for themselves.
ANSWERS = frozenset(
    "no yes yeah yep nope nah nein ja non oui ouais sí sì não nao sim nie tak nu не да ні так нет nee jo po hayır hayir evet yok نعم لا اه ايوه "
    "không khong có chưa chua vâng vang 没有 是 有".split()
)
#: Who acts, and when: words a new thought begins with, that are no other word in another of our languages, or that may also begin one there.
_BEGINS = frozenset(
    "i i'm he hes she they theyre we when after then now je j'ai jai j'étais jetais il elle ils quand lorsque après "
    "apres maintenant puis yo él ella ellos cuando después despues luego ahora io loro quando dopo adesso poi eu ele ela eles depois "
    "agora ich er sie wir als dann danach jetzt ik hij ze zij toen daarna nu ja ona oni kiedy gdy potem teraz jak ea ei când cand apoi acum "
    "dupa după я он она они мы когда потом сейчас теперь через він вона вони ми коли потім зараз тепер аз той тя те когато после сега след "
    "unë une ai ajo ata kur pastaj tani ben şimdi simdi tôi toi họ lúc luc khi sau لما بعدين هلق الان الآن الحين".split()
)
#: "After eight months": how long, and then what happened, which belongs to it.
_AFTER = frozenset("after après apres después despues dopo depois nach na po după dupa через після след pas sau بعد".split())
WORDS_AFTER = 5
# What comes before such a word when it is no beginning: "that he", "of my", "for my".
_BOUND = frozenset(
    "that if what who for of with to by from as per que qui si se che dass wenn ob mit von für dat als die że ze co kto că ca sa что если "
    "bin hab habe hat war musste moest ben heb kan kann pakte tutti dove кто у от для с що якщо хто від че ако кой на за të te që qe nëse "
    "për của cua cho với voi bảo bao and but so or und et y e i".split()
)
#: Turkish ends a thought with its verb.
_TURKISH_VERB = re.compile(
    r"\w{2,}(?:[dt][ıiuü](?:m|k|lar|ler)?|[ıiuü]yor(?:um|lar|du|dum|lard[ıi])?|m[ıiuü]ş(?:lar|ler)?|muş|yordu|iyodu|iyo)", re.IGNORECASE
)
#: What tells Turkish: letters of its own, or two of its small words, since one alone may be a word elsewhere.
_TURKISH_LETTER = re.compile("[ığ]")
_TURKISH_WORD = re.compile(r"\b(?:bir|beni|bana|saat|gunde|günde|sonra|ayda|icin|için|her|gun|gün|cok|çok|ve|param|parami)\b")
#: Chinese: who acts, and when, where it is no object.
_HAN_BEGINS = re.compile("(?<![给把让跟对欠打逼带叫和了向帮我])(?=我|他|她|老板|后来|现在|以后|然后|当时|每天|一天)")


def is_unspaced(text: str) -> bool:
    """Whether most of the text is in a script written without spaces."""
    return len(UNSPACED.findall(text)) * 2 > len(text)


def windows(clause: str) -> list[str]:
    """A clause, or the pieces of one that is too long for one thought."""
    if len(clause) > WINDOW_SIGNS and is_unspaced(clause):
        return [one for piece in _han_pieces(clause) for one in _sign_windows(piece)]
    words = clause.split()
    if len(words) <= WINDOW_WORDS + 2:
        return [clause[:WINDOW_CHARACTERS]] if clause else []
    return [one for piece in _pieces(words, _is_turkish(clause.casefold())) for one in _word_windows(piece)]


def _pieces(words: list[str], turkish: bool) -> list[list[str]]:
    """The words in pieces that begin where a thought does."""
    pieces: list[list[str]] = [[]]
    for at, word in enumerate(words):
        before = words[at - 1].casefold() if at else ""
        ended = turkish and at and _TURKISH_VERB.fullmatch(words[at - 1])
        begins = ended or _begins(word.casefold()) and before not in _BOUND and not _begins(before)
        fewest = WORDS_AFTER if pieces[-1] and pieces[-1][0].casefold() in _AFTER else FEWEST_WORDS
        if begins and len(pieces[-1]) >= fewest:
            pieces.append([])
        pieces[-1].append(word)
    if len(pieces) > 1 and len(pieces[-1]) < FEWEST_WORDS:
        last = pieces.pop()
        pieces[-1] += last
    return pieces


def _is_turkish(text: str) -> bool:
    return bool(_TURKISH_LETTER.search(text)) or len(set(_TURKISH_WORD.findall(text))) > 1


def _begins(word: str) -> bool:
    """Whether a thought may begin with a word; Arabic writes "and" onto it."""
    return word in _BEGINS or len(word) >= 4 and word[0] == "و"


def _word_windows(words: list[str]) -> list[str]:
    if len(words) <= WINDOW_WORDS + 2:
        return [" ".join(words)[:WINDOW_CHARACTERS]]
    starts = range(0, len(words) - WINDOW_WORDS + WINDOW_STEP, WINDOW_STEP)
    return [" ".join(words[s : s + WINDOW_WORDS])[:WINDOW_CHARACTERS] for s in starts]


def _han_pieces(clause: str) -> list[str]:
    """The signs in pieces that begin where a thought does."""
    pieces = [""]
    for part in _HAN_BEGINS.split(clause):
        if len(pieces[-1]) >= FEWEST_SIGNS:
            pieces.append("")
        pieces[-1] += part
    if len(pieces) > 1 and len(pieces[-1]) < FEWEST_SIGNS:
        last = pieces.pop()
        pieces[-1] += last
    return pieces


def _sign_windows(clause: str) -> list[str]:
    if len(clause) <= WINDOW_SIGNS:
        return [clause]
    starts = range(0, max(1, len(clause) - WINDOW_SIGNS + WINDOW_SIGNS_STEP), WINDOW_SIGNS_STEP)
    return [clause[s : s + WINDOW_SIGNS] for s in starts]
