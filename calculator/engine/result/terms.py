"""A State's own words beside their meaning in the reader's language: what to say, write or look for there."""

from __future__ import annotations

from collections.abc import Iterable

from calculator import vocabulary, wording
from calculator.engine.result import document
from calculator.engine.result.sentences import LIST_SEPARATOR, OFFICE_LANGUAGE, OWN_WORD, TERM, TERM_WORD
from calculator.engine.routes.pack import Pack
from calculator.errors import Translate
from calculator.packs.services import Term
from calculator.translation import base_language, isolated


def terms_of_route(pack: Pack, route: str, region: str | None = None) -> list[Term]:
    """The words for one way to money. `region`: the part of the country it is about, None = not known."""
    return sorted((term for term in pack.terms if route in term.routes and _holds_in(term, region)), key=_place)


def terms_of_topics(pack: Pack, topics: Iterable[str], region: str | None = None) -> list[Term]:
    """The words for topics of protection, those of the first topic first."""
    found = (term for topic in topics for term in sorted(pack.terms, key=_place) if topic in term.topics and _holds_in(term, region))
    return list({id(term): term for term in found}.values())


def as_told(term: Term, translate: Translate, language: str) -> document.Term:
    """The word as it is written there, and in the reader's language what it means."""
    meaning = translate(vocabulary.terms()[term.term])
    words = [_word(code, word, translate, language) for code, word in term.words.items()]
    text = translate(TERM).format(words=translate(LIST_SEPARATOR).join(words), meaning=meaning)
    return document.Term(id=term.term, words=dict(term.words), means=meaning, text=text)


def office_language(pack: Pack, translate: Translate, language: str) -> str | None:
    """What is read and written there, by the languages of the State's words; None where the reader's is one of them."""
    used = {code for term in pack.terms for code in term.words}
    codes = [code for code in pack.jurisdiction.languages if code in used]
    if not codes or base_language(language) in map(base_language, codes):
        return None
    names = translate(LIST_SEPARATOR).join(wording.language_name(code, language) for code in codes)
    return translate(OFFICE_LANGUAGE).format(languages=names)


def _word(code: str, word: str, translate: Translate, language: str) -> str:
    """The word in quotation marks, with the language it is in where that is not the reader's."""
    if base_language(code) == base_language(language):
        return translate(OWN_WORD).format(word=word)
    return translate(TERM_WORD).format(word=isolated(word, language), language=wording.language_name(code, language))


def _place(term: Term) -> int:
    """What is to be said or written comes before what is to be asked for, and that before doors and papers: the vocabulary's order."""
    return list(vocabulary.terms()).index(term.term)


def _holds_in(term: Term, region: str | None) -> bool:
    return not term.regions or region is None or region in term.regions
