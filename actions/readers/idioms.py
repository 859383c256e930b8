"""Ways of writing numbers that one language has to itself, written out before number words are read: Turkish endings on numbers, Vietnamese
"a thousand two", Chinese "两块五", Portuguese "dez" for December."""

from __future__ import annotations

import re
from collections.abc import Callable

from calculator.translation import base_language

#: Turkish number words that take endings; ten, a hundred and a thousand with an ending are everyday words (ondan, yüzden, bine).
_TURKISH = {
    "iki": 2, "uc": 3, "dort": 4, "bes": 5, "alti": 6, "yedi": 7, "sekiz": 8, "dokuz": 9, "yirmi": 20, "otuz": 30, "kirk": 40, "elli": 50,
    "altmis": 60, "yetmis": 70, "seksen": 80, "doksan": 90, "bir": 1,
}  # fmt: skip
_TURKISH_ONES = "|".join(word for word in _TURKISH if word != "bir")
_TURKISH_ENDING = re.compile(
    rf"(?<!\w)(?:(on|yirmi) )?({_TURKISH_ONES}|(?<=on )bir|(?<=mi )bir)'?(?:([dt][ae]n|[dt][ae]|y?[ae])|s?[ae]r|y?[iu]m)(?!\w)"
)
_TURKISH_TEN = re.compile(r"(?<!\w)ondan ona(?!\w)")
#: 8er saat: eight hours each.
_TURKISH_EACH = re.compile(r"(?<=\d)'?s?[ae]r(?!\w)")

_ZERO_HUNDRED = re.compile(r"(?<!\w)(?:không|khong) (?:trăm|tram) (?:(?:lẻ|le|linh) )?")
_SCALE_HALF = re.compile(r"(?<!\w)(trăm|tram|nghìn|nghin|ngàn|ngan|triệu|trieu) (?:rưỡi|ruoi|rưởi|rươi)(?!\w)")
_HALF_OF = {"trăm": "năm mươi", "nghìn": "năm trăm", "ngàn": "năm trăm", "tram": "nam muoi", "nghin": "nam tram", "ngan": "nam tram",
            "triệu": "năm trăm nghìn", "trieu": "nam tram nghin"}  # fmt: skip
#: One and five are left out: they also say "a" and "year".
_SCALE_SHORT = re.compile(
    r"(?<!\w)(nghìn|ngàn|nghin|ngan) (hai|ba|bốn|tư|sáu|bảy|tám|chín|bon|tu|sau|bay|tam|chin)"
    r"(?! (?:trăm|tram|mươi|muoi|nghìn|nghin|chục|chuc))(?!\w)"
)
#: hai ngàn hai mốt: the year 2021, its ten left out.
_YEAR_SHORT = re.compile(
    r"(?<!\w)hai (nghìn|ngàn|nghin|ngan) hai (mốt|mot|hai|ba|bốn|bon|tư|tu|lăm|lam|nhăm|nham|sáu|sau|bảy|bay|tám|tam|chín|chin)(?!\w)"
)
_YEAR_HALF = re.compile(r"(?<!\w)(một|mot|hai|ba|bốn|bon|\d) (năm|nam) (?:rưỡi|ruoi|rưởi|rươi)(?!\w)")
_COUNTS = {"một": 1, "mot": 1, "hai": 2, "ba": 3, "bốn": 4, "bon": 4}

#: Friday is "week five": what follows is a number of its own.
_CHINESE_WEEKDAY = re.compile("((?:星期|礼拜|禮拜|(?<![一二两三四五六七每\\d])[周週])[一二三四五六日天])(?=[\\d一二两三四五六七八九])")
#: 2块5 is two and a half.
_CHINESE_MONEY = re.compile("(\\d+)(块|塊|元|欧元|欧|镑)([1-9])(?![\\d.个個小天月周年毛])")

