"""What is kept of the pages on which the rules can be read: what somebody has to look at is told until somebody has looked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from store.backup import write_backup
from store.migrate import MIGRATIONS, upgrade
from store.models import AuditRow
from store.rules.releases import Actor
from store.rules.sources import SILENT_ROUNDS, Answer, Known, Seen, Sources
from tests.store.people import Watch

ANN = Actor("ann", "house")
LAW, FUND = "https://law.example/act", "https://fund.example/"
WEEK = timedelta(days=7)
TEXT, OTHER = frozenset({"one", "two"}), frozenset({"one", "three"})


@pytest.fixture
def sources(engine, watch):
    return Sources(engine, watch)


def keep(sources, *answers, url=LAW):
    """The page as it is told after these looks; a change is told as so many paragraphs."""
    for one in answers:
        detail = {Answer.CHANGED: "+1 -1", Answer.MOVED: "https://law.example/new", Answer.DEAD: "404", Answer.SILENT: "503"}.get(one, "")
        told = sources.keep(Seen(url, one, detail))
    return told


def test_a_page_is_due_when_its_time_is_over(sources, watch):
    assert sources.due([LAW, FUND, LAW], WEEK) == [Known(LAW), Known(FUND)]
    sources.keep(Seen(LAW, Answer.ANSWERS, blocks=TEXT, etag='"a"', last_modified="Mon"))
    assert sources.due([LAW, FUND], WEEK) == [Known(FUND)]
    watch.on(days=7)
    assert sources.due([LAW], WEEK) == [Known(LAW, TEXT, '"a"', "Mon")]


def test_a_page_that_was_not_read_keeps_what_it_said(sources, watch):
    sources.keep(Seen(LAW, Answer.ANSWERS, blocks=TEXT, etag='"a"'))
    sources.keep(Seen(LAW, Answer.SILENT, "503"))
    assert sources.due([LAW], timedelta()) == [Known(LAW, TEXT, '"a"')]
    sources.keep(Seen(LAW, Answer.CHANGED, "+1 -1", blocks=OTHER))
    assert sources.due([LAW], timedelta()) == [Known(LAW, OTHER)]


@pytest.mark.parametrize("answer", [Answer.CHANGED, Answer.MOVED, Answer.DEAD])
def test_news_waits_until_somebody_has_looked(sources, watch, answer):
    first = watch.now
    assert keep(sources, answer).open_since == first
    watch.on(days=7)
    told = keep(sources, answer)
    assert (told.answer, told.open_since, told.checked_at) == (answer, first, watch.now)
    assert sources.open() == [told]
    assert sources.settle(ANN, LAW) and sources.open() == []
    assert not sources.settle(ANN, LAW)


@pytest.mark.parametrize("answer", [Answer.ANSWERS, Answer.BARRED])
def test_nobody_has_to_look_at_what_is_well_or_shut_to_programs(sources, answer):
    assert keep(sources, answer, answer).open_since is None
    assert not sources.settle(ANN, LAW) and not sources.settle(ANN, FUND)


def test_a_page_that_is_silent_may_come_back(sources):
    quiet = [Answer.SILENT] * (SILENT_ROUNDS - 1)
    assert keep(sources, *quiet, Answer.ANSWERS, *quiet).open_since is None
    assert keep(sources, Answer.SILENT).open_since is not None
    assert keep(sources, Answer.ANSWERS).open_since is None


@pytest.mark.parametrize("later", [Answer.ANSWERS, Answer.SILENT, Answer.BARRED])
def test_what_changed_is_told_though_the_page_is_otherwise_now(sources, watch, later):
    keep(sources, Answer.ANSWERS, Answer.CHANGED)
    told = keep(sources, later)
    assert (told.answer, told.detail, told.open_since) == (Answer.CHANGED, "+1 -1", watch.now)
    assert sources.settle(ANN, LAW) and sources.open() == []


def test_what_changed_and_was_gone_for_a_while_is_still_told(sources):
    assert keep(sources, Answer.CHANGED, Answer.DEAD).answer is Answer.DEAD
    assert keep(sources, Answer.ANSWERS).answer is Answer.CHANGED


def test_what_somebody_let_stand_is_told_again_only_when_it_is_something_else(sources):
    keep(sources, Answer.MOVED)
    sources.settle(ANN, LAW)
    assert keep(sources, Answer.MOVED).open_since is None
    assert keep(sources, Answer.DEAD).open_since is not None
    sources.settle(ANN, LAW)
    assert keep(sources, Answer.DEAD).open_since is None
    assert keep(sources, Answer.ANSWERS, Answer.DEAD).open_since is not None


def test_a_change_after_a_settled_one_is_a_new_one(sources):
    keep(sources, Answer.CHANGED)
    sources.settle(ANN, LAW)
    assert keep(sources, Answer.ANSWERS).open_since is None
    assert keep(sources, Answer.CHANGED).open_since is not None


def test_the_longest_waiting_comes_first(sources, watch):
    keep(sources, Answer.DEAD, url=LAW)
    watch.on(days=1)
    keep(sources, Answer.DEAD, url=FUND)
    keep(sources, Answer.ANSWERS, url="https://a.example/")
    assert [one.url for one in sources.open()] == [LAW, FUND]
    assert [one.url for one in sources.all()] == ["https://a.example/", FUND, LAW]


def test_who_looked_is_in_the_audit(engine, sources):
    keep(sources, Answer.CHANGED)
    sources.settle(ANN, LAW)
    with Session(engine) as session:
        (row,) = session.scalars(select(AuditRow))
    assert (row.actor, row.organisation, row.action) == ("ann", "house", "settle_source")


def test_pages_are_in_no_backup_and_the_way_back_drops_them(engine, sources, tmp_path):
    """They can be looked at again."""
    keep(sources, Answer.CHANGED)
    write_backup(engine, tmp_path / "backup", Watch().now)
    assert "source_page" not in json.loads((tmp_path / "backup").read_text())
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    assert "source_page" not in inspect(engine).get_table_names()
    upgrade(engine.url.render_as_string(hide_password=False))
    assert sources.all() == [] and keep(sources, Answer.ANSWERS).answer is Answer.ANSWERS
