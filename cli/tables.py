"""Readable tables for the command line (Rich)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from rich.console import Console
from rich.table import Table

from calculator.engine.result import document
from calculator.engine.result.card import card_of
from calculator.engine.result.sentences import (
    AT_LEAST,
    AWARD_SOURCE,
    AWARDS,
    AWARDS_NOTE,
    BETWEEN,
    CONFIDENCE,
    HOLDS_FROM,
    INPUTS,
    OPERATION,
    SEE_BAND,
    SOURCE,
    STATUS,
    STEP,
    UNSURE,
    VALUE,
)
from calculator.errors import Translate
from calculator.translation import base_language, translator
from calculator.wording import days_written
from cli import words


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def money(value: str | None, currency: str, language: str) -> str:
    return "?" if value is None else format_currency(Decimal(value), currency, locale=base_language(language), numbering_system="latn")


def amount(found: document.Amount | None, currency: str, language: str) -> str:
    """A range in one cell; "?" where a figure is not known, never a zero."""
    if found is None:
        return ""
    say = translator(language, "law")
    low, high = found.low, found.high
    text = money(low, currency, language)
    if low is not None and (high is None or low == high and found.without):
        text = say(AT_LEAST).format(amount=text)
    elif low is not None and high != low:
        text = say(BETWEEN).format(low=text, high=money(high, currency, language))
    return say(words.A_MONTH).format(amount=text) if found.per == "month" else text


def estimate(found: document.Estimate, language: str, explain: bool) -> None:
    console, say = _console(), translator(language, "law")
    if found.not_covered:
        console.print(f"[yellow]{say(words.NO_RULES).format(countries=', '.join(found.not_covered))}[/yellow]")
    for one in found.jurisdictions:
        currency = one.currency
        for text in card_of(one, say, language, one.minor is True).lines:
            console.print(f"[bold]{text}[/bold]")
        table = Table(title=f"{one.name} · {found.on}", expand=True)
        for name, style in ((words.ROUTE, "bold"), (words.STATE, ""), (words.AMOUNT, ""), (words.NOT_CONFIRMED, "dim"), (words.DEADLINE, "")):
            table.add_column(say(name), style=style)
        for route in one.routes:
            coming = [(d.date, d) for d in route.deadlines if d.date and d.coming]
            day, first = min(coming, key=lambda row: row[0], default=("", None))
            until = day if first is None or _sure(first) else f"{day}\n[dim]{say(CONFIDENCE['unverified'])}[/dim]"
            table.add_row(
                f"{route.name}\n[dim]{route.id}[/dim]",
                say(STATUS[route.status]),
                amount(route.amount, currency, language),
                amount(route.unconfirmed, currency, language),
                until,
            )
        console.print(table)
        _totals(console, one, language)
        if one.asked_and_given:
            console.print(f"  {one.asked_and_given}")
        for route in one.routes:
            _route(console, route, currency, language, explain)


def _totals(console: Console, one: document.Jurisdiction, language: str) -> None:
    say = translator(language, "law")
    if not one.totals:
        _beside(console, one.beside_total)
        return
    table = Table(title=say(words.TOTALS))
    for name in (words.HEAD, words.PAYER, words.AMOUNT, words.ROUTE, words.NOT_ADDED, words.REASON):
        table.add_column(say(name))
    for row in one.totals:
        beside = [f"{b.route} {amount(b.amount, one.currency, language)}" for b in row.beside]
        table.add_row(
            row.name,
            say(words.PAID_BY[row.payer]),
            amount(row.amount, one.currency, language),
            row.route,
            "\n".join(beside),
            "\n".join(say(words.WHY[b.why]) for b in row.beside),
        )
    table.add_row(say(words.TOTAL), "", amount(one.total, one.currency, language), "", "", "", style="bold")
    console.print(table)
    for row in one.totals:
        console.print(f"  {row.sentence}")
    _beside(console, one.beside_total)


def _beside(console: Console, sentences: list[str]) -> None:
    """What stands beside a sum: what came off it, and what is not in it."""
    for sentence in sentences:
        console.print(f"  [yellow]{sentence}[/yellow]")


def _route(console: Console, route: document.Route, currency: str, language: str, explain: bool) -> None:
    say = translator(language, "law")
    console.rule(f"{route.name} ({say(STATUS[route.status])})", align="left")
    if route.late:
        console.print(f"  [red]{route.late.text}[/red]")
    marks = {"met": "[green]✓[/green]", "not_met": "[red]✗[/red]", "unknown": "?"}
    for condition in route.conditions:
        console.print(f"  {marks[condition.status]}  {_marked(condition.text, condition, say)}")
        if explain:
            console.print(f"       [dim]{condition.source.title} · {condition.source.checked_on}[/dim]")
    for line in route.lines:
        flags = [
            CONFIDENCE[line.confidence],
            *([words.TOO_OLD] if line.time_barred else []),
            *([words.BESIDE] if not line.counted and not line.time_barred else []),
            *([words.PARTLY] if line.amount.partial else []),
        ]
        console.print(f"  • {line.name}: {amount(line.amount, currency, language)} ({', '.join(map(say, flags))})")
        if line.late:
            console.print(f"       [dim]{line.late.text}[/dim]")
        for text in line.counted_out.text if line.counted_out else []:
            console.print(f"       {text}")
        if explain:
            _trace(console, line.trace, language)
    for text in route.instead:
        console.print(f"  {text}")
    _beside(console, route.beside_amount)
    for cap in route.caps:
        console.print(f"  {say(words.CAP).format(what=cap.text)}")
    for deadline in route.deadlines:
        console.print(f"  ⏱ {deadline.date or '?'}  {_marked(deadline.rule, deadline, say)}")
        if deadline.relief:
            console.print(f"       [dim]{deadline.relief}[/dim]")
    for term in route.terms:
        console.print(f"  [dim]{term.text}[/dim]")
    for gap in route.gaps:
        console.print(f"  [yellow]? {gap}[/yellow]")
    _others(console, route, say)
    if route.missing:
        console.print(f"  [dim]{say(words.NOT_ASKED).format(facts=', '.join(route.missing))}[/dim]")


def _others(console: Console, route: document.Route, say: Translate) -> None:
    """What courts and offices go by, and what was published of other people's cases: it stands beside the sums and is in none."""
    if not route.has_others:
        return
    console.print(f"  [bold]{say(AWARDS)}[/bold]\n  [dim]{say(AWARDS_NOTE)}[/dim]")
    for band in route.told_bands:
        console.print(f"  ⇔ {band.text} [dim]{say(SEE_BAND)}[/dim]")
        if band.source is not None:
            console.print(f"       [dim]{say(AWARD_SOURCE).format(title=band.source.title, confidence=say(CONFIDENCE[band.confidence]))}[/dim]")
    for one in route.decisions:
        console.print(f"  ⚖ {one.which}: {one.facts}")
        for text in (*one.sums, *one.beside):
            console.print(f"       {text}")
        if one.about:
            console.print(f"       [dim]“{one.about}”[/dim]")
        console.print(f"       [dim]{say(AWARD_SOURCE).format(title=one.source.title, confidence=say(CONFIDENCE[one.confidence]))}[/dim]")
    for text in route.notes_on_others:
        console.print(f"  [dim]{text}[/dim]")


