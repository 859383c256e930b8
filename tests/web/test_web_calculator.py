"""The calculator over HTTP."""

from datetime import UTC, datetime

import httpx
import pytest

from calculator.api import estimate_json, jurisdictions_json

CASE = {"version": 1, "evaluated_on": "2026-11-24", "exploitation": [{"country": "DE", "forms": ["labour"]}]}


@pytest.fixture(scope="module")
def http(gateway):
    with httpx.Client(base_url=f"{gateway.url}/api/v1", trust_env=False, timeout=30) as client:
        yield client


def test_an_estimate_is_the_calculators_own(http):
    answer = http.post("/estimates", json={"case": CASE, "on": "2026-11-24", "language": "en"})
    assert answer.status_code == 200
    told, own = answer.json(), estimate_json(CASE, None, datetime(2026, 11, 24).date(), "en")
    # The gateway knows which release the rules are; here they have no name.
    assert told["release"].pop("sha256") == own["release"].pop("sha256") and own.pop("release") == {"id": None}
    assert told.pop("release")["id"][-2:] == ".1" and told == own


def test_without_a_day_the_estimate_is_of_the_cases_day_or_of_today(http):
    assert http.post("/estimates", json={"case": CASE}).json()["on"] == "2026-11-24"
    undated = {key: value for key, value in CASE.items() if key != "evaluated_on"}
    before = datetime.now(UTC).date().isoformat()
    assert http.post("/estimates", json={"case": undated}).json()["on"] >= before


def test_questions_come_best_first(http):
    answer = http.post("/questions", json={"case": CASE, "jurisdictions": ["DE"]})
    assert answer.status_code == 200
    assert isinstance(answer.json()["questions"], list)


def test_a_case_that_cannot_be_used_says_where_and_how_to_mend_it(http):
    answer = http.post("/estimates", json={"case": {**CASE, "exploitation": [{"country": "DE", "start": "soon"}]}})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["fact"].startswith("exploitation[0].start")
    assert error["message"]
    assert error["fix"]


def test_a_body_that_is_no_request_is_refused_kindly(http):
    for body in (b"", b"not json", b"[]", b'{"case": 3}'):
        answer = http.post("/estimates", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 422
        assert set(answer.json()["error"]) == {"message", "fix"}


def test_jurisdictions_are_listed_and_shown(http):
    assert http.get("/jurisdictions").json() == jurisdictions_json()
    for pack in jurisdictions_json()[:1]:
        assert http.get(f"/jurisdictions/{pack['code']}").json()["code"] == pack["code"]
    unknown = http.get("/jurisdictions/XX")
    assert unknown.status_code == 404
    assert "XX" in unknown.json()["error"]["message"]


def test_the_description_names_every_address_of_the_contract(http):
    paths = set(http.get("/openapi.json").json()["paths"])
    assert paths >= {
        "/api/v1/conversations",
        "/api/v1/conversations/{conversation}/messages",
        "/api/v1/conversations/{conversation}",
        "/api/v1/estimates",
        "/api/v1/questions",
        "/api/v1/jurisdictions",
        "/api/v1/jurisdictions/{code}",
        "/healthz",
        "/readyz",
    }
