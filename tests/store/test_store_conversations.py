"""Conversations in SQLite and PostgreSQL: encrypted, nameless, expiring, never lost between two writers."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from erasure.wrapping import FILE_NAME, WrappingKeys
from store import conversations
from store.codes import Codes
from store.conversations import ConversationStore
from store.keys import read_or_make_key
from store.models import ConversationRow
from store.sealing import Sealer


@pytest.fixture
def store(engine, tmp_path):
    return ConversationStore(engine, Sealer(read_or_make_key(tmp_path / "key")), WrappingKeys(tmp_path / FILE_NAME), idle_minutes=60)


def expire_everything(engine):
    with Session(engine) as session, session.begin():
        session.execute(update(ConversationRow).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_what_is_kept_comes_back_until_it_is_deleted(store):
    store.create("abc", {"language": "fr", "words": "\u00e9\u4e2d"})
    assert store.load("abc") == {"language": "fr", "words": "\u00e9\u4e2d"}
    assert store.update("abc", lambda old: {**old, "country": "DE"}) == store.load("abc")
    assert store.delete("abc") is True
    assert store.delete("abc") is False
    assert store.load("abc") is None


def test_an_id_that_comes_back_begins_anew_only_when_nothing_is_there(store, engine):
    assert store.ensure("abc", {"first": True}) is True
    assert store.ensure("abc", {"second": True}) is False
    assert store.load("abc") == {"first": True}
    expire_everything(engine)
    assert store.ensure("abc", {"third": True}) is True
    assert store.load("abc") == {"third": True}


def test_of_two_first_messages_at_once_one_begins_the_conversation(store):
    with ThreadPoolExecutor(8) as pool:
        began = list(pool.map(lambda n: store.ensure("abc", {"n": n}), range(8)))
    assert began.count(True) == 1
    assert store.load("abc") == {"n": began.index(True)}


def test_a_deleted_conversation_does_not_come_back_by_a_late_update(store):
    store.create("abc", {})
    store.delete("abc")
    assert store.update("abc", lambda old: {"late": True}) is None
    assert store.load("abc") is None


def test_the_row_shows_neither_id_nor_words(store, engine):
    conversation = secrets.token_urlsafe(24)
    store.create(conversation, {"words": "my secret"})
    with Session(engine) as session:
        row = session.scalars(select(ConversationRow)).one()
        assert conversation not in row.key
        assert b"secret" not in row.data
        assert row.created_at.tzinfo is UTC
        assert timedelta(minutes=59) < row.expires_at - datetime.now(UTC) <= timedelta(minutes=60)


def test_with_another_key_nothing_can_be_read(store, engine, tmp_path):
    store.create("abc", {"words": "my secret"})
    other = ConversationStore(engine, Sealer(read_or_make_key(tmp_path / "other")), WrappingKeys(tmp_path / FILE_NAME), idle_minutes=60)
    assert other.load("abc") is None
    with Session(engine) as session:
        assert Sealer(read_or_make_key(tmp_path / "other")).unseal(session.scalars(select(ConversationRow.data)).one()) is None


def test_an_expired_conversation_is_unknown_and_then_purged(store, engine):
    store.create("abc", {})
    expire_everything(engine)
    assert store.load("abc") is None
    assert store.update("abc", lambda old: old) is None
    assert store.purge() == 1


def test_purging_happens_at_most_once_a_minute(store, engine, monkeypatch):
    assert store.purge() == 0
    store.create("abc", {})
    expire_everything(engine)
    assert store.purge() == 0
    monkeypatch.setattr(conversations, "PURGE_EVERY_SECONDS", 0.0)
    assert store.purge() == 1


def test_writing_starts_the_idle_time_anew(store, engine):
    store.create("abc", {})
    with Session(engine) as session, session.begin():
        session.execute(update(ConversationRow).values(expires_at=datetime.now(UTC) + timedelta(seconds=5)))
    store.update("abc", lambda old: old)
    with Session(engine) as session:
        left = session.scalars(select(ConversationRow.expires_at)).one() - datetime.now(UTC)
    assert left > timedelta(minutes=59)


def test_writers_at_once_lose_nothing(store):
    store.create("abc", {"n": 0})

    def add_one(_):
        def change(old):
            time.sleep(0.005)
            return {"n": old["n"] + 1}

        store.update("abc", change)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(add_one, range(25)))
    assert store.load("abc") == {"n": 25}


@pytest.fixture
def codes(engine, tmp_path):
    return Codes(engine, Sealer(read_or_make_key(tmp_path / "key")))


def in_hours(hours):
    return datetime.now(UTC) + timedelta(hours=hours)


def expiry(engine):
    with Session(engine) as session:
        return session.scalars(select(ConversationRow.expires_at)).one()


def test_a_resume_code_leads_to_its_conversation_once_and_in_time(codes, store):
    codes.put("1-2-3-4-5", "conversation", in_hours(1))
    assert codes.take("5-4-3-2-1") is None
    # A code is no conversation, though it is kept beside them.
    assert store.load("1-2-3-4-5") is None
    assert codes.take("1-2-3-4-5") == "conversation"
    assert codes.take("1-2-3-4-5") is None
    codes.put("1-2-3-4-5", "conversation", in_hours(-1))
    assert codes.take("1-2-3-4-5") is None


def test_the_database_holds_neither_code_nor_conversation(codes, engine):
    codes.put("1-2-3-4-5", "my-conversation", in_hours(1))
    with Session(engine) as session:
        row = session.scalars(select(ConversationRow)).one()
        assert "1-2-3-4-5" not in row.key
        assert b"my-conversation" not in row.data


def test_a_conversation_that_is_kept_lasts_and_a_turn_brings_its_end_no_nearer(store, engine):
    store.create("abc", {})
    assert store.keep("abc", timedelta(hours=24))
    store.update("abc", lambda old: old)
    assert expiry(engine) > in_hours(23)
    # Keeping never shortens.
    assert store.keep("abc", timedelta(hours=-1))
    assert expiry(engine) > in_hours(23)
    expire_everything(engine)
    assert store.keep("abc", timedelta(hours=24)) is None
    assert store.keep("unknown", timedelta(hours=24)) is None
