"""Signatures of reviewers: they hold for the words that were read, and for no others (calculator/reviews.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from calculator import reviews
from tools import release_check
from tools.catalogue_files import NOT_REVIEWED, REVIEWED_IN_PART
from tools.reviews import reviewed_line, sign


@pytest.fixture(autouse=True)
def no_signature_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "FILE", tmp_path / "reviews.yaml")


def test_two_natives_and_a_support_worker_make_a_review() -> None:
    assert reviews.missing("fr", "danger") == {"native": 2, "support_worker": 1}
    sign("fr", "danger", "2026-12-01", "native", "A")
    # The same person twice is one person.
    sign("fr", "danger", "2026-12-02", "native", "A")
    assert reviews.missing("fr", "danger") == {"native": 1, "support_worker": 1}
    sign("fr", "danger", "2026-12-02", "native", 'B "quoted"')
    sign("fr", "danger", "2026-12-03", "support_worker", "C")
    assert reviews.missing("fr", "danger") == {}
    assert [one.who for one in reviews.standing("fr", "danger")] == ["A", "A", 'B "quoted"', "C"]
    assert reviews.missing("fr", "deadlines") and reviews.missing("es", "danger")


def test_a_changed_word_ends_the_signatures_of_its_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("danger", "residence"):
        sign("es", part, "2026-12-01", "native", "A")
    before = reviews.words

    def changed(language: str, part: reviews.Part) -> list[tuple[str, str]]:
        found = before(language, part)
        return found if part == "danger" else [(found[0][0], found[0][1] + " más"), *found[1:]]

    monkeypatch.setattr(reviews, "words", changed)
    assert len(reviews.standing("es", "danger")) == 1
    assert reviews.standing("es", "residence") == []


@pytest.mark.parametrize("part", reviews.PARTS)
def test_each_part_has_its_sentences_in_both_languages(part: reviews.Part) -> None:
    found = reviews.words("ar", part)
    assert len(found) >= 30
    assert all(english and translated for english, translated in found)
    # Names of laws stay as they are.
    assert sum(english == translated for english, translated in found) <= len(found) // 50


def test_deadlines_hold_the_vocabulary_and_what_packs_say_themselves() -> None:
    english = {text for text, _translated in reviews.words("de", "deadlines")}
    assert "The time to apply is {period}." in english
    assert "A union or an advice centre can ask the employer." in " ".join(english)
    assert not english & {text for text, _translated in reviews.words("de", "danger")}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("xx", "danger", "2026-12-01", "native", "A"), "'xx' is not one of"),
        (("en", "danger", "2026-12-01", "native", "A"), "English is the source"),
        (("fr", "dangers", "2026-12-01", "native", "A"), "'dangers' is not one of danger"),
        (("fr", "danger", "2026-13-01", "native", "A"), "month"),
        (("fr", "danger", "2026-12-01", "lawyer", "A"), "'lawyer' is not one of native"),
        (("fr", "danger", "2026-12-01", "native", " "), "a mark is needed"),
    ],
)
def test_a_signature_that_says_nothing_is_refused(given: tuple[str, str, str, str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sign(*given)
    assert reviews.signatures() == []


def test_the_header_and_the_release_follow_the_signatures() -> None:
    assert reviewed_line("uk", "law") == NOT_REVIEWED
    assert any(line.startswith("uk: police is not reviewed") for line in release_check.missing())
    assert len(release_check.not_reviewed("uk")) == len(reviews.PARTS)
    sign("uk", "police", "2026-12-01", "native", "A")
    assert reviewed_line("uk", "law") == REVIEWED_IN_PART
    assert reviewed_line("uk", "danger") == reviewed_line("uk", "chat") == NOT_REVIEWED
    sign("uk", "police", "2026-12-01", "native", "B")
    sign("uk", "police", "2026-12-01", "support_worker", "C")
    assert not any(line.startswith("uk: police") for line in release_check.not_reviewed("uk"))
