"""The `redress` command: estimates, questions, packs. Thin: everything is worked out by `calculator`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar

import typer

from calculator import api
from calculator.case.read import of_a_saved_file, read_case, read_yaml
from calculator.dates import parse_date
from calculator.engine.result.document_json import as_json
from calculator.errors import CaseError, PackError, RedressError
from calculator.files import write_whole
from calculator.packs.load import PACKS, load_rules, pack_folders
from calculator.saying import rows
from calculator.translation import languages, translator
from cli import batch as batch_run
from cli import check as pack_check
from cli import keeping, keys, releases, saying, scaffold, staff, tables
from cli import schema as schemas
from cli.sources import commands as sources
from store.settings import current_day
from web.dossier.files import Format as DossierFormat
from web.dossier.ordered import Ordered, file_of
from web.i18n import match_language
from workbench.sheet import as_json as sheet_json
from workbench.sheet import sheet_of

app = typer.Typer(
    help="Redress: what a trafficked person can claim, until when, with which papers.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
pack_app = typer.Typer(pretty_exceptions_enable=False, help="Look after jurisdiction packs.", no_args_is_help=True)
app.add_typer(pack_app, name="pack")
app.add_typer(keeping.app)
app.add_typer(keys.app, name="keys")
app.add_typer(staff.app, name="staff")
app.add_typer(staff.audit_app, name="audit")
app.add_typer(releases.app, name="release")
app.add_typer(sources.app, name="sources")
app.command("impact")(releases.impact)

Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]
Jurisdictions = Annotated[list[str] | None, typer.Option("-j", "--jurisdiction", help="jurisdiction code, such as DE")]
On = Annotated[str | None, typer.Option("--on", help="day of the estimate, YYYY-MM-DD; wins over the case's own")]
Release = Annotated[str | None, typer.Option("--release", help="rules of this release (`redress release list`); default: the repository's")]
Found = TypeVar("Found")
Language = Annotated[str, typer.Option("--language", help="language of texts, such as fr")]


def _fail(error: RedressError, as_json: bool, language: str, code: int) -> NoReturn:
    """Say what is wrong and how to mend it, on standard error (or as the contract's JSON), and stop."""
    translate = translator(language, "law")
    if as_json:
        typer.echo(json.dumps(error.as_json(translate), ensure_ascii=False, indent=2))
    else:
        message, fix = error.said(translate)
        place = ": ".join(v for v in error.place.values() if v)
        typer.echo(f"{place + ': ' if place else ''}{message} {fix}", err=True)
    raise typer.Exit(code)


def _read(path: str) -> Any:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise CaseError("", "The file {found} cannot be read.", "Check its name and place.", found=path) from error
    except UnicodeDecodeError as error:
        raise CaseError("", "The file {found} is not UTF-8 text.", "Save it as UTF-8.", found=path) from error
    return of_a_saved_file(read_yaml(text))


def _day(on: str | None, raw: Any) -> date | None:
    if on is None:
        # A case without a day of its own is worked out for today; only the command may read the clock.
        return None if isinstance(raw, dict) and raw.get("evaluated_on") else current_day()
    try:
        return parse_date(on).latest
    except ValueError as error:
        raise CaseError("evaluated_on", "This is not a date: {found}.", "Write for example --on 2026-11-24.", found=on) from error


def _answer(
    case: str,
    on: str | None,
    language: str,
    format: str,
    work_out: Callable[[Any, date | None], Found],
    write: Callable[[Found], dict[str, Any]],
    table: Callable[[Found], None],
) -> None:
    """Work something out of a case and show it as asked: the contract's JSON (`write`), or a table."""
    try:
        raw = _read(case)
        found = work_out(raw, _day(on, raw))
    except RedressError as error:
        _fail(error, format == "json", language, 2)
    if format == "json":
        typer.echo(json.dumps(write(found), ensure_ascii=False, indent=2))
    else:
        table(found)


@app.command()
def jurisdictions(format: Format = "text") -> None:
    """Every pack: routes, dates, examples, open questions."""
    found = api.jurisdictions_json()
    if format == "json":
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        tables.jurisdictions(found)


@app.command()
def estimate(
    case: str,
    jurisdiction: Jurisdictions = None,
    on: On = None,
    language: Language = "en",
    format: Format = "text",
    explain: Annotated[bool, typer.Option("--explain", help="unfold every figure")] = False,
    release: Release = None,
) -> None:
    """What can be claimed in a case ("-" reads standard input)."""
    releases.use(release)
    _answer(
        case,
        on,
        language,
        format,
        lambda raw, day: api.estimate(raw, jurisdiction, day, language),
        as_json,
        lambda found: tables.estimate(found, language, explain),
    )


@app.command()
def batch(
    source: Annotated[Path, typer.Argument(help="folder of case files, or a file with one JSON case a line")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="file for the estimates; standard output without")] = None,
    jurisdiction: Jurisdictions = None,
    on: On = None,
    language: Language = "en",
    workers: Annotated[int | None, typer.Option(min=1, help="processes; all cores without")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="with the trace of every figure")] = False,
) -> None:
    """Estimates of many cases, one line of JSON each; a bad case is named and the rest goes on (then exit 2)."""
    try:
        options = batch_run.Options(jurisdiction, _day(on, None) if on else None, current_day(), language, explain)
        if output is None:
            outcome = batch_run.run(source, sys.stdout, options, workers)
        else:
            temporary = output.with_name(output.name + ".part")
            with temporary.open("w", encoding="utf-8") as target:
                outcome = batch_run.run(source, target, options, workers)
            temporary.replace(output)
    except RedressError as error:
        _fail(error, False, language, 2)
    typer.echo(f"{outcome.done} cases, {outcome.failed} with an error.", err=True)
    if outcome.failed:
        raise typer.Exit(2)


