"""The outbox: one sender at a time, nothing after its time, nothing readable once the conversation is deleted."""

import threading
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, select, text, update

from erasure.wrapping import FILE_NAME, WrappingKeys
from store.conversations import ConversationStore
from store.database import connect
from store.deletions import Deletions
from store.keys import read_or_make_key
from store.migrate import MIGRATIONS, upgrade
from store.models import OutboxRow
from store.outbox import LEASE, Kept, Outbox, Placed
from store.sealing import Sealer

SOON = timedelta(minutes=15)
SECRET = "planted secret: marzipan"
CONTENT = {"bodies": [{"chat_id": 7, "text": SECRET}, {"chat_id": 7, "text": "second"}]}


@pytest.fixture
def deletions(tmp_path):
    return Deletions(tmp_path / "deletions")


@pytest.fixture
def store(engine, sealer, tmp_path, deletions):
    store = ConversationStore(engine, sealer, WrappingKeys(tmp_path / FILE_NAME), 60, deletions=deletions)
    store.create("abc", {"language": "en"})
    return store


@pytest.fixture
def outbox(engine, store, tmp_path, deletions):
    return Outbox(engine, WrappingKeys(tmp_path / FILE_NAME), deletions)


@pytest.fixture
def row(sealer):
    return sealer.row_key("abc")


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(select(OutboxRow.key, OutboxRow.conversation, OutboxRow.content, OutboxRow.part, OutboxRow.due_at)).all()


def let_pass(engine, **columns):
    """Set moments of every row back by so long."""
    with engine.begin() as connection:
        for found in connection.execute(select(OutboxRow)).all():
            changed = {name: getattr(found, name) - back for name, back in columns.items() if getattr(found, name) is not None}
            if changed:
                connection.execute(update(OutboxRow).where(OutboxRow.key == found.key).values(**changed))


def test_an_answer_on_its_way(outbox, engine, row):
    assert outbox.recall("m") is None
    assert outbox.put("m", row, CONTENT, SOON, claim="first") is Placed.KEPT
    assert outbox.put("m", row, CONTENT, SOON, claim="second") is Placed.TAKEN
    assert outbox.recall("m") == Kept(CONTENT)
    assert outbox.claim(9) == []
    assert outbox.advance("m", "first", 1)
    assert not outbox.advance("m", "second", 1)
    assert outbox.postpone("m", "first", 0.0)
    (claimed,) = outbox.claim(9)
    assert (claimed.key, claimed.content, claimed.part, claimed.tries) == ("m", CONTENT, 1, 1)
    # Whoever let go of it may change nothing any more.
    assert not outbox.advance("m", "first", 2)
    outbox.finish("m")
    assert not outbox.advance("m", claimed.claim, 2)
    assert outbox.recall("m") == Kept(None)
    (mark,) = rows(engine)
    assert mark.conversation is mark.content is mark.due_at is None
    assert outbox.put("m", row, CONTENT, SOON, claim="late") is Placed.TAKEN


def test_a_note_that_comes_late_sets_nothing_back(outbox, engine, row):
    outbox.put("m", row, CONTENT, SOON, claim="c")
    assert outbox.advance("m", "c", 2)
    assert not outbox.advance("m", "c", 1)
    assert rows(engine)[0].part == 2


def test_the_claim_of_a_gateway_that_died_ends(outbox, engine, row):
    outbox.put("m", row, CONTENT, SOON, claim="dead")
    let_pass(engine, due_at=LEASE)
    (claimed,) = outbox.claim(9)
    assert claimed.claim != "dead"
    assert outbox.claim(9) == []
    assert not outbox.advance("m", "dead", 1)


def test_many_who_ask_at_once_never_get_the_same_answer(outbox, engine, row):
    for number in range(40):
        outbox.put(f"m{number}", row, CONTENT, SOON, claim="dead")
    let_pass(engine, due_at=LEASE)
    got, together = [], threading.Barrier(4)

    def gateway():
        together.wait()
        while claimed := outbox.claim(3):
            got.extend(one.key for one in claimed)

    threads = [threading.Thread(target=gateway) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got))
    # One may have been passed over while another gateway held it.
    got += [one.key for one in outbox.claim(40)]
    assert sorted(got) == sorted(f"m{number}" for number in range(40))


@pytest.mark.parametrize("how", ["claimed", "postponed", "swept"])
def test_after_its_time_only_a_mark_is_left(outbox, store, engine, row, how):
    outbox.put("m", row, CONTENT, SOON, claim="c")
    if how == "postponed":
        assert not outbox.postpone("m", "c", SOON.total_seconds() + 1)
    else:
        let_pass(engine, until=SOON, due_at=SOON)
        assert outbox.claim(9) == [] if how == "claimed" else store.purge() == 0
    assert outbox.recall("m") == Kept(None)
    assert rows(engine)[0].content is None


def test_a_mark_goes_after_a_day(outbox, store, engine):
    outbox.finish("m")
    let_pass(engine, until=timedelta(hours=23))
    store.purge()
    assert outbox.recall("m") == Kept(None)
    let_pass(engine, until=timedelta(hours=1))
    store._purged_at = float("-inf")
    store.purge()
    assert rows(engine) == []


def test_what_only_waits_for_a_message_that_comes_again_is_sent_by_nobody(outbox, engine, row):
    assert outbox.put("m", row, CONTENT, SOON) is Placed.KEPT
    let_pass(engine, until=timedelta(minutes=14))
    assert outbox.claim(9) == []
    assert outbox.recall("m") == Kept(CONTENT)


@pytest.mark.parametrize("how", ["deleted", "wiped", "expired", "begun anew", "deleted later"])
def test_what_was_to_be_sent_goes_with_its_conversation(outbox, store, engine, row, deletions, how):
    store.create("other", {})
    outbox.put("m", row, CONTENT, SOON, claim="c")
    outbox.put("other", store._sealer.row_key("other"), {"bodies": []}, SOON, claim="c")
    outbox.finish("confirmed before")
    if how == "deleted":
        store.delete("abc")
    elif how == "wiped":
        store.update("abc", lambda old: old, fresh_key=True)
    elif how == "deleted later":
        store.delete_later("abc")
        assert outbox.put("m2", row, CONTENT, SOON, claim="c") is Placed.GONE
        let_pass(engine, due_at=LEASE)
        assert [claimed.key for claimed in outbox.claim(9)] == ["other"]
    else:
        with engine.begin() as connection:
            old = "'2020-01-01 00:00:00+00'"
            connection.execute(text(f"update conversation set expires_at = {old} where key = :key"), {"key": row})
        assert store.purge() == 1 if how == "expired" else store.ensure("abc", {})
    assert sorted(found.key for found in rows(engine)) == ["confirmed before", "other"]
    assert not outbox.advance("m", "c", 1)
    gone = Placed.KEPT if how in ("wiped", "begun anew") else Placed.GONE
    assert outbox.put("m", row, {"bodies": []}, SOON, claim="c") is gone


def test_a_database_of_the_version_before_is_migrated(database_url, tmp_path):
    engine, config = connect(database_url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    assert "outbox" not in inspect(engine).get_table_names()
    sealer, keys = Sealer(read_or_make_key(tmp_path / "conversation.key")), WrappingKeys(tmp_path / FILE_NAME)
    upgrade(database_url)
    store, outbox = ConversationStore(engine, sealer, keys, 60), Outbox(engine, keys)
    store.create("abc", {})
    assert outbox.put("m", sealer.row_key("abc"), CONTENT, SOON, claim="c") is Placed.KEPT
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    assert store.load("abc") == {}
    engine.dispose()
