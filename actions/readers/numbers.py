"""Numbers in words or digits: "about sixty", "deux cent cinquante", "2 thousand", "٦٠", "40-50"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from actions.readers.han import digits_for_han
from actions.readers.idioms import written_out
from actions.readers.lexicon import entries, keeps_accents, mapping, one_of, pattern, plain_form
from actions.readers.number_words import SHORTEST_WORD, SMALL, is_spoken_number, number_words
from actions.readers.units import unit_pattern
from actions.readers.words import BETWEEN, NUMBER_AND, words_or_english
from actions.readers.words import words as listed
from calculator.translation import base_language

LONGEST_PHRASE = 5
DIGITS = re.compile(r"\d{1,3}(?:[\s.,'\u00a0\u202f\u2019]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?")
_THOUSANDS_SHORT = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)(?:\s?k|к)(\d{1,3})?(?![a-zà-ÿа-яёіїє\d])")
#: Vietnamese: 10tr500 is ten million and a half, tr5 half a million more.
_MILLIONS_SHORT = re.compile(
    r"(?<![\w.,])(\d+)\s?(?:tr|trieu|triệu|cu|củ)\s?(\d{1,3})(?![\w])(?!\s*(?:tháng|thang|tuần|tuan|ngày|ngay|giờ|gio|năm|nam|tiếng|tieng))"
)
_VIETNAMESE_MONTHS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười một": 11,
    "mười hai": 12, "mười": 10, "chạp": 12,
}  # fmt: skip
_VIETNAMESE_MONTH = re.compile(rf"tháng ({'|'.join(sorted(_VIETNAMESE_MONTHS, key=len, reverse=True))})(?!\w)")


#: Lists of the lexicon whose words follow a number, as units do.
_COUNTED = ("half", "night", "morning", "noon", "evening", "am", "pm", "times", "oclock", "days_off", "summer", "winter", "per_week")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number, or what it lies between. `text` is what was read, with words turned into digits."""

    low: Decimal
    high: Decimal
    text: str


def small_numbers(text: str, language: str, most: int) -> list[int]:
    """Whole numbers from 1 to `most` in a text, in digits or as a word of their own; for clauses that are known to count something."""
    accents = keeps_accents(text, language)
    plain = digits_for_words(text, language, accents)
    words = number_words(language, accents)
    found = []
    for token in _TOKEN.findall(plain):
        value = Decimal(token) if token.isdigit() else words.get(token)
        if value is not None and value == value.to_integral() and 1 <= value <= most:
            found.append(int(value))
    return found


_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|\s+|[^\w\s]|_")


def digits_for_words(text: str, language: str, accents: bool | None = None) -> str:
    """The text in plain form (see `lexicon`) with number words written as digits; words and digits may be mixed ("2 thousand 500")."""
    with_accents = keeps_accents(text, language) if accents is None else accents
    plain = written_out(plain_form(text, with_accents, language), language)
    plain = _THOUSANDS_SHORT.sub(lambda m: _written((Decimal(m[1].replace(",", ".")) + _part(m[2])) * 1000), plain)
    if base_language(language) == "vi":
        plain = _MILLIONS_SHORT.sub(lambda m: _written((Decimal(m[1]) + _part(m[2])) * 1_000_000), plain)
        plain = _VIETNAMESE_MONTH.sub(lambda m: f"tháng {_VIETNAMESE_MONTHS[m[1]]}", plain)
    if base_language(language) == "ar":
        # To nine: one letter before the number word.
        known = number_words(language, with_accents)
        plain = re.sub(r"(?<!\w)ل([\u0600-\u06ff]{3,})", lambda m: f"الي {m[1]}" if m[1] in known else m[0], plain)
    if base_language(language) == "zh":
        return digits_for_han(plain)
    whole = _Mixed(plain, language, with_accents).text()
    whole = _and_half(language, with_accents).sub(r"\1.5", whole)
    # Turkish: 60la 70 (arası).
    return _TURKISH_RANGE.sub(r"\1-\2", whole) if base_language(language) == "tr" else whole