@app.command()
def questions(
    case: str,
    jurisdiction: Jurisdictions = None,
    on: On = None,
    language: Language = "en",
    format: Format = "text",
    sensitive: bool = False,
    workbench: bool = False,
    release: Release = None,
) -> None:
    """The facts worth asking next, best first."""
    releases.use(release)
    _answer(
        case,
        on,
        language,
        format,
        lambda raw, day: api.questions_json(raw, jurisdiction, day, language, sensitive, workbench),
        lambda found: found,
        lambda found: tables.questions(found["questions"], language),
    )


@app.command()
def dossier(
    case: str,
    output: Annotated[Path, typer.Option("-o", "--output", help="file to write")],
    jurisdiction: Annotated[str, typer.Option("-j", "--jurisdiction", help="jurisdiction code, such as DE")],
    on: On = None,
    language: Language = "en",
    beside: Annotated[str | None, typer.Option("--beside", help="a second language side by side, such as nl")] = None,
    format: Annotated[DossierFormat, typer.Option("--format", help="kind of file")] = DossierFormat.PDF,
    consent: Annotated[bool, typer.Option("--consent", help="the client agreed: without it each page says that it is a draft")] = False,
    adult: Annotated[bool, typer.Option("--adult", help="an adult helps a child: with amounts")] = False,
    release: Release = None,
) -> None:
    """The claim dossier of a case file, the same as the workbench makes."""
    releases.use(release)
    try:
        raw = of_a_saved_file(_read(case))
        day = _day(on, raw) or api.day_of(read_case(raw), None)
        ordered = Ordered(
            sheet=sheet_json(sheet_of(raw)),
            country=jurisdiction,
            on=day,
            language=_offered(language),
            beside=_offered(beside) if beside else None,
            consent=consent,
            adult=adult,
            format=format,
        )
        file = file_of(ordered)
    except RedressError as error:
        _fail(error, False, language, 2)
    write_whole(output, file, mode=0o600)
    typer.echo(f"Written: {output}")


def _offered(language: str) -> str:
    """A language that we have words of."""
    found = match_language(language, tuple(languages()))
    if found is None:
        raise typer.BadParameter(f"{language}: choose one of {', '.join(languages())}", param_hint="--language")
    return found


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="pack folders; all when none is named")] = None,
    format: Format = "text",
    dates: Annotated[bool, typer.Option("--dates", help="also name figures that may be out of date or miss a step")] = False,
) -> None:
    """Validate packs: shape, units, dates, sources, and that every example comes out."""
    problems = pack_check.check(paths or [])
    if not problems:
        on_days = pack_check.date_warnings(paths or [], current_day()) if dates else []
        for warning in (*pack_check.value_warnings(paths or []), *on_days):
            typer.echo(f"to look at: {warning}", err=True)
    if format == "json":
        typer.echo(json.dumps([p.as_json() for p in problems], ensure_ascii=False, indent=2))
    elif problems:
        for problem in problems:
            typer.echo(str(problem), err=True)
    else:
        typer.echo("All packs are in order.")
    if problems:
        raise typer.Exit(1)


