"""What is deleted cannot be read again: not with any key that is left, in any byte of any file that is left."""

import os
import re
import subprocess
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import OperationalError

from erasure import tables, wrapping
from erasure.clock import SteadyClock
from erasure.wrapping import FILE_NAME, WrappingKeys, WrappingKeysError
from store.clock import Clock
from store.conversation_keys import ConversationKeys
from store.conversations import ConversationStore
from store.database import connect
from store.deletions import Deletions
from store.keys import read_or_make_key
from store.migrate import upgrade
from store.models import ConversationRow
from store.outbox import Outbox
from store.reserve import Reserve
from store.sealing import Sealer

SECRET = "planted secret: marzipan"
TOKEN = re.compile(rb"gAAAA[A-Za-z0-9_\-]{60,}={0,2}")
#: Lengths a token can have: what stands behind it in the file may look like more of it.
LENGTHS = [4 * -(-(57 + 16 * blocks) // 3) for blocks in range(1, 1000)]
KEY = re.compile(rb"[A-Za-z0-9_\-]{43}=")


@pytest.fixture
def store(engine, sealer, tmp_path):
    deletions = Deletions(tmp_path / "deletions")
    return ConversationStore(engine, sealer, WrappingKeys(tmp_path / FILE_NAME), 60, Reserve(tmp_path / "reserve"), deletions)


def files_of(engine, folder: Path) -> list[Path]:
    """The data folder; with PostgreSQL its own too."""
    folders = [folder]
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            folders.append(Path(connection.execute(text("show data_directory")).scalar()))
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def readable(files: list[Path]) -> list[bytes]:
    """Everything that somebody with all the files and the time to try can read: each token with each key, keys that were unwrapped too."""
    content = []
    for path in files:
        # The server makes and removes files of its own while we look.
        with suppress(FileNotFoundError):
            content.append(path.read_bytes())
    runs = {token for part in content for token in TOKEN.findall(part)}
    tokens = {run[:length] for run in runs for length in LENGTHS if length <= len(run)}
    keys, tried, found = {key for part in content for key in KEY.findall(part)}, set(), []
    while keys - tried:
        for key in keys - tried:
            tried.add(key)
            try:
                cipher = Fernet(key)
            except ValueError:
                continue
            for token in tokens:
                try:
                    opened = cipher.decrypt(token)
                except InvalidToken:
                    continue
                found.append(opened)
                keys |= set(KEY.findall(opened))
    return found + content


def keep_words_of_the_dialogue(engine, sealer, store, conversation: str, folder: Path) -> None:
    """As the Rasa server does."""
    with engine.begin() as connection:
        key = tables.key_of(connection, sealer.row_key(conversation), WrappingKeys(folder / FILE_NAME))
        row = {"conversation": sealer.dialogue_key(conversation), "body": Fernet(key).encrypt(SECRET.encode()), "expires_at": time.time() + 60}
        connection.execute(insert(tables.dialogues).values(**row))


def is_readable(engine, folder: Path) -> bool:
    return any(SECRET.encode() in part for part in readable(files_of(engine, folder)))


def pass_an_hour(store, folder: Path, engine) -> None:
    """Two renewals of the wrapping key, each followed by the end of the old one."""
    keys = WrappingKeys(folder / FILE_NAME)
    for minutes in (31, 62):
        later = time.time() + minutes * 60
        assert keys.renew(later)
        ConversationKeys(keys)._wrap_some(engine)
        assert keys.retire(later + 2 * wrapping.GRACE_SECONDS)


def test_the_search_finds_what_is_there(engine, sealer, store, tmp_path):
    store.create("abc", {"words": SECRET})
    keep_words_of_the_dialogue(engine, sealer, store, "abc", tmp_path)
    found = [part for part in readable(files_of(engine, tmp_path)) if SECRET.encode() in part]
    # PostgreSQL may still hold it in memory alone.
    assert len(found) >= 2 or engine.dialect.name == "postgresql"


@pytest.mark.parametrize("how", ["deleted", "wiped in the dialogue", "expired"])
def test_what_is_deleted_cannot_be_read_again(engine, sealer, store, tmp_path, how):
    store.create("abc", {"words": SECRET})
    for turn in range(6):
        store.update("abc", lambda old, turn=turn: {**old, "turn": turn})
    keep_words_of_the_dialogue(engine, sealer, store, "abc", tmp_path)
    outbox = Outbox(engine, WrappingKeys(tmp_path / FILE_NAME))
    outbox.put("answer", sealer.row_key("abc"), {"bodies": [SECRET] * 2}, timedelta(minutes=15), claim="sends it")
    outbox.advance("answer", "sends it", 1)
    outbox.put("confirmed", sealer.row_key("abc"), {"bodies": [SECRET]}, timedelta(minutes=15), claim="sends it")
    outbox.finish("confirmed")
    store.create("other", {"words": "of somebody else"})
    if how == "deleted":
        assert store.delete("abc")
        assert store.load("abc") is None
    elif how == "wiped in the dialogue":
        store.update("abc", lambda old: {"language": "en"}, fresh_key=True)
        assert store.load("abc") == {"language": "en"}
    else:
        with engine.begin() as connection:
            old = sealer.row_key("abc")
            connection.execute(update(ConversationRow).where(ConversationRow.key == old).values(expires_at=text("'2020-01-01 00:00:00+00'")))
            connection.execute(update(tables.dialogues).values(expires_at=1))
        assert store.purge() == 1
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("checkpoint"))
        # Gone for the product at once, for everybody when the wrapping key has been overwritten.
        pass_an_hour(store, tmp_path, engine)
    assert not is_readable(engine, tmp_path)
    assert store.load("other") == {"words": "of somebody else"}


def test_a_database_of_the_version_before_goes_on_and_is_unreadable_once_deleted(engine, sealer, store, tmp_path):
    row = {"key": sealer.row_key("abc"), "data": sealer.seal({"words": SECRET})}
    with engine.begin() as connection:
        moment = "now()" if engine.dialect.name == "postgresql" else "'2999-01-01 00:00:00'"
        ends = f"{moment} + interval '1 hour'" if engine.dialect.name == "postgresql" else moment
        connection.execute(text(f"insert into conversation values (:key, :data, {moment}, {ends})"), row)
    assert store.load("abc") == {"words": SECRET}
    assert store.update("abc", lambda old: {**old, "country": "DE"}) == {"words": SECRET, "country": "DE"}
    with engine.connect() as connection:
        assert sealer.unseal(connection.execute(select(ConversationRow.data)).scalar()) is None
    store.delete("abc")
    if engine.dialect.name == "sqlite":
        assert not is_readable(engine, tmp_path)


def test_keys_are_wrapped_anew_while_conversations_go_on(engine, store, tmp_path):
    for number in range(7):
        store.create(f"c{number}", {"n": number})
    pass_an_hour(store, tmp_path, engine)
    assert [store.load(f"c{number}") for number in range(7)] == [{"n": number} for number in range(7)]
    keys = WrappingKeys(tmp_path / FILE_NAME)
    assert keys.newest() == 3 and not keys.has_old()


def test_an_old_wrapping_key_stays_until_those_who_began_with_it_have_ended(tmp_path):
    keys, now = WrappingKeys(tmp_path / FILE_NAME), time.time()
    assert not keys.renew(now)
    number, wrapped = keys.wrap(b"k" * 44)
    assert keys.renew(now + wrapping.RENEW_SECONDS + 1)
    assert not keys.retire(now + wrapping.RENEW_SECONDS + 2)
    # Another process sees both without being told.
    assert WrappingKeys(tmp_path / FILE_NAME).unwrap(number, wrapped) == b"k" * 44
    assert keys.retire(now + wrapping.RENEW_SECONDS + 2 + wrapping.GRACE_SECONDS)
    assert keys.unwrap(number, wrapped) is None
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_clock_that_was_set_back_does_not_keep_an_old_key(tmp_path):
    keys = WrappingKeys(tmp_path / FILE_NAME)
    keys.newest()
    assert keys.renew(time.time() - 24 * 3600)


def test_a_broken_file_of_wrapping_keys_says_what_to_do(tmp_path):
    (tmp_path / FILE_NAME).write_text("{}")
    with pytest.raises(WrappingKeysError, match=r"wrapping\.keys cannot be read.*delete it"):
        WrappingKeys(tmp_path / FILE_NAME).wrap(b"k")


def test_a_deletion_that_the_database_cannot_take_waits_over_a_restart(engine, sealer, store, tmp_path):
    store.create("my-conversation", {"words": SECRET})
    store.delete_later("my-conversation")
    assert store.waits
    assert store.load("my-conversation") is None
    assert store.update("my-conversation", lambda old: old) is None
    assert "my-conversation" not in (tmp_path / "deletions").read_text()
    deletions = Deletions(tmp_path / "deletions")
    after = ConversationStore(engine, sealer, WrappingKeys(tmp_path / FILE_NAME), 60, deletions=deletions)
    assert after.load("my-conversation") is None
    after.delete_again()
    assert not after.waits
    with engine.connect() as connection:
        assert connection.execute(select(ConversationRow.key)).all() == []
        assert connection.execute(select(tables.keys)).all() == []


def test_an_old_copy_of_the_database_brings_nothing_back(engine, sealer, store, tmp_path):
    store.create("my-conversation", {"words": SECRET})
    with engine.connect() as connection:
        copies = {table: connection.execute(select(table)).mappings().all() for table in (ConversationRow.__table__, tables.keys)}
    assert store.delete("my-conversation")
    with engine.begin() as connection:
        for table, rows in copies.items():
            connection.execute(insert(table), [dict(row) for row in rows])
    # Read by nobody at once, over a restart too; then deleted again.
    after = ConversationStore(engine, sealer, WrappingKeys(tmp_path / FILE_NAME), 60, deletions=Deletions(tmp_path / "deletions"))
    assert store.load("my-conversation") is None and after.load("my-conversation") is None
    after.purge()
    with engine.connect() as connection:
        assert connection.execute(select(ConversationRow.key)).all() == [] and connection.execute(select(tables.keys)).all() == []


def test_what_was_deleted_long_ago_is_forgotten_beside_the_database_too(tmp_path, monkeypatch):
    deletions = Deletions(tmp_path / "deletions")
    deletions.add("a" * 64, "b" * 64, waits=False)
    with (tmp_path / "deletions").open("a") as file:
        file.write('["cut off')
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 74 * 3600)
    again = Deletions(tmp_path / "deletions")
    assert "a" * 64 in again
    again.taken()
    assert "a" * 64 not in again and (tmp_path / "deletions").read_text() == ""


