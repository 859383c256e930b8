"""What stands in a dossier: from a case and its estimate to blocks, in the language of the client and in that of the office.

Nothing is worked out here. Every figure is the estimate's; what a person has to add stands in square brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from calculator.api import default_rules, estimate
from calculator.case.values import Kind, read_date_range
from calculator.engine.result import document
from calculator.engine.result.award_words import NO_DATE
from calculator.engine.result.card import card_of, in_order
from calculator.engine.result.counting import COLUMNS
from calculator.packs.forms import Form
from calculator.translation import LOCALES, _, isolated, languages, translator
from calculator.wording import day, language_name
from web.cards import Card, Speaker
from web.cards import Part as LossPart
from web.dossier.blocks import Block, Dossier, Heading, Listing, Paragraph, Part, Table
from web.dossier.guides import About, guide
from web.i18n import Words
from workbench import labels
from workbench.form import Entries, Field, general, part_at
from workbench.said import TITLED, answers, asked, in_words, read_back
from workbench.sheet import Reading, Sheet, entries_in, read, usable
from workbench.values import UNSAID, SlipError, value_of

TITLE = _("Claim dossier")
NO_CONSENT = _("Draft: no consent is written down")
UNDER_18 = _("Draft: the person is under 18")
WORKED_OUT = _("Worked out for {day} by the rules {rules}. Another day or other rules can give other figures.")
FOR_YOU = _("For you, in short")
TOGETHER = _("All together")
SUMS = (_("Loss"), _("Amount"), _("Way to it"))
DAYS = _("Days to watch")
DAYS_COLUMNS = (_("Day"), _("Days left"), _("Way to it"), _("What it is for"))
NO_DAYS = _("No day is known by which something must be done. Ask a lawyer all the same.")
LAW = _("The law behind it")
CONDITIONS = _("What it needs")
CONDITION = {"met": _("Fulfilled: {text}"), "not_met": _("Not fulfilled: {text}"), "unknown": _("Not known yet: {text}")}
SCHEDULE = _("Schedule of loss")
FIGURES = (_("Figure of the law"), _("Value"), _("Holds from"), _("Source"))
PAPERS = _("Papers")
STEPS = _("Steps")
NOT_KNOWN = _("Not known")
OTHERS = _("What others got")
ORDER = _("What happened, in order")
ORDER_COLUMNS = (_("Day"), _("What happened"))
ANSWERS = _("All answers")
ANSWERS_COLUMNS = (_("Question"), _("Answer"))
LEFT_OUT = _("What was left out")
CLOSED = _("Ways that are closed now")
SOURCES = _("Sources")
SOURCE = _("{title} (as of {as_of}, looked at on {checked}) {address}")
_DATE = re.compile(r"\b\d{4}(?:-\d\d){0,2}\b")
LETTER = _("Draft of a letter: {route}")
LETTER_NOTE = _("A draft to be checked, completed and signed by the person or a lawyer. What is in square brackets is to be filled in.")
LETTER_ENGLISH = _("The office reads {languages}. This draft is in English and must be translated.")
SENDER = _("[Name and address of the person, or of the lawyer or advice centre]")
RECEIVER = _("[Name and address of the office or court]")
PLACE_AND_DAY = _("[Place], [day]")
ABOUT = _("About: {route}")
CLAIMED = _("For [name] the following is claimed:")
CLAIMED_LINE = _("{loss}: {amount}")
SUM = _("Together: {amount}")
NO_SUM = _("For [name] what the law gives for the following is claimed. The amount is left to the office or the court.")
GROUNDS = _("It rests on: {law}")
ANNEX = _("How each sum was counted is shown in the schedule of loss, which is enclosed.")
FOR_LAWYER = _("For your lawyer")
ENCLOSED = _("Enclosed:")
SIGNED = _("[Signature]")
EVENTS = {
    "exploitation.*.start": _("The exploitation begins"),
    "exploitation.*.end": _("The exploitation ends"),
    "work.*.start": _("The work begins"),
    "work.*.end": _("The work ends"),
    "work.*.termination.date": _("The employer or the person ends the work"),
    "harm.first_therapy_date": _("First therapy session"),
    "procedure.report_date": _("The police are told"),
    "procedure.identified_date": _("An office says that the person was trafficked"),
    "procedure.criminal_case.date": _("Last step of the criminal case"),
    "procedure.confiscation.final_on": _("The confiscation becomes final"),
    "procedure.claims.*.filed": _("A claim is sent"),
    "procedure.claims.*.served": _("A claim reaches the other side"),
    "procedure.claims.*.decided": _("A claim is decided"),
    "procedure.awards.*.date": _("A court decides"),
    "procedure.awards.*.final_on": _("The judgment becomes final"),
    "procedure.received.*.date": _("Money comes in"),
    "losses.*.date": _("Costs arise"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dossier: of which State, on which day, in which language, and in which beside it."""

    country: str
    on: date
    language: str
    beside: str | None = None
    consent: bool = False
    #: An adult helps, should it be a child's case.
    adult: bool = False


