"""Cuts a message into clauses, because danger in one clause of a long story drowns in the whole.

>>> clauses("Hello. I worked there in 2022 and he is at the door now")
['Hello', 'I worked there in 2022', 'he is at the door now']
"""

from __future__ import annotations

import re

# Ends of sentences and clauses in the scripts of our languages. A dot or comma inside a number is not one.
_PUNCTUATION = re.compile(r"[!?;…\n\r\t。！？；，、।؟؛،]+|[.,:](?!\d)|\s[-–—]+\s|[\U0001F300-\U0001FAFF☀-➿]+")
# Words that join two clauses. Left out where the same letters are an ordinary word in another of our languages:
# "i" (pl, hr: and; en: I), "e" (it, pt), "ma" (it: but; fr: my), "en" (nl: and; fr, es: in), "mas", "men".
_JOINING = (
    "and but because then so while et mais parce car puis alors y pero porque entonces und aber weil dann però perché "
    "poi maar want dus porém então ale bo potem și şi dar pentru apoi и но потому а потом і але бо потім и ама после "
    "dhe por sepse pastaj ve ama çünkü sonra và nhưng vì rồi لكن ولكن لان لأن ثم بس عشان وبعدين"
).split()
_JOINT = re.compile(r"\s(?:" + "|".join(sorted(set(_JOINING), key=len, reverse=True)) + r")\s", re.IGNORECASE)
_HAN_JOINT = re.compile("但是|可是|因为|所以|然后|而且")

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

WINDOW_WORDS = 12
WINDOW_STEP = 8
WINDOW_SIGNS = 24
WINDOW_SIGNS_STEP = 16
# A window holds at most this many characters: one endless "word" must not cost the encoder half a second.
WINDOW_CHARACTERS = 100


def is_unspaced(text: str) -> bool:
    """Return whether most of the text is in a script written without spaces."""
    return len(_UNSPACED.findall(text)) * 2 > len(text)


def clauses(text: str) -> list[str]:
    """Return the clauses of a message in order, none empty; run-on text comes in overlapping windows of words.

    Linear in the length of the text. A message of one clause gives a list of one.
    """
    found: list[str] = []
    for sentence in _PUNCTUATION.split(text):
        for part in _HAN_JOINT.split(sentence):
            for clause in _merged(_JOINT.split(f" {part} ")):
                found.extend(_windows(clause))
    return found


def _merged(parts: list[str]) -> list[str]:
    """Join parts of a single word to the part before or after: "he and I" is one thought."""
    merged: list[str] = []
    pending = ""
    for part in (p.strip() for p in parts):
        if not part:
            continue
        if len(part.split()) == 1 and not _UNSPACED.search(part) and len(parts) > 1:
            if merged:
                merged[-1] = f"{merged[-1]} {part}"
            else:
                pending = f"{pending} {part}".strip()
            continue
        merged.append(f"{pending} {part}".strip())
        pending = ""
    return [*merged, pending] if pending else merged


def _windows(clause: str) -> list[str]:
    """Cut a clause that is too long for one thought into overlapping windows."""
    words = clause.split()
    if len(clause) > WINDOW_SIGNS and is_unspaced(clause):
        starts = range(0, max(1, len(clause) - WINDOW_SIGNS + WINDOW_SIGNS_STEP), WINDOW_SIGNS_STEP)
        return [clause[s : s + WINDOW_SIGNS] for s in starts]
    if len(words) <= WINDOW_WORDS + 2:
        return [clause[:WINDOW_CHARACTERS]] if clause else []
    starts = range(0, len(words) - WINDOW_WORDS + WINDOW_STEP, WINDOW_STEP)
    return [" ".join(words[s : s + WINDOW_WORDS])[:WINDOW_CHARACTERS] for s in starts]