@cache
def _and_half(language: str, accents: bool) -> re.Pattern[str]:
    """Two "and a half" hours, euros, years: where a unit, a period or nothing follows; "at 6 and a half" is a time of the clock."""
    units = "|".join(unit_pattern(language, unit, accents).pattern for unit in ("hour", "day", "week", "month", "year"))
    money = one_of(entries_of_currencies(language, accents))
    return re.compile(rf"(?<![\d.,:/])(\d{{1,2}})\s+{pattern('and_half', language, accents).pattern}(?=\s*(?:$|[,;!?]|/|{units}|{money}))")


def read_plain(text: str, language: str, accents: bool) -> str:
    """The text with digits, and of a number that is put right in the same breath ("10, no 15 euros") only the second."""
    return corrected(digits_for_words(text, language, accents), language, accents)


def corrected(plain: str, language: str, accents: bool) -> str:
    """A plain text without the numbers that its writer takes back. It stays as long as it was, so that places in it stay right."""
    marker = pattern("correction", language, accents).pattern
    second = r"(?P<second>(?:[^\W\d_]{1,8}\s+)?(?:\d[\d.,]*\d|\d))"
    found = re.compile(rf"(?P<first>\d[\d.,:]*)(?P<mid>[^\d]{{0,30}}?)[\s,.;]*(?:{marker})[\s,.:]*{second}")

    instead = pattern("instead", language, accents)

    def put_right(match: re.Match[str]) -> str:
        whole = len(match.group())
        if instead.search(match.group()):
            # "500 and not (而不是) 3000" takes nothing back.
            return match.group()
        if re.match(r"\s*[^\W\d_€$£]", plain[match.end() :]):
            # What follows says again of what.
            return match["second"].rjust(whole)
        return f"{match['second']}{match['mid']}".ljust(whole)

    return found.sub(put_right, plain)


@cache
def _joints(language: str, accents: bool) -> frozenset[str]:
    """What joins tens and ones."""
    own = {plain_form(word, accents) for word in listed(NUMBER_AND, language)}
    return frozenset(own | ({"de"} if base_language(language) == "ro" else set()))


@cache
def _between_words(language: str, accents: bool) -> frozenset[str]:
    """What stands between the two ends of a range, as words of their own."""
    own = {plain_form(word, accents) for word in words_or_english(BETWEEN, language)} | {"-"}
    return frozenset(own | {word for word in entries("until", language, accents) if len(word) <= SHORTEST_WORD})


@cache
def _counted(language: str, accents: bool) -> re.Pattern[str]:
    """What may follow a number that counts it: units, money, halves of the day."""
    units = "|".join(unit_pattern(language, unit, accents).pattern for unit in ("hour", "day", "week", "month", "year"))
    money = one_of(entries_of_currencies(language, accents))
    beside = "|".join(pattern(key, language, accents).pattern for key in _COUNTED)
    return re.compile(f"{units}|{money}|{beside}")


