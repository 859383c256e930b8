"""The secret the parts share: the first key of a file is sent, every one is accepted, and a change is seen without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from envelope.secret import SharedSecret, only_this_machine
from store.keys import KeyFileError, read_keys, retire, rotate


def sent(secret: SharedSecret) -> str:
    return secret.headers()["Authorization"]


def test_only_who_sends_the_secret_is_accepted(tmp_path: Path) -> None:
    secret = SharedSecret(tmp_path / "secret", read_keys)
    key = read_keys(tmp_path / "secret")[0].decode()
    assert secret.accepts(f"Bearer {key}")
    for wrong in (None, "", "Bearer ", f"Bearer {key}x", f"Bearer {key[:-1]}", "Bearer ключ", f"Basic {key}"):
        assert not secret.accepts(wrong), wrong


def test_while_it_is_changed_both_are_accepted_and_the_new_one_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    here, not_switched_yet = SharedSecret(file, read_keys), SharedSecret(file, lambda path: read_keys(path)[-1:])
    old = sent(here)
    rotate(file)
    assert sent(here) != old and here.accepts(old) and here.accepts(sent(here))
    assert sent(not_switched_yet) == old
    assert retire(file) == 1
    assert sent(here) != old and not here.accepts(old)


@pytest.mark.parametrize("content", [None, b"", b"half a ke"])
def test_a_file_that_is_gone_or_half_copied_changes_nothing(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    secret = SharedSecret(file, read_keys)
    before = sent(secret)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    assert sent(secret) == before and secret.accepts(before)
    assert content is not None or not file.exists()


def test_a_file_without_a_key_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(KeyFileError):
        SharedSecret(tmp_path / "secret", read_keys)


def test_loopback_is_told_from_what_others_reach() -> None:
    assert all(map(only_this_machine, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(only_this_machine, ("0.0.0.0", "::", "10.0.0.5", "192.168.1.2", "rasa", "")))
