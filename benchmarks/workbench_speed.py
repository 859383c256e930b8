"""The workbench as a worker's browser meets it: the list of 500 cases, a search in them, and the answer to a change in fifteen States."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from benchmarks.measure import Row, p50, p95, paired, series
from calculator.api import default_rules, write_contacts
from store.migrate import upgrade
from store.organisations.access import Member
from store.organisations.roles import Role
from store.settings import load_settings
from web.app import create_app
from web.services import Services
from web.staff.session import COOKIE
from workbench.form import NAME, NOTES
from workbench.record import Record
from workbench.sheet import Sheet, sheet_of

CASES, TIMES = 500, 30
PASSPHRASE = "four words of my own"


def rows() -> list[Row]:
    """Each page over HTTP in one process, with the calculations in their worker processes."""
    with tempfile.TemporaryDirectory() as folder:
        write_contacts(Path(folder) / "contacts.json")
        settings = load_settings({"REDRESS_DATA_DIR": folder})
        upgrade(settings.database_url)
        app = create_app(settings)
        services: Services = app.state.services
        token, member = _somebody(services)
        wide = _fill(services, member)
        with TestClient(app, base_url="http://here", headers={"origin": "http://here"}) as http:
            http.cookies.set(COOKIE, token)

            def get(path: str) -> None:
                assert http.get(path).status_code == 200

            def find(words: str) -> None:
                assert http.post("/staff/cases/find", data={"find": words}).status_code == 200

            bare = p50(series(lambda: get("/staff"), TIMES))
            listed = series(lambda: get("/staff/cases"), TIMES)
            searched = series(lambda: find("harbour 250"), TIMES)
            number = iter(range(1, 10_000))

            def change() -> None:
                form = {"was": json.dumps({NOTES: f"{number_before[0]}"}), NOTES: f"{next(number)}"}
                told = http.post(f"/staff/cases/{wide}", data=form, headers={"x-notes": "1"}).json()
                number_before[0] = told["was"][NOTES]

            number_before = [""]
            answered = series(change, TIMES)
            ordered = {"country": "DE", "language": "ar", "beside": "de", "kind": "pdf"}
            dossiers = series(lambda: _made(http, f"/staff/cases/{wide}/dossier", ordered), TIMES // 3)
            opened, ratio = paired(lambda: get(f"/staff/cases/{wide}"), lambda: get("/staff"), TIMES)
    states = len(default_rules().packs)
    return [
        Row(f"workbench: {CASES} cases listed, p95", f"{p95(listed) * 1000:.0f} ms", "200 ms", f"{p50(listed) / bare:.1f} times the home page"),
        Row(
            f"workbench: a search in {CASES} cases, p95",
            f"{p95(searched) * 1000:.0f} ms",
            "200 ms",
            f"{p50(searched) / bare:.1f} times the home page",
        ),
        Row(
            f"workbench: a change saved and answered, {states} States, p95",
            f"{p95(answered) * 1000:.0f} ms",
            "300 ms",
            f"{p50(answered) / bare:.1f} times the home page",
        ),
        Row(
            "workbench: a dossier of that case in two languages (PDF), p95",
            f"{p95(dossiers):.1f} s",
            "3 s",
            f"{p50(dossiers) / bare:.0f} times the home page",
        ),
        Row("workbench: that case opened with its whole form, p50", f"{opened * 1000:.0f} ms", "-", f"{ratio:.1f} times the home page"),
    ]


def _made(http: TestClient, path: str, ordered: dict[str, str]) -> None:
    assert http.post(path, data=ordered).content.startswith(b"%PDF")


def _somebody(services: Services) -> tuple[str, Member]:
    staff = services.staff
    joined = staff.join(staff.invite_from_command("ana", "House of Hope", [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]), PASSPHRASE)
    token = services.sessions.sign_in("ana", PASSPHRASE, joined.spare_codes[0], "192.0.2.7").token
    member = services.sessions.member(token)
    assert member is not None
    return token, member


def _fill(services: Services, member: Member) -> str:
    """500 cases as the packs' examples are, and one with a stay and a job in every State; its id."""
    examples = [example.case for pack in default_rules().packs.values() for example in pack.examples]
    until = datetime.now(UTC) + timedelta(days=365)
    for n in range(CASES):
        sheet = sheet_of({"version": 1, **examples[n % len(examples)]})
        texts = {**sheet.texts, NAME: f"Case {n}", NOTES: f"Met at the harbour {n}. " + "Notes of some length. " * 20}
        services.cases.create(member, Record(Sheet(texts, sheet.entries)).as_json(), until)
    return services.cases.create(member, Record(sheet_of(_everywhere())).as_json(), until).id


def _everywhere() -> dict[str, Any]:
    countries = [pack.jurisdiction.country for pack in default_rules().packs.values()]
    stays = [{"country": code, "forms": ["labour"], "start": "2023-01", "end": "2024-06", "violence": ["threats"]} for code in countries]
    jobs = [
        {
            "country": code,
            "start": "2023-01",
            "end": "2024-06",
            "hours_per_week": 11,
            "paid": [{"amount": "200", "per": "month"}],
            "sector": "cleaning",
        }
        for code in countries
    ]
    return {"version": 1, "person": {"birth_year": 1995}, "exploitation": stays, "work": jobs}


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what}: {row.measured} (target {row.target}; {row.ratio})")
