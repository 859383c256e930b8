"""Pay and amounts: "50 euros a week", "1 800 € par mois", "rien", "sometimes 20 sometimes 50", "٥٠ يورو في الأسبوع"."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from actions.readers.currencies import PEOPLE_TOO, PIECES_OF_MONEY, MoneyRead, capitals_marked, currency_of, currency_pattern, shared_family
from actions.readers.lexicon import entries, is_unspaced, keeps_accents, one_of, pattern, plain_form
from actions.readers.numbers import DIGITS, between, digits_for_words, plain_number, read_plain
from actions.readers.units import unit_names, unit_pattern
from actions.readers.weekdays import numbered_days, weekday_words
from actions.readers.words import PER, words_or_english
from calculator.translation import base_language

PERIODS = ("hour", "day", "week", "month", "year", "piece", "total")
MONTHS_A_YEAR = 12
#: Round numbers of which people say "a few".
_ROUND = frozenset({10, 100, 1000})
#: "Two fifty an hour": so much more is said in hundredths.
MOST_WHOLE = 10
#: Languages whose verb stands behind the amount.
VERB_LAST = frozenset({"tr"})
#: Characters behind a deduction in which it may say for what: for rent.
_FOR_WHAT = 14
#: Vietnamese leave out the dong where the number cannot be anything else.
LEAST_DONG = 100_000
#: A word for a period this long may have the endings of grammar: mensual, mensuales.
LONG_WAY = 6


_SHORT_EURO = re.compile(r"(?<=\d)e(?=\s*/|\s*$|[.,;!?])")


@cache
def _period_patterns(per: str, language: str, accents: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a period is said behind or before an amount (a week, weekly, pw, in der Woche), and its bare name."""
    ways = list(entries(f"per_{per}", language, accents))
    if per in PER:
        ways += [plain_form(word, accents) for word in words_or_english(PER[per], language)]
    if per not in ("hour", "day", "week", "month", "year"):
        return re.compile(one_of(ways)), re.compile(r"(?!)")
    unit = unit_pattern(language, per, accents).pattern
    return re.compile(rf"{one_of(ways)}|{one_of([w for w in ways if len(w) >= LONG_WAY], 2)}|/\s*(?:{unit})"), re.compile(unit)


def says_nothing(text: str, language: str) -> bool:
    """Whether a text says that no money was paid at all: nothing, not a cent, zero."""
    accents = keeps_accents(text[:300], language)
    plain = plain_form(text[:300], accents, language)
    whole = digits_for_words(text[:300], language, accents)
    # "Nothing in two years": two counts no money.
    digits = [m.group() for m in DIGITS.finditer(whole) if not _counts(whole, m.end(), language, accents)]
    said = bool(pattern("nothing", language, accents).search(plain))
    if any(plain_number(d) not in (None, 0, 1) for d in digits) or any(plain_number(d) == 1 for d in digits) and not said:
        return False
    return bool(digits) and not said or said