_DECEMBER = re.compile(
    r"(?<!\w)dez(?=\.?\s*/?\s*(?:de\s+)?20\d\d(?!\d))"
    r"|(?<=\d )dez(?=\.?\s+(?:de\s+)?\d\d(?!\d))|(?<=\d )dez(?=\W*$)|(?<!\w)dez(?=/\d\d)"
)


def _turkish(plain: str) -> str:
    plain = _TURKISH_TEN.sub("10 dan 10 a", plain)
    plain = _TURKISH_ENDING.sub(lambda m: f"{(10 if m[1] == 'on' else 20 if m[1] else 0) + _TURKISH[m[2]]} {m[3] or ''}".strip(), plain)
    return _TURKISH_EACH.sub("", plain)


def _vietnamese(plain: str) -> str:
    plain = _YEAR_HALF.sub(lambda m: f"{_COUNTS.get(m[1], m[1])}.5 {m[2]}", plain)
    plain = _ZERO_HUNDRED.sub("", plain)
    plain = _YEAR_SHORT.sub(lambda m: f"hai {m[1]} hai {'mươi' if m[1] in ('nghìn', 'ngàn') else 'muoi'} {m[2]}", plain)
    plain = _SCALE_HALF.sub(lambda m: f"{m[1]} {_HALF_OF[m[1]]}", plain)
    return _SCALE_SHORT.sub(lambda m: f"{m[1]} {m[2]} {'trăm' if m[1] in ('nghìn', 'ngàn') else 'tram'}", plain)


def _chinese(plain: str) -> str:
    # 早6晚10: from six in the morning till ten at night.
    plain = re.sub(r"早(\d{1,2})点?晚(\d{1,2})(?!\d)点?", r"早上\1点到晚上\2点", plain)
    # "Certainly" holds a one that counts nothing.
    return _CHINESE_WEEKDAY.sub(r"\1 ", plain.replace("一定", "必定"))


def chinese_money(plain: str) -> str:
    """The same for a text that has its digits: 2块5 -> 2.5块."""
    return _CHINESE_MONEY.sub(r"\1.\3\2", plain)


def _portuguese(plain: str) -> str:
    return _DECEMBER.sub("dezembro", plain)


def _german(plain: str) -> str:
    # neuneinhalb
    return re.sub(r"(?<=[a-z]{4})einhalb(?!\w)", " einhalb", plain)


def _polish(plain: str) -> str:
    # Short months that are words as well.
    plain = re.sub(r"(?<!\w)lata(?=\s*20\d\d(?!\s*-))", "lato", plain)
    return re.sub(r"(?<!\w)(sie|lis)(?=\.?\s*20\d\d)", lambda m: {"sie": "sierpien", "lis": "listopad"}[m[1]], plain)


def _italian(plain: str) -> str:
    return re.sub(r"(?<!\w)sett?(?=\.?\s*(?:20\d\d|di quest|dell'anno|del 20))", "settembre", plain)


def _dutch(plain: str) -> str:
    # "Een maand of acht": some eight months.
    return re.sub(r"(?<!\w)(?:een|'n) ([a-z]{3,9}?)(?:tje)? of (\w+)(?!\w)", _some, plain)


def _some(match: re.Match[str]) -> str:
    return f"{match[2]} {match[1]}" if match[1] in ("jaar", "maand", "week", "dag", "uur") else match.group()


def _english(plain: str) -> str:
    # 2k22
    return re.sub(r"(?<!\w)2k(\d\d)(?!\w)", r"20\1", plain)


_OF: dict[str, Callable[[str], str]] = {
    "tr": _turkish,
    "vi": _vietnamese,
    "zh": _chinese,
    "pt": _portuguese,
    "de": _german,
    "nl": _dutch,
    "pl": _polish,
    "it": _italian,
    "en": _english,
}


def written_out(plain: str, language: str) -> str:
    """A text in plain form with the number idioms of its language written out."""
    own = _OF.get(base_language(language))
    return own(plain) if own else plain