class _Mixed:
    """A text whose runs of number words, or of digits and number words, become digits."""

    def __init__(self, plain: str, language: str, accents: bool) -> None:
        self._tokens = _TOKEN.findall(plain)
        self._language = language
        self._words = number_words(language, accents)
        self._joints, self._between = _joints(language, accents), _between_words(language, accents)
        self._unit = _counted(language, accents)

    def text(self) -> str:
        out: list[str] = []
        at = 0
        while at < len(self._tokens):
            run, after = self._run(at)
            if run is None:
                out.append(self._tokens[at])
                at += 1
            else:
                out.append(run)
                at = after
        return "".join(out)

    def _turned(self, ones: Decimal, tens: Decimal) -> bool:
        """Whether ones stand before tens, as Arabic and German say them: five and sixty."""
        return base_language(self._language) in ("ar", "de", "nl") and 0 < ones < SMALL and 20 <= tens < 100 and tens % 10 == 0

    def _before_unit(self, at: int) -> bool:
        return bool(self._unit.match("".join(self._tokens[at : at + 4]).lstrip()))

    def _phrase(self, at: int) -> tuple[Decimal, int] | None:
        """The longest number phrase that begins at a token, and the token after it."""
        best, phrase, words = None, "", 0
        for end in range(at, min(len(self._tokens), at + 2 * LONGEST_PHRASE)):
            token = self._tokens[end]
            phrase += " " if token.isspace() or token == "-" else token
            words += token.isalpha()
            value = self._words.get(" ".join(phrase.split()))
            if value is not None and not token.isspace():
                best = (value, end + 1)
            if words >= LONGEST_PHRASE:
                break
        return best

    def _run(self, start: int) -> tuple[str | None, int]:
        """A number that begins here, as digits, and the token after it; None when there is none, or it is only a little word."""
        token = self._tokens[start]
        parts: list[Decimal] = []
        at, end, words = start, start, 0
        if token.isdigit() or re.fullmatch(r"\d{1,3}[.,]\d", token):
            parts, at, end = [Decimal(token.replace(",", "."))], start + 1, start + 1
        from_digits = bool(parts)
        while at < len(self._tokens):
            gap = at
            while gap < len(self._tokens) and (
                self._tokens[gap].isspace() or parts and self._tokens[gap] == "-" or (parts and self._tokens[gap] in self._joints and gap > at)
            ):
                gap += 1
            found = self._phrase(gap) if gap < len(self._tokens) and (parts or gap == start) else self._joined(gap, bool(parts))
            if found is None and parts and gap < len(self._tokens):
                found = self._joined(gap, True)
            if (
                found is None
                and words
                and gap < len(self._tokens)
                and self._tokens[gap].isdigit()
                and not self._before_unit(gap + 1)
                and len(self._tokens[gap]) <= 3
                and parts[-1] >= 1000
            ):
                found = (Decimal(self._tokens[gap]), gap + 1)
            joined = base_language(self._language) == "ar" or any(token in self._joints for token in self._tokens[at:gap])
            if found is None or parts and not (_goes_on(parts, found[0]) or joined and self._turned(parts[-1], found[0])):
                break
            if from_digits and len(parts) == 1 and found[0] not in (100, 1000, 1_000_000) and not _is_thousand_and(found[0]):
                # "20 one customer": digits are a number already.
                break
            if (
                parts
                and found[0] < SMALL
                and (parts[-1] >= 100 and self._before_unit(found[1]) or is_spoken_number(self._tokens[gap], self._language))
            ):
                # 200 000 a (one) day; Vietnamese: month ten, year (five) ...
                break
            parts.append(found[0])
            words += 1
            at = end = found[1]
        if not words:
            return None, start + 1
        value = _added(parts)
        if value < SMALL and len(parts) == 1 and not self._is_number_here(start, end):
            return None, start + 1
        return _written(value), end

    def _joined(self, at: int, going: bool) -> tuple[Decimal, int] | None:
        """Arabic writes "and" onto the word that follows."""
        if not going or at >= len(self._tokens):
            return None
        token = self._tokens[at]
        for joint in self._joints:
            rest = self._words.get(token.removeprefix(joint)) if len(joint) == 1 and token.startswith(joint) else None
            if rest is not None:
                return rest, at + 1
        return None

    def _is_number_here(self, start: int, end: int) -> bool:
        """Whether a little word is a number: alone, before a unit, or at an end of a range."""
        if not "".join(self._tokens[:start] + self._tokens[end:]).strip(" .,!?"):
            return True
        rest = "".join(self._tokens[end : end + 6]).lstrip()
        if self._unit.match(rest):
            return True
        before = [t for t in self._tokens[max(0, start - 4) : start] if not t.isspace()]
        if base_language(self._language) in ("ru", "uk") and before and self._unit.fullmatch(before[-1]):
            # "Weeks six ago": a number that is not exact.
            return True
        if before and before[-1] in _EACH:
            return True
        ahead = [t for t in self._tokens[end : end + 6] if not t.isspace()]
        if len(ahead) > 1 and ahead[0] in self._between and any(t.isdigit() or t in self._words for t in ahead[1:3]):
            return True
        return len(before) > 1 and before[-1] in self._between and (before[-2].isdigit() or before[-2] in self._words)