def test_a_conversation_goes_on_while_the_key_of_the_installation_is_changed(engine, tmp_path):
    old, new = Fernet.generate_key(), Fernet.generate_key()
    keys = WrappingKeys(tmp_path / FILE_NAME)
    before, both = (ConversationStore(engine, sealer, keys, 60) for sealer in (Sealer(old), Sealer(new, old)))
    before.create("abc", {"n": 1})
    keep_words_of_the_dialogue(engine, Sealer(old), before, "abc", tmp_path)
    assert both.update("abc", lambda content: {"n": 2}) == {"n": 2}
    after = ConversationStore(engine, Sealer(new), keys, 60)
    assert after.load("abc") == {"n": 2}
    with engine.connect() as connection:
        assert connection.execute(select(tables.dialogues.c.conversation)).scalars().all() == [Sealer(new).dialogue_key("abc")]
    before.create("other", {})
    assert both.delete("other") and before.load("other") is None


def test_a_sender_who_comes_back_before_a_waiting_deletion_is_done_begins_anew(store):
    store.create("abc", {"words": SECRET})
    store.delete_later("abc")
    assert store.ensure("abc", {"new": True})
    store.delete_again()
    assert store.load("abc") == {"new": True}


def test_a_clock_that_jumps_deletes_nobody_until_it_has_held_for_an_hour(tmp_path, sealer):
    url = f"sqlite:///{tmp_path / 'redress.db'}"
    upgrade(url)
    wall, counted = [time.time()], [0.0]
    clock = SteadyClock(lambda: wall[0], lambda: counted[0])
    store = ConversationStore(connect(url), sealer, WrappingKeys(tmp_path / FILE_NAME), 60, clock=Clock(clock))

    def purge_later(seconds: float) -> int:
        wall[0] += seconds
        counted[0] += seconds
        store._purged_at = float("-inf")
        return store.purge()

    store.create("abc", {"n": 1})
    wall[0] += 2 * 3600
    assert purge_later(60) == 0
    assert store.load("abc") == {"n": 1}
    # Somebody who writes meanwhile lives on whichever clock is right.
    store.update("abc", lambda old: {"n": 2})
    store.create("silent", {})
    wall[0] -= 2 * 3600
    assert purge_later(60) == 0
    wall[0] += 3 * 3600
    assert purge_later(10) == 0
    assert purge_later(3000) == 0
    assert purge_later(1000) == 2