def dossier(sheet: Sheet, wanted: Wanted) -> Dossier:
    """The dossier of one State. Raises CaseError, also where there are no rules for it."""
    reading = read(sheet)
    told = _Teller(sheet, reading, wanted, wanted.language)
    beside = _Teller(sheet, reading, wanted, wanted.beside) if wanted.beside and wanted.beside != wanted.language else None
    parts = [_paired(told, beside, one) for one in (_Teller.front, _Teller.ways, _Teller.story)]
    office = office_language_of(told.found.code)
    letters = _Teller(sheet, reading, wanted, office)
    parts[2:2] = [
        part
        for route in letters.to_ask()
        for part in (
            *([Part(office, letters.letter(route))] if route.status in ("open", "likely") else []),
            *(_paired(told, beside, partial(_Teller.guide, form=form, route_id=route.id)) for form in _forms_of(told.found.code, route.id)),
        )
    ]
    return Dossier(told.web(TITLE), wanted.language, told.watermark(), parts, told.calendar())


def _paired(told: _Teller, beside: _Teller | None, part: Callable[[_Teller], list[Block]]) -> Part:
    if beside is None:
        return Part(told.language, part(told))
    return Part(told.language, part(told), beside.language, part(beside))


def _forms_of(code: str, route: str) -> list[Form]:
    """Forms of offices on which a way to money is asked for, as far as their fields are known."""
    pack = default_rules().pack(code)
    return [form for form in pack.forms if route in form.routes] if pack is not None else []


def office_language_of(code: str) -> str:
    """The language in which a letter to an office of a State is drafted: the State's, English where we have none of its languages."""
    pack = default_rules().pack(code)
    wanted = pack.jurisdiction.languages if pack is not None else []
    return next((one for one in wanted if one in languages()), "en")


