"""Many cases in a file over HTTP: out, in after a look, what stays here, what is in the audit, and that nothing is kept before."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import tempfile
import zlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from store.migrate import upgrade
from store.models import AuditRow
from store.organisations.audit import faults
from store.organisations.cases import Cases
from store.organisations.roles import Role
from store.settings import load_settings
from tests.web.conftest import contacts
from tests.web.house import SAME, Signed, come_in
from web.app import create_app
from web.security import MAX_BODY_BYTES, MAX_FILE_BYTES
from web.staff.session import COOKIE
from workbench.exchange.faults import MOST_BYTES
from workbench.exchange.paths import flat
from workbench.record import Consent, Record
from workbench.sheet import Sheet

EXCHANGE = "/staff/exchange"


@pytest.fixture
def app(tmp_path):
    (tmp_path / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    return create_app(settings)


@pytest.fixture
def running(app):
    # Not as a context: no calculation worker is needed to take cases in and out.
    return TestClient(app, base_url="http://here", headers=SAME)


def worker(app, running, name: str, house: str) -> Signed:
    code = app.state.services.staff.invite_from_command(name, house, [Role.ADMINISTRATOR, Role.SUPPORT_WORKER])
    browser, _paper = come_in(app, code, name)
    return Signed(running, browser.cookies[COOKIE])


@pytest.fixture
def ana(app, running):
    return worker(app, running, "ana", "House of Hope")


@pytest.fixture
def eve(app, running):
    return worker(app, running, "eve", "Another house")


def member(app, who: Signed):
    return app.state.services.sessions.member(who.token)


def all_kept(app, who: Signed) -> list[dict[str, str]]:
    """Every case of her house, its fields by path."""
    return [flat(Record.from_json(case.content).sheet) for case in app.state.services.cases.all(member(app, who))]


def kept(app, who: Signed) -> dict[str, dict[str, str]]:
    """Every case of her house by its name."""
    return {case["about.name"]: case for case in all_kept(app, who)}


def begin(app, who: Signed, name: str, consent: bool = True, **texts: str) -> str:
    """The id of a new case of one job; `work__sector` is a field of it."""
    told = {"about.name": name, **{key.replace("__", ".0000000a."): text for key, text in texts.items()}}
    agreed = (Consent("words", "en", date(2026, 3, 1)),) if consent else ()
    record = Record(Sheet(told, {"work": ("0000000a",)}), agreed)
    return app.state.services.cases.create(member(app, who), record.as_json(), datetime.now(UTC) + timedelta(days=90)).id


def exports(app) -> Counter[str]:
    """The cases of which the audit says that they left in a file."""
    with Session(app.state.services.engine) as session:
        return Counter(session.scalars(select(AuditRow.target).where(AuditRow.action == "export_case")))


def out(who: Signed, kind: str = "csv", **form):
    return who.post(f"{EXCHANGE}/export", {"kind": kind, **form})


def look(who: Signed, content: bytes):
    return who.post(f"{EXCHANGE}/look", {}, files={"file": ("anything.bin", content)})


def take(who: Signed, page, months: str = "6"):
    """Press the button of the page that shows what is in a file."""
    packed = re.search(r'name="packed" value="([^"]*)"', page.text)[1]
    return who.post(f"{EXCHANGE}/take", {"packed": packed, "months": months}, files={"nothing": b""})


def words(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", answer.text)))


# -- out


@pytest.mark.parametrize(("kind", "file_name"), [("csv", "notes.csv"), ("htcds_json", "notes.json"), ("htcds_csv", "notes.csv")])
def test_cases_go_out_under_a_name_that_says_nothing_and_come_back_as_they_were(app, ana, eve, kind, file_name):
    begin(app, ana, "Blue bird", work__sector="care", work__start="03/04/2024")
    begin(app, ana, "=1+1", work__occupation="said “x”;\n=cmd")
    file = out(ana, kind, whole="yes", notes="yes")
    assert file.status_code == 200 and file.headers["content-disposition"] == f'attachment; filename="{file_name}"'
    assert file.headers["cache-control"] == "no-store"
    page = look(eve, file.content)
    assert page.status_code == 200 and "2 cases are in the file" in words(page) and kept(app, eve) == {}
    done = take(eve, page)
    assert done.status_code == 200 and "2 cases were taken in" in words(done)
    assert kept(app, eve) == kept(app, ana)
    # No consent comes with a file.
    assert "2 cases have no consent" in words(done)
    assert faults(app.state.services.engine) == []


def test_each_case_that_leaves_is_in_the_audit_and_no_other(app, ana):
    first, second = begin(app, ana, "Blue bird"), begin(app, ana, "Otter")
    third = begin(app, ana, "Fox", consent=False)
    ana.text(EXCHANGE)
    assert not exports(app)
    out(ana, case=[first, third])
    assert exports(app) == {first: 1}
    out(ana)
    assert exports(app) == {first: 2, second: 1}


def test_without_a_consent_a_case_stays_and_the_page_says_how_many(app, ana):
    fox = begin(app, ana, "Fox", consent=False)
    page = words(ana.get(EXCHANGE))
    assert "1 case has no consent. It is not put into any file." in page and "There is no case with a consent." in page and "Fox" not in page
    assert out(ana).status_code == 422 and out(ana, case=fox).status_code == 422
    begin(app, ana, "Blue bird")
    assert b"Fox" not in out(ana).content and not exports(app)[fox]


def test_notes_and_the_whole_case_leave_only_where_they_are_asked_for(app, ana):
    begin(app, ana, "Blue bird", work__sector="care", **{"about.notes": "marzipan"})
    assert b"marzipan" not in out(ana).content and b"marzipan" in out(ana, notes="yes").content
    [record] = out(ana, "htcds_json").json()
    assert record["redress_case"] is None and record["redress_Pseudonym"] == "Blue bird" and record["prs_FirstName"] is None
    [record] = out(ana, "htcds_json", whole="yes").json()
    assert record["redress_case"]["fields"] == {"about.name": "Blue bird", "work.1.sector": "care"} and record["con_Consent"] is True


def test_the_page_says_what_stays_empty_in_the_standard(app, ana):
    begin(app, ana, "Blue bird", **{"person.birth_date": "1999-05-17"})
    begin(app, ana, "Otter")
    page = words(ana.get(EXCHANGE))
    assert "Whoever finds the file can read it" in page and "prs_FirstName" in page and "prs_Birthdate in 1 case" in page


def test_cases_of_another_house_do_not_leave(app, ana, eve):
    hers = begin(app, ana, "Blue bird")
    assert out(eve, case=hers).status_code == 422 and "Blue bird" not in eve.text(EXCHANGE)
    begin(app, eve, "Otter")
    file = out(eve, case=hers)
    assert file.status_code == 422 and not exports(app)


def test_a_case_that_is_deleted_meanwhile_is_left_out(app, ana, monkeypatch):
    first, second = begin(app, ana, "Blue bird"), begin(app, ana, "Otter")
    real = Cases.export

    def deleted_first(self, by, case):
        if case == first:
            self.delete(by, first)
        return real(self, by, case)

    monkeypatch.setattr(Cases, "export", deleted_first)
    rows = list(csv.reader(io.StringIO(out(ana).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Otter"] and exports(app) == {second: 1}


@pytest.mark.parametrize("kind", ["", "pdf"])
def test_a_kind_of_file_that_there_is_not_is_refused(app, ana, kind):
    begin(app, ana, "Blue bird")
    assert out(ana, kind).status_code == 422 and not exports(app)


# -- in


def test_a_table_with_faults_is_shown_row_by_row_and_nothing_is_kept_before_she_says_so(app, ana):
    begin(app, ana, "Otter")
    before = kept(app, ana)
    data = b"about.name;Surname;work.1.start;work.1.hours_per_week\nOtter;Doe;03/04/2024;40\n;;;200\nx;y\n"
    page = look(ana, data)
    told = words(page)
    assert "2 cases are in the file" in told and "A table for spreadsheets (CSV)" in told and "4 faults" in told
    assert "Row 2, work.1.start: It is not clear which is the day and which is the month" in told
    assert "Row 3, about.name: This case has no name" in told and "Row 3, work.1.hours_per_week: This cannot be: 200." in told
    assert "Row 4: This row has more or fewer cells" in told and "Surname in 1 row" in told and "Doe" not in told
    assert "1 case has a name that a case here has, too" in told
    assert kept(app, ana) == before
    take(ana, page)
    # What cannot be read stays as it was typed.
    taken = [
        {"about.name": "Otter", "work.1.start": "03/04/2024", "work.1.hours_per_week": "40"},
        {"about.name": "Row 3", "work.1.hours_per_week": "200"},
    ]
    there = all_kept(app, ana)
    assert len(there) == 3 and all(case in there for case in (*taken, before["Otter"]))


def test_records_of_another_program_say_what_was_not_taken_and_what_was_changed(app, ana):
    begin(app, ana, "Blue bird", work__sector="care", **{"person.birth_date": "1999-05-17"})
    [record] = out(ana, "htcds_json", whole="yes").json()
    record |= {
        "prs_Birthdate": "1998-05-17",
        "redress_Pseudonym": "Heron",
        "prs_FirstName": "Maria",
        "vic_ForcedLabourIndustry": "B_MiningAndQuarrying",
    }
    page = look(
        ana, json.dumps([record, {"vic_MethodsOfControl": ["TakesEarnings", "DebtBondage "], "vic_TypeOfExploitation": "Magic"}]).encode()
    )
    told = words(page)
    assert "Changed in another program These fields" in told and "Row 1: prs_Birthdate" in told
    assert "Changed in another program, and not taken" in told and "Row 1: vic_ForcedLabourIndustry" in told
    assert "prs_FirstName in 1 row" in told and "vic_MethodsOfControl: TakesEarnings" in told and "Maria" not in told
    assert "Row 2, vic_TypeOfExploitation: The standard has no such value in its list." in told and "prs_SecondName in 2 rows" in told
    take(ana, page)
    there = kept(app, ana)
    assert there["Row 2"] == {"about.name": "Row 2", "exploitation.1.debt_bondage": "yes"}
    assert there["Heron"] == {"about.name": "Heron", "person.birth_date": "1998-05-17", "work.1.sector": "care"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a file first"),
        (b"\xff\xfe\x00", "This file is no text"),
        (b"a,b\n1,2\n", "No field of this file is known here"),
        (b"[", "This file is no JSON"),
        (b'{"case": {"version": 1}, "estimate": {}}', "Begin from a file"),
        (b"about.name\n" + b"x\n" * 1001, "too many cases"),
        (b"about.name\n" + b"x" * MOST_BYTES, "The file is too large"),
    ],
)
def test_a_file_of_which_nothing_can_be_taken_says_why(app, ana, content, says):
    answer = look(ana, content)
    assert answer.status_code == 422 and says in words(answer) and kept(app, ana) == {}


def test_how_long_the_cases_are_kept_is_chosen(app, ana):
    take(ana, look(ana, b"about.name\nx\n"), months="24")
    [case] = app.state.services.cases.all(member(app, ana))
    assert timedelta(days=720) < case.keep_until - datetime.now(UTC) < timedelta(days=740)


def test_when_the_database_stops_in_between_it_is_said_how_many_are_there(app, ana, monkeypatch):
    page = look(ana, b"about.name\nx\ny\nz\n")
    real, calls = Cases.create, []

    def stops(self, *given):
        calls.append(given)
        if len(calls) == 3:
            raise OperationalError("", {}, Exception())
        return real(self, *given)

    monkeypatch.setattr(Cases, "create", stops)
    answer = take(ana, page)
    assert answer.status_code == 503 and "Only 2 of 3 cases were taken in" in words(answer) and set(kept(app, ana)) == {"x", "y"}


def test_a_large_file_never_touches_a_disk(app, ana, monkeypatch):
    """Temporary files would hold what is sealed everywhere else."""

    def refused(*_given, **_more):
        raise AssertionError("a file on a disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    data = b"about.name,about.notes\n" + b"\n".join(b'x%d,"%s"' % (n, b"long note " * 1900) for n in range(300))
    assert MAX_BODY_BYTES < len(data) < MAX_FILE_BYTES
    page = look(ana, data)
    assert "300 cases are in the file" in words(page)
    assert "300 cases were taken in" in words(take(ana, page))


def test_only_here_may_a_form_be_large(app, running, ana):
    large = b"x" * (MAX_BODY_BYTES + 1)
    assert ana.post("/staff/cases/import", {"name": "x"}, files={"file": ("x", large)}).status_code == 413
    assert look(ana, b"x" * (MAX_FILE_BYTES + 1)).status_code == 413
    # Who is not signed in sends nothing: to her there is nothing here, however much she sends.
    running.cookies.clear()
    for what in ("look", "take", "export"):
        assert running.post(f"{EXCHANGE}/{what}", files={"file": ("x", large)}).status_code in (404, 413)
        assert running.post(f"{EXCHANGE}/{what}").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"packed": "x", "months": "6"},
        {"packed": "é", "months": "6"},
        {"packed": "", "months": "6"},
        {"packed": "eJwDAAAAAAE=", "months": "many"},
    ],
)
def test_a_form_that_no_page_of_ours_sends_takes_nothing_in(app, ana, form):
    assert ana.post(f"{EXCHANGE}/take", form, files={"nothing": b""}).status_code == 422
    assert ana.post(f"{EXCHANGE}/take", form).status_code == 422
    assert ana.post(f"{EXCHANGE}/look", form).status_code == 422
    assert kept(app, ana) == {}


def test_a_small_form_that_becomes_a_large_file_is_refused(app, ana):
    packed = base64.urlsafe_b64encode(zlib.compress(b"about.name\n" + b"x\n" * MOST_BYTES)).decode()
    assert ana.post(f"{EXCHANGE}/take", {"packed": packed, "months": "6"}, files={"nothing": b""}).status_code == 422
    assert kept(app, ana) == {}


def test_what_is_in_a_file_is_shown_as_it_is_and_runs_nothing(app, ana):
    page = look(ana, b"about.name,<script>alert(1)</script>\nx,1\n")
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text
    page = look(ana, json.dumps([{"redress_Pseudonym": "x", "half \ud800": 1}]).encode())
    assert page.status_code == 200 and "half" in page.text


def test_the_list_of_cases_leads_there(ana):
    assert f'href="{EXCHANGE}"' in ana.get("/staff/cases").text


def test_who_has_no_key_is_asked_for_it_where_she_signs_in(app, running, ana):
    begin(app, ana, "Blue bird")
    staff = app.state.services.staff
    bea = staff.invite_from_command("bea", "House of Hope", [Role.SUPPORT_WORKER])
    browser, _none = come_in(app, bea, "bea")
    assert "You cannot open cases yet" in Signed(running, browser.cookies[COOKIE]).text(EXCHANGE)
    assert out(Signed(running, browser.cookies[COOKIE])).status_code == 404