def test_a_gateway_whose_clock_is_ahead_deletes_nothing_in_postgresql(postgres_url, tmp_path, sealer):
    import psycopg

    name = f"clock{time.monotonic_ns()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = postgres_url.removesuffix("postgres") + name
    upgrade(url)
    keys = WrappingKeys(tmp_path / FILE_NAME)
    right = ConversationStore(connect(url), sealer, keys, 60)
    ahead = ConversationStore(connect(url), sealer, keys, 60, clock=Clock(SteadyClock(lambda: time.time() + 7200)))
    right.create("abc", {"n": 1})
    assert ahead.purge() == 0
    assert ahead.load("abc") == {"n": 1}
    ahead.update("abc", lambda old: old)
    assert right.load("abc") == {"n": 1}


def mounted(folder: Path, megabytes: int) -> bool:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


def test_deleting_works_on_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    if not mounted(disk, 8):
        pytest.skip("a small disk can only be made by root")
    try:
        url = f"sqlite:///{disk / 'redress.db'}"
        upgrade(url)
        engine, sealer = connect(url), Sealer(read_or_make_key(disk / "conversation.key"))
        reserve = Reserve(disk / "reserve")
        reserve.keep()
        store = ConversationStore(engine, sealer, WrappingKeys(disk / FILE_NAME), 60, reserve)
        store.create("abc", {"words": SECRET * 1000})
        with pytest.raises(OSError), (disk / "rubbish").open("wb", buffering=0) as file:
            while True:
                file.write(b"0" * 4096)
        with pytest.raises(OperationalError):
            for number in range(100):
                store.create(f"more{number}", {"words": "x" * 100_000})
        assert store.load("abc") is not None
        assert store.delete("abc")
        assert store.load("abc") is None
        assert not any(SECRET.encode() in part for part in readable([path for path in disk.iterdir() if path.name != "rubbish"]))
        engine.dispose()
        (disk / "rubbish").unlink()
        reserve.keep()
        assert (disk / "reserve").stat().st_size == 1024 * 1024
    finally:
        subprocess.run(["umount", str(disk)], check=True)