@app.command()
def schema(
    what: Annotated[str, typer.Argument(help="case, pack, estimate, or a kind of file: route, parameters, ...")],
    write: Annotated[bool, typer.Option("--write", help="write all of them to schemas/ for editors")] = False,
) -> None:
    """The JSON Schema of a case file, of the files of a pack, or of an estimate."""
    document = schemas.schema(what)
    if document is None:
        raise typer.BadParameter(", ".join(["case", "pack", "estimate", *schemas.KINDS]))
    if write:
        for path in schemas.write():
            typer.echo(str(path))
        return
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@app.command()
def doctor(
    format: Format = "text", url: Annotated[str, typer.Option("--url", help="address of the gateway on this machine")] = "http://127.0.0.1:8000"
) -> None:
    """What this installation lacks and how to mend it, part by part; works when nothing runs. Exit 1 when something is wrong."""
    from cli import doctor as surgery  # reads the database's and Redis' libraries, which no other command needs

    findings = []
    for finding in surgery.examine(url.rstrip("/")):
        findings.append(finding)
        if format == "text":
            typer.echo(str(finding))
    is_wrong = any(finding.level is surgery.Level.WRONG for finding in findings)
    if format == "json":
        typer.echo(json.dumps({"ok": not is_wrong, "findings": [finding.as_json() for finding in findings]}, indent=2))
    if is_wrong:
        raise typer.Exit(1)


@app.command()
def contacts(target: Path) -> None:
    """Write contacts.json: the words for danger and for silence, rendered for when all else is dead."""
    api.write_contacts(target)


@app.command()
def say(
    code: Annotated[str, typer.Argument(help="code of the pack, such as NL")],
    language: Language = "en",
    format: Format = "text",
) -> None:
    """Every sentence of a State as people meet them, with the rule beside each: for a native reader and a lawyer."""
    packs = api.default_rules().packs
    if code not in packs:
        fault = PackError(code, "", "There is no pack named {found}.", "Packs: {known}.", found=code, known=", ".join(packs))
        _fail(fault, format == "json", "en", 2)
    if format == "json":
        typer.echo(json.dumps([row._asdict() for row in rows(packs[code], language, current_day())], ensure_ascii=False, indent=2))
    else:
        for line in saying.lines(packs[code], language, current_day()):
            typer.echo(line)


@pack_app.command("coverage")
def coverage(format: Format = "text") -> None:
    """Per State: what is computed, described, missing, how sure the figures are, and how many sentences it adds."""
    try:
        found = pack_check.coverage(load_rules(PACKS))
    except PackError as error:
        _fail(error, format == "json", "en", 1)
    if format == "json":
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        tables.coverage(found)


@pack_app.command("new")
def new(
    code: Annotated[str, typer.Argument(help="two capital letters, such as PT")],
    folder: Annotated[Path, typer.Option("--into", help="where to put it")] = PACKS,
) -> None:
    """A new pack with guidance in every file; a draft, so that it reaches nobody until its status is active."""
    try:
        written = scaffold.new_pack(code, folder)
    except RedressError as error:
        _fail(error, False, "en", 2)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"Fill in the files from the top down, then: redress check {written[0].parent}")


@pack_app.command("exercise")
def exercise(code: Annotated[str, typer.Argument(help="code of the pack, such as DE, or its folder")], format: Format = "text") -> None:
    """Conditions, choices, limits and formulas that no example of the pack has tried both ways; exit 1 when there are any."""
    folder = Path(code) if Path(code).is_dir() else PACKS / code
    if not folder.is_dir():
        known = ", ".join(pack.name for pack in pack_folders(PACKS))
        _fail(PackError(code, "", "There is no pack named {found}.", "Packs: {known}.", found=code, known=known), format == "json", "en", 2)
    try:
        found = pack_check.unexercised(folder)
    except RedressError as error:
        _fail(error, format == "json", "en", 1)
    if format == "json":
        typer.echo(json.dumps([{"place": place, "missing": missing} for place, missing in found], indent=2))
    else:
        for place, missing in found:
            typer.echo(f"{place}: no example shows it {missing}")
        typer.echo(f"{len(found)} left." if found else "Every choice is tried both ways.")
    if found:
        raise typer.Exit(1)


def main() -> None:
    """Run the command; a fault of a pack is one clear line, whatever was asked."""
    try:
        app()
    except PackError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
