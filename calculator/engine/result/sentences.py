"""Codes the engine leaves behind, said in words: named gaps, blanks, time-barred work."""

from __future__ import annotations

from calculator.engine.figures.exchange import NO_CURRENCY
from calculator.engine.routes.pack import Pack
from calculator.errors import Translate
from calculator.translation import _
from calculator.wording import currency_name, day

GAP = _("{title}: no confirmed figure for {date}.")
BLANK = _("{title}: the figure is not known to us.")
BLANK_ROW = _("{title}: the figure for row {row} is not known to us.")
NO_ROW = _("{title}: no row fits the facts.")
NO_INJURY_ROW = _("The tariff of this country has no row that we know for this injury: {injury}.")
BARRED = _("Work from {start} to {end} may be too old to claim here. A court can make exceptions; ask a lawyer.")
NO_RATE = _("No legal pay rate is known for this work.")
PROMISED = _("What was promised is only the least: the pay usual for such work may be more.")
NO_START = _("The day from which this is paid is not known yet.")
WEEKLY_HOURS = _("Weekly hours are needed for this amount.")
UNSAID = _("This amount needs a fact that is not known.")
NO_DATE = _("{title}: the day that decides the figure is not known.")
NO_EXCHANGE = _("No official rate was found to turn {currency} into {own}. About how much was it in {own} then?")
WHOSE_CURRENCY = _("It is not known which country's money this was. About how much was it in {own} then?")
AT_LEAST = _("{amount} or more")
#: What becomes of what is late (`calculator.packs.model.Deadline`).
LATE = {
    "final": _("The time to ask for this is over."),
    "pleaded": _("The time to ask for this has passed. They can refuse because it is late. Ask a lawyer."),
    "allowed": _("The time to ask for this has passed. It can still be let in late for a good reason. Ask a lawyer soon."),
    "unknown": _("The time to ask for this may be over. We do not know if it can still be let in late. Ask a lawyer."),
}
PERHAPS_LATE = _("The time to ask for this may have passed. It depends on what we do not know yet.")
#: What a route waits for once a court has decided on it.
DECIDED = _("The court has decided. Now the money has to be paid.")
#: What comes off a sum once.
ALREADY_PAID = {
    "offender": _("The offender or employer paid {amount} already. It comes off once."),
    "state": _("The state paid {amount} already. It comes off once."),
    "anybody": _("{amount} was paid already. It is not clear for what, so it may come off once."),
}
#: Beside a sum: what is not in it.
NOT_IN_SUM = _("This sum is the least. No figure is known for this, so it is not in the sum: {heads}.")
NO_SUM = _("No sum can be worked out yet. No figure is known for: {heads}.")
AND_MORE = _("{heads}; and more")
#: Why a way is closed, where the condition has no sentence of its own for it.
IT_NEEDS = _("It needs this: {condition} This may change.")
#: A word of the State's own, and what it means: `benadeelde partij` (Dutch), in a list where the State has several languages.
TERM_WORD = _("“{word}” ({language})")
OWN_WORD = _("“{word}”")
TERM = _("{words}: {meaning}")
OFFICE_LANGUAGE = _("Offices there read and write this: {languages}. Ask a helper to translate what is sent to them.")
#: So many names are read; the document has all.
MOST_NAMES = 6
BETWEEN = _("{low} to {high}")
#: Between the names of several routes.
LIST_SEPARATOR = _("; ")
#: What something is, and how it is called there.
NAMED = _("{what} ({name})")
PAYERS = {"offender": _("the offender"), "employer": _("the employer"), "state": _("the state")}
COUNTED = _("{head}: paid by {payer}. The way to it: {route}.")
COUNTED_ONCE = _("{head}: paid by {payer}. The way to it: {route}. This loss is paid only once. Not added: {others}.")
NOT_ADDED = {
    "same_head": _("Both pay for the same loss: {route}; {other}. Only the first is counted."),
    "alternative": _("You can have only one of these: {route}; {other}. Only the first is counted."),
    "subsidiary": _("One of these pays only what the other does not pay: {route}; {other}. Only the first is counted."),
    "deducts": _("What one of these pays is taken off the other: {route}; {other}. Only the first is counted."),
}
STATUS = {
    "open": _("open to you"),
    "likely": _("probably open to you"),
    "uncertain": _("not clear yet"),
    "later": _("not yet"),
    "closed": _("not open to you"),
}
CONFIDENCE = {
    "official": _("from an official text"),
    "derived": _("worked out from official figures"),
    "secondary": _("from a second source"),
    "unverified": _("not confirmed"),
}
#: Titles of sources that are no text anybody published: said in the reader's language.
NO_TEXT = (_("Not confirmed by any source"), _("Arithmetic of the calendar"), _("Usual conversions of weeks, months and years"))
#: Below what the research marks as not confirmed: a day, a condition, a whole way to money.
UNSURE = _("This is not confirmed. Ask a lawyer.")
#: What courts and offices gave other people: never a tariff, so it is told apart from every sum of the person's own.
AWARDS = _("What other people got")
AWARDS_NOTE = _(
    "This was published: sums that other people got, amounts that courts go by, and examples. Your case can bring more or "
    "less. Some lines tell of violence."
)
#: Beside what courts and offices go by.
SEE_BAND = _("It is not a promise. It is not in the sum.")
AWARD_SOURCE = _("Source: {title} ({confidence}).")
#: Headings of a trace.
STEP, OPERATION, INPUTS, VALUE, HOLDS_FROM, SOURCE = (_("Step"), _("Operation"), _("From"), _("Result"), _("Holds from"), _("Source"))
ROUTE = _("Another route has to come to an amount first.")


def gap_text(code: str, pack: Pack, translate: Translate, language: str = "en") -> str:
    """One gap as a sentence in the reader's language, days as that language writes them. Texts of packs are message ids and pass
    through."""
    kind, _sep, rest = code.partition(":")
    name, _sep, detail = rest.partition(":")
    parameter = pack.parameters.get(name)
    title = translate(parameter.title) if parameter else name
    if kind == "gap":
        return translate(GAP).format(title=title, date=day(detail, language))
    if kind == "blank":
        return translate(BLANK_ROW).format(title=title, row=detail) if detail else translate(BLANK).format(title=title)
    if kind == "row":
        return translate(NO_ROW).format(title=title)
    if kind == "injury":
        return translate(NO_INJURY_ROW).format(injury=rest)
    if kind == "barred":
        return translate(BARRED).format(start=day(name, language), end=day(detail, language))
    if kind == "date" and parameter:
        return translate(NO_DATE).format(title=title)
    if kind == "rate":
        own = currency_name(pack.jurisdiction.currency, language)
        if name == NO_CURRENCY:
            return translate(WHOSE_CURRENCY).format(own=own)
        return translate(NO_EXCHANGE).format(currency=currency_name(name, language), own=own)
    if kind == "text":
        return translate(rest)
    plain = {
        "no_rate": NO_RATE,
        "promised": PROMISED,
        "start": NO_START,
        "interest_start": NO_START,
        "weekly_hours": WEEKLY_HOURS,
        "unsaid": UNSAID,
        "age": UNSAID,
        "deduction_per_hour": UNSAID,
        "route": ROUTE,
    }
    return translate(plain.get(code, code))
