"""`redress sources`: whether the pages on which the rules were read still say so (docs/rules.md)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from calculator.errors import PackError
from calculator.freshness import read_there
from calculator.packs.current import current_rules
from cli.bars import bar
from cli.releases import releases, use
from cli.sources.checking import looked_at
from cli.sources.fetching import Manners
from store.database import connect
from store.migrate import upgrade
from store.rules.releases import Actor
from store.rules.sources import Answer, Page, Sources
from store.settings import SettingsError, current_day, load_settings

app = typer.Typer(pretty_exceptions_enable=False, help="The pages on which the rules can be read (docs/rules.md).", no_args_is_help=True)

Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]
FAILURES = (SettingsError, SQLAlchemyError, OSError, PackError)

TOLD = {
    Answer.ANSWERS: "answers",
    Answer.CHANGED: "says something else than last time",
    Answer.MOVED: "has moved for good",
    Answer.DEAD: "is gone",
    Answer.SILENT: "did not answer",
    Answer.BARRED: "lets no program read it: open it yourself",
}


@app.command()
def check(
    only: Annotated[list[str] | None, typer.Option("-j", "--jurisdiction", help="only this State; default: all")] = None,
    every: Annotated[int, typer.Option("--every", min=0, help="leave out pages looked at in the last so many days")] = 7,
    threads: Annotated[int, typer.Option("--threads", min=1, max=32, help="sites asked at once; the pages of one come after each other")] = 8,
    release: Annotated[str | None, typer.Option("--release", help="the pages of this release; default: of the repository's packs")] = None,
    in_force: Annotated[bool, typer.Option("--in-force", help="the pages of the release in force here, if there is one")] = False,
    format: Format = "text",
) -> None:
    """Look at every page once: does it answer, has it moved, does it say something else.

    Ends with 1 when somebody has to look at a page, with 2 when the round could not be made.
    A round that was cut off goes on with the rest when the command is given again.
    """
    use(release or (_in_force() if in_force else None))
    try:
        titles = _titles(only)
        kept = sources()
        due = kept.due(titles, timedelta(days=every))
        with bar() as shown:
            task = shown.add_task("pages", total=len(due))
            for seen in looked_at(due, Manners(), threads, current_day):
                kept.keep(seen)
                shown.advance(task)
        waiting = [page for page in kept.open() if page.url in titles]
    except FAILURES as error:
        _fail(error)
    if format == "json":
        typer.echo(json.dumps({"looked_at": len(due), "waiting": [_json(one, titles) for one in waiting]}, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{len(due)} of {len(titles)} pages were looked at now; {len(waiting)} wait for somebody.")
        _tell(waiting, titles)
    if waiting:
        raise typer.Exit(1)


@app.command("list")
def list_waiting(
    everything: Annotated[bool, typer.Option("--all", help="also those that nobody has to look at")] = False, format: Format = "text"
) -> None:
    """The pages that somebody has to look at, the longest first."""
    try:
        titles = _titles(None)
        found = sources().all() if everything else sources().open()
    except FAILURES as error:
        _fail(error)
    if format == "json":
        typer.echo(json.dumps([_json(one, titles) for one in found], ensure_ascii=False, indent=2))
    else:
        _tell(found, titles)


@app.command()
def settle(url: str, name: Annotated[str, typer.Option("--as", help="who looked, as the audit names you")]) -> None:
    """Say that you have looked at a page; it is named again when something else is found."""
    try:
        done = sources().settle(Actor.at_the_command(name), url)
    except FAILURES as error:
        _fail(error)
    if not done:
        typer.echo("Nobody has to look at this page. `redress sources list` names those that wait.", err=True)
        raise typer.Exit(2)


def sources() -> Sources:
    """Those of this installation. Raises SettingsError, SQLAlchemyError, OSError."""
    settings = load_settings()
    upgrade(settings.database_url)
    return Sources(connect(settings.database_url), lambda: datetime.now(UTC))


def _in_force() -> str | None:
    """The id of the release in force here."""
    try:
        found = releases().in_force()
    except FAILURES as error:
        _fail(error)
    return found.id if found else None


def _titles(only: list[str] | None) -> dict[str, list[str]]:
    """The titles of what can be read on each page, of the States named."""
    packs = current_rules().packs
    if wrong := set(only or ()) - set(packs):
        typer.echo(f"There are no rules of {', '.join(sorted(wrong))}. There are those of {', '.join(packs)}.", err=True)
        raise typer.Exit(2)
    named = read_there({code: packs[code] for code in only or packs})
    return {url: [f"{code}: {title}" for code, title in there] for url, there in named.items()}


def _tell(found: list[Page], titles: dict[str, list[str]]) -> None:
    for page in found:
        typer.echo(f"{page.url}\n  {TOLD[page.answer]}{f' ({page.detail})' if page.detail else ''}, seen {page.checked_at:%Y-%m-%d}")
        for title in titles.get(page.url, ()):
            typer.echo(f"  {title}")


def _json(page: Page, titles: dict[str, list[str]]) -> dict[str, Any]:
    days = {name: day.isoformat() if day else None for name, day in (("checked_at", page.checked_at), ("open_since", page.open_since))}
    return {**asdict(page), "answer": page.answer.value, **days, "read_there": titles.get(page.url, [])}


def _fail(error: Exception) -> NoReturn:
    # An error of the database may carry what was written; its first line names what is wrong.
    typer.echo(str(error).splitlines()[0], err=True)
    raise typer.Exit(2)
