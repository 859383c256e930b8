"""What a change does to cases: each State of each change is tried once, by one process at a time, and goes on where that one stopped."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from calculator.engine.figures import reference_rates
from calculator.impact.running import PART
from calculator.impact.tally import Tally
from calculator.packs.released import RATES
from store.backup import restore_backup, write_backup
from store.database import connect
from store.migrate import MIGRATIONS, upgrade
from store.models import RuleTrial
from store.rules.releases import Actor, Releases
from store.rules.trials import CASES, SILENT, Trials, TrialState, codes_of
from tests.store.people import Watch

ANN, BEA = Actor("ann", "house"), Actor("bea", "house")
KNOWN = ["DE", "FR", "GB"]
RATE_FILES = {f"{RATES}{name}": content for name, content in reference_rates.texts().items()}
FIRST = {"DE/parameters/wages.yaml": b"a: 1\n", "DE/contacts.yaml": b"- 112\n", "FR/routes/a.yaml": b"b: 1\n", **RATE_FILES}


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def releases(engine, watch):
    made = Releases(engine, watch)
    made.seed(FIRST, "1.0.0")
    return made


@pytest.fixture
def trials(engine, releases, watch):
    return Trials(engine, releases, watch)


def draft(releases, **changed: bytes) -> str:
    return releases.draft(ANN, {**FIRST, **{name.replace("__", "/") + ".yaml": text for name, text in changed.items()}}, "1.0.0", "why").id


def test_only_what_can_come_out_otherwise_is_tried(releases, trials):
    draft(releases, DE__contacts=b"- 110\n")
    trials.begin(KNOWN)
    assert trials.take("one") is None
    made = draft(releases, DE__parameters__wages=b"a: 2\n", FR__routes__a=b"b: 2\n")
    trials.begin(KNOWN)
    trials.begin(KNOWN)
    found = trials.of(made)
    assert [(one.code, one.state, one.progress.count, one.progress.done) for one in found] == [
        ("DE", TrialState.RUNNING, CASES, 0),
        ("FR", TrialState.RUNNING, CASES, 0),
    ]
    base, new = releases.pointer(), releases.one(made).pointer
    sides = found[0].progress.sides
    assert (sides.before, sides.after) == ((base.release, base.sha256), (new.release, new.sha256))


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["DE/contacts.yaml", "DE/terms.yaml", "DE/sources.yaml"], []),
        (["DE/injuries.yaml"], ["DE"]),
        (["GB/jurisdiction.yaml", "DE/routes/x.yaml"], ["DE", "GB"]),
        (["JP/routes/x.yaml"], []),
        ([f"{RATES}ecb.csv"], KNOWN),
    ],
)
def test_the_states_that_a_change_can_reach(names, codes):
    assert codes_of(names, KNOWN) == codes


def test_one_process_tries_a_state_and_another_takes_over_when_it_is_silent(releases, trials, watch):
    made = draft(releases, DE__parameters__wages=b"a: 2\n", FR__routes__a=b"b: 2\n")
    trials.begin(KNOWN)
    mine, theirs = trials.take("one"), trials.take("two")
    assert mine is not None and theirs is not None and {mine.code, theirs.code} == {"DE", "FR"}
    assert trials.take("three") is None
    mine.progress.parts.append(0)
    mine.progress.tally.put_together(Tally(cases=PART, changed=3))
    watch.on(seconds=SILENT.total_seconds() - 1)
    assert trials.keep(mine, "one")
    watch.on(seconds=2)
    # The second one has said nothing for a minute, the first one has.
    taken = trials.take("three")
    assert taken is not None and taken.code == theirs.code and trials.take("four") is None
    assert not trials.keep(theirs, "two"), "it has lost it"
    watch.on(seconds=SILENT.total_seconds() + 1)
    again = trials.take("four")
    assert again is not None and again.code == "DE" and again.progress.parts == [0] and again.progress.tally.changed == 3
    assert trials.keep(again, "four", TrialState.DONE)
    assert next(one for one in trials.of(made) if one.code == "DE").state is TrialState.DONE


def test_what_is_let_go_is_taken_at_once_and_what_is_over_never(releases, trials, watch):
    draft(releases, DE__parameters__wages=b"a: 2\n")
    trials.begin(KNOWN)
    first = trials.take("one")
    trials.let_go("one")
    second = trials.take("two")
    assert first is not None and second is not None and not trials.keep(first, "one")
    assert trials.keep(second, "two", TrialState.BROKEN, "DE/x.yaml: this is wrong")
    watch.on(days=1)
    assert trials.take("three") is None and trials.of(second.release)[0].fault == "DE/x.yaml: this is wrong"


def test_two_gateways_begin_the_same_once(engine, releases, watch):
    both = [Trials(engine, releases, watch) for _ in range(2)]
    made = draft(releases, DE__parameters__wages=b"a: 2\n")
    for one in both:
        one.begin(KNOWN)
    assert len(both[0].of(made)) == 1


def test_what_has_been_decided_is_not_tried_any_more(releases, trials):
    made = draft(releases, DE__parameters__wages=b"a: 2\n")
    releases.withdraw(ANN, made)
    trials.begin(KNOWN)
    assert trials.take("one") is None and trials.of(made) == []


def test_trials_are_made_anew_after_a_backup_and_by_an_older_schema(engine, releases, trials, watch, tmp_path, tombstones):
    """They can be worked out again, so no backup carries them and the way back drops them; the change itself is kept."""
    made = draft(releases, DE__parameters__wages=b"a: 2\n")
    trials.begin(KNOWN)
    write_backup(engine, tmp_path / "backup", watch.now)
    assert "rule_trial" not in json.loads((tmp_path / "backup").read_text())
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    fresh = connect(url)
    restore_backup(fresh, tmp_path / "backup", tombstones, watch.now)
    later = Trials(fresh, Releases(fresh, watch), watch)
    assert later.of(made) == []
    later.begin(KNOWN)
    assert [one.code for one in later.of(made)] == ["DE"]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
    assert "rule_trial" not in inspect(engine).get_table_names() and releases.one(made)
    upgrade(engine.url.render_as_string(hide_password=False))
    with Session(engine) as session:
        assert session.scalars(select(RuleTrial)).all() == []
    Trials(engine, releases, lambda: datetime.now(UTC) + timedelta(days=1)).begin(KNOWN)
    assert trials.of(made)
