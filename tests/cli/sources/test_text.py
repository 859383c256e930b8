"""What counts as the text of a page, and what does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.sources.text import blocks, paragraphs

DAY = date(2026, 11, 3)

PAGE = """<html><head><title>Rates</title><style>p {color: red}</style></head><body>
<nav><ul><li>Home<li>Laws</ul></nav>
<header>The ministry</header>
{before}
<h1>Minimum wage</h1>
<table><tr><td>From 2026-01-01</td><td>13.90</td></tr><tr><td>From 2025-01-01</td><td>12.82</td></tr></table>
<p>An hour of work is paid<br>with at least this.</p>
{after}
<script>var visits = {visits};</script><footer>Seen {visits} times</footer></body></html>"""


def page(before: str = "", after: str = "", visits: int = 1) -> str:
    return PAGE.replace("{before}", before).replace("{after}", after).replace("{visits}", str(visits))


def read(text: str, day: date = DAY, media_type: str = "text/html") -> frozenset[str]:
    return blocks(text.encode(), media_type, "utf-8", day)


def test_a_row_of_a_table_stays_together_and_what_surrounds_the_text_is_left_out() -> None:
    assert paragraphs(page()) == [
        "Minimum wage",
        "From 2026-01-01 13.90",
        "From 2025-01-01 12.82",
        "An hour of work is paid",
        "with at least this.",
    ]


def test_what_a_page_says_is_its_text_counts_alone() -> None:
    assert paragraphs("<body><p>Other news</p><main><p>The law</p></main><p>More</p></body>") == ["The law"]
    assert paragraphs("<main></main><p>The law</p>") == ["The law"]


@pytest.mark.parametrize(
    "broken", ["<nav><p>Home</nav><p>The law", "<aside><div><p>Ad</aside></div></p><p>The law</p>", "<p>The law</p></nav></main>"]
)
def test_elements_that_nobody_closed_hide_nothing(broken: str) -> None:
    assert "The law" in paragraphs(broken)


@pytest.mark.parametrize(
    "same",
    [
        page(visits=99),
        page().replace("</p>", "</p>\n\n   "),
        page().replace("<h1>", "<h1 class=new>"),
        page().replace("Minimum wage", "MINIMUM WAGE"),
        page().replace("Minimum&#32;wage", "Minimum wage"),
    ],
)
def test_how_it_is_written_does_not_count(same: str) -> None:
    assert read(same) == read(page())


@pytest.mark.parametrize(
    "written",
    ["Today is {:%d.%m.%Y}, 10:15 Uhr", "{:%Y-%m-%d}", "Last looked at on {:%d/%m/%Y} 10:15", "{0:%B} {0.day}, {0.year}"],
)
def test_the_day_on_which_it_was_sent_does_not_count(written: str) -> None:
    other = date(2026, 12, 24)
    told = [page(before=f"<p>{written.format(day).replace('10:15', clock)}</p>") for day, clock in ((DAY, "10:15"), (other, "08:02"))]
    assert read(told[0]) == read(told[1], other)


def test_figures_that_look_like_a_time_or_hold_the_day_count() -> None:
    for one, other in (("13.90", "14.50"), ("9:00 to 17:00", "10:00 to 17:00"), ("1 h 30", "1 h 45"), ("on 13.11.2026", "on 23.11.2026")):
        assert read(page(before=f"<p>{one}</p>")) != read(page(before=f"<p>{other}</p>"))


def test_the_day_counts_where_it_is_not_the_one_on_which_it_was_sent() -> None:
    assert read(page(before="<p>In force from 01.01.2026</p>")) != read(page(before="<p>In force from 01.01.2027</p>"))


@pytest.mark.parametrize("other", [page().replace("13.90", "14.60"), page(after="<p>Not for those under 18.</p>"), page().replace("12.82", "")])
def test_what_a_reader_would_see_counts(other: str) -> None:
    assert read(other) != read(page())


def test_a_pdf_that_was_made_again_from_the_same_text_is_the_same() -> None:
    made = "%PDF-1.4 (13.90) /CreationDate (D:20260101) /ID [<aa> <bb>] <xmp:ModifyDate>2026</xmp:ModifyDate>"
    again = made.replace("20260101", "20260202").replace("<aa>", "<cc>").replace(">2026<", ">2027<")
    assert read(made, media_type="application/pdf") == read(again, media_type="application/pdf")
    assert read(made, media_type="application/pdf") != read(made.replace("13.90", "14.60"), media_type="application/pdf")


def test_letters_that_cannot_be_read_are_no_end() -> None:
    assert blocks(b"<p>13,90 \xff\xfe</p>", "text/html", "utf-8", DAY)


@pytest.mark.parametrize(
    "odd", ["<![word[ x ]]>", "<![ x]>", "<![", "<!DOCTYPE html [<!x y>]>", "<![if !IE]>", "</ >", "<p", "&#99999999;", "<!-- "]
)
def test_what_no_standard_knows_is_no_end(odd: str) -> None:
    assert "12.82" in str(paragraphs(f"<p>12.82 an hour</p>{odd}<p>13.90 an hour</p>"))


@given(
    st.lists(st.sampled_from(["<", ">", "!", "[", "]", "-", "/", "p", "main", "script", "?", "&", "#", '"', "=", " ", "x", "DOCTYPE", "CDATA"]))
)
@settings(max_examples=300, deadline=None)
def test_no_page_breaks_the_reading(parts: list[str]) -> None:
    blocks("".join(parts).encode(), "text/html", "utf-8", DAY)
