"""A member signs in, searches, watches, sits the quiz and reads the result with the keys alone.

Every stop of the focus is looked at: it shows where it is, it is not covered, and Tab leads through the whole page.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.e2e
TOP = Path(__file__).parents[2]
MOST_STOPS = 150
TRANSCODING_SECONDS = 180
LESSON = next(
    lesson
    for lesson in json.loads((TOP / "home/demo/content/lessons.json").read_text(encoding="utf-8"))
    if lesson["slug"] == "theme-day"
)

# Where the focus is and what is wrong with how it shows; null on the page itself.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  window.stops = window.stops || [];
  if (!window.stops.includes(e)) window.stops.push(e);
  const style = getComputedStyle(e);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const box = e.getClientRects()[0];
  const y = box.top + box.height / 2;
  const on = [0.1, 0.5, 0.9].map((part) => document.elementFromPoint(box.left + box.width * part, y));
  const faults = [];
  if (!outlined && style.boxShadow === 'none') faults.push('shows no focus');
  if (!on.some((top) => top && (e.contains(top) || top.contains(e)))) faults.push('is covered or out of sight');
  return { place: window.stops.indexOf(e), html: e.outerHTML.slice(0, 160), faults };
}"""
# What Tab must reach and has not: everything that can be used; one of each group of radio buttons.
MISSED = """() => {
  const usable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const seen = window.stops || [];
  const groups = new Set(seen.filter((e) => e.type === 'radio').map((e) => e.name));
  const folded = (e) => e.tagName !== 'SUMMARY' && e.closest('details:not([open])');
  const offered = (e) => e.getClientRects().length && !e.disabled && e.tabIndex >= 0 && !folded(e);
  return usable.filter((e) => offered(e) && !seen.includes(e) && !(e.type === 'radio' && groups.has(e.name)))
    .map((e) => e.outerHTML.slice(0, 160));
}"""


