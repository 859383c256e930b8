"""The words of the field: a catalogue that says what it must not, or does not say what its glossary says, is refused."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from pydantic import ValidationError

from calculator.translation import languages
from tools import glossary
from tools.catalogue_files import path_of

OTHERS = [language for language in languages() if language != "en"]


def law(*texts: tuple[str, str]) -> dict[str, Catalog]:
    catalogue = Catalog(locale="de")
    for english, said in texts:
        catalogue.add(english, said)
    return {"law": catalogue}


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A glossary with the right words for every term, and nothing in the catalogues yet."""
    own = {name: '{say: ["Wort*"], never: []}' for name in glossary.terms()}
    own["deadline"] = '{say: ["Frist*"], never: ["tote Linie", "Totlinie*"]}'
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "glossary.yaml").write_text("\n".join(f"{name}: {words}" for name, words in own.items()), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Die Frist ist vorbei.", None),
        ("Die Fristen sind vorbei.", None),
        ("Frist: die TOTE LINIE.", "TOTE LINIE"),
        ("Die Frist und Totlinien.", "Totlinie"),
        ("Die Frist, eine tote Linienführung.", None),
    ],
)
def test_what_must_not_be_said_is_found(german: Path, said: str, wrong: str | None) -> None:
    found = glossary.problems("de", law(("The deadline has passed.", said)), german)
    assert found == ([f"de/law: 'The deadline has passed.' says {wrong!r} for deadline; say Frist*"] if wrong else [])


def test_a_text_without_the_term_may_say_anything(german: Path) -> None:
    assert glossary.problems("de", law(("The line is dead.", "Die tote Linie.")), german) == []


def test_a_glossary_that_the_catalogue_does_not_follow_is_found(german: Path) -> None:
    (found,) = glossary.problems("de", law(("A deadline.", "Eine Frist."), ("The deadline.", "Der Termin.")), german)
    assert "deadline" in found and "1 of 2" in found


def test_every_language_has_every_term(german: Path) -> None:
    file = german / "de" / "glossary.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("trial: ", "attempt: "), encoding="utf-8")
    missing, unknown = glossary.problems("de", law(), german)
    assert "trial is missing" in missing and "attempt is no term" in unknown
    file.write_text("deadline: {say: Frist}", encoding="utf-8")
    with pytest.raises(ValidationError):
        glossary.problems("de", law(), german)


def test_words_of_scripts_without_spaces() -> None:
    assert glossary.pattern(["期限"]).search("最后期限是")
    assert not glossary.pattern([]).search("")


@pytest.mark.parametrize("language", OTHERS)
def test_a_word_of_each_glossary_that_must_not_be_said_would_be_found(language: str) -> None:
    """The glossary of each language is held: the first text with a term, told with its first forbidden word, is refused."""
    with path_of(language, "law").open("rb") as file:
        catalogue = read_po(file, locale=language)
    assert glossary.problems(language, {"law": catalogue}) == []
    name, own = next((name, own) for name, own in glossary.glossary(language).items() if own.never)
    text = next(m for m in catalogue if isinstance(m.id, str) and m.id and glossary.pattern_of(name).search(m.id))
    text.string = f"{text.string} {own.never[0].removesuffix('*')}"
    assert any(name in problem for problem in glossary.problems(language, {"law": catalogue}))
