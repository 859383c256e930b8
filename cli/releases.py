"""`redress release`: releases of the rules from the command line (docs/rules.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from calculator.dates import parse_date
from calculator.engine.figures import reference_rates
from calculator.errors import PackError
from calculator.examples import failing
from calculator.files import write_whole
from calculator.impact.running import TrialError
from calculator.impact.trial import Sides
from calculator.packs.changes import Change, changes
from calculator.packs.current import put_in_force
from calculator.packs.load import ENGINE_VERSION, PACKS, load_rules
from calculator.packs.parsed import checksum, pack_files
from calculator.packs.released import RATES
from cli import impact as impacts
from store.database import connect
from store.migrate import upgrade
from store.rules.following import Following, product_files
from store.rules.releases import Actor, Refused, Release, ReleaseError, Releases
from store.rules.trials import CASES, codes_of
from store.settings import SettingsError, current_day, load_settings

app = typer.Typer(pretty_exceptions_enable=False, help="Releases of the rules (docs/rules.md).", no_args_is_help=True)

Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]
Name = Annotated[str, typer.Option("--as", help="who does it, as the audit names you")]
Why = Annotated[str, typer.Option("--why", help="what it is for")]
FAILURES = (SettingsError, SQLAlchemyError, OSError, ReleaseError, PackError, TrialError)

#: What each refusal means, for whoever sits at the command.
REFUSED = {
    Refused.NOT_THERE: "There is no release {detail}. `redress release list` names them.",
    Refused.NOT_SO_FAR: "This cannot be done with a release in this state. Look at `redress release list`.",
    Refused.OWN_WORK: "Whoever made a release cannot approve it. A second person has to.",
    Refused.NOTHING_NEW: "Nothing differs from the release it is made from.",
    Refused.OTHERS_CHANGED: "Others have had the same files changed since: {detail}. Draft it again from the newest release.",
    Refused.ONE_IS_SCHEDULED: "{detail} comes into force later and would undo it. Withdraw that one, then draft it again after this one.",
    Refused.NOT_IN_A_HURRY: "One person alone may only change whom to call. This changes more: {detail}.",
    Refused.IN_FORCE: "This release is in force. To replace it, roll back to an earlier one, or release a new one.",
    Refused.WRONG_FILES: "The files of {detail} are not kept: only its checksum is known.",
}


def releases() -> Releases:
    """Those of this installation, with what this version brings. Raises SettingsError, SQLAlchemyError, OSError."""
    settings = load_settings()
    upgrade(settings.database_url)
    found = Releases(connect(settings.database_url), lambda: datetime.now(UTC))
    found.seed(product_files(), ENGINE_VERSION)
    return found


def use(release: str | None) -> None:
    """Work with the rules of a release from here on; None: with those of the repository."""
    if release is None:
        return
    try:
        kept = releases()
        put_in_force(Following(kept, load_settings().rules_folder).rules_of(kept.one(release).pointer))
    except FAILURES as error:
        _fail(error)


@app.command("list")
def list_all(format: Format = "text") -> None:
    """Every release, the newest first."""
    try:
        found = releases().all()
    except FAILURES as error:
        _fail(error)
    if format == "json":
        typer.echo(json.dumps([_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        since = f" from {one.from_at:%Y-%m-%d %H:%M}" if one.from_at else ""
        alone = f" (one person alone, until {one.ends_at:%Y-%m-%d %H:%M})" if one.ends_at else ""
        typer.echo(f"{one.id:14} {one.state.value:10}{since}{alone}  {one.sha256[:12]}  {one.note or ''}")


@app.command()
def show(release: str, format: Format = "text") -> None:
    """One release: who made and approved it, and what differs from the one it was made from."""
    try:
        kept = releases()
        one = kept.one(release)
        differs = changes(kept.files(one.base) if one.base else {}, kept.files(one.id)) if one.base else []
    except FAILURES as error:
        _fail(error)
    if format == "json":
        typer.echo(json.dumps({**_json(one), "changes": [_change(each) for each in differs]}, ensure_ascii=False, indent=2))
        return
    for name, value in _json(one).items():
        typer.echo(f"{name}: {value if value is not None else '-'}")
    _tell(differs)


@app.command()
def diff(a: str, b: str, format: Format = "text") -> None:
    """What differs between two releases, entry by entry."""
    try:
        kept = releases()
        differs = changes(kept.files(a), kept.files(b))
    except FAILURES as error:
        _fail(error)
    if format == "json":
        typer.echo(json.dumps([_change(one) for one in differs], ensure_ascii=False, indent=2))
    else:
        _tell(differs)


@app.command(hidden=True)
def impact(
    changed: Annotated[str, typer.Argument(help="a release, or a folder of packs or of one State (compared with those of the repository)")],
    only: Annotated[list[str] | None, typer.Option("-j", "--jurisdiction", help="only this State; default: all that it can reach")] = None,
    cases: Annotated[int, typer.Option("--cases", min=1, help="cases tried for each State")] = CASES,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="default: one for each core")] = None,
    format: Format = "text",
) -> None:
    """What a change changes for cases nobody has: made up so that every way, place, age and time is met, worked out before and after it.

    A run that was cut off goes on where it stood when the command is given again.
    """
    try:
        every = _of_folder(Path(changed).resolve()) if Path(changed).is_dir() else _of_release(changed)
        wrong = set(only or ()) - {sides.code for sides in every}
        if wrong:
            there = ", ".join(sides.code for sides in every) or "none"
            typer.echo(f"It can change nothing in {', '.join(sorted(wrong))}. States that it can reach: {there}.", err=True)
            raise typer.Exit(2)
        chosen = [sides for sides in every if not only or sides.code in only]
        found = impacts.compared(chosen, cases, load_settings().data_dir / "impact", processes)
        if format == "json":
            typer.echo(json.dumps(impacts.all_as_json(found), ensure_ascii=False, indent=2))
            return
        for one in found:
            for line in impacts.lines(*one):
                typer.echo(line)
        if not chosen:
            typer.echo("No case can come out otherwise: it changes no figure, no way to money and no State.")
    except FAILURES as error:
        _fail(error)


def _of_release(release: str) -> list[Sides]:
    """A release and the one that it was made from."""
    kept, settings = releases(), load_settings()
    one = kept.one(release)
    if one.base is None:
        return []
    base = kept.one(one.base)
    following = Following(kept, settings.rules_folder)
    pointers = [following.kept(each.pointer) for each in (base, one)]
    both = [(each.release, each.sha256) for each in pointers]
    codes = codes_of(kept.changed_names(one.id), _states([*kept.files(base.id), *kept.files(one.id)]))
    return [Sides(code, both[0], both[1], str(settings.rules_folder), current_day().isoformat()) for code in codes]


def _of_folder(folder: Path) -> list[Sides]:
    """A folder of packs, or of one State beside others, and those of the repository."""
    if (folder / "jurisdiction.yaml").is_file():
        return [sides for sides in _of_folder(folder.parent) if sides.code == folder.name]
    old, new = pack_files(PACKS), pack_files(folder)
    for name, text in reference_rates.texts().items():
        if new.pop(f"{RATES}{name}", text) != text:
            raise OSError(f"{folder} has other reference rates ({name}). Draft it: redress release draft {folder}, then try the release.")
    codes = codes_of([name for name in old.keys() | new.keys() if old.get(name) != new.get(name)], _states(new))
    both = [(str(each), checksum(each)) for each in (PACKS, folder)]
    return [Sides(code, both[0], both[1], None, current_day().isoformat()) for code in codes]


def _states(names: Iterable[str]) -> list[str]:
    return [name.partition("/")[0] for name in names if name.endswith("/jurisdiction.yaml")]


@app.command()
def draft(
    folder: Annotated[Path, typer.Argument(help="folder of packs, as `redress release export` writes it", exists=True, file_okay=False)],
    name: Name,
    why: Why,
    base: Annotated[str | None, typer.Option("--base", help="release it was made from; default: the newest approved one")] = None,
) -> None:
    """Make a draft of a folder of packs, once they load and every example comes out."""
    try:
        kept = releases()
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
        files = (product_files() if not any(name.startswith(RATES) for name in files) else {}) | files
        files = {name: content for name, content in files.items() if name.startswith(RATES) or (folder / name).is_file()}
        rules = load_rules(folder, None, {name: files[f"{RATES}{name}"] for name in reference_rates.texts()})
        problems = failing(rules, rules.packs)
        if problems:
            for problem in problems:
                typer.echo(str(problem), err=True)
            raise typer.Exit(1)
        made = kept.draft(Actor.at_the_command(name), files, ENGINE_VERSION, why, base)
        kept.submit(Actor.at_the_command(name), made.id)
    except FAILURES as error:
        _fail(error)
    typer.echo(f"{made.id} is in review. Somebody else lets it in: redress release publish {made.id} --as NAME")


@app.command()
def publish(
    release: str,
    name: Name,
    from_day: Annotated[str | None, typer.Option("--from", help="first day, YYYY-MM-DD (UTC); default: now")] = None,
) -> None:
    """Approve a release that somebody else has made: in force from a day on, or at once."""
    try:
        start = datetime.combine(parse_date(from_day).earliest, time(), UTC) if from_day else None
    except ValueError:
        typer.echo(f"{from_day} is no day. Write it as 2027-01-01.", err=True)
        raise typer.Exit(2) from None
    try:
        made = releases().approve(Actor.at_the_command(name), release, start)
    except FAILURES as error:
        _fail(error)
    typer.echo(f"{made.id}: {made.state.value}, from {made.from_at:%Y-%m-%d %H:%M} UTC")


@app.command("roll-back")
def roll_back(release: str, name: Name, why: Why) -> None:
    """Bring back what an earlier release said, as a new one, at once."""
    try:
        made = releases().roll_back(Actor.at_the_command(name), release, ENGINE_VERSION, why)
    except FAILURES as error:
        _fail(error)
    typer.echo(f"{made.id} is in force: it says what {release} said.")


@app.command()
def withdraw(release: str, name: Name) -> None:
    """Take back a draft, or what has not come into force."""
    try:
        releases().withdraw(Actor.at_the_command(name), release)
    except FAILURES as error:
        _fail(error)
    typer.echo(f"{release} is withdrawn.")


@app.command()
def export(release: str, folder: Annotated[Path, typer.Argument(help="a folder that is made")], name: Name) -> None:
    """Write the packs of a release into a folder, byte by byte as they were released."""
    try:
        if folder.exists():
            raise OSError(f"{folder} is there already. Name a folder that is not.")
        kept = releases()
        for path, content in kept.files(release).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / path, content.decode("utf-8"))
        kept.exported(Actor.at_the_command(name), release)
    except FAILURES as error:
        _fail(error)
    typer.echo(f"Written: {folder}")


@app.command()
def team(
    organisation: Annotated[str | None, typer.Argument(help="whose editors and reviewers change the rules")] = None,
    end: Annotated[bool, typer.Option("--end", help="no longer")] = False,
) -> None:
    """Which organisations look after the rules of this installation; without a name: show them."""
    try:
        kept = releases()
        if organisation is not None and not kept.set_team(organisation, not end):
            typer.echo(f"There is no organisation {organisation}. `redress staff add` makes one.", err=True)
            raise typer.Exit(1)
        found = kept.teams()
    except FAILURES as error:
        _fail(error)
    typer.echo("\n".join(found) if found else "Nobody looks after the rules here yet: redress release team ORGANISATION")


def _json(one: Release) -> dict[str, Any]:
    def told(moment: datetime | None) -> str | None:
        return moment.isoformat(timespec="seconds") if moment is not None else None

    return {
        "id": one.id,
        "state": one.state.value,
        "sha256": one.sha256,
        "engine": one.engine,
        "base": one.base,
        "why": one.note,
        "made_by": one.made_by,
        "made_at": told(one.created_at),
        "decided_by": one.decided_by,
        "decided_at": told(one.decided_at),
        "from": told(one.from_at),
        "unreviewed_until": told(one.ends_at),
    }


def _change(one: Change) -> dict[str, Any]:
    return {"file": one.file, "place": one.place, "before": one.before, "after": one.after}


def _tell(differs: list[Change]) -> None:
    for one in differs:
        before, after = ("-" if text is None else text for text in (one.before, one.after))
        typer.echo(f"{one.file}: {one.place or '(whole file)'}" + (f": {before} -> {after}" if one.place else ""))


def _fail(error: Exception) -> NoReturn:
    if isinstance(error, ReleaseError):
        typer.echo(REFUSED[error.refused].format(detail=error.detail), err=True)
    else:
        # An error of the database may carry what was written; its first line names what is wrong.
        typer.echo(str(error).splitlines()[0], err=True)
    raise typer.Exit(1)
