"""Files that two processes write at once, and a disk that takes none."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calculator import vocabulary, yaml12
from calculator.files import write_whole
from calculator.packs import parsed
from calculator.packs.parsed import PACKS, raw_pack


def test_two_that_write_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.json"
    texts = [json.dumps({"writer": n, "much": "x" * 200_000}) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_whole(path, text), texts * 5))
    assert path.read_text(encoding="utf-8") in texts
    assert [entry.name for entry in path.parent.iterdir()] == ["file.json"]


def test_what_was_there_stays_when_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "old" and [entry.name for entry in tmp_path.iterdir()] == ["file.json"]


def test_packs_load_where_what_was_parsed_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    monkeypatch.setattr(parsed, "PARSED", tmp_path / "blocked" / "parsed")
    assert raw_pack(PACKS / "NL")


@pytest.mark.parametrize("kept", [None, "", "no json", "[]", '{"sha256": "of before", "content": {}}'])
def test_the_vocabulary_is_read_whatever_was_kept_of_it(kept: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "vocabulary.json"
    monkeypatch.setattr(vocabulary, "CACHE", cache)
    if kept is not None:
        cache.write_text(kept, encoding="utf-8")
    parsed = {path.name: yaml12.load(path.read_text(encoding="utf-8")) for path in vocabulary.HERE.glob("*.yaml")}
    assert vocabulary.parsed_files() == parsed
    assert json.loads(cache.read_text(encoding="utf-8"))["content"] == parsed
    # What was kept is what is read the next time.
    monkeypatch.setattr(yaml12, "load", None)
    assert vocabulary.parsed_files() == parsed


def test_the_vocabulary_is_read_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(vocabulary, "CACHE", tmp_path / "blocked" / "vocabulary.json")
    assert "facts.yaml" in vocabulary.parsed_files()