class _Teller:
    """Tells one case in one language."""

    def __init__(self, sheet: Sheet, reading: Reading, wanted: Wanted, language: str) -> None:
        self._sheet, self._reading, self._wanted, self.language = sheet, reading, wanted, language
        self.web, self._law = translator(language, "web", "law"), translator(language, "law", "chat")
        self._usable = usable(reading)
        whole = estimate(self._usable.case, [wanted.country], wanted.on, language)
        self.found = next((one for one in whole.jurisdictions if one.code == wanted.country), whole.jurisdictions[0])
        self._rules = " · ".join(filter(None, (whole.release.id, whole.release.sha256[:16])))
        self._hidden = bool(self.found.minor) and not wanted.adult
        self._words = Words(LOCALES, language)
        self._speaker = self._speaking(for_another=True)
        self._routes = in_order(self.found.routes)
        self._cards = self._speaker.cards(self.found)

    def _speaking(self, for_another: bool) -> Speaker:
        return Speaker(self.language, self.found.currency, self.found.code, self._words, minor=self._hidden, for_another=for_another)

    def watermark(self) -> str | None:
        """Why it is a draft; None where it is none."""
        reasons = ([UNDER_18] if self.found.minor else []) + ([] if self._wanted.consent else [NO_CONSENT])
        return " · ".join(map(self.web, reasons)) or None

    def calendar(self) -> list[tuple[str, str]]:
        """Each day to come with what it is for."""
        return [(date, self.web(TITLED).format(title=route, text=rule)) for date, _left, route, rule in self._days()]

    def _days(self) -> list[tuple[str, int, str, str]]:
        found: dict[tuple[str, str], tuple[int, list[str]]] = {}
        for route in self._routes:
            for one in route.deadlines:
                if route.status != "closed" and one.coming and one.date and one.days_left is not None:
                    doubt = self._speaker.doubt(one)
                    rule = f"{one.short} {doubt}" if doubt else one.short
                    found.setdefault((one.date, rule), (one.days_left, []))[1].append(route.name)
        return [(date, left, " · ".join(names), rule) for (date, rule), (left, names) in sorted(found.items())]

    # -- the first part: for the client, then the sums and the days

    def front(self) -> list[Block]:
        """One page in plain words, then sums and days."""
        web, found = self.web, self.found
        mine = self._speaking(for_another=False)
        card = card_of(found, mine.heading, self.language, self._hidden)
        blocks: list[Block] = [Heading(1, web(TITLE)), Paragraph(found.name, "strong")]
        blocks += [Heading(2, web(FOR_YOU)), *(Paragraph(line) for line in card.lines)]
        total = None if self._hidden else self._speaker.total(found.total)
        blocks += [Heading(2, web(TOGETHER)), Paragraph(total or self._words("No amount can be worked out yet."), "strong")]
        if total:
            blocks += [Paragraph(line) for line in found.beside_total]
            rows = [[row.name, self._speaker.amount(row.amount, exact=True), self._name_of(row.route)] for row in found.totals]
            blocks += [Table(list(map(web, SUMS)), rows)] if rows else []
            blocks += [Paragraph(text, "quiet") for text in dict.fromkeys(one.text for row in found.totals for one in row.beside)]
        days = self._days()
        blocks.append(Heading(2, web(DAYS)))
        cells = [[day(date, self.language), str(left), names, rule] for date, left, names, rule in days]
        blocks.append(Table(list(map(web, DAYS_COLUMNS)), cells) if days else Paragraph(web(NO_DAYS)))
        blocks.append(
            Paragraph(
                web(WORKED_OUT).format(day=day(self._wanted.on.isoformat(), self.language), rules=isolated(self._rules, self.language)),
                "quiet",
            )
        )
        return blocks

    def _name_of(self, route: str) -> str:
        return next(one.name for one in self._routes if one.id == route)

    # -- the second part: each way to money

    def ways(self) -> list[Block]:
        """Each way that is not closed, with its conditions, losses, papers and steps."""
        return [
            block for route, card in zip(self._routes, self._cards, strict=True) if route.status != "closed" for block in self._way(route, card)
        ]

    def _way(self, route: document.Route, card: Card) -> Iterator[Block]:
        web = self.web
        yield Heading(2, card.name)
        # In each language, also in that in which it is the name itself: blocks of two languages stand side by side.
        if route.local_name:
            yield Paragraph(route.local_name, "quiet")
        status = " · ".join([card.status_words, *([card.amount] if card.amount else [])])
        yield Paragraph(status, "strong")
        yield from (Paragraph(text) for text in (card.waits_for, card.late, card.doubt, *card.beside, *card.instead) if text)
        if card.warning:
            yield Paragraph(card.warning, "notice")
        yield Paragraph(" ".join(filter(None, (card.authority, card.cost, card.how_often))))
        yield from self._titled(LAW, Listing([*route.legal_basis, self._source(route.source)]))
        conditions = [web(CONDITION[one.status]).format(text=one.reason or one.text) for one in route.conditions]
        yield from self._titled(CONDITIONS, Listing(conditions))
        if card.parts:
            yield Heading(3, web(SCHEDULE))
            for part in card.parts:
                yield from self._loss(part)
        yield from self._titled(PAPERS, Listing(card.papers, "boxes"))
        yield from self._titled(STEPS, Listing(card.steps, "numbers"))
        yield from self._titled(NOT_KNOWN, Listing(card.uncertain))
        if card.others:
            bands = [f"{one.text} ({one.confidence})" for one in card.others.bands]
            decisions = [
                " ".join([self.web(TITLED).format(title=one.which, text=one.facts), *one.sums, *one.beside]) for one in card.others.decisions
            ]
            yield from self._titled(OTHERS, Listing([*bands, *decisions, *card.others.notes]))
        yield from self._titled(FOR_LAWYER, Listing(card.for_lawyers))

    def _titled(self, title: str, block: Listing) -> Iterator[Block]:
        if block.items:
            yield from (Heading(3, self.web(title)), block)

    def _loss(self, part: LossPart) -> Iterator[Block]:
        web = self.web
        yield Paragraph(web(CLAIMED_LINE).format(loss=part.name, amount=part.amount), "strong")
        yield Paragraph(part.confidence, "quiet")
        if part.note:
            yield Paragraph(part.note)
        if part.counted is not None:
            yield from (Paragraph(text) for text in part.counted.text)
            if part.counted.rows:
                yield Table([self._law(name) for name in COLUMNS], part.counted.rows)
        if part.figures:
            yield Table(list(map(web, FIGURES)), [[one.title, one.value, one.since, one.source] for one in part.figures])

    def _source(self, source: document.Source) -> str:
        as_of = _dates_in(source.as_of or "") or self._law(NO_DATE)
        return (
            self.web(SOURCE)
            .format(
                title=source.title,
                as_of=isolated(as_of, self.language),
                checked=day(source.checked_on, self.language),
                address=isolated(source.url or "", self.language),
            )
            .strip()
        )

    # -- the letters

    def to_ask(self) -> list[document.Route]:
        """Ways on which something can be asked for now, also where a condition is not known yet: only an office or a court can say it."""
        return [route for route in self._routes if route.status in ("open", "likely", "uncertain")]

    def letter(self, route: document.Route) -> list[Block]:
        """A draft to the office, with blanks for what only the person can say."""
        web = self.web
        card = next(card for one, card in zip(self._routes, self._cards, strict=True) if one is route)
        spoken = [language_name(code, self.language) for code in self._office_languages()]
        blocks: list[Block] = [Heading(2, web(LETTER).format(route=card.name)), Paragraph(web(LETTER_NOTE), "notice")]
        if self.language not in self._office_languages():
            blocks.append(Paragraph(web(LETTER_ENGLISH).format(languages=", ".join(spoken)), "notice"))
        blocks += [Paragraph(web(SENDER)), Paragraph(web(RECEIVER)), Paragraph(card.authority, "quiet"), Paragraph(web(PLACE_AND_DAY))]
        name = self.web(TITLED).format(title=card.name, text=isolated(card.local_name, self.language)) if card.local_name else card.name
        blocks.append(Paragraph(web(ABOUT).format(route=name), "strong"))
        known = [line for line in route.lines if line.counted and line.amount.low is not None] if not self._hidden else []
        if known:
            lines = [web(CLAIMED_LINE).format(loss=line.name, amount=self._speaker.amount(line.amount, exact=True)) for line in known]
            lines += [head.name for head in route.unknown_heads]
            blocks += [
                Paragraph(web(CLAIMED)),
                Listing(lines),
                Paragraph(web(SUM).format(amount=self._speaker.amount(route.amount, exact=True)), "strong"),
                Paragraph(web(ANNEX)),
            ]
        else:
            heads = dict.fromkeys([*(line.name for line in route.lines), *(head.name for head in route.unknown_heads)])
            blocks += [Paragraph(web(NO_SUM)), Listing(list(heads))] if heads else [Paragraph(web(NO_SUM))]
        blocks.append(Paragraph(web(GROUNDS).format(law="; ".join(route.legal_basis))))
        events = [self.web(TITLED).format(title=when, text=what) for when, what in self._events(here=True)]
        if events:
            blocks += [Paragraph(web(ORDER)), Listing(events)]
        if card.papers:
            blocks += [Paragraph(web(ENCLOSED)), Listing(card.papers, "boxes")]
        return [*blocks, Paragraph(web(SIGNED))]

    # -- the office's own forms

    def guide(self, form: Form, route_id: str) -> list[Block]:
        """How to fill in a form for one way to money."""
        route, card = next((one, card) for one, card in zip(self._routes, self._cards, strict=True) if one.id == route_id)
        events = [self.web(TITLED).format(title=when, text=what) for when, what in self._events(here=True)]
        return guide(
            form,
            About(
                sheet=self._sheet,
                language=self.language,
                country=self.found.code.partition("-")[0],
                currency=self.found.currency,
                route=route,
                status=card.status_words,
                papers=card.papers,
                events=events,
                source=self._source_of,
                amount=partial(self._speaker.amount, exact=True),
                left_out=frozenset(self._left_out()),
                hidden=self._hidden,
            ),
        )

    def _source_of(self, form: Form) -> str:
        pack = default_rules().packs[self.found.code]
        source = pack.sources[form.source]
        checked = source.checked_on or pack.jurisdiction.sources_checked_on
        return self._source(document.Source(title=source.title, url=source.url, as_of=source.as_of, checked_on=checked.isoformat()))

    def _office_languages(self) -> list[str]:
        pack = default_rules().pack(self.found.code)
        return list(pack.jurisdiction.languages) if pack is not None else []

    # -- the last part: the story, all answers, what was left out, sources

    def story(self) -> list[Block]:
        """What happened in order, every answer as it was given, what is left out, and the sources."""
        web = self.web
        blocks: list[Block] = [Heading(2, web(ORDER))]
        events = [[when, what] for when, what in self._events()]
        blocks.append(Table(list(map(web, ORDER_COLUMNS)), events) if events else Paragraph("–"))
        rows = [list(said) for said in answers(self._sheet, self.language).values()]
        blocks += [Heading(2, web(ANSWERS)), Table(list(map(web, ANSWERS_COLUMNS)), rows or [["–", "–"]])]
        left_out = [web(TITLED).format(title=asked(self._sheet, name, self.language), text=text) for name, text in self._left_out().items()]
        closed = [self._why_closed(card) for card in self._cards if card.status == "closed"]
        blocks += [Heading(2, web(LEFT_OUT)), Listing(left_out or ["–"])]
        blocks += [Heading(2, web(CLOSED)), Listing(closed or ["–"])]
        sources = dict.fromkeys(self._source(source) for route in self._routes for source in _sources(route))
        return [*blocks, Heading(2, web(SOURCES)), Listing(list(sources))]

    def _why_closed(self, card: Card) -> str:
        reasons = [*(reason for reason, _doubt in card.reasons), *([card.late] if card.late else [])]
        return " ".join([self.web(TITLED).format(title=card.name, text=card.status_words), *reasons])

    def _left_out(self) -> dict[str, str]:
        """What was typed and could not be used, as it was typed."""
        return {name: self._sheet.texts.get(name, "") for name in (*self._reading.slips, *self._usable.errors) if name}

    def _events(self, here: bool = False) -> list[tuple[str, str]]:
        """(day in words, what happened), the earliest first; `here`: only what did not happen in another country."""
        found = []
        for name, text in self._sheet.texts.items():
            part = part_at(name)
            if not isinstance(part, Field) or part.kind is not Kind.DATE or text in UNSAID or name in self._left_out():
                continue
            event = EVENTS.get(general(name))
            if event is None or here and self._country_of(name) not in ("", self.found.code.partition("-")[0]):
                continue
            try:
                earliest = read_date_range(value_of(part, text)).earliest
            except SlipError:
                continue
            owner = self._entry_of(name)
            said = self.web(TITLED).format(title=owner, text=self.web(event)) if owner else self.web(event)
            found.append((earliest, read_back(name, text, self.language) or text, said))
        return [(when, what) for _earliest, when, what in sorted(found, key=lambda one: one[0])]

    def _country_of(self, name: str) -> str:
        """The country of the stay, job or judgment that a field belongs to; "" where none is said."""
        return next((code for owner, one in entries_in(name) if (code := self._sheet.texts.get(f"{owner}.{one}.country"))), "")

    def _entry_of(self, name: str) -> str:
        """The title of the stay or job that a field belongs to, with its country."""
        owner, one = next(iter(entries_in(name)), ("", ""))
        part = part_at(owner)
        if not isinstance(part, Entries) or owner not in labels.TITLED:
            return ""
        title = self._law(labels.entry_title(part)).format(number=self._sheet.of(owner).index(one) + 1)
        country = self._sheet.texts.get(f"{owner}.{one}.country", "")
        return f"{title} ({in_words(f'{owner}.{one}.country', country, self.language)})" if country else title


def _dates_in(as_of: str) -> str:
    """What a source says of its age, as dates alone, since its other words are English: "~ 2023" for "after 2023"; "" where it has none."""
    if as_of.startswith("undated"):
        return ""
    dates = _DATE.findall(as_of)
    return as_of if dates == [as_of] else f"~ {' – '.join(dates)}" if dates else ""


def _sources(route: document.Route) -> Iterator[document.Source]:
    """Every source of a way: its own, those of its losses, days and conditions."""
    yield route.source
    yield from (line.source for line in route.lines if line.source is not None)
    yield from (one.source for one in route.deadlines)
    yield from (one.source for one in route.conditions)
