"""The page under hard conditions: no script, keyboard alone, no connection, a slow one, hostile text, other colours."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.stack

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle/></svg>",
    "\"><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} ${7*7} %(name)s {0}",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "turned \u202e<b>gnirts</b>\u2066 round",
]


def test_without_script_a_whole_conversation(visitor):
    someone = visitor(scripts=False)
    someone.open()
    someone.write("I worked in Germany. How much can I get?")
    assert someone.page.url.endswith("/chat#latest")
    someone.press("Yes")
    someone.press("Work")
    for answer in ("January 2025", "June 2025", "60", "50 euros a week"):
        someone.write(answer)
    someone.press("Stop and show the result")
    someone.page.click("a[href='/result']")
    assert someone.page.locator(".card").count() >= 5
    someone.shoot("result")
    someone.page.click("footer a[href='/view']")
    someone.page.click("button[value='largest']")
    assert someone.page.locator("html").get_attribute("data-size") == "largest"


def test_with_the_keyboard_alone(visitor):
    someone = visitor(viewport="desktop")
    someone.open()
    keyboard = someone.page.keyboard
    keyboard.press("Tab")
    assert someone.page.evaluate("document.activeElement.className") == "leave"
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert someone.page.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Enter")
    assert someone.page.evaluate("document.activeElement.id") == "main"
    someone.page.focus("#text")
    keyboard.type("I need a lawyer in France")
    keyboard.press("Enter")
    someone.page.wait_for_selector("#latest")
    someone.answered()
    assert someone.page.evaluate("document.activeElement.id") == "latest"
    for _ in range(40):
        keyboard.press("Tab")
        shown = someone.page.evaluate("(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth })()")
        if someone.page.evaluate("document.activeElement.tagName") != "BODY":
            assert shown != "none0px", someone.page.evaluate("document.activeElement.outerHTML")
    someone.calm()


@pytest.mark.parametrize("scripts", [True, False])
def test_hostile_text_is_shown_as_text_and_never_run(visitor, stack, scripts):
    # Without the bypass the page's own policy stands behind the escaping.
    someone = visitor(scripts=scripts, bypass_csp=False)
    alerts = []
    someone.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    someone.open()
    for payload in PAYLOADS:
        someone.write(payload)
        shown = someone.page.locator(".person .text").last.inner_text().strip()
        assert shown == payload.strip(), payload
    assert alerts == []
    assert someone.page.locator("main script, main img, main iframe, main style").count() == 0
    assert someone.page.locator("a[href^='javascript']").count() == 0
    assert someone.complaints == []
    for log in (stack.data_dir / "logs").iterdir():
        text = log.read_text(errors="replace")
        assert not [payload for payload in PAYLOADS if payload in text], log.name


def test_hostile_text_is_text_in_a_printed_pdf(visitor, tmp_path):
    program = shutil.which("pdftotext")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pdftotext (poppler-utils) is missing")
        pytest.skip("pdftotext is not installed")
    someone = visitor(bypass_csp=False)
    someone.open()
    payloads = [payload for payload in PAYLOADS if payload.isascii()]
    for payload in payloads:
        someone.write(payload)
    file = tmp_path / "printed.pdf"
    someone.page.pdf(path=file)
    printed = subprocess.run([program, "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    # Lines are broken anywhere on paper.
    bare = "".join(printed.split())
    # The transcript keeps the last thirty lines.
    for payload in payloads[-5:]:
        assert "".join(payload.split()) in bare, payload
    for action in (b"/JavaScript", b"/Launch", b"javascript:"):
        assert action not in file.read_bytes()


def test_the_policy_refuses_script_that_gets_into_the_page_all_the_same(visitor):
    someone = visitor(bypass_csp=False)
    someone.open()
    policy = someone.context.request.get(someone.url + "/").headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    someone.page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.broken = true';
        document.body.append(script);
        const image = document.createElement('div');
        image.innerHTML = '<img src=x onerror="window.broken = true">';
        document.body.append(image);
    }""")
    someone.page.wait_for_timeout(300)
    assert someone.page.evaluate("window.broken") is None
    assert any("Content Security Policy" in complaint for complaint in someone.complaints)


