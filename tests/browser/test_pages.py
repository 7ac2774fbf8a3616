"""Pages in a real headless browser: nothing is fetched, nothing complains, keys work, paper works."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import main
from tests.support.browser import CHROMIUM, Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `make browser` installs it"),
]
FEW = ["--replications", "2", "--processes", "1", "--no-progress"]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of opening a company, alone in a folder as on a stick."""
    folder = tmp_path_factory.mktemp("report")
    assert main(["compare", "enterprise_opening", "--report", str(folder), "--lang", "zh", *FEW]) == 0
    alone = tmp_path_factory.mktemp("stick") / "report.html"
    (folder / "report.html").rename(alone)
    return alone


@pytest.fixture(scope="module")
def shared() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.fixture
def browser(shared: Browser, page: Path) -> Browser:
    """A tab with the report just opened."""
    shared.requests.clear()
    shared.complaints.clear()
    shared.emulate()
    shared.open(page)
    return shared


def test_nothing_is_fetched_and_nothing_complains(browser: Browser, page: Path) -> None:
    assert [url for url in browser.requests if not url.startswith("data:")] == [page.as_uri()]
    assert browser.complaints == []


def test_the_font_travels_in_the_page(browser: Browser) -> None:
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.weight).sort().join()"
    assert browser.run(loaded) == "400,700"


def test_the_page_fits_its_window_and_shows_ink(browser: Browser) -> None:
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("document.documentElement.scrollHeight") > 3000
    width, height, colours = pixels(browser.screenshot())
    assert (width, height) == (browser.run("innerWidth"), browser.run("innerHeight"))
    assert colours > 50


def test_no_label_of_a_diagram_leaves_its_task(browser: Browser) -> None:
    """As the browser sets the type, not as we think it does."""
    script = """[...document.querySelectorAll('#diagram-v0 g.userTask')].filter(g => {
        const box = g.querySelector('path').getBoundingClientRect();
        return [...g.querySelectorAll('text')].some(t => {
            const own = t.getBoundingClientRect();
            return t.textContent.length > 1 && (own.left < box.left - 1 || own.right > box.right + 1);
        });
    }).map(g => g.id)"""
    assert browser.run(script) == []


def test_the_keyboard_reaches_and_plays(browser: Browser) -> None:
    browser.run("document.querySelector('.replay .play').focus()")
    browser.press("Enter", 13, "\r")
    assert browser.run("document.activeElement.getAttribute('aria-pressed')") == "true"
    before = browser.run("document.querySelector('.date').textContent")
    moving = "new Promise(r => setTimeout(() => r(document.querySelectorAll('#diagram-v0 .token').length), 1200))"
    assert browser.run(moving) >= 1
    assert browser.run("document.querySelector('.date').textContent") != before
    browser.press("Enter", 13, "\r")
    assert browser.run("document.activeElement.getAttribute('aria-pressed')") == "false"
    assert browser.complaints == []


def test_the_arrow_keys_move_in_time_and_the_date_follows(browser: Browser) -> None:
    browser.run("document.querySelector('.replay .place').focus()")
    before = browser.run("document.querySelector('.date').textContent")
    for _ in range(300):
        browser.press("ArrowRight", 39)
    assert browser.run("Number(document.querySelector('.replay .place').value)") == 300
    after = browser.run("document.querySelector('.date').textContent")
    assert after != before
    assert browser.run("document.querySelector('.place').getAttribute('aria-valuetext')") == after


def test_a_link_to_the_verdicts_comes_first(browser: Browser) -> None:
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.getAttribute('href')") == "#verdicts"


def test_who_wants_no_motion_sees_no_token_glide(browser: Browser) -> None:
    browser.emulate(prefers_reduced_motion="reduce")
    browser.run("document.querySelector('.replay .play').click()")
    script = """new Promise(done => { let seen = 0; const until = Date.now() + 1500; (function look() {
        seen += document.querySelectorAll('.token.moves').length;
        Date.now() < until ? requestAnimationFrame(look) : done(seen); }()); })"""
    assert browser.run(script) == 0
    browser.emulate(prefers_reduced_motion="no-preference")
    assert browser.run(script) > 0


def test_words_stand_out_from_their_ground(browser: Browser) -> None:
    """Contrast of at least 4.5 (WCAG 2.1, 1.4.3) for every text outside drawings, on white."""
    script = """[...new Set([...document.querySelectorAll('p,th,td,a,h1,h2,h3,figcaption,label,li,output')]
        .map(e => getComputedStyle(e).color))].join(';')"""
    for colour in browser.run(script).split(";"):
        channels = [int(c) / 255 for c in colour[4:-1].split(",")]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (light + 0.05) >= 4.5, colour


def test_it_prints(browser: Browser) -> None:
    """On paper there are no buttons, and nothing is cut off at the edge of a scrolling box."""
    pdf = browser.pdf()
    assert pdf.startswith(b"%PDF")
    assert 5 < pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") < 60
    browser.emulate(media="print")
    assert browser.run("getComputedStyle(document.querySelector('.replay')).display") == "none"
    assert browser.run("[...document.querySelectorAll('.diagram-box svg')].every(s => s.clientWidth <= innerWidth)")


def test_a_diagram_page_needs_no_network_either(shared: Browser, tmp_path: Path) -> None:
    file = tmp_path / "diagram.html"
    assert main(["diagram", "enterprise_opening", "-o", str(file), "--lang", "en"]) == 0
    shared.requests.clear()
    shared.complaints.clear()
    shared.emulate()
    shared.open(file)
    assert [url for url in shared.requests if not url.startswith("data:")] == [file.as_uri()]
    assert shared.complaints == []


def pixels(png: bytes) -> tuple[int, int, int]:
    """Width, height and how many colours stand in a PNG of eight bits a channel."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    data, at = b"", 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw = zlib.decompress(data)
    step = {2: 3, 6: 4}[kind]
    line = width * step + 1
    found = {
        raw[i : i + step] for row in range(0, height, 7) for i in range(row * line + 1, (row + 1) * line - 1, step)
    }
    return width, height, len(found)
