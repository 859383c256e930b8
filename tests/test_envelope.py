"""What the parts say to each other is read the same at both ends, and refused by the name of the field when it does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from envelope import EnvelopeError, Extras, Metadata, Understood


def test_metadata_reads_what_it_writes_and_what_an_older_gateway_wrote() -> None:
    full = Metadata("ar", "DE", "DE-BE", danger_shown=True, after_emergency=True, held=True, button=True, fact="chat.adult")
    assert Metadata.read(full.to_json()) == full
    old = {"language": "fr", "country": None, "region": None, "danger_shown": False, "after_emergency": False}
    assert Metadata.read(old).language == "fr" and Metadata.read(old).version == 1


@pytest.mark.parametrize(
    ("body", "named"), [({"language": 7}, "language"), ({"danger_shown": "yes"}, "danger_shown"), ({"version": 9}, "version"), ([], "object")]
)
def test_metadata_that_does_not_fit_names_its_field(body: Any, named: str) -> None:
    with pytest.raises(EnvelopeError, match=named):
        Metadata.read(body)


def test_a_parse_without_clauses_is_one_of_the_last_version() -> None:
    read = Understood.read({"intent": {"name": "greet"}, "entities": [{"entity": "country", "value": "DE"}], "danger": {"level": "none"}})
    assert read.intent == "greet" and read.entity("country") == "DE" and read.clauses == () and read.danger_clear


def test_a_clause_says_sure_values_and_guesses_apart() -> None:
    read = Understood.read(
        {
            "danger": {"level": "unsure", "kind": "attack", "clear": False},
            "clauses": [
                {
                    "text": "in berlin",
                    "facts": [{"group": "place", "value": "here", "score": 0.2, "sure": False}],
                    "intent": "tell_story",
                    "confidence": 0.4,
                }
            ],
            "entities": [{"entity": "country", "value": "DE", "start": 0, "end": 9}],
        }
    )
    (clause,) = read.clauses
    assert clause.value("place") is None and clause.value("place", guess=True) == "here"
    assert read.countries("in berlin") == [("DE", "here")] and not read.danger_clear


@pytest.mark.parametrize("body", ["x", {"danger": {"level": "perhaps"}}, {"clauses": ["x"]}, {"entities": 3}])
def test_a_parse_that_does_not_fit_is_refused(body: Any) -> None:
    with pytest.raises(EnvelopeError):
        Understood.read(body)


def test_extras_read_what_they_write_and_leave_the_rest_to_clients() -> None:
    extras = Extras(
        {"country": "DE"},
        True,
        {"case": {}},
        [{"fact": "a", "value": 1, "text": "x"}],
        {"case": {}},
        True,
        True,
        True,
        {"progress": {"left": 3}},
    )
    assert Extras.read(extras.to_json()) == extras
    assert Extras().to_json() == {}
    with pytest.raises(EnvelopeError, match="understood"):
        Extras.read({"understood": [{"fact": "a"}]})