class Keys:
    """The only way this test touches a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def step(self, key: str = "Tab") -> dict[str, Any] | None:
        """One stop further; None where the focus has left the page."""
        self.press(key)
        stop: dict[str, Any] | None = self.page.evaluate(STOP)
        assert stop is None or stop["faults"] == [], (self.page.url, stop)
        return stop

    def to(self, target: Locator) -> None:
        """Tab until the target has the focus."""
        for _ in range(MOST_STOPS):
            if self.step() and has_focus(target):
                return
        raise AssertionError(f"{self.page.url}: Tab does not reach {target}")

    def open(self, link: Locator) -> None:
        self.to(link)
        before = self.page.url
        self.press("Enter")
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state()

    def walk_round(self) -> None:
        """Tab leads through everything and out of the page, Shift+Tab back in: nothing holds the focus."""
        self.page.evaluate("window.stops = []; document.activeElement.blur()")
        for key in ("Tab", "Shift+Tab"):
            places = [None]
            for _ in range(MOST_STOPS):
                stop = self.step(key)
                if stop is None:
                    break
                assert stop["place"] != places[-1], (self.page.url, "the focus is held by", stop)
                places.append(stop["place"])
            else:
                raise AssertionError(f"{self.page.url}: {key} never leaves the page")
            assert len(places) > 1, (self.page.url, key)
        missed = self.page.evaluate(MISSED)
        assert missed == [], (self.page.url, missed)


def has_focus(target: Locator) -> bool:
    return target.count() == 1 and bool(target.evaluate("e => e === document.activeElement"))


def test_a_member_learns_with_the_keys_alone(browser: Browser, school: str) -> None:
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN").new_page()
    keys = Keys(page)
    sign_in(keys, school)
    skip_to_the_text(keys)
    find_an_article(keys)
    open_the_lesson(keys)
    watch(keys)
    sit_the_quiz(keys)
    read_the_result(keys)


def sign_in(keys: Keys, school: str) -> None:
    page = keys.page
    page.goto(f"{school}/login/")
    keys.walk_round()
    page.reload()
    keys.to(page.get_by_label("账号"))
    keys.write("member")
    keys.to(page.get_by_label("密码"))
    keys.write("school-demo-2026")
    keys.press("Enter")
    page.wait_for_url(f"{school}/")


def skip_to_the_text(keys: Keys) -> None:
    page = keys.page
    keys.walk_round()
    page.reload()
    keys.step()
    assert has_focus(page.get_by_role("link", name="跳到正文"))
    keys.press("Enter")
    keys.step()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def find_an_article(keys: Keys) -> None:
    """From the head of the page to the article itself; Tab goes on from there, not from the top."""
    page = keys.page
    page.reload()
    keys.open(page.get_by_role("banner").get_by_role("link", name="搜索"))
    keys.to(page.get_by_role("searchbox"))
    keys.write("谈话")
    keys.press("Enter")
    hit = page.locator(".hit-item").filter(has_text="支部工作条例").first.get_by_role("link")
    expect(hit).to_be_visible()
    keys.walk_round()
    keys.open(hit)
    expect(page.locator(":target")).to_contain_text("谈话")
    expect(page.locator(":target")).to_be_in_viewport()
    if keys.step():
        assert page.evaluate(
            "!!(document.querySelector(':target').compareDocumentPosition(document.activeElement)"
            " & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY))"
        )
    keys.walk_round()


def open_the_lesson(keys: Keys) -> None:
    page = keys.page
    page.reload()
    keys.open(page.get_by_role("banner").get_by_role("link", name="课程", exact=True))
    keys.walk_round()
    page.reload()
    keys.open(page.get_by_role("main").get_by_role("link").filter(has_text=LESSON["title"]).first)
    assert page.url.endswith("/courses/theme-day/")
    until = time.monotonic() + TRANSCODING_SECONDS
    while not page.locator("[data-player]").count() and time.monotonic() < until:
        page.wait_for_timeout(1000)
        page.reload()
    page.locator("[data-ready]").wait_for()


def watch(keys: Keys) -> None:
    """Space plays and pauses, arrows go back and on, the rest of the controls answer as well."""
    page = keys.page
    keys.walk_round()
    page.reload()
    play, video = page.locator("[data-play]"), page.locator("hls-video")
    page.locator("[data-ready]").wait_for()
    keys.to(play)
    keys.press("Space")
    expect(play).to_have_accessible_name("暂停")
    expect(page.locator("[data-time]")).to_contain_text("0:03", timeout=20_000)
    assert has_focus(play)
    keys.press("Space")
    expect(play).to_have_accessible_name("播放")
    assert video.evaluate("v => v.paused")
    at = video.evaluate("v => v.currentTime")
    keys.step("Shift+Tab")
    assert has_focus(page.locator("media-time-range"))
    expect(page.get_by_role("slider", name="播放位置")).to_have_count(1)
    keys.press("ArrowLeft")
    assert video.evaluate("v => v.currentTime") < at
    keys.to(page.locator("media-mute-button"))
    keys.press("Enter")
    expect(page.get_by_role("button", name="恢复音量")).to_be_visible()
    assert video.evaluate("v => v.muted")
    ask_for_the_keys(keys)


def ask_for_the_keys(keys: Keys) -> None:
    """The table of keys opens by `?`, holds the focus, and gives it back."""
    page = keys.page
    before = page.evaluate("document.activeElement.localName")
    keys.press("?")
    table = page.get_by_role("dialog", name="快捷键")
    expect(table).to_be_visible()
    keys.press("Tab")
    assert has_focus(table.get_by_role("button", name="知道了"))
    keys.press("Escape")
    expect(table).to_have_count(0)
    assert page.evaluate("document.activeElement.localName") == before


def sit_the_quiz(keys: Keys) -> None:
    """All but the last question are answered, so that handing in asks first; Enter in a choice leaves nothing."""
    page = keys.page
    keys.open(page.get_by_role("link", name="去做测验"))
    keys.walk_round()
    page.reload()
    keys.to(page.get_by_role("button", name="开始答题"))
    keys.press("Enter")
    page.locator("[data-sitting]").wait_for()
    sitting = page.url
    keys.walk_round()
    page.reload()
    *asked, _ = page.locator("[data-question]").all()
    for card in asked:
        answer(keys, card)
    keys.press("Enter")
    page.evaluate("document.querySelector('[data-paper]').requestSubmit()")  # what Enter does in a lone blank
    expect(page.locator("[data-save]")).to_have_text("已保存", timeout=10_000)
    expect(page.locator("[data-saved]")).to_have_text(str(len(asked)))
    assert page.url == sitting
    hand_in = page.get_by_role("button", name="交卷")
    keys.to(hand_in)
    keys.press("Enter")
    expect(page.locator("[data-left]")).to_contain_text("还有 1 题没有作答")
    expect(page.locator("#say")).to_contain_text("还有 1 题没有作答")
    assert has_focus(hand_in)
    keys.press("Enter")


def answer(keys: Keys, card: Locator) -> None:
    """The key of the question: Space ticks a box; in a group of radio buttons arrows choose."""
    stem = card.locator(".stem").inner_text()
    question = next(found for found in LESSON["quiz"] if found["stem"] == stem)
    texts = {option["key"]: option["text"] for option in question.get("options", [])}
    right = [texts.get(letter, "正确" if letter == "A" else "错误") for letter in question["answer"]]
    inputs = [card.get_by_role("checkbox", name=text) for text in right]
    if question["type"] == "multiple":
        for box in inputs:
            keys.to(box)
            keys.press("Space")
    else:
        keys.to(card.get_by_role("radio").first)
        keys.press("Space")
        wanted = card.locator("label").filter(has=card.page.get_by_text(right[0], exact=True)).get_by_role("radio")
        for _ in range(10):
            if wanted.is_checked():
                break
            keys.step("ArrowDown")
        expect(wanted).to_be_checked()


def read_the_result(keys: Keys) -> None:
    page = keys.page
    expect(page.get_by_text("合格线").first).to_be_visible(timeout=15_000)
    expect(page.locator(".tag", has_text="答对")).to_have_count(len(LESSON["quiz"]) - 1)
    expect(page.locator(".tag", has_text="未答")).to_have_count(1)
    keys.walk_round()
    page.reload()
    keys.open(page.get_by_role("link", name="回到课程"))
    assert page.url.endswith("/courses/theme-day/")