def test_without_connection_nothing_is_lost(visitor):
    someone = visitor()
    someone.open()
    someone.write("hello")
    someone.context.set_offline(True)
    someone.page.fill("#text", "I have so much to tell")
    someone.page.click("form.write button")
    someone.page.wait_for_selector("#offline")
    assert "Your words are still here" in someone.text
    # The page holds the number itself: it needs no answer to show it.
    assert someone.page.locator("#number a.number[href='tel:112']").is_visible()
    assert someone.page.input_value("#text") == "I have so much to tell"
    someone.accessible()
    someone.shoot("offline")
    someone.context.set_offline(False)
    someone.page.click("form.write button")
    someone.page.wait_for_selector("text=I have so much to tell")
    someone.answered()
    assert someone.page.locator("#offline").count() == 0


def test_danger_is_answered_while_another_message_hangs_and_no_words_are_lost(visitor):
    someone = visitor()
    someone.open()
    someone.write("hello")
    held = []
    someone.page.route("**/chat", lambda route: held.append(route) if not held else route.continue_())
    someone.page.fill("#text", "how much can I get?")
    someone.page.click("form.write button")
    someone.page.wait_for_selector(".waiting")
    assert someone.page.input_value("#text") == ""
    # Nothing comes: two seconds later the number stands there.
    someone.page.wait_for_selector("#number a.number[href='tel:112']", timeout=2500)
    someone.page.fill("#text", "he is at the door and will kill me")
    someone.page.click("form.write button")
    someone.page.wait_for_selector(".lines .urgent a.number[href='tel:112']")
    someone.page.fill("#text", "please be qui")
    held[0].continue_()
    someone.page.wait_for_selector(".person >> text=how much can I get?")
    someone.page.wait_for_selector(".waiting", state="detached")
    # What she was writing meanwhile is still there, and so are the numbers.
    assert someone.page.input_value("#text") == "please be qui"
    assert someone.page.locator(".lines .urgent a.number[href='tel:112']").count() >= 1
    someone.calm()


def test_slow_2g_is_answered_in_the_end(visitor):
    someone = visitor()
    devtools = someone.context.new_cdp_session(someone.page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": 2000, "downloadThroughput": 50_000 / 8, "uploadThroughput": 20_000 / 8}
    )
    someone.page.set_default_timeout(60_000)
    someone.open()
    someone.page.fill("#text", "he is at the door and will kill me")
    someone.page.click("form.write button")
    # What she wrote stands there at once, before anything has come back.
    someone.page.wait_for_selector("a.number[href='tel:112']")
    someone.answered()
    assert someone.page.locator(".lines .urgent").count() >= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_can_be_read_in_every_colour(visitor, scheme, language):
    someone = visitor(language, color_scheme=scheme)
    for contrast in ("normal", "high"):
        someone.open("/view")
        someone.page.click(f"button[value='{contrast}']")
        someone.page.wait_for_selector(f"html[data-contrast='{contrast}']")
        for path in ("/start", "/view", "/keep", "/delete", "/nothing-here"):
            someone.open(path)
            someone.accessible()
            someone.shoot(f"{scheme}-{contrast}{path.replace('/', '-')}")
        someone.open("/start")
        someone.page.locator(".tiles button").first.click()
        someone.answered()
        someone.accessible()
        someone.shoot(f"{scheme}-{contrast}-chat")


@pytest.mark.parametrize("language", ["en", "ar", "vi", "de"])
@pytest.mark.parametrize("size", ["normal", "largest"])
def test_nothing_is_wider_than_a_small_phone(visitor, size, language):
    someone = visitor(language)
    someone.page.set_viewport_size({"width": 320, "height": 600})
    someone.open("/view")
    someone.page.click(f"button[value='{size}']")
    someone.page.wait_for_selector(f"html[data-size='{size}']")
    for path in ("/start", "/chat", "/keep", "/delete"):
        someone.open(path)
        wide = someone.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (path, wide)
        someone.shoot(f"{size}{path.replace('/', '-')}", whole=False)


def test_what_is_touched_is_large_enough(visitor):
    someone = visitor()
    someone.open()
    someone.page.click(".languages summary")
    for thing in someone.page.locator("main button, .languages summary, header a.leave, header a.delete, footer a, textarea").all():
        box = thing.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44, thing.inner_text()