def _sure(found: document.Condition | document.Deadline) -> bool:
    return found.confidence != "unverified"


def _marked(text: str, found: document.Condition | document.Deadline, say: Translate) -> str:
    """A condition or a deadline; what the research does not confirm says so."""
    return text if _sure(found) else f"{text} [yellow]{say(UNSURE)}[/yellow]"


def _trace(console: Console, trace: list[document.TraceStep], language: str) -> None:
    say = translator(language, "law")
    table = Table(box=None, padding=(0, 1), show_header=True)
    for name in (STEP, OPERATION, INPUTS, VALUE, HOLDS_FROM, SOURCE):
        table.add_column(say(name), style="dim", overflow="fold")
    for entry in trace:
        inputs = ", ".join(f"{k}={_figure(v)}" for k, v in entry.inputs.items() if v not in ("", None))
        source = f"{entry.source.title} {entry.source.url or ''}" if entry.source else ""
        values = (entry.step, entry.op, inputs, _figure(entry.value), entry.valid_from or "")
        table.add_row(*(days_written(value, language) for value in values), source)
    console.print(table)


def _figure(value: document.Figure) -> str:
    return f"{value.low or '…'} – {value.high or '…'}" if isinstance(value, document.Range) else str(value)


def questions(found: list[dict[str, Any]], language: str = "en") -> None:
    say = translator(language, "law")
    table = Table()
    for name in (words.FACT, words.QUESTION, words.REASON, words.ROUTES, words.ASKED_IN):
        table.add_column(say(name))
    for one in found:
        table.add_row(one["fact"], one["text"], one["why"], ", ".join(one["routes"]), one["ask"])
    _console().print(table)


def jurisdictions(found: list[dict[str, Any]]) -> None:
    table = Table()
    for name in ("Code", "Name", "Routes (computed)", "Checked", "Examples", "Open questions"):
        table.add_column(name)
    for one in found:
        computed = sum(r["computed"] for r in one["routes"])
        table.add_row(
            one["code"],
            one["name"],
            f"{len(one['routes'])} ({computed})",
            f"{one['oldest_checked_on']} – {one['newest_checked_on']}",
            str(one["examples"]),
            str(len(one["open_questions"])),
        )
    _console().print(table)


#: Columns of the table of packs.
COVERAGE_WIDTH = 100


def coverage(found: list[dict[str, Any]]) -> None:
    table = Table(
        box=None,
        padding=(0, 1),
        caption="Comp.: routes with an amount. Ex.: examples. Fig.: figures, of which official, "
        "derived, secondary, unverified. Open: open questions. Own: sentences that a person reads and no other State has.",
    )
    for name in ("Code", "Routes", "Comp.", "Ex.", "Fig.", "Off.%", "Der.%", "Sec.%", "Unv.%", "Blank", "Oldest", "Open", "Own"):
        table.add_column(name, justify="left" if name in ("Code", "Oldest") else "right", no_wrap=True)
    for one in found:
        shares = one["shares"]
        table.add_row(
            one["code"],
            str(one["routes"]),
            str(len(one["computed"])),
            str(sum(one["examples"].values())),
            str(sum(one["figures"].values())),
            *(str(shares[rank]) for rank in ("official", "derived", "secondary", "unverified")),
            str(one["blank_figures"]),
            one["oldest_checked_on"] or "",
            str(len(one["open_questions"])),
            str(one["own_sentences"]),
        )
    # Wider than a pipe is taken to be: a cut number is none.
    Console(highlight=False, width=max(_console().width, COVERAGE_WIDTH)).print(table)
