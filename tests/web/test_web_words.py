"""No page has English left over in it, nor a day as a machine writes it: every page in every language, results of every State."""

import asyncio
import json
import re
import secrets
from functools import cache
from html.parser import HTMLParser

import httpx
import pytest

from calculator.api import default_rules
from calculator.translation import DOMAINS, languages, translator
from store.migrate import upgrade
from store.settings import load_settings
from tools.source_strings import source_strings
from web.app import create_app
from web.state import ConversationState, Message, Result

LANGUAGES = [code for code in languages() if code != "en"]
#: Here every Latin letter is a name, or a mistake.
OTHER_SCRIPTS = [code for code in LANGUAGES if code in {"ar", "bg", "ru", "uk", "zh"}]
STATES = sorted(default_rules().packs)
PLACES = ("/", "/start", "/view", "/keep", "/delete", "/nowhere")
_ISO = re.compile(r"(?<![\w-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?(?![\w-])")
#: What English sentences have and names hardly ever.
_ENGLISH = re.compile(
    r"\b(?:you|your|what|when|was|were|are|is|not|can|cannot|this|that|it|how|which|who|has|have|had|until|after|before|"
    r"month|year|week|day|hour|days|hours|weeks|months|years|unknown|none|between|least|most|open|closed)\b",
    re.IGNORECASE,
)
#: What is told to an office stays in the office's language: this is told to one in Ireland, with its meaning beside it.
TO_AN_OFFICE = ("I ask for a statement of my average hourly pay",)


class Reader(HTMLParser):
    """The texts of a page that are in its language: without names of sources, offices' names and what is marked as another language."""

    EMPTY = frozenset({"meta", "link", "br", "input", "img", "rect", "path", "use", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names = (
            tag in ("style", "script", "h5") or (tag != "html" and "lang" in given) or (tag in ("a", "span", "p") and given.get("dir") == "auto")
        )
        if not self._skipped:
            self.texts += [str(given[key]) for key in ("aria-label", "title", "placeholder", "alt") if given.get(key)]
        if tag not in self.EMPTY:
            self._inside.append((tag, names))

    def handle_endtag(self, tag: str) -> None:
        while tag not in self.EMPTY and self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._skipped:
            self.texts.append(data.strip())

    @property
    def _skipped(self) -> bool:
        return any(names for _tag, names in self._inside)


def texts_of(page: str) -> list[str]:
    """Each text of a page once, without what lawyers quote in English and what stands in brackets behind a translation."""
    reader = Reader()
    reader.feed(page)
    return [re.sub(r"“[^”]*”|[(（][^()（）]*[)）]", " ", text) for text in dict.fromkeys(reader.texts)]


@cache
def english() -> dict[str, list[str]]:
    """What the catalogues translate, by its pieces between placeholders: only what can be nothing else (five words or more)."""
    pieces: dict[str, list[str]] = {}
    for domain in DOMAINS:
        for _place, text in source_strings(domain, None):
            for form in (text,) if isinstance(text, str) else text:
                for piece in re.split(r"\{[^}]*\}|“[^”]*”|\([^()]*\)", form):
                    if len(piece.split()) >= 5:
                        pieces.setdefault(" ".join(piece.split()).strip(" .,:;"), []).append(form)
    return pieces


def left_over(text: str, language: str) -> bool:
    """Whether a text says in English what the catalogue of the language says otherwise."""
    if not _ENGLISH.search(text):
        return False
    flat = " ".join(text.split())
    translate = translator(language, *DOMAINS)
    return any(piece in flat and any(translate(form) != form for form in forms) for piece, forms in english().items())


def case_in(country: str, form: str) -> dict:
    stretch = {"country": country, "start": "2025-01-01", "end": "2025-12-31"}
    return {
        "person": {"birth_date": "1998-05-01"},
        "exploitation": [{**stretch, "forms": [form], "violence": ["threats"]}],
        "work": [{**stretch, "hours_per_week": {"low": 50, "high": 60}, "paid": [{"amount": "50", "per": "week"}]}],
    }


@pytest.fixture
def pages(tmp_path, example_contacts):
    """The pages of a language: each place, and the results of States."""
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    app = create_app(settings)

    async def fetch(language: str, results: list[tuple[str, str]]) -> list[tuple[str, str]]:
        found = []
        for path, country, form in [*((place, "DE", "labour") for place in PLACES), *(("/result", *one) for one in results)]:
            result = Result(case=case_in(country, form), country=country, minor=False, services=[], language=language)
            state = ConversationState(language=language, keeps_transcript=True, result=result)
            state.record("x", [Message(text="…")])
            conversation = secrets.token_urlsafe(24)
            await app.state.services.memory.create(conversation, state)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here", cookies={"s": conversation}) as http:
                answer = await http.get(path, headers={"Accept-Language": language})
            found.append((f"{path} {country} {form}", answer.text))
        return found

    return lambda language, results: asyncio.run(fetch(language, results))


def results_in(language: str) -> list[tuple[str, str]]:
    """Every State in a language of another script; in the others, of which the search sees less, a few by turns."""
    at = LANGUAGES.index(language)
    return [(country, form) for form in ("labour", "sexual") for country in (STATES if language in OTHER_SCRIPTS else STATES[at % 5 :: 5])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english_and_days_are_written_out(pages, language):
    wrong = []
    for name, page in pages(language, results_in(language)):
        texts = texts_of(page)
        assert len(texts) > 5, name
        for text in texts:
            if _ISO.search(text):
                wrong.append(f"{name}: a machine's day: {text}")
            elif left_over(text, language):
                wrong.append(f"{name}: English: {text}")
            elif language in OTHER_SCRIPTS and _ENGLISH.search(text) and not any(said in text for said in TO_AN_OFFICE):
                wrong.append(f"{name}: not translated: {text}")
    assert not wrong, "\n".join(wrong)


def test_the_search_finds_what_it_looks_for():
    page = (
        '<html lang="ru"><p>Это 2025-03-01.</p><p>Ask the court for a copy. You can do it at any time.</p>'
        '<p lang="en">You may ask</p><a dir="auto">What was said</a></html>'
    )
    texts = texts_of(page)
    assert len(texts) == 2 and _ISO.search(texts[0]) and _ENGLISH.search(texts[1])
    told = next(form for forms in english().values() for form in forms if _ENGLISH.search(form) and "{" not in form and "(" not in form)
    assert left_over(told, "ru")
