"""Readers of dates, numbers, money and choices as people write them, in the language of the chat.

Names of months, days, units and money come from CLDR (Babel), number words from num2words, holidays from PyPI holidays; how all that
is typed stands in `lexicon`.
"""
