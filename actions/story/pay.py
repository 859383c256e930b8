"""What amounts in a text are: pay that was got or promised, what was kept back, a fee. What an amount is for stands in the words beside it."""

from __future__ import annotations

import re

from actions.readers.currencies import MoneyRead, of_country
from actions.readers.dates import read_times
from actions.readers.hours import read_hours
from actions.readers.lexicon import keeps_accents, pattern
from actions.readers.money import amounts, nothing_words, promise_behind, says_nothing
from actions.readers.numbers import digits_for_words
from actions.story.reading import JOB, Reading
from actions.story.values import money_value
from actions.story.whose import says
from envelope import ParsedClause

#: Characters before an amount in which "I got" belongs to it.
NEAR = 24
#: A question to which a number without its currency is an answer, and no pay.
ASKS_HOURS = "hours_per_week"
ASKS_PAY = ".paid"


class PayReading(Reading):
    """The amounts of a text."""

    def _money(self, clause: ParsedClause) -> None:
        role = clause.value("money", guess=True)
        sure_role = clause.value("money")
        accents = keeps_accents(clause.text, self.language)
        named = amounts(clause.text, self.language)
        if role in ("paid", None) and all(m.high <= 1 for m in named) and says("never_a_cent", clause.text, self.language):
            self._add(JOB + "paid", [], clause.text)
            return
        if says_nothing(clause.text, self.language) and role in ("paid", None):
            nothing = nothing_words(clause.text, self.language)
            if sure_role == "paid" or _about_pay(clause) or nothing > 1:
                # "Not a cent" is pay where the clause is about pay; "I have no money" is only a guess, and "nothing" alone may be anything.
                self._add(JOB + "paid", [], clause.text, sure_role == "paid" or nothing > 1 and role == "paid")
                return
        if not named and sure_role is not None and not (self.asked.endswith(ASKS_HOURS) and clause.text == self.clauses[0].text):
            # Without its currency an amount counts where the clause is about money and says for how long it is.
            named = [m for m in amounts(clause.text, self.language, bare=True, taken=self._times_of(clause)) if m.per is not None]
        digits = digits_for_words(clause.text, self.language, accents)
        named = [*named, *self._without_currency(clause, named, digits, accents)] if named else []
        if self.asked.endswith(ASKS_PAY) and clause.text == self.clauses[0].text:
            # The first amount is the answer itself.
            named = named[1:]
        previous = 0
        for found in (of_country(m, self.here or self.first_here or self.country, self._nationalities()) for m in named):
            said, sure = self._role_of(digits[previous : found.place[0]], digits[found.place[1] :], role, sure_role, accents)
            previous = found.place[1]
            if said == "paid" and found.low > 0:
                # Whole, with its currency and for how long, it need not be asked again; a part of it is only a guess.
                sure = found.per is not None and (sure or found.currency is not None and role == "paid")
                by_word = bool(pattern("got", self.language, accents).search(digits[max(0, found.place[0] - NEAR) : found.place[0]]))
                known = self.story.told.get((JOB + "paid").format(e=self.entry, w=self.job))
                if known is not None and known.sure and known.value:
                    if not by_word or self.job in self.got:
                        # One job has one pay: what was "got" counts before another amount beside it.
                        continue
                    self.story.told.pop((JOB + "paid").format(e=self.entry, w=self.job))
                if by_word and sure:
                    self.got.add(self.job)
            self._amount(said, found, clause.text, sure)

    def _nationalities(self) -> list[str]:
        """Where she is from, as far as this text has told it by now: whose dinars or pesos these may be."""
        told = self.story.told.get("person.nationalities")
        return told.value if told is not None and told.sure and isinstance(told.value, list) else []

    def _without_currency(self, clause: ParsedClause, named: list[MoneyRead], digits: str, accents: bool) -> list[MoneyRead]:
        """Amounts beside those with a currency that have none: "5 euros an hour, they promised 12 an hour"."""
        taken = (*self._times_of(clause), *(m.place for m in named))
        also = [m for m in amounts(clause.text, self.language, bare=True, taken=taken) if m.per is not None and m.place[0] > named[-1].place[1]]
        said = "|".join(pattern(key, self.language, accents).pattern for key in ("promised", "deducted"))
        return [m for m in also if re.search(said, digits[named[-1].place[1] : m.place[0]])]

    def _role_of(self, before: str, behind: str, role: str | None, sure_role: str | None, accents: bool) -> tuple[str, bool]:
        """What an amount is: by the nearer of the words for a promise and for what was got, else by what the clause is about."""
        promised, got, taken = (
            max((m.end() for m in pattern(key, self.language, accents).finditer(before)), default=-1) for key in ("promised", "got", "deducted")
        )
        if taken > max(promised, got) or role == "deduction" and _has(behind[:30], "deducted", self.language, accents):
            return "deduction", sure_role in (None, "deduction")
        if promised > got:
            return "promised", sure_role in (None, "promised", "paid")
        if got >= 0 and got > promised and role in ("promised", "paid", None):
            return "paid", sure_role != "promised"
        if role in ("paid", None) and promised < 0 and got < 0 and promise_behind(behind[:24], self.language, accents):
            return "promised", False
        return role or "paid", sure_role is not None and role == sure_role

    def _times_of(self, clause: ParsedClause) -> tuple[tuple[int, int], ...]:
        times = read_times(clause.text, self.language, self.today, self.month_first)
        # "They said 12 an hour": where it is surely about money, it is about hours only when that is sure too.
        hours = read_hours(clause.text, self.language, asked=False) if clause.value("hours") == "work" else None
        return (*((p.start, p.stop) for p in times.points), *((ln.start, ln.stop) for ln in times.lengths), *(hours.places if hours else ()))

    def _amount(self, role: str, found: MoneyRead, words: str, sure: bool) -> None:
        money = money_value(found)
        if found.per in ("piece",):
            return
        if role == "paid":
            self._add(JOB + "paid", [] if found.high == 0 else [money], words, sure)
        elif role == "promised":
            self._add(JOB + "agreed", money, words, sure)
        elif role == "deduction" and found.per is not None:
            self._add(JOB + "deductions", [{"kind": "other", **money}], words, sure)
        elif role == "fee":
            money.pop("per", None)
            self.story.add("losses", [{"kind": "recruitment_fee", **money}], words, sure)


def _about_pay(clause: ParsedClause) -> bool:
    return any(f.group == "money" for f in clause.facts)


def _has(plain: str, key: str, language: str, accents: bool) -> bool:
    return bool(pattern(key, language, accents).search(plain))
