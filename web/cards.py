"""An estimate as cards, in the words of one language: what the result page shows, without the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from calculator import vocabulary
from calculator.api import default_rules
from calculator.engine.result import document
from calculator.engine.result.card import Card as FirstCard
from calculator.engine.result.card import card_of, in_order
from calculator.engine.result.questions import definition_of
from calculator.engine.result.sentences import AT_LEAST, CONFIDENCE, LATE, STATUS, UNSURE
from calculator.errors import Translate
from calculator.translation import isolated, translator
from calculator.wording import day, days_written, figure, money, whole
from web.i18n import Words

# More open questions than this help nobody who reads little.
SHOWN_QUESTIONS = 6
# A figure that was not used has no value to show.
NO_FIGURE = ("excluded", "unknown", "missing")


@dataclass(frozen=True)
class Bar:
    """Low and high on a scale of 0 to 100, for a picture; `words` say the same. `open_end`: more may come."""

    start: float
    width: float
    open_end: bool
    words: str


@dataclass(frozen=True)
class Figure:
    """One value of the law behind an amount: what it is, the value, since when, and where it is written."""

    title: str
    value: str
    since: str
    source: str
    address: str | None


@dataclass(frozen=True)
class Step:
    """One line of the trace: the step's name in the pack, what it did, with what, and what came out."""

    name: str
    operation: str
    inputs: str
    value: str
    since: str


@dataclass(frozen=True)
class Counted:
    """Unpaid wages hour by hour: sentences, and the same as rows of a small table."""

    text: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Part:
    """One loss of a route: its name, the amount in words, how sure, whether it counts, and the law's figures."""

    name: str
    amount: str
    confidence: str
    figures: list[Figure]
    steps: list[Step]
    note: str | None
    counted: Counted | None


@dataclass(frozen=True)
class Deadline:
    """A day in words (None where no day can be worked out), what it is for, how many days are left (None once it has passed), what becomes
    of who asks after it, what can still be done, and how sure it is where it does not come from an official text."""

    day: str | None
    rule: str
    left: int | None
    late: str | None
    relief: str | None
    doubt: str | None


@dataclass(frozen=True)
class Decision:
    """A published decision: what it says of itself, how sure we are of it, and its source."""

    which: str
    facts: str
    sums: list[str]
    beside: list[str]
    confidence: str
    source: document.Source


@dataclass(frozen=True)
class Band:
    """What courts or offices go by, as a sentence, with its source."""

    text: str
    confidence: str
    source: document.Source | None


@dataclass(frozen=True)
class OfOthers:
    """What others got on one way."""

    bands: list[Band]
    decisions: list[Decision]
    notes: list[str]


@dataclass(frozen=True)
class Card:
    """One way to money, in the person's language."""

    name: str
    local_name: str | None
    authority: str
    status: str
    status_words: str
    waits_for: str | None
    reasons: list[tuple[str, str | None]]
    doubt: str | None
    late: str | None
    amount: str | None
    #: Where there is no amount: who decides, what others got, what would help.
    instead: list[str]
    beside: list[str]
    bar: Bar | None
    parts: list[Part]
    uncertain: list[str]
    #: What the law leaves open in every case, and how routes stand to each other: for who checks the sum.
    for_lawyers: list[str]
    questions: list[str]
    deadlines: list[Deadline]
    papers: list[str]
    steps: list[str]
    #: Words of the offices, by language, with what each means.
    words: list[document.Term]
    warning: str | None
    cost: str | None
    how_often: str | None
    others: OfOthers | None
    source: document.Source


