"""Cuts a message into clauses, because danger in one clause of a long story drowns in the whole.

>>> clauses("Hello. I worked there in 2022 and he is at the door now")
['Hello', 'I worked there in 2022', 'he is at the door now']
"""

from __future__ import annotations

import re

from bot.run_on import ANSWERS, is_unspaced, windows

__all__ = ["clauses", "is_unspaced"]

# Ends of sentences and clauses in the scripts of our languages. A dot or comma inside a number is not one, nor is that of "3. Februar".
_PUNCTUATION = re.compile(
    r"[!?;…\n\r\t。！？；，、।؟؛،]+|[,:](?!\d)|(?<!\d)\.(?!\d)|(?<=\d)\.(?!\d|\s?(?:jan|jän|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez))"
    r"|\s[-–—]+\s|[\U0001F300-\U0001FAFF☀-➿]+",
    re.IGNORECASE,
)
# Words that join two clauses. Left out where the same letters are an ordinary word in another of our languages:
# "i" (pl, hr: and; en: I), "e" (it, pt), "ma" (it: but; fr: my), "en" (nl: and; fr, es: in), "mas", "men".
_JOINING = (
    "and but because cos coz cuz then so while et mais parce puis alors y pero porque entonces und aber weil dann però perché perche "
    "poi maar want dus omdat porém então entao ale bo potem și şi dar apoi и но потому а потом і але бо потім и ама защото после "
    "dhe sepse pastaj ve ama çünkü cunku sonra và nhưng nhung vì rồi لكن ولكن لان لأن ثم بس عشان وبعدين"
).split()
# What follows "and" inside a number: двайсет и шест, douăzeci și șase.
_COUNTING = (
    r"(?:първ|втор|трет|четв|пет|шест|седм|осм|девет|один|два|дві|две|три|unu|doi|dou[ăa]|trei|patru|cinci|[șs]ase|[șs]apte|opt|nou[ăa]"
    r"|beş|gjasht|pes)"
)
# Words that join only before some others, since they are ordinary words elsewhere: "ma" (fr: my), "car" (en), "si" (es, it, fr: if), "en", "e".
_JOINING_BEFORE = (
    r"pentru\s+c[ăa]\b",
    r"car\s+(?=(?:je|j'|il|ils|elle|elles|on|nous|le|les|mon|jai)\b)",
    r"ma\s+(?=(?:mi|ci|non|poi|lei|lui|loro|io|invece|adesso|ora|dopo|il\s+capo|\d)\b)",
    r"e\s+(?=(?:mi|ci|non|poi|adesso|lui|lei|loro|io|dopo|ho|sono|quando|eu|ele|ela|eles|agora|depois|não|nao|me|moro|meu|quando)\b)",
    r"mas\s+(?=(?:ele|ela|eles|eu|me|não|nao|os|agora|depois|davam|deu)\b)",
    r"en\s+(?=(?:ik|ze|hij|zij|we|wij|toen|dan|nu|moest|mocht|woon|sliep|er|mijn|mn|daarna|de\s+baas)\b)",
    r"i\s+(?=(?:teraz|mnie|nie|potem|szef|kaza[łl]|kaze|każe|maj[ąa]|dosta[łw]|zg[łl]osi|nas|spa[łl])\w*)",
    r"si\s+(?=(?:nu|imi|ne|ea|ei|apoi|acum|m-a|m-au|mi-a|mi-au|i-am|dormeam|seful|patronul|am)\b)",
)
_JOINT = re.compile(
    rf"\s(?:(?:{'|'.join(sorted(set(_JOINING), key=len, reverse=True))})\s(?!{_COUNTING})|{'|'.join(_JOINING_BEFORE)})", re.IGNORECASE
)
_HAN_JOINT = re.compile("但是|可是|因为|所以|然后|而且")


def clauses(text: str) -> list[str]:
    """The clauses of a message in order, none empty; run-on text is cut where a thought begins (bot/run_on.py).

    Linear in the length of the text. A message of one clause gives a list of one.
    """
    found: list[str] = []
    for sentence in _PUNCTUATION.split(text):
        for part in _HAN_JOINT.split(sentence):
            for clause in _merged(_JOINT.split(f" {part} ")):
                found.extend(windows(clause))
    return found


def _merged(parts: list[str]) -> list[str]:
    """Join parts of a single word to the part before or after: "he and I" is one thought."""
    merged: list[str] = []
    pending = ""
    for part in (p.strip() for p in parts):
        if not part:
            continue
        if part.casefold() in ANSWERS:
            # "No, because I have no visa": the no is an answer of its own, it does not deny what follows.
            merged.append(part)
            continue
        if len(part.split()) == 1 and not is_unspaced(part) and len(parts) > 1:
            if merged and merged[-1].casefold() not in ANSWERS:
                merged[-1] = f"{merged[-1]} {part}"
            else:
                pending = f"{pending} {part}".strip()
            continue
        merged.append(f"{pending} {part}".strip())
        pending = ""
    return [*merged, pending] if pending else merged