def _part(digits: str | None) -> Decimal:
    """The digits behind a short way of thousand or million: 1k2 is 1,200, 10tr500 is 10.5 million."""
    return Decimal(f"0.{digits}") if digits else Decimal(0)


def _written(value: Decimal) -> str:
    return f"{value.to_integral() if value == value.to_integral() else value.normalize():f}"


def entries_of_currencies(language: str, accents: bool) -> list[str]:
    """How currencies are called in a language, as typed."""
    return list(mapping("currencies", language, accents))


def _is_thousand_and(value: Decimal) -> bool:
    """Whether a number word begins with a thousand that a number before it may count: 2 "mil quinientos"."""
    return 1000 < value < 2000 and value % 100 == 0


def _goes_on(parts: list[Decimal], following: Decimal) -> bool:
    """Whether a number word belongs to the number before it: sixty five, 2 hundred, two thousand five hundred."""
    last = parts[-1]
    if following in (100, 1000, 1_000_000):
        return last < following
    if _is_thousand_and(following):
        return 1 < last < SMALL
    if following > 1000 or following != following.to_integral():
        return False
    scale = 1000 if last % 1000 == 0 else 100 if last % 100 == 0 else 10 if last % 10 == 0 and 20 <= last % 100 else 0
    return last > 0 and following < scale


def _added(parts: list[Decimal]) -> Decimal:
    """60, 5 -> 65; 2, 1000, 5, 100 -> 2500."""
    total, current = Decimal(0), Decimal(0)
    for part in parts:
        if part in (100, 1000, 1_000_000) and current:
            current *= part
            if part >= 1000:
                total, current = total + current, Decimal(0)
        elif _is_thousand_and(part) and current:
            total, current = total + (current - 1) * 1000 + part, Decimal(0)
        elif part >= 1000:
            total += part
        else:
            current += part
    return total + current


#: "5 days of eight": what stands before a number of each.
_EACH = frozenset({"по", "x"})
_TURKISH_RANGE = re.compile(r"(\d+)\s*'?(?:l[ae]|ile|ila)\s+(\d+)(?!\d)")


def plain_number(text: str) -> Decimal | None:
    """`1.800,50` and `1,800.50` alike: the last mark followed by one or two digits is the decimal mark."""
    compact = re.sub(r"[\s'\u00a0\u202f\u2019]", "", text)
    match = re.fullmatch(r"(\d[\d.,]*?)(?:[.,](\d{1,2}))?", compact)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match.group(1))
    return Decimal(f"{whole}.{match.group(2) or '0'}") if whole else None


@cache
def between(language: str, accents: bool = False) -> str:
    """A pattern for what stands between the two ends of a range in the language."""
    joints = [plain_form(word, accents) for word in words_or_english(BETWEEN, language)]
    return rf"(?:-|/|~|{one_of(joints)})"


def read_number(text: str, language: str) -> NumberRead | None:
    """The first number of a text, or the two ends of "40 to 50". None when there is none."""
    accents = keeps_accents(text[:500], language)
    plain = read_plain(text[:500], language, accents)
    both_ends = re.search(rf"(\d+(?:\.\d+)?)\s*{between(language, accents)}\s*(\d+(?:\.\d+)?)(?![\d.])", plain)
    if both_ends:
        low, high = sorted(Decimal(part) for part in both_ends.groups())
        return NumberRead(low, high, plain)
    found = [match.group() for match in DIGITS.finditer(plain)]
    if not found:
        return None
    # "one month 1500", "a week 60 hours": the one is no number that was asked for.
    value = plain_number(next((number for number in found if number != "1"), found[0]))
    return None if value is None else NumberRead(value, value, plain)
