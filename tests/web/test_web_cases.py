"""The workbench over HTTP: cases begun, found, filled in by two at a time, worked out, compared, agreed to and deleted."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from store.models import AuditRow
from store.organisations.audit import faults
from store.organisations.roles import Role
from tests.web.house import Signed, come_in
from web.staff import keeping
from web.staff.session import COOKIE
from workbench.record import VERSION, Record

HEADERS = {"origin": "http://here"}
SCRIPT = {"x-notes": "1"}


@pytest.fixture(scope="module")
def running(app):
    with TestClient(app, base_url="http://here", headers=HEADERS) as client:
        yield client


class Worker(Signed):
    """A signed-in worker in a browser of her own."""

    def found(self, wanted: str) -> str:
        """The list of the cases that a search finds."""
        return html.unescape(self.post("/staff/cases/find", {"find": wanted}).text)

    def begin(self, name: str = "Blue bird") -> str:
        """The path of a new case."""
        return str(self.post("/staff/cases", {"name": name, "months": "12"}).url.path)

    def add(self, case: str, what: str) -> str:
        """The id of a new entry."""
        before = set(self.entries(case, what))
        self.post(case, {"was": json.dumps(self.was(case)), "do": f"add {what}"})
        return (set(self.entries(case, what)) - before).pop()

    def entries(self, case: str, what: str) -> list[str]:
        return re.findall(rf'data-entry="{re.escape(what)} (\w+)"', self.get(case).text)

    def was(self, case: str) -> dict[str, str]:
        return json.loads(html.unescape(re.search(r'name="was" value="([^"]*)"', self.get(case).text)[1]))

    def type(self, case: str, was: dict[str, str], **typed: str):
        """What our script sends, and what it is told."""
        answer = self.post(case, {"was": json.dumps(was), **typed}, headers=SCRIPT)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def house(app, running):
    """Two workers of one house, and one of another."""
    staff, sessions = app.state.services.staff, app.state.services.sessions
    ana, _paper = come_in(app, staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]), "ana")
    member = sessions.member(ana.cookies[COOKIE])
    bea, _none = come_in(app, staff.invite(member, "bea", {Role.SUPPORT_WORKER}), "bea")
    staff.let_in(member, next(one.id for one in staff.colleagues(member) if one.name == "bea"))
    eve, _key = come_in(app, staff.invite_from_command("eve", "Another house", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]), "eve")
    return [Worker(running, one.cookies[COOKIE]) for one in (ana, bea, eve)]


@pytest.fixture
def ana(house):
    return house[0]


@pytest.fixture
def bea(house):
    return house[1]


@pytest.fixture
def german(ana) -> tuple[str, str, str]:
    """A case of cleaning in Germany: its path, the stay, the job."""
    case = ana.begin("German case")
    stay, job = ana.add(case, "exploitation"), ana.add(case, "work")
    ana.type(
        case,
        ana.was(case),
        **{
            f"exploitation.{stay}.country": "DE",
            f"exploitation.{stay}.forms": "labour",
            f"exploitation.{stay}.end": "2026-02",
            "person.birth_year": "1995",
            f"work.{job}.country": "DE",
            f"work.{job}.start": "2025-03",
            f"work.{job}.end": "2026-02",
            f"work.{job}.hours_per_week": "60",
            f"work.{job}.paid": "none",
        },
    )
    return case, stay, job


def test_a_case_needs_a_name_and_is_found_by_what_stands_in_it(ana):
    refused = ana.post("/staff/cases", {"name": "  "})
    assert refused.status_code == 422 and "Give the case a name first" in refused.text
    case = ana.begin("Otter 7")
    ana.type(case, {}, **{"about.notes": "Met at the Harbour café", "person.residence_country": "RO"})
    for wanted, there in (("otter", True), ("HARBOUR café", True), ("harbour zebra", False), ("zebra", False)):
        page = ana.found(wanted)
        assert ("Otter 7" in page) == there, wanted
    assert "No case was found" in ana.found("zebra")


def test_a_name_is_shown_as_it_is_and_runs_nothing(ana):
    case = ana.begin('<script>alert(1)</script>"')
    assert "<script>alert" not in ana.get(case).text and "&lt;script&gt;" in ana.get(case).text
    assert "<script>alert" not in ana.get("/staff/cases").text


def test_what_is_typed_is_saved_read_back_and_worked_out(ana, german):
    case, stay, job = german
    told = ana.type(case, ana.was(case), **{f"work.{job}.start": "1.4.2025", f"exploitation.{stay}.start": "04/03/2025"})
    assert told["was"][f"work.{job}.start"] == "2025-04-01" and told["told"][f"work.{job}.start"] == "April 1, 2025"
    # What could be two days is not taken for either: it stays as it was typed, and the answer says that it is not used.
    assert told["was"][f"exploitation.{stay}.start"] == "04/03/2025" and "Write the year first" in told["errors"][f"exploitation.{stay}.start"]
    answer = html.unescape(told["answer"])
    assert "1 answer is not used" in answer and "Germany" in answer and "€" in answer and "days left" in answer
    page = ana.text(case)
    assert 'value="04/03/2025"' in page and "Write the year first" in page and "April 1, 2025" in page
    assert "Claim for unpaid wages" in page and "Stays and jobs in time" in page


def test_without_a_script_the_page_itself_saves_and_says_what_is_wrong(ana, german):
    case, _stay, job = german
    page = ana.post(case, {"was": json.dumps(ana.was(case)), "do": "save", f"work.{job}.hours_per_week": "1.500"})
    assert page.status_code == 200 and "can be read in two ways" in page.text and 'value="1.500"' in page.text
    page = ana.post(case, {"was": json.dumps(ana.was(case)), "do": "save", f"work.{job}.hours_per_week": "200"})
    # A fact that cannot be is told where it stands.
    assert "It lies between 0 and 168" in page.text and "1 answer is not used" in page.text


def test_not_known_in_the_words_of_the_page(ana, german):
    case, _stay, job = german
    ana.language = "de"
    try:
        from calculator.translation import translator

        words = translator("de", "law")("Not known")
        told = ana.type(case, ana.was(case), **{f"work.{job}.days_per_week": words.upper(), f"work.{job}.sunday_hours_per_week": "?"})
        assert told["was"][f"work.{job}.days_per_week"] == told["was"][f"work.{job}.sunday_hours_per_week"] == "unknown"
        assert told["shown"][f"work.{job}.days_per_week"] == words
    finally:
        ana.language = "en"


def test_what_is_chosen_is_told_by_its_code_and_what_is_typed_in_words(ana, german):
    case, _stay, job = german
    chosen = {f"work.{job}.live_in": "unknown", f"work.{job}.declared": "declined", f"work.{job}.accommodation": "unknown", "losses": "declined"}
    told = ana.type(case, ana.was(case), **chosen, **{f"work.{job}.night_hours_per_week": "!", "harm.injuries": "none"})
    assert {name: told["shown"][name] for name in chosen} == chosen and told["shown"]["harm.injuries"] == "none"
    assert told["shown"][f"work.{job}.night_hours_per_week"] == "Does not want to say"


def test_two_at_a_time_lose_nothing(ana, bea, german):
    case, _stay, job = german
    seen = ana.was(case)
    bea.type(case, bea.was(case), **{f"work.{job}.hours_per_week": "50", "about.notes": "from bea"})
    told = ana.type(case, seen, **{f"work.{job}.hours_per_week": "40", f"work.{job}.sector": "cleaning"})
    # Her other change holds, what both changed keeps what stands there, and she is told of both.
    assert told["was"][f"work.{job}.hours_per_week"] == "50" and told["was"][f"work.{job}.sector"] == "cleaning"
    assert told["was"]["about.notes"] == "from bea"
    clash = html.unescape(told["clashes"])
    assert "A colleague changed this meanwhile" in clash and "Now it says: 50" in clash and "You typed: 40" in clash
    # What the clash offers puts hers back, without a script too.
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', told["clashes"]))
    page = ana.post(case, {key: html.unescape(value) for key, value in form.items()})
    assert page.status_code == 200 and ana.was(case)[f"work.{job}.hours_per_week"] == "40"


def test_an_entry_taken_away_meanwhile_comes_back_when_it_was_changed(ana, bea, german):
    case, _stay, job = german
    seen = ana.was(case)
    bea.post(case, {"was": json.dumps(bea.was(case)), "do": f"remove work {job}"})
    assert bea.entries(case, "work") == []
    page = ana.post(case, {"was": json.dumps(seen), "do": "save", **{**seen, f"work.{job}.hours_per_week": "44"}})
    assert "It is here again" in html.unescape(page.text)
    assert ana.was(case) == {**seen, f"work.{job}.hours_per_week": "44"}


def test_what_a_colleague_saves_in_the_middle_is_not_lost(app, ana, bea, german, monkeypatch):
    case, _stay, job = german
    cases, real = app.state.services.cases, app.state.services.cases.save
    overtaken = []

    def slow_save(by, one, content, revision, keep_until=None):
        if not overtaken:
            overtaken.append(True)
            bea.type(case, bea.was(case), **{f"work.{job}.live_in": "yes"})
        return real(by, one, content, revision, keep_until)

    monkeypatch.setattr(type(cases), "save", lambda self, *given: slow_save(*given))
    told = ana.type(case, {}, **{f"work.{job}.payslips": "no"})
    assert told["was"][f"work.{job}.live_in"] == "yes" and told["was"][f"work.{job}.payslips"] == "no"


def test_what_would_change_it_most_is_told_with_what_each_answer_comes_to(ana, german):
    case, _stay, job = german
    part = ana.get(f"{case}/changes", headers=SCRIPT)
    assert part.status_code == 200 and "<html" not in part.text and f'href="{case}#' in part.text
    page = ana.text(f"{case}/changes")
    assert "What would change it most" in page and "that person" in page
    # A field of the form is where each question leads.
    places = re.findall(rf'href="{case}#([^"]+)"', part.text)
    form = ana.get(case).text
    assert places and all(f'id="{place}"' in form or f'name="{place}"' in form for place in places)


def test_scenarios_side_by_side(ana, german):
    case, _stay, job = german
    before = ana.was(case)
    page = ana.text(f"{case}/compare")
    assert "Job 1: About how many hours did that person work in a week?" in page
    chosen = {"field1": f"work.{job}.hours_per_week", "field2": "procedure.criminal_case.status"}
    asked = ana.post(f"{case}/compare", chosen).text
    assert 'name="value1"' in asked and 'name="value2"' in asked and "<table" not in asked
    told = html.unescape(
        ana.post(f"{case}/compare", {**chosen, **{f"was{n}": chosen[f"field{n}"] for n in (1, 2)}, "value1": "20", "value2": "convicted"}).text
    )
    row = re.search(r"<tr><th scope=\"row\">All together</th>(.*?)</tr>", told, re.S)[1]
    amounts = re.findall(r'class="amount">([^<]+)<', row)
    assert len(amounts) == 3 and amounts[0] != amounts[1] and 'class="differs"' in row
    assert ana.was(case) == before
    wrong = ana.post(f"{case}/compare", {"field1": chosen["field1"], "was1": chosen["field1"], "value1": "many"}).text
    assert "This is not a number" in wrong and "<table" not in wrong


def test_the_dossier_is_made_in_two_languages_under_a_name_that_says_nothing(app, ana, german):
    case, *_ = german
    page = ana.text(f"{case}/dossier")
    assert "Claims in which country?" in page and "says on each page that it is a draft" in page and 'value="de" lang="de" selected' in page
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("ics", b"BEGIN:VCALENDAR")):
        file = ana.post(f"{case}/dossier", {"country": "DE", "language": "ro", "beside": "de", "kind": kind})
        assert file.content.startswith(begins) and file.headers["content-disposition"] == f'attachment; filename="notes.{kind}"'
        assert file.headers["cache-control"] == "no-store"
    refused = ana.post(f"{case}/dossier", {"country": "XX", "language": "ro", "kind": "pdf"})
    assert refused.status_code == 422 and "There are no rules yet" in html.unescape(refused.text)
    with Session(app.state.services.engine) as session:
        exported = session.scalars(select(AuditRow.target).where(AuditRow.action == "export_case")).all()
    assert exported.count(case.rsplit("/", 1)[-1]) == 4


def test_a_case_leaves_as_a_file_and_comes_back_as_it_was(ana, german):
    case, *_ = german
    file = ana.post(f"{case}/dossier", {"country": "DE", "language": "en", "kind": "json"})
    told = file.json()
    assert told["case"]["version"] == 1 and told["estimate"]["jurisdictions"][0]["code"] == "DE"
    back = ana.post("/staff/cases/import", {"name": "Came back", "months": "6"}, files={"file": ("notes.json", file.content)})
    path = str(back.url.path)
    assert back.status_code == 200 and sorted(ana.was(path).values()) == sorted({**ana.was(case), "about.name": "Came back"}.values())
    again = ana.post(f"{path}/dossier", {"country": "DE", "language": "en", "kind": "json"})
    assert again.json() == told


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("", b"{}", "Give the case a name first"),
        ("x", b"\xff\xfe\x00", "This file cannot be read"),
        ("x", b"not: [a case", "The file is not valid YAML"),
        ("x", b"[1, 2]", "no field of this name"),
        ("x", b'{"case": {"person": {"birth_year": "many"}}}', "person.birth_year"),
        ("x", b'{"case": {"nothing": 1}}', "no field of this name"),
    ],
)
def test_a_file_that_is_no_case_is_said_and_begins_none(ana, name, content, says):
    before = ana.text("/staff/cases").count('<li class="card">')
    answer = ana.post("/staff/cases/import", {"name": name}, files={"file": ("notes.json", content)})
    assert answer.status_code == 422 and says in html.unescape(answer.text)
    assert ana.text("/staff/cases").count('<li class="card">') == before


def test_amounts_of_a_child_need_an_adult_who_helps(ana, german):
    case, _stay, _job = german
    told = ana.type(case, ana.was(case), **{"person.birth_year": "2012"})
    answer = html.unescape(told["answer"])
    assert "The client is under 18" in answer and "€" not in answer and "days left" in answer
    compared = ana.post(f"{case}/compare", {"field1": "person.birth_year", "was1": "person.birth_year", "value1": "2013"}).text
    assert "<table" in compared and "€" not in compared
    assert "€" not in ana.get(f"{case}/changes").text
    told = ana.type(case, told["was"], **{"about.adult": "Guardian appointed by the family court"})
    assert "€" in told["answer"] and "The client is under 18. Amounts" not in html.unescape(told["answer"])


def test_consent_is_kept_in_the_words_and_the_language_in_which_it_was_given(app, ana, german):
    case, *_ = german
    assert "No consent is written down" in ana.text(case)
    page = ana.text(f"{case}?spoken=ar")
    assert re.search(r'<blockquote lang="ar" dir="rtl">', page)
    ana.post(f"{case}/consent", {"language": "ar"})
    page = ana.text(case)
    assert "Agreed on" in page and "No consent is written down" not in page
    asked = ana.post(f"{case}/consent", {"sure": "end"})
    # The words that were read out promise it.
    assert "Delete this case for good?" in asked.text
    page = ana.text(case)
    assert "taken back on" in page and "No consent is written down" in page


def test_a_case_near_its_end_says_so_and_can_be_kept_longer(ana, german, monkeypatch):
    case, *_ = german
    assert "deleted by itself soon" not in ana.text(case)
    monkeypatch.setattr(keeping, "WARNED_DAYS", 400)
    assert "deleted by itself soon" in ana.text(case) and "Deleted by itself on" in ana.found("german")
    ana.post(f"{case}/keep", {"months": "36"})
    assert "deleted by itself soon" not in ana.text(case)
    ana.post(f"{case}/keep", {"months": "100000"})
    assert "deleted by itself soon" in ana.text(case)


def test_a_case_is_deleted_after_a_question_and_leaves_nothing(app, ana, house):
    case = ana.begin("Gone tomorrow")
    asked = ana.post(f"{case}/delete", {})
    assert "Nobody can bring it back" in asked.text and ana.get(case).status_code == 200
    ana.post(f"{case}/delete", {"sure": "yes"})
    assert ana.get(case).status_code == 404 and "Gone tomorrow" not in ana.text("/staff/cases")
    assert "This case is not here any more." in ana.text(case)
    # Who was typing is told why it is not saved; who is signed out, that she is.
    late = ana.post(case, {"was": "{}", "about.notes": "x"}, headers=SCRIPT)
    assert (late.status_code, late.json()) == (404, {"fault": "no_case"})
    out = Signed(ana._client, "nobody").post(case, {"was": "{}", "about.notes": "x"}, headers=SCRIPT)
    assert (out.status_code, out.json()) == (404, {"fault": "not_found"})


def test_nothing_of_a_case_lies_open_in_the_database(app, ana, german):
    case, *_ = german
    ana.type(case, ana.was(case), **{"about.notes": "planted secret: marzipan"})
    settings = app.state.services.settings
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            assert b"marzipan" not in path.read_bytes() and b"German case" not in path.read_bytes(), path
    assert faults(app.state.services.engine) == []


def test_another_house_does_not_even_see_that_there_is_a_case(house, german):
    _ana, _bea, eve = house
    case, *_ = german
    for path in (case, f"{case}/changes", f"{case}/compare"):
        assert eve.get(path).status_code == 404 and eve.get(path).text == eve.get(path.replace(case, "/staff/cases/nothing")).text
    assert "German case" not in eve.text("/staff/cases")


@pytest.mark.parametrize("body", [{"was": "nonsense"}, {"was": "[]"}, {"was": '{"a": 1}'}])
def test_a_form_that_no_page_of_ours_sends_changes_nothing(ana, german, body):
    case, *_ = german
    before = ana.was(case)
    assert ana.post(case, {**body, "about.notes": "x"}).status_code == 422
    assert ana.was(case) == before


def test_a_form_of_another_site_is_refused(ana, german):
    case, *_ = german
    assert ana.post(case, {"was": "{}"}, headers={"origin": "http://elsewhere"}).status_code == 403


@pytest.mark.parametrize("language", ["ar", "vi", "zh"])
def test_in_other_languages_the_page_has_their_words(ana, german, language):
    case, *_ = german
    ana.language = language
    try:
        page = ana.get(case)
        assert page.headers["content-language"] == language and f'lang="{language}"' in page.text
    finally:
        ana.language = "en"


def test_what_is_sealed_carries_a_version_and_a_newer_one_is_refused() -> None:
    raw = Record().as_json()
    assert raw["version"] == VERSION and Record.from_json(raw) == Record()
    from workbench.record import VersionError

    with pytest.raises(VersionError):
        Record.from_json({**raw, "version": VERSION + 1})


def test_dates_of_a_case_are_real(app, ana) -> None:
    case = ana.begin("Kept a year")
    member = app.state.services.sessions.member(ana.token)
    kept = app.state.services.cases.open(member, case.rsplit("/", 1)[-1])
    assert timedelta(days=360) < kept.keep_until - datetime.now(UTC) < timedelta(days=370)
