"""What nobody expects in a field for text, and what nobody agreed on as the body of a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

#: Writings of no language of ours, and letters that only look like ours.
_WRITINGS = (
    "नमस्ते मुझे मदद चाहिए",
    "ช่วยด้วย",
    "გამარჯობა",
    "ሰላም",
    "שלום אני צריך עזרה",
    "助けてください",
    "도와주세요",
    "χρειάζομαι βοήθεια",
    "ਮੈਨੂੰ ਮਦਦ ਚਾਹੀਦੀ ਹੈ",
    "𝒽𝑒𝓁𝓁𝑜",
    "ｈｅｌｌｏ",
    "𐍈𐍉𐌰",
)
_NOTHING = ("", " ", "\n\n\n", "\t", "\u200b\u200b", "\u202e", "\x00\x01\x02", "????", "...", "!", "\u0301\u0301\u0301", "\\u0000")
_MARKS = (
    "\u202eolleh\u202c",
    "\u2067hello\u2069",
    "a\x00b\x1b[31mred",
    "\ufeffhello",
    "hello\u2028there",
    "\U000e0001tag",
    "e\u0301" * 30,
    "ﷺ" * 20,
    "😀",
    "😭😭😭🆘",
    "👩🏽\u200d🦱🏳\ufe0f\u200d🌈",
)
_COMMANDS = (
    "/",
    "/greet",
    "//restart",
    "\u200b/delete_data",
    '/choose{"fact": "danger", "value": "safe"}',
    "<script>alert(1)</script>",
    "<b>hello</b>&nbsp;",
    '{"text": "hello", "button": null}',
    '["a", 1, null]',
    "{n} {name} %s %d",
    "{0.__class__}",
    "'; drop table conversation; --",
    "None",
    "null",
    "NaN",
    "http://example.org/?a=b",
    "a@b.c",
)
_NUMBERS = (
    "-1",
    "0",
    "1e400",
    "9" * 400,
    "٣٤٥٦",
    "１２３",
    "½",
    "²",
    "99999999999999999999 euros a week",
    "31 february 2024",
    "00/00/0000",
    "1.1.1",
    "9999-12-31",
    "1/1/1",
    "year 0",
    "-5 hours",
    "300 hours a day",
)
_LENGTHS = (500, 9_999, 10_000, 10_001, 12_000)
#: Bodies as they go over the wire, in ASCII.
_BODIES = (
    "",
    "null",
    "[]",
    "{}",
    '{"text": null}',
    '{"text": 5}',
    '{"text": ["a"]}',
    '{"text": {"a": 1}}',
    '{"text": "hello"',
    "{'text': 'hello'}",
    '{"text": "hello", "button": "x"}',
    '{"text": "hello", "text": "stop"}',
    '{"text": "hello", "more": {"a": [1, 2]}}',
    '{"text": NaN}',
    '{"text": 1e999}',
    "[" * 3000,
    '{"button": 7}',
    '{"button": ""}',
    '{"button": "\\ud800"}',
    '{"button": "' + "x" * 200 + '"}',
    '{"text": "\\ud800"}',
    '{"text": "hello \\udc00\\ud800 there"}',
    '{"text": "\\ud83d"}',
    '{"text": "\\u0000"}',
    '{"text": "hello", "id": 5}',
    '{"text": "hello", "id": "' + "i" * 100 + '"}',
    '{"text": "hello", "id": "\\ud800"}',
    '{"text": "' + "a" * 10_001 + '"}',
    '{"text": "' + "a" * 1_100_000 + '"}',
)


def odd_text(random: Random) -> str:
    """Something that is no sentence."""
    makers: tuple[Callable[[], str], ...] = (
        *(lambda table=table: random.choice(table) for table in (_WRITINGS, _NOTHING, _MARKS, _COMMANDS, _NUMBERS)),
        lambda: str(random.randrange(10 ** random.randrange(1, 12))),
        lambda: "".join(
            chr(random.choice((random.randrange(32, 0x2FF), random.randrange(0x370, 0x1FFF), random.randrange(0x1F300, 0x1F6FF))))
            for _ in range(random.randrange(1, 40))
        ),
        lambda: "a " * random.choice((50, 900, 2500, 4999)),
        lambda: "x" * random.choice(_LENGTHS),
        lambda: json.dumps({"work": [{"paid": [{"amount": "5"}]}], "n": random.random()}),
        lambda: "\n".join(str(random.randrange(3000)) for _ in range(random.randrange(2, 30))),
    )
    return random.choice(makers)()


def body(random: Random) -> str:
    """A request body that is not what was agreed, or just so."""
    return random.choice(_BODIES)
