"""An interview pasted into a case: read by the dialogue as it reads the chat, proposed, and only what is ticked is taken."""

import html
import json
import re

import httpx
import pyotp
import pytest

from store.database import connect
from store.settings import load_settings
from tests.web.house import FOUNDER, PASSPHRASE, staff_of

TOLD = """I worked in a restaurant in Cologne from March 2023 to January 2024, about 70 hours a week.
The boss took my passport and he is beating me now, help. They paid me 200 euros a month.
The weather was nice."""


@pytest.fixture(scope="module")
def worker(stack):
    """Somebody who is signed in to the real servers, in a browser without scripts."""
    staff = staff_of(stack.data_dir)
    joined = staff.join(staff.invite_from_command("ida", "House of Words", FOUNDER), PASSPHRASE)
    with httpx.Client(base_url=stack.url, trust_env=False, follow_redirects=True, timeout=60) as client:
        client.headers.update({"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"})
        code = pyotp.TOTP(joined.second_factor).now()
        assert "signed in as" in client.post("/staff/sign-in", data={"name": "ida", "passphrase": PASSPHRASE, "code": code}).text
        yield client


def begin(worker):
    return worker.post("/staff/cases", data={"name": "Blue bird", "months": "12"}).url.path


def form_of(page, *wanted):
    """The fields of the page of proposals, with what is ticked whose words hold one of `wanted`."""
    hidden = dict(re.findall(r'<input type="hidden" name="(piece\d+)" value="([^"]*)"', page))
    chosen = {}
    for name, options in re.findall(r'<select id="[^"]+" name="(to[^"]+)">(.*?)</select>', page, re.S):
        chosen[name] = re.search(r'value="([^"]+)" selected', options)[1]
    ticks = re.findall(r'name="take" value="([^"]+)"> <span>(.*?)</span></label>', page, re.S)
    take = [value for value, words in ticks if any(one in words for one in wanted)]
    return {**{name: html.unescape(value) for name, value in hidden.items()}, **chosen, "take": take}, [words for _, words in ticks]


def test_only_what_is_ticked_is_taken_and_it_goes_where_it_belongs(worker):
    case = begin(worker)
    page = worker.post(f"{case}/interview", data={"text": TOLD, "language": "en"}).text
    form, all_words = form_of(page, "70", "200")
    assert any("70" in words for words in all_words) and any("200" in words for words in all_words)
    # What was not read is shown, the words of danger among it, and nothing stands in the case yet.
    unread = page.partition("Nothing was read here")[2]
    assert "The weather was nice." in unread and "beating" in unread
    assert "200" not in sheet_of(worker, case).values()
    assert worker.post(f"{case}/interview/take", data=form).status_code == 200
    taken = sheet_of(worker, case)
    jobs = {name.split(".")[1] for name in taken if name.startswith("work.")}
    assert len(jobs) == 1 and "70" in taken.values() and "200" in taken.values()
    # What was not ticked was not taken.
    assert not any(name.endswith((".sector", ".start", ".country")) for name in taken)


def sheet_of(worker, case):
    page = worker.get(case).text
    return json.loads(html.unescape(re.search(r'name="was" value="([^"]*)"', page)[1]))


def test_what_stands_there_stays_and_both_are_shown(worker):
    case = begin(worker)
    text = {"text": "I worked 70 hours a week in a restaurant.", "language": "en"}
    form, _ = form_of(worker.post(f"{case}/interview", data=text).text, "70")
    worker.post(f"{case}/interview/take", data=form)
    again = {"text": "I worked 60 hours a week in a restaurant.", "language": "en"}
    form, _ = form_of(worker.post(f"{case}/interview", data=again).text, "60")
    page = html.unescape(worker.post(f"{case}/interview/take", data=form).text)
    assert "70" in sheet_of(worker, case).values() and "60" not in sheet_of(worker, case).values()
    assert re.search(r'id="clashes".*60.*</section>', page, re.S)


def test_in_another_language(worker):
    case = begin(worker)
    told = "Ich habe von Mai 2023 bis Oktober 2023 in Wien geputzt, jeden Tag 12 Stunden."
    page = worker.post(f"{case}/interview", data={"text": told, "language": "de"}).text
    form, words = form_of(page, "84")
    assert form["take"] and any("Vienna" in one or "Wien" in one for one in words)


def test_nothing_is_left_of_it(worker, stack):
    case = begin(worker)
    worker.post(f"{case}/interview", data={"text": "I worked in a restaurant called Marzipanhaus for 70 hours a week.", "language": "en"})
    settings = load_settings({"REDRESS_DATA_DIR": str(stack.data_dir)})
    engine = connect(settings.database_url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select count(*) from conversation").scalar()
    assert rows == 0 or all(b"Marzipan" not in one.read_bytes() for one in stack.data_dir.glob("*.db*"))


@pytest.mark.parametrize(
    "broken", [{"take": ["0:work.11111111.start"]}, {"take": ["x"], "piece0": "{"}, {"take": ["0:a"], "piece0": '{"texts": 5, "entries": 3}'}]
)
def test_what_no_page_of_ours_sent_is_refused(worker, broken):
    assert worker.post(f"{begin(worker)}/interview/take", data=broken).status_code == 422


def test_no_text_and_nothing_in_a_text(worker):
    case = begin(worker)
    assert "Paste what the client told" in worker.post(f"{case}/interview", data={"text": " ", "language": "en"}).text
    page = worker.post(f"{case}/interview", data={"text": "The weather was nice.", "language": "en"}).text
    assert "Nothing was read in it" in page and "The weather was nice." in page
