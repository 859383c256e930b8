"""`redress sources` as a team uses it: a round over a real site, what waits, and what somebody has looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from calculator.freshness import pages
from calculator.packs.current import put_in_force, rules_so_far
from calculator.packs.load import Rules, build_pack, load_rules
from cli.main import app
from cli.sources import commands
from cli.sources.fetching import Manners
from store.rules.sources import Answer, Seen
from tests.calculator.minipack import files, head, route
from tests.cli.sources.site import Site, running

LAW = "<main><h1>Minimum wage</h1><p>13.90 an hour</p></main>"


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


@pytest.fixture
def here(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An installation whose only State has two pages on this site, and a third source without one."""
    of = files([route([head(1)])])
    of["XX/sources.yaml"]["act"]["url"] = site.url("/act#s1")
    of["XX/sources.yaml"]["other"]["url"] = site.url("/other")
    site.pages.update({"/act": LAW, "/other": "<main><p>Another act</p></main>"})
    before = rules_so_far()
    put_in_force(Rules({"XX": build_pack("XX", of)}, "test"))
    monkeypatch.setenv("REDRESS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(commands, "Manners", lambda: Manners(pause=0.01, tries=1, second_look=0.01))
    yield site
    if before is not None:
        put_in_force(before)


def sources(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sources", *arguments])


def round_of(*arguments: str) -> dict:
    return json.loads(sources("check", "--every", "0", "--format", "json", *arguments).stdout)


def test_a_round_ends_well_when_nothing_is_new_and_is_not_made_twice(here: Site) -> None:
    first = sources("check")
    assert first.exit_code == 0 and "2 of 2 pages were looked at now; 0 wait" in first.stdout, first.output
    asked = len(here.paths())
    again = sources("check")
    assert again.exit_code == 0 and "0 of 2 pages" in again.stdout and len(here.paths()) == asked


def test_what_changed_is_named_with_what_is_read_there_until_somebody_has_looked(here: Site) -> None:
    sources("check")
    here.pages["/act"] = LAW.replace("13.90", "14.60")
    done = sources("check", "--every", "0")
    assert done.exit_code == 1 and "says something else" in done.stdout and "XX: An act" in done.stdout, done.output
    assert round_of()["waiting"][0]["answer"] == "changed"
    listed = json.loads(sources("list", "--format", "json").stdout)
    assert [(one["url"], one["read_there"]) for one in listed] == [(here.url("/act"), ["XX: An act"])]
    assert sources("settle", here.url("/act"), "--as", "Ann").exit_code == 0
    assert sources("list").stdout == "" and "/act" in sources("list", "--all").stdout
    assert sources("check", "--every", "0").exit_code == 0
    twice = sources("settle", here.url("/act"), "--as", "Ann")
    assert twice.exit_code == 2 and "sources list" in twice.stderr


def test_a_page_that_is_gone_waits_at_once(here: Site) -> None:
    del here.pages["/other"]
    found = round_of()
    assert found["looked_at"] == 2
    assert [(one["url"], one["answer"]) for one in found["waiting"]] == [(here.url("/other"), "dead")]


def test_the_round_of_a_timer_looks_at_the_pages_of_the_rules_in_force(here: Site) -> None:
    """On a new installation those are the rules that the program brings; this one asks nobody: every page was looked at just now."""
    assert sources("check").exit_code == 0
    kept = commands.sources()
    real = load_rules().packs["DE"]
    for url in pages(real):
        kept.keep(Seen(url, Answer.ANSWERS))
    done = sources("check", "--in-force", "-j", "DE")
    assert done.exit_code == 0 and f"0 of {len(pages(real))} pages" in done.stdout, done.output


def test_what_cannot_be_done_ends_otherwise_and_says_why(here: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = sources("check", "-j", "ZZ")
    assert unknown.exit_code == 2 and "no rules of ZZ" in unknown.stderr
    (tmp_path / "no.db").mkdir()
    monkeypatch.setenv("REDRESS_DATABASE_URL", f"sqlite:///{tmp_path / 'no.db'}")
    broken = sources("check")
    assert broken.exit_code == 2 and broken.stderr and "Traceback" not in broken.output


def test_every_address_of_the_packs_is_a_page_that_can_be_asked() -> None:
    for code, pack in load_rules().packs.items():
        found = pages(pack)
        assert found, code
        assert not [url for url in found if "#" in url or not url.startswith(("http://", "https://"))], code
