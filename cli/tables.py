"""Readable tables for the command line (Rich)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from rich.console import Console
from rich.table import Table

from calculator.translation import base_language


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def money(value: str | None, currency: str, language: str) -> str:
    return "?" if value is None else format_currency(Decimal(value), currency, locale=base_language(language),
                                                      numbering_system="latn")


def amount(found: dict[str, Any] | None, currency: str, language: str) -> str:
    """A range in one cell; "?" where a figure is not known, never a zero."""
    if found is None:
        return ""
    low, high = found["low"], found["high"]
    text = money(low, currency, language)
    if low is not None and high != low:
        text = f"{text} – {money(high, currency, language)}" if high is not None else f"≥ {text}"
    return f"{text} / month" if found["per"] == "month" else text


def estimate(document: dict[str, Any], language: str, explain: bool) -> None:
    console = _console()
    if document["not_covered"]:
        console.print(f"[yellow]No rules yet for: {', '.join(document['not_covered'])}[/yellow]")
    for one in document["jurisdictions"]:
        currency = one["currency"]
        table = Table(title=f"{one['name']} · {document['on']}", expand=True)
        for name, style in (("Route", "bold"), ("Status", ""), ("Amount", ""), ("Not confirmed", "dim"), ("Deadline", "")):
            table.add_column(name, style=style)
        for route in one["routes"]:
            days = sorted(d["date"] for d in route["deadlines"] if d["date"] and d["days_left"] >= 0)
            table.add_row(f"{route['name']}\n[dim]{route['id']}[/dim]", route["status"],
                          amount(route["amount"], currency, language), amount(route["unconfirmed"], currency, language),
                          days[0] if days else "")
        console.print(table)
        _totals(console, one, language)
        for route in one["routes"]:
            _route(console, route, currency, language, explain)


def _totals(console: Console, one: dict[str, Any], language: str) -> None:
    if not one["totals"]:
        return
    table = Table(title="Totals (nothing counted twice)")
    for name in ("Head of damage", "Paid by", "Amount", "Route", "Not added", "Why"):
        table.add_column(name)
    for row in one["totals"]:
        beside = [f"{b['route']} {amount(b['amount'], one['currency'], language)}" for b in row["beside"]]
        table.add_row(row["name"], row["payer"], amount(row["amount"], one["currency"], language), row["route"],
                      "\n".join(beside), "\n".join(b["why"] for b in row["beside"]))
    table.add_row("Total", "", amount(one["total"], one["currency"], language), "", "", "", style="bold")
    console.print(table)
    for row in one["totals"]:
        console.print(f"  {row['sentence']}")


def _route(console: Console, route: dict[str, Any], currency: str, language: str, explain: bool) -> None:
    console.rule(f"{route['name']} ({route['status']})", align="left")
    marks = {"met": "[green]yes[/green]", "not_met": "[red]no[/red]", "unknown": "?"}
    for condition in route["conditions"]:
        console.print(f"  {marks[condition['status']]}  {condition['text']}")
        if explain:
            console.print(f"       [dim]{condition['source']['title']} · {condition['source']['checked_on']}[/dim]")
    for line in route["lines"]:
        flags = [line["confidence"], *(["time-barred"] if line["time_barred"] else []),
                 *(["beside the sum"] if not line["counted"] and not line["time_barred"] else []),
                 *(["partial"] if line["amount"]["partial"] else [])]
        console.print(f"  • {line['name']}: {amount(line['amount'], currency, language)} ({', '.join(flags)})")
        if explain:
            _trace(console, line["trace"])
    for limit in route["deadlines"]:
        console.print(f"  ⏱ {limit['date'] or '?'}  {limit['rule']}")
        if limit["relief"]:
            console.print(f"       [dim]{limit['relief']}[/dim]")
    for gap in route["gaps"]:
        console.print(f"  [yellow]not known:[/yellow] {gap}")
    if route["missing"]:
        console.print(f"  [dim]not asked yet: {', '.join(route['missing'])}[/dim]")


def _trace(console: Console, trace: list[dict[str, Any]]) -> None:
    table = Table(box=None, padding=(0, 1), show_header=True)
    for name in ("step", "operation", "inputs", "value", "holds from", "source"):
        table.add_column(name, style="dim", overflow="fold")
    for entry in trace:
        inputs = ", ".join(f"{k}={v}" for k, v in entry["inputs"].items() if v not in ("", None))
        source = f"{entry['source']['title']} {entry['source']['url'] or ''}" if entry["source"] else ""
        table.add_row(entry["step"], entry["op"], inputs, str(entry["value"]), entry["valid_from"] or "", source)
    console.print(table)


def questions(found: list[dict[str, Any]]) -> None:
    table = Table()
    for name in ("Fact", "Question", "Why", "Routes", "Asked in"):
        table.add_column(name)
    for one in found:
        table.add_row(one["fact"], one["text"], one["why"], ", ".join(one["routes"]), one["ask"])
    _console().print(table)


def jurisdictions(found: list[dict[str, Any]]) -> None:
    table = Table()
    for name in ("Code", "Name", "Routes (computed)", "Checked", "Examples", "Open questions"):
        table.add_column(name)
    for one in found:
        computed = sum(r["computed"] for r in one["routes"])
        table.add_row(one["code"], one["name"], f"{len(one['routes'])} ({computed})",
                      f"{one['oldest_checked_on']} – {one['newest_checked_on']}", str(one["examples"]),
                      str(len(one["open_questions"])))
    _console().print(table)


def coverage(found: list[dict[str, Any]]) -> None:
    table = Table(box=None, padding=(0, 1), caption="Comp.: routes with an amount. Ex.: examples. Fig.: figures, of which official, "
                  "derived, secondary, unverified. Open: open questions.")
    for name in ("Code", "Routes", "Comp.", "Ex.", "Fig.", "Off.%", "Der.%", "Sec.%", "Unv.%", "Blank", "Oldest", "Open"):
        table.add_column(name, justify="left" if name in ("Code", "Oldest") else "right", no_wrap=True)
    for one in found:
        shares = one["shares"]
        table.add_row(one["code"], str(one["routes"]), str(len(one["computed"])), str(sum(one["examples"].values())),
                      str(sum(one["figures"].values())), *(str(shares[rank]) for rank in ("official", "derived", "secondary",
                                                                                       "unverified")),
                      str(one["blank_figures"]), one["oldest_checked_on"] or "", str(len(one["open_questions"])))
    _console().print(table)


def estimate_schema() -> dict[str, Any]:
    """The contract's estimate as JSON Schema; keys may be added, these keep their meaning."""
    text = {"type": ["string", "null"]}
    amount_schema = {"type": "object", "required": ["low", "typical", "high", "per", "from", "until", "unbounded", "unknown"],
                     "properties": {"low": text, "typical": text, "high": text, "per": {"enum": ["once", "month", "session"]},
                                    "from": text, "until": text, "unbounded": {"type": "boolean"},
                                    "unknown": {"type": "boolean"}}}
    route = {"type": "object", "required": ["id", "kind", "name", "status", "conditions", "lines", "amount", "deadlines"],
             "properties": {"status": {"enum": ["open", "likely", "uncertain", "later", "closed"]},
                            "amount": amount_schema, "lines": {"type": "array"}}}
    jurisdiction = {"type": "object", "required": ["code", "currency", "routes", "totals", "total"],
                    "properties": {"routes": {"type": "array", "items": route}, "total": amount_schema}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "required": ["on", "engine", "release", "jurisdictions"],
            "properties": {"jurisdictions": {"type": "array", "items": jurisdiction}}}