class Speaker:
    """Puts an estimate into the words of one language."""

    def __init__(
        self, language: str, currency: str, country: str, words: Words, *, minor: bool = False, unsafe: bool = False, for_another: bool = False
    ) -> None:
        """`country`: whose rules; `minor`: days and rights without amounts; `unsafe`: no sum on the first card."""
        self._language = language
        self._currency = currency
        self._minor = minor
        self._unsafe = unsafe
        self._pack = default_rules().pack(country)
        self._: Words = words
        self._law: Translate = translator(language, "law", "chat")
        # Who asks for another person is told of that person.
        self._of_whom = vocabulary.for_another() if for_another else {}

    def heading(self, name: str) -> str:
        """A heading of the law's catalogue, or a sentence of the chat's."""
        return self._law(self._of_whom.get(name, name))

    def first(self, found: document.Jurisdiction) -> FirstCard:
        """What stands first: the sum, the next day, the first step."""
        return card_of(found, self.heading, self._language, self._minor, amounts=not self._unsafe)

    def cards(self, found: document.Jurisdiction) -> list[Card]:
        """A card for each route, the nearest first."""
        routes = in_order(found.routes)
        highest = max((Decimal(r.amount.high or r.amount.low or "0") for r in routes), default=Decimal(0))
        return [self._card(route, highest) for route in routes]

    def total(self, total: document.Amount) -> str | None:
        """All routes together in one sentence; None when there is no amount."""
        _ = self._
        if total.low is None:
            return None
        least, most = whole(total.low, total.high)
        low, high = self._money(least), self._money(most or least)
        if total.high is None or low == high and total.without:
            return _("Together, without counting anything twice: at least {low}.", low=low)
        if low == high:
            return _("Together, without counting anything twice: {low}.", low=low)
        return _("Together, without counting anything twice: between {low} and {high}.", low=low, high=high)

    def _card(self, route: document.Route, highest: Decimal) -> Card:
        closed = route.status == "closed"
        amount = None if self._minor or closed else self.amount(route.amount)
        return Card(
            name=route.name,
            local_name=route.local_name if route.local_name != route.name else None,
            authority=route.authority,
            status=route.status,
            status_words=self.status(route),
            waits_for=route.waits_for,
            reasons=[(c.reason or c.text, self.doubt(c)) for c in route.conditions if c.status == "not_met"],
            doubt=self.doubt(route),
            late=route.late.text if route.late else None,
            amount=amount,
            instead=[] if amount is None else route.instead,
            beside=[] if amount is None else route.beside_amount,
            bar=None if amount is None else self._bar(route.amount, highest, amount),
            parts=[] if self._minor else [self._part(line) for line in route.lines],
            uncertain=[] if closed else self._uncertain(route),
            for_lawyers=[] if closed else list(self._for_lawyers(route)),
            questions=[] if closed else self._questions(route.missing),
            deadlines=[] if closed else self._deadlines(route.deadlines),
            papers=[paper.text for paper in route.documents],
            steps=route.steps,
            words=route.terms,
            warning=route.report_note if route.may_report_status else None,
            cost=route.cost,
            how_often=route.how_often,
            others=None if self._minor or not route.has_others else self._others(route),
            source=route.source,
        )

    def status(self, route: document.Route) -> str:
        """Whether a way is open, in words."""
        return self.heading(STATUS[route.status])

    def _others(self, route: document.Route) -> OfOthers:
        decisions = [
            Decision(one.which, one.facts, one.sums, one.beside, self._law(CONFIDENCE[one.confidence]), one.source) for one in route.decisions
        ]
        bands = [Band(str(band.text), self._law(CONFIDENCE[band.confidence]), band.source) for band in route.told_bands]
        return OfOthers(bands, decisions, route.notes_on_others)

    def _for_lawyers(self, route: document.Route) -> Iterator[str]:
        """What the law leaves open, how the route stands to others; then, in English, the steps of bands and the facts of decisions."""
        yield from (*route.law_gaps, *(r.text for r in route.relations if r.text))
        if self._minor:
            return
        yield from (isolated(f"“{band.title}: {_step_of(band)}”", self._language) for band in route.bands if band.source)
        yield from (isolated(f"“{one.about}” ({one.which})", self._language) for one in route.decisions if one.about)

    def doubt(self, found: document.Route | document.Condition | document.Deadline) -> str | None:
        """How sure a route, a condition or a day is; None when an official text says it."""
        confidence = found.confidence
        if confidence == "unverified":
            return self._law(UNSURE)
        return None if confidence == "official" else self._law(CONFIDENCE[confidence])

    def _money(self, amount: str) -> str:
        return money(amount, self._currency, self._language)

    def amount(self, amount: document.Amount, exact: bool = False) -> str:
        """An amount in words; `exact`: to the cent."""
        _ = self._
        if amount.low is None:
            return _("No amount can be worked out yet.")
        least, most = (amount.low, amount.high) if exact else whole(amount.low, amount.high)
        low, monthly = self._money(least), amount.per == "month"
        if amount.high is None or amount.low == amount.high and amount.without:
            return (
                _("At least {low} every month. More may come; a figure is not known.", low=low)
                if monthly
                else _("At least {low}. More may come; a figure is not known.", low=low)
            )
        high = self._money(str(most))
        if monthly:
            return _("{low} every month", low=low) if low == high else _("{low} to {high} every month", low=low, high=high)
        return low if low == high else _("{low} to {high}", low=low, high=high)

    def _bar(self, amount: document.Amount, highest: Decimal, words: str) -> Bar | None:
        if amount.low is None or not highest or amount.per == "month":
            return None
        low, high = Decimal(amount.low), Decimal(amount.high or highest)
        start = float(low / highest * 100)
        # An exact amount is a line that can still be seen.
        return Bar(round(min(start, 98.5), 1), round(max(float((high - low) / highest * 100), 1.5), 1), amount.high is None, words)

    def _part(self, line: document.Line) -> Part:
        _ = self._
        notes = [line.note] if line.note else []
        if line.late:
            notes += [line.late.text, _("It is not in the sum.")]
        elif line.time_barred:
            notes.append(_("This may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."))
        elif line.alternative_to and not line.counted:
            notes.append(_("You can choose this instead of another amount. It is not added."))
        figures: dict[tuple[str | None, str], Figure] = {}
        for entry in line.trace:
            source, since = entry.source, entry.valid_from
            if source is not None and since is not None and entry.value not in NO_FIGURE and (entry.parameter, since) not in figures:
                figures[entry.parameter, since] = self._figure(entry, since, source)
        return Part(
            line.name,
            self.amount(line.amount, exact=True),
            self._law(CONFIDENCE[line.confidence]),
            list(figures.values()),
            [self._step(entry) for entry in line.trace],
            "\n".join(notes) or None,
            self._counted(line.counted_out) if line.counted_out is not None else None,
        )

    def _counted(self, counted: document.Counted) -> Counted:
        def cells(row: document.PaidStretch) -> Iterator[str]:
            yield day(row.from_, self._language)
            yield day(row.until, self._language)
            yield figure(row.hours, self._language)
            for amount in (row.rate, row.earned, row.paid, row.owed):
                yield "–" if amount is None else self._money(amount)

        return Counted(counted.text, [list(cells(row)) for row in counted.stretches])

    def _step(self, entry: document.TraceStep) -> Step:
        inputs = "; ".join(f"{name}: {_written(value)}" for name, value in entry.inputs.items() if value not in ("", None))
        values = (entry.step, entry.op, inputs, _written(entry.value), entry.valid_from or "")
        return Step(*(days_written(value, self._language) for value in values))

    def _figure(self, entry: document.TraceStep, since: str, source: document.Source) -> Figure:
        parameter = self._pack.parameters.get(entry.parameter or "") if self._pack else None
        title = self._law(parameter.title) if parameter else str(entry.parameter)
        value = entry.value
        if isinstance(value, document.Range):
            low = figure(str(value.low), self._language)
            written = (
                self._law(AT_LEAST).format(amount=low)
                if value.high is None
                else self._("{low} to {high}", low=low, high=figure(value.high, self._language))
            )
        else:
            written = figure(str(value), self._language)
        return Figure(title, written, day(since, self._language), source.title, source.url)

    def _uncertain(self, route: document.Route) -> list[str]:
        _ = self._
        found = []
        extra = route.unconfirmed
        if extra and extra.low is not None and not self._minor:
            low = self._money(extra.low)
            if extra.high is None:
                found.append(_("Not confirmed, and not in the sum: at least {low}.", low=low))
            elif extra.high == extra.low:
                found.append(_("Not confirmed, and not in the sum: {low}.", low=low))
            else:
                found.append(_("Not confirmed, and not in the sum: {low} to {high}.", low=low, high=self._money(extra.high)))
        if route.stale_since:
            found.append(_("Figures here may be out of date since {day}.", day=day(route.stale_since, self._language)))
        return [*found, *route.gaps_for_the_person]

    def _questions(self, missing: list[str]) -> list[str]:
        """What was not answered yet, as the chat would ask it; intimate questions are not shown unasked."""
        asked = [definition_of(fact) for fact in missing]
        texts = [self.heading(d.question) for d in asked if d is not None and d.sensitivity == "plain" and d.ask != "workbench"]
        return list(dict.fromkeys(texts))[:SHOWN_QUESTIONS]

    def _deadlines(self, deadlines: list[document.Deadline]) -> list[Deadline]:
        """Days to come first, soonest first; what has no day yet; those that have passed with what becomes of who asks now."""
        return [
            Deadline(
                day(d.date, self._language) if d.date else None,
                d.short if d.date else d.rule,
                None if d.passed else d.days_left,
                self.heading(LATE[d.becomes_of_late]) if d.passed and d.bars != "older_parts" else None,
                d.relief,
                self.doubt(d),
            )
            for d in sorted(deadlines, key=lambda d: (d.passed, d.date is None, d.date or ""))
        ]


def _written(value: document.Figure) -> str:
    """A value of the trace as the engine has it: exact, with a decimal point, as in the file for a lawyer."""
    return f"{value.low or '…'} – {value.high or '…'}" if isinstance(value, document.Range) else str(value)


def _step_of(band: document.Band) -> str:
    """One step of a band as a lawyer reads it, in English."""
    ends = f"{band.low or '…'} – {band.high or '…'} {band.currency or ''}".strip()
    return f"{band.label}: {ends}" + (f" ({band.criteria})" if band.criteria else "")
