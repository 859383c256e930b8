"""Readers of dates, numbers, money and choices as people write them, in the language of the chat.

Dates come from dateparser and CLDR, numbers from text2num and num2words, money and units from CLDR (Babel).
"""