def nothing_words(text: str, language: str) -> int:
    """How many words say that nothing was paid: "nothing" 1, "not a cent" 3; 0 when none do. Signs count by two."""
    accents = keeps_accents(text[:300], language)
    said = [m.group() for m in pattern("nothing", language, accents).finditer(plain_form(text[:300], accents, language))]
    return max((len(words) // 2 if is_unspaced(words) else len(words.split()) for words in said), default=0)


def amounts(text: str, language: str, bare: bool = False, taken: tuple[tuple[int, int], ...] = ()) -> list[MoneyRead]:
    """Every amount in a text. Without `bare` only those beside a currency; with it also numbers that are neither hours nor days nor
    dates. `taken`: places in the plain text that are something else."""
    accents = keeps_accents(text[:2000], language)
    # "6e/h", "250e"
    plain = _SHORT_EURO.sub("€", read_plain(capitals_marked(text[:2000]), language, accents))
    money = currency_pattern(language, accents)
    found: list[MoneyRead] = []
    joint = between(language, accents)
    # Friday is "week five" in some languages.
    numbered = [m.span() for m in numbered_days(language, accents).finditer(plain)]
    sometimes = pattern("sometimes", language, accents).pattern
    number = DIGITS.pattern
    few = re.compile(rf"(?:{pattern('few', language, accents).pattern})\s*$")
    and_half = re.compile(rf"\s*(?:{pattern('and_half', language, accents).pattern})")
    spans = [
        (m.start(), m.end(), m)
        for m in re.finditer(
            rf"(?P<low>{number})(?:\s*(?:{money.pattern})?\s*(?:{joint}|[,;]?\s*(?:{sometimes}))\s*(?:[€£$]\s?)?(?P<high>{number}))?", plain
        )
    ]
    for start, stop, match in spans:
        if any(a < stop and start < b for a, b in (*taken, *numbered)):
            continue
        behind = re.match(rf"\s*(?:(?:de|d|of|di)\s+|d')?(?:{money.pattern}|{PIECES_OF_MONEY})", plain[stop:])
        before = re.search(rf"(?:{money.pattern})\s*$", plain[:start])
        inside = money.search(match.group())
        named = behind or inside or before
        high_text = match["high"]
        cents = high_text is not None and _is_hundredths(plain, match, money, language, accents)
        if named is None and not (bare and not _counts(plain, stop, language, accents)):
            continue
        low = plain_number(match["low"])
        high = plain_number(high_text) if high_text else low
        if low is None or high is None:
            continue
        if cents:
            low = high = low + high / 100
        if behind and low == high < 100 and (half := and_half.match(plain[stop + behind.end() :])):
            # "Two euros and a half".
            low = high = low + Decimal("0.5")
            stop += half.end()
        low, high = (low, high) if low <= high else (high, low)
        if few.search(plain[:start]) and low in _ROUND:
            # "A few hundred": how many is not said.
            continue
        name = re.sub(r"^(?:(?:de|d|of|di)\s+|d')", "", named.group().strip()) if named else ""
        currency = currency_of(name, language, accents) if named else None
        if currency in PEOPLE_TOO and low < PEOPLE_TOO[currency]:
            continue
        if currency is None and base_language(language) == "vi" and low >= LEAST_DONG:
            currency = "VND"
        end = stop + behind.end() if behind else stop
        begin = before.start() if before and not behind else start
        low, high, per = _per(plain, begin, end, low, high, language, accents)
        found.append(MoneyRead(low, high, currency, per, (begin, end), shared_family(name, language, accents) if name else None))
    return _unlike(found)


def _is_hundredths(plain: str, match: re.Match[str], money: re.Pattern[str], language: str, accents: bool) -> bool:
    """Whether the second of two joined numbers is hundredths of the first: "two euros and fifty an hour" lies between nothing."""
    low, high = plain_number(match["low"]), plain_number(match["high"])
    if low is None or high is None or not low < MOST_WHOLE <= high < 100 or re.search(r"[-/~]", match.group()):
        return False
    rest = plain[match.end() :]
    hourly = re.match(rf"\s*(?:(?:{money.pattern})\s*)?(?:{_period_patterns('hour', language, accents)[0].pattern})", rest)
    spanned = any(pattern(key, language, accents).search(plain[: match.start()]) for key in ("between_word", "since"))
    return bool(not spanned and (hourly or money.search(match.group()) and not re.match(rf"\s*(?:{money.pattern})", rest)))


def _unlike(found: list[MoneyRead]) -> list[MoneyRead]:
    kept: list[MoneyRead] = []
    for money in found:
        if not any(k.place[0] < money.place[1] and money.place[0] < k.place[1] for k in kept):
            kept.append(money)
    return kept


def _counts(plain: str, stop: int, language: str, accents: bool) -> bool:
    """Whether the number that ends here counts hours, days or years, or is a time of the clock."""
    for per in ("hour", "day", "week", "month", "year"):
        said = re.match(rf"\s*(?P<per>{_period_patterns(per, language, accents)[0].pattern})", plain[stop:])
        if said and said["per"] not in unit_names(language, per, accents):
            # "500 by the month" counts no months.
            return False
    times = pattern("times", language, accents).pattern
    units = "|".join(unit_pattern(language, unit, accents).pattern for unit in ("hour", "day", "week", "month", "year"))
    if re.search(r"(?<![\d.,])[1-7]$", plain[:stop]) and re.match(rf"\s*(?:{times})", plain[stop:]):
        # Paid one time, three times.
        return True
    return bool(re.match(rf"\s*(?:{units})|\s*[:%]|\s*(?:{pattern('am', language, accents).pattern})", plain[stop:]))


def _per(plain: str, start: int, stop: int, low: Decimal, high: Decimal, language: str, accents: bool) -> tuple[Decimal, Decimal, str | None]:
    best: tuple[int, int, str] | None = None
    for per in PERIODS:
        said, unit = _period_patterns(per, language, accents)
        for named, match in [(True, m) for m in said.finditer(plain)] + [(False, m) for m in unit.finditer(plain)]:
            # What belongs to an amount mostly follows it.
            far = match.start() - stop if match.start() >= stop else start - match.end() + 12
            if per == "week" and re.match(rf"\s*[1-7]\s*(?:{unit_pattern(language, 'day', accents).pattern})", plain[match.end() :]):
                # "30 a day, a week 6 days": the week says how often the days are.
                continue
            if match.start() < stop and match.end() <= stop and start < match.end() or not -12 <= far <= 40:
                continue
            if per == "year" and re.search(r"(?<!\d)(?:19|20)\d\d\s*$", plain[: match.start()]):
                # 2026年 is a date.
                continue
            counted = re.search(r"(?<!\d)(\d{1,3}(?:\.5)?)\s*$", plain[: match.start()])
            if counted and counted.start() >= stop and counted[1] != "1" or not named and counted and counted[1] != "1":
                # "for 6 months": that is how long, not for how long the pay was.
                continue
            # Of two at one place the longer one: "each month" is no "each".
            if best is None or (far, -len(match.group()), per != "piece") < (*best[:2], best[2] != "piece"):
                best = (far, -len(match.group()), per)
    if best is None:
        return low, high, "week" if _each_weekday(plain, language, accents) else None
    if best[2] == "year":
        return round(low / MONTHS_A_YEAR, 2), round(high / MONTHS_A_YEAR, 2), "month"
    return low, high, best[2]


def _each_weekday(plain: str, language: str, accents: bool) -> bool:
    """Whether pay came on one day of every week: "30 euros every Friday"."""
    names = weekday_words(language, accents, 3)
    said = re.findall(rf"(?<!\w){pattern('each_weekday', language, accents).pattern}\s*(?:\S{{1,2}}\s+)?({names})", plain)
    whole = [m.group() for m in re.finditer(names, plain)]
    english_once = base_language(language) == "en" and not re.search(rf"(?:every|each|evry)\s|{names}(?<=s)", plain)
    return len(whole) == 1 and len(said) == 1 and not english_once


def read_money(text: str, language: str) -> MoneyRead | None:
    """The amount in an answer about money: of several the one with a currency or a period. Two that are said alike ("sometimes 20,
    sometimes 50") give what it lies between. None when there is none, or when it is not clear which is meant."""
    every = amounts(text[:300], language, bare=True)
    found = _received(text[:300], every, language)
    currencies = {m.currency for m in every if m.currency}
    if len(currencies) == 1 and len(found) < len(every):
        # "They promised 2000 euros and paid 300": euros as well.
        found = [replace(m, currency=m.currency or next(iter(currencies))) for m in found]
    accents = keeps_accents(text[:300], language)
    plain = read_plain(text[:300], language, accents)
    if pattern("old_money", language, accents).search(plain):
        return None
    if len(found) == 2 and pattern("deducted", language, accents).search(plain[found[0].place[1] : found[1].place[1] + _FOR_WHAT]):
        # "100 a week minus 40 for rent": what was really got is asked.
        return None
    if (
        len(found) == 2
        and found[0].low > found[1].high
        and found[1].per
        and pattern("but", language, accents).search(plain[found[0].place[1] : found[1].place[0]])
    ):
        # "1400 was agreed but I saw 200 a month": more was said than came.
        found = found[1:]
    if len(found) == 2 and (between_both := _alike(text[:300], found, language)):
        return between_both
    for sign in (lambda m: m.currency and m.per, lambda m: m.currency, lambda m: m.per, lambda m: True):
        clear = [m for m in found if sign(m)]
        if clear:
            sure = clear[0].currency and clear[0].per or not _others(clear[0], found)
            return clear[0] if len(clear) == 1 and sure else None
    return None


def _others(chosen: MoneyRead, found: list[MoneyRead]) -> bool:
    """Whether another amount was told that may be the one that is meant."""
    return any((m.low, m.high) != (chosen.low, chosen.high) for m in found)


def _received(text: str, found: list[MoneyRead], language: str) -> list[MoneyRead]:
    """The amounts that were got, where others are said to be a promise."""
    if len(found) < 2:
        return found
    accents = keeps_accents(text, language)
    plain = read_plain(text, language, accents)
    promised, got = pattern("promised", language, accents), pattern("got", language, accents)
    kept, previous = [], 0
    if base_language(language) in VERB_LAST:
        # "2000 dediler, ayda 500 verdiler": what was promised is said behind the amount.
        ends = [*(m.place[0] for m in found[1:]), len(plain)]
        verbs = [plain[m.place[1] : end] for m, end in zip(found, ends, strict=True)]
        kept = [m for m, words in zip(found, verbs, strict=True) if not promised.search(words) or got.search(words)]
        return kept if 0 < len(kept) < len(found) else found
    for money in found:
        before = plain[previous : money.place[0]]
        behind = plain[money.place[1] : money.place[1] + 16]
        says = [max((m.end() for m in words.finditer(before)), default=-1) for words in (promised, got)]
        late = previous == 0 and max(says) < 0 and promise_behind(behind, language, accents)
        if not (says[0] >= 0 and says[0] >= says[1]) and not late:
            kept.append(money)
        previous = money.place[1]
    return kept or found


def promise_behind(words: str, language: str, accents: bool) -> bool:
    """Whether the words behind an amount say that it was promised. Those of "50 instead of 200" are about the amount that follows."""
    said = pattern("promised", language, accents).search(words)
    return said is not None and not pattern("instead", language, accents).match(words, said.start())


def _alike(text: str, found: list[MoneyRead], language: str) -> MoneyRead | None:
    """Two amounts behind the same word, as what it lies between."""
    plain = read_plain(text, language, keeps_accents(text, language))
    words = [re.findall(r"[^\W\d_]+", plain[: m.place[0]])[-1:] for m in found]
    first, second = found
    if not words[0] or words[0] != words[1]:
        return None
    if None not in (first.currency, second.currency) and first.currency != second.currency:
        return None
    return MoneyRead(
        min(first.low, second.low), max(first.high, second.high), first.currency or second.currency, first.per or second.per, first.place
    )
