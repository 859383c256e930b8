"""Short enough for SMS: the most important first, cut at the end of a sentence, the rest on demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from web.i18n import Words, direction
from web.messengers.options import written_out
from web.state import Message

#: The basic alphabet of SMS (3GPP TS 23.038): a letter of it takes 7 bits, one of the extension twice that.
GSM_BASIC = frozenset(
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e"
    "\u00c6\u00e6\u00df\u00c9 !\"#\u00a4%&'()*+,-./0123456789:;<=>?\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
GSM_EXTENSION = frozenset("^{}\\[~]|\u20ac\f")
#: The most parts of an answer. A part holds half as much in writings that the basic alphabet lacks, and nobody shall get
#: less help for the writing of a language.
MAX_SEGMENTS = 3
MAX_SEGMENTS_OTHER = 6
URGENT = frozenset({"emergency", "emergency_hint", "unavailable"})
#: The rest of an answer was asked for, so it is not cut again.
NEVER_CUT = URGENT | {"rest"}
# A sentence with the space behind it, or a line. "1." may be the label of a choice or a day, so it ends none.
SENTENCE = re.compile(r"[^\n]+?(?:(?<!\b\d)(?<!\b\d\d)[.!?\u061f\u06d4]+(?=\s)|[\u3002\uff01\uff1f]+|(?=\n)|\Z)\s*|\s+")
PLAIN_SIGNS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-"})
ISOLATES = re.compile("[\u2066-\u2069]")


@dataclass(frozen=True)
class Shortened:
    """`whole` is never cut; `shown` fits and ends with the way to the `rest`, if there is any."""

    whole: str
    shown: str
    rest: str


def segments(text: str) -> int:
    """How many parts an SMS is sent in, and paid for."""
    if is_basic(text):
        sizes, alone, part = [1 if c in GSM_BASIC else 2 for c in text], 160, 153
    else:
        sizes, alone, part = [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    if sum(sizes) <= alone:
        return min(len(text), 1)
    count, room = 1, part
    for size in sizes:
        # A sign never stands half in one part and half in the next.
        if size > room:
            count, room = count + 1, part
        room -= size
    return count


def is_basic(text: str) -> bool:
    """Whether the basic alphabet of SMS and its extension have every sign."""
    return all(c in GSM_BASIC or c in GSM_EXTENSION for c in text)


def fits(text: str) -> bool:
    """Whether an answer is short enough."""
    return segments(text) <= (MAX_SEGMENTS if is_basic(text) else MAX_SEGMENTS_OTHER)


def shorten(messages: Sequence[Message], language: str, _: Words) -> Shortened:
    """Cut an answer. Numbers for danger stay whole; a question of the interview comes next, then helplines, then what fits.

    The choices of a menu are no such question: the answer above them says more.
    """
    texts = [plain(text, language) for text in written_out(messages, language)]
    never_cut = joined(t for m, t in zip(messages, texts, strict=True) if m.kind in NEVER_CUT)
    others = [(m, t) for m, t in zip(messages, texts, strict=True) if m.kind not in NEVER_CUT]
    # Who to call comes before what there is to say about it.
    others.sort(key=lambda other: other[0].kind != "services")
    everything = joined(t for _m, t in others)
    if fits(everything):
        return Shortened(never_cut, everything, "")
    asked = others.pop()[1] if others[-1][0].kind == "question" else ""
    before = joined(t for _m, t in others)
    notice = plain(_("Write {word} for the rest.", word=_("MORE")), language)
    kept_question = _fitting(asked, lambda part: joined([part, notice]))
    kept_text = _fitting(before, lambda part: joined([part, kept_question, notice]))
    rest = joined([before[len(kept_text) :].strip(), asked[len(kept_question) :].strip()])
    return Shortened(never_cut, joined([kept_text, kept_question, notice]), rest)


def pieces(text: str, limit: int) -> list[str]:
    """Split a text into pieces of at most `limit` letters, at ends of sentences where there are any."""
    found = [""]
    for sentence in SENTENCE.findall(text):
        for start in range(0, len(sentence), limit):
            part = sentence[start : start + limit]
            if len(found[-1]) + len(part.rstrip()) > limit:
                found.append("")
            found[-1] += part
    return [piece.strip() for piece in found if piece.strip()]


def plain(text: str, language: str) -> str:
    """Signs that would double the price of an SMS, for no word of it."""
    simple = text.translate(PLAIN_SIGNS)
    return simple if direction(language) == "rtl" else ISOLATES.sub("", simple)


def _fitting(text: str, around: Callable[[str], str]) -> str:
    """As many sentences from the beginning as fit with what stands around them."""
    kept = ""
    for sentence in SENTENCE.findall(text):
        if not fits(around((kept + sentence).rstrip())):
            break
        kept += sentence
    return kept.rstrip() if kept.rstrip() != text.rstrip() else text


def joined(texts: Iterable[str]) -> str:
    """Texts as paragraphs of one message."""
    return "\n\n".join(text for text in texts if text)
