"""Chinese numbers, in signs or mixed with digits: 六十五, 3千, 两三年, 一万二, 两块五."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from actions.readers.idioms import chinese_money

#: In 一共 (in all), 一直 (all the time), 一起 (together) the sign for one counts nothing.
_HAN = re.compile("(?:(?!一[共直起])[〇零一二两兩三四五六七八九十百千万萬])+")
_ONE_UNIT = re.compile("(?:(?<=[百千万])|(?<=[百千万][二三四五六七八九]))一(?=个月|天|周|年|小时|星期|次|件|趟)")
#: 五十一天 is 51 days, unless money is spoken of: fifty a day.
_ONE_AFTER_TEN = re.compile("(?<=十)一(?=天|小时|次|件|趟)")
_MONEY = re.compile("[块塊元欧歐镑钱錢薪刀给給]")
#: 两三年 is two or three years; 一万二 is 12,000.
_SEVERAL_HAN = re.compile(
    "(?<![〇零一二两三四五六七八九十百千万])(十?)([一二两三四五六七八九])([二三四五六七八九])(?=个|年|天|周|十|百|千|万|块|小时|岁|欧|元)"
    "([十百千万]?)"
)
_SHORT_SCALE = re.compile("([一二两兩三四五六七八九])([万萬千百])([一二三四五六七八九])(?![千百十万萬〇零一二三四五六七八九年月])")
_SHORT_DIGITS = re.compile("(?<![\\d.])(\\d{1,3})([百千万萬])(\\d)(?![\\d百千万萬年月.])")
_BELOW = {"万": "千", "萬": "千", "千": "百", "百": "十"}
_DIGITS_AND_HAN = re.compile("(\\d+)([十百千万萬])")


def digits_for_han(plain: str) -> str:
    """A text in plain form with its Chinese numbers written as digits."""
    # 两百一个月: two hundred, one month.
    plain = _ONE_UNIT.sub(" 一", plain)
    if _MONEY.search(plain):
        plain = _ONE_AFTER_TEN.sub(" 一", plain)
    plain = _SEVERAL_HAN.sub(_either_han, plain)
    # 3万6, 1千2
    plain = _SHORT_DIGITS.sub(lambda m: str(int(Decimal(f"{m[1]}.{m[3]}") * int(unicodedata.numeric(m[2])))), plain)
    plain = _SHORT_SCALE.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{_BELOW[m[2]]}", plain)
    whole = _DIGITS_AND_HAN.sub(lambda m: str(int(m[1]) * int(unicodedata.numeric(m[2]))), plain)
    return chinese_money(re.sub(r"(\d)(个|個)半", r"\1.5\2", _HAN.sub(_han_number, whole)))


def _either_han(match: re.Match[str]) -> str:
    """两三年 -> 2到3年, 三四百 -> 300到400, 十七八岁 -> 17到18岁; signs that do not follow each other are read one by one."""
    low, high = (int(unicodedata.numeric(sign)) for sign in (match[2], match[3]))
    if high != low + 1:
        return match.group()
    more, times = 10 if match[1] else 0, int(unicodedata.numeric(match[4])) if match[4] else 1
    return f"{(more + low) * times}到{(more + high) * times}"


def _han_number(match: re.Match[str]) -> str:
    """六十五 -> 65: each sign has its number in Unicode; a ten, hundred or thousand multiplies what stands before it."""
    signs = match.group()
    if len(signs) > 1 and all(unicodedata.numeric(sign, 2) < 10 for sign in signs):
        # Read sign by sign, as years are: 二〇二四.
        return "".join(str(int(unicodedata.numeric(sign, 2))) for sign in signs)
    total, section, digit = 0, 0, 0
    for sign in signs:
        value = int(unicodedata.numeric(sign, 2))
        if value < 10:
            digit = value
        elif value == 10_000:
            total, section, digit = total + max(section + digit, 1) * value, 0, 0
        else:
            section += max(digit, 1) * value
            digit = 0
    return str(total + section + digit)
