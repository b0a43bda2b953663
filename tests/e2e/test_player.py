"""The player in a real Chromium, with a real film from the real pipeline.

Playing and rungs, the rules of a first viewing, resuming elsewhere, two tabs, a dead line, old browsers.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import cinema

pytestmark = pytest.mark.e2e
TOP = Path(__file__).parents[2]
AXE = TOP / "node_modules/axe-core/axe.min.js"
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 900}
TRANSCODING_SECONDS = 240
PATIENCE_SECONDS = 30
LEVEL = (
    "(() => { const h = document.querySelector('hls-video').api; return (h.levels[h.currentLevel] || {}).height; })()"
)
SHOWN = """(() => {
  const tracks = [...document.querySelector('hls-video').textTracks];
  const track = tracks.find((t) => t.kind === 'captions' && t.mode === 'showing');
  return track && track.activeCues && track.activeCues.length ? track.activeCues[0].text : '';
})()"""
UNDER_AXE: set[Page] = set()  # axe tries style elements of its own in each shadow root
OpenLesson = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def film(school: str, browser: Browser, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The lessons stand in the school and their film has been transcoded."""
    cinema.show_film(cinema.make_clip(tmp_path_factory.mktemp("film")), environment)
    page = sign_in(browser.new_context(locale="zh-CN"), school, "marker")
    for _ in range(TRANSCODING_SECONDS):
        page.goto(f"{school}/courses/{cinema.SLUGS[0]}/")
        if page.locator("[data-player]").count():
            break
        page.wait_for_timeout(1000)
    page.context.close()


def sign_in(context: BrowserContext, school: str, account: str) -> Page:
    page = context.new_page()
    page.goto(f"{school}/login/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill("school-demo-2026")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{school}/")
    return page


@pytest.fixture
def open_lesson(browser: Browser, school: str) -> Iterator[OpenLesson]:
    """Opens a lesson in a context of its own, or in the one given; at the end no page may have met an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" and page not in UNDER_AXE else None)
        page.on("pageerror", lambda e: errors.append(str(e)))

    def open_page(
        slug: str, account: str = "marker", size: dict[str, int] = OFFICE, script: str = "", beside: Page | None = None
    ) -> Page:
        if beside:
            page = beside.context.new_page()
        else:
            context = browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
            contexts.append(context)
            page = sign_in(context, school, account)
        if script:
            page.add_init_script(script)
        listen(page)
        page.goto(f"{school}/courses/{slug}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    lost_line = "ERR_INTERNET_DISCONNECTED"
    assert [error for error in errors if lost_line not in error and "409" not in error] == []


def at(page: Page) -> float:
    return float(page.evaluate("document.querySelector('hls-video, video').currentTime"))


def until(page: Page, condition: str) -> None:
    """Playwright's own waiting evaluates text in the page, which its policy refuses."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(100)


def play(page: Page, second: float) -> None:
    page.locator("[data-ready]").wait_for(state="attached")
    page.evaluate("document.querySelector('hls-video, video').play()")
    until(page, f"document.querySelector('hls-video, video').currentTime >= {second}")


def pause(page: Page) -> None:
    page.evaluate("document.querySelector('hls-video, video').pause()")


def kept(page: Page) -> list[list[int]]:
    """What this device keeps until the server has acknowledged it."""
    script = (
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('school:watched'))) || '[]')"
    )
    return page.evaluate(script)  # type: ignore[no-any-return]


def test_it_plays_and_switches_rungs(open_lesson: OpenLesson) -> None:
    page = open_lesson(cinema.SLUGS[0])
    play(page, 1)
    assert page.evaluate("document.querySelector('hls-video').videoWidth") > 0
    assert page.evaluate("document.querySelector('hls-video').api.audioTracks.length") > 0
    for height in (480, 1080):
        page.locator("media-rendition-menu-button").click()
        page.get_by_role("menuitemradio", name=f"{height}p").click()
        until(page, f"{LEVEL} === {height}")
    page.locator("media-playback-rate-menu-button").click()
    rates = page.locator("media-playback-rate-menu").get_by_role("menuitemradio").all_inner_texts()
    assert rates == ["0.75x", "1x", "1.25x", "1.5x"]


def test_captions_chapters_and_previews(open_lesson: OpenLesson) -> None:
    page = open_lesson(cinema.SLUGS[0])
    play(page, 0.3)
    page.locator("media-captions-menu-button").click()
    choices = page.locator("media-captions-menu").get_by_role("menuitemradio")
    expect(choices).to_have_count(3)  # off and two languages
    choices.filter(has_text="中文").click()
    until(page, f"{SHOWN} === '兔子出洞先看天'")
    page.reload()
    play(page, 0.3)
    until(page, f"{SHOWN} === '兔子出洞先看天'")  # the choice is remembered
    pause(page)
    page.screenshot(path=TOP / "var/screens/player-captions-1366.png")
    bar = page.locator("media-time-range")
    bar.hover()
    expect(bar).to_have_attribute("mediapreviewimage", re.compile("sprite"))
    expect(bar).to_have_attribute("mediapreviewchapter", re.compile("出洞|伸腰"))
    page.screenshot(path=TOP / "var/screens/player-preview-1366.png")


def test_a_question_inside_the_film_is_answered_once(open_lesson: OpenLesson) -> None:
    """The picture waits; it cannot be passed over; the answer is explained; it is not asked again."""
    page = open_lesson(cinema.ASKING, "trainer", PHONE)
    play(page, 1)
    question = page.get_by_role("dialog", name="想一想")
    expect(question).to_be_visible(timeout=15_000)
    assert page.evaluate("document.querySelector('hls-video').paused")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(question.get_by_role("button", name="跳过")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Space")  # ticks the option that has the focus
    page.screenshot(path=TOP / "var/screens/player-question-390.png")
    question.get_by_role("button", name="提交").click()
    expect(question.locator("[data-result]")).to_contain_text(re.compile("答对了|答错了"))
    page.screenshot(path=TOP / "var/screens/player-answer-390.png")
    page.keyboard.press("Enter")
    expect(question).to_have_count(0)
    until(page, "document.querySelector('hls-video').currentTime > 3")
    page.reload()
    play(page, 0.5)
    page.evaluate("document.querySelector('hls-video').currentTime = 1.5")
    until(page, "document.querySelector('hls-video').currentTime > 2.5")
    expect(question).to_have_count(0)


def test_presence_is_asked_and_answered_by_key(open_lesson: OpenLesson, environment: dict[str, str]) -> None:
    """Unanswered, the film pauses with words; Enter goes on."""
    page = open_lesson(cinema.DOUBTFUL, "trainer")
    play(page, 1)
    pause(page)
    expect(page.locator(".player [data-state]")).to_contain_text("记", timeout=10_000)
    cinema.doubt(cinema.DOUBTFUL, 71, environment)
    play(page, at(page) + 1.5)
    pause(page)
    prompt = page.get_by_role("alertdialog", name="您还在学习吗？")
    expect(prompt).to_be_visible(timeout=15_000)
    page.screenshot(path=TOP / "var/screens/player-presence-1366.png")
    page.evaluate("document.querySelector('hls-video').play()")
    expect(prompt).to_contain_text("播放已暂停", timeout=15_000)
    until(page, "document.querySelector('hls-video').paused")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(prompt).to_have_count(0)
    until(page, "!document.querySelector('hls-video').paused")


def test_a_first_viewing_does_not_skip_ahead(open_lesson: OpenLesson) -> None:
    """Not by script, not by key, not by mouse, not by the address, not by a transcript; back is free."""
    page = open_lesson(f"{cinema.SLUGS[1]}/#t=12")
    play(page, 1)
    assert at(page) < 6
    pause(page)
    page.evaluate("document.querySelector('hls-video').currentTime = 12")
    expect(page.locator("[data-say]")).to_contain_text("第一次观看请按顺序看")
    page.locator("[data-play]").focus()
    page.keyboard.press("9")
    page.keyboard.press("ArrowRight")
    box = page.locator("media-time-range").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    page.evaluate("document.dispatchEvent(new CustomEvent('school:seek', {detail: {seconds: 11}}))")
    page.wait_for_timeout(300)
    assert at(page) < 6
    page.evaluate("document.querySelector('hls-video').currentTime = 0.2")
    page.wait_for_timeout(200)
    assert at(page) < 0.5
    page.evaluate("document.querySelector('hls-video').playbackRate = 4")
    until(page, "document.querySelector('hls-video').playbackRate <= 1.5")


def test_watching_goes_on_elsewhere(open_lesson: OpenLesson) -> None:
    """What one device has seen another continues, with a way back to the beginning."""
    page = open_lesson(cinema.SLUGS[2], "examiner")
    play(page, 7)
    pause(page)
    expect(page.locator(".player [data-state]")).to_contain_text("已记到", timeout=10_000)
    stopped = at(page)
    phone = open_lesson(cinema.SLUGS[2], "examiner", PHONE)
    expect(phone.locator("[data-resume]")).to_contain_text("从上次 00:0")
    assert abs(at(phone) - stopped) < 1.5
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="从头看").click()
    until(phone, "document.querySelector('hls-video').currentTime < 0.5")


def test_the_older_of_two_tabs_pauses(open_lesson: OpenLesson) -> None:
    first = open_lesson(cinema.SLUGS[3], "trainer")
    play(first, 1)
    second = open_lesson(cinema.SLUGS[3], beside=first)
    play(second, 0.5)
    box = first.locator(".player [data-box]")
    expect(box).to_contain_text("另一个窗口", timeout=30_000)
    assert first.evaluate("document.querySelector('hls-video').paused")
    pause(second)
    box.get_by_role("button", name="在这里继续").click()
    expect(box).to_be_hidden()
    until(first, "!document.querySelector('hls-video').paused")


def test_nothing_is_lost_on_a_dead_line(open_lesson: OpenLesson) -> None:
    """Played offline, kept on the device, kept through a reload, and reported at last."""
    page = open_lesson(cinema.SLUGS[4], "reviewer")
    play(page, 1.5)
    until(page, "document.querySelector('hls-video').buffered.length > 0")
    until(page, "document.querySelector('hls-video').buffered.end(0) > 5")
    page.context.set_offline(True)
    play(page, 4)
    pause(page)
    expect(page.locator(".player [data-state]")).to_contain_text("网络断开")
    assert kept(page)[-1][1] > 3500
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    page.context.set_offline(False)
    page.reload()
    assert kept(page)[-1][1] > 3500
    page.unroute("**/api/v1/**")
    page.wait_for_timeout(1500)
    play(page, 0.5)
    expect(page.locator(".player [data-state]")).to_contain_text("已记到", timeout=30_000)
    until(page, "document.querySelector('[data-watch-percent]').textContent.match(/\\d+/)[0] >= 25")


OLD = {
    "no custom elements": "Object.defineProperty(window, 'customElements', {value: undefined, writable: true});",
    "no constructed sheets": "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor'); };",
}


@pytest.mark.parametrize("script", OLD.values(), ids=OLD)
def test_an_older_browser_plays_by_its_own_controls(open_lesson: OpenLesson, script: str) -> None:
    page = open_lesson(cinema.SLUGS[0], "secretary", script=script)
    expect(page.locator("[data-ready=plain]")).to_be_visible()
    play(page, 1)
    assert page.evaluate("document.querySelector('video').controls")
    pause(page)
    expect(page.locator(".player [data-state]")).to_contain_text("记", timeout=10_000)


def test_a_browser_that_plays_nothing_is_told_what_to_do(open_lesson: OpenLesson) -> None:
    script = "for (const n of ['MediaSource', 'ManagedMediaSource', 'WebKitMediaSource']) delete window[n];"
    page = open_lesson(
        cinema.SLUGS[0], "secretary", PHONE, script + "HTMLMediaElement.prototype.canPlayType = () => '';"
    )
    expect(page.locator("[data-old]")).to_contain_text("请换用新版")
    page.screenshot(path=TOP / "var/screens/player-old-390.png")


def test_an_internal_film_bears_the_viewers_name(open_lesson: OpenLesson) -> None:
    page = open_lesson(cinema.INTERNAL, "trainer")
    sign = page.locator(".watermark")
    expect(sign).to_have_attribute("aria-hidden", "true")
    name = sign.inner_text()
    assert len(name) > 4
    page.evaluate("document.querySelector('.watermark').remove()")
    expect(sign).to_have_text(name)
    page.evaluate("document.querySelector('.watermark').style.opacity = 0")
    expect(sign).to_have_css("opacity", "0.34")
    page.goto(page.url.replace(cinema.INTERNAL, cinema.SLUGS[0]))
    page.locator("[data-ready]").wait_for(state="attached")
    expect(sign).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_and_is_accessible(open_lesson: OpenLesson, size: dict[str, int], theme: str) -> None:
    page = open_lesson(cinema.INTERNAL, "trainer", size, f"localStorage.setItem('theme', '{theme}');")
    play(page, 0.5)
    pause(page)
    page.wait_for_timeout(300)
    page.screenshot(path=TOP / f"var/screens/player-{size['width']}-{theme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    small = "[...document.querySelectorAll('.pctl > [role=button]')].map((e) => e.getBoundingClientRect())"
    small += ".filter((r) => r.width && (r.width < 44 || r.height < 44)).length"
    assert page.evaluate(small) == 0
    UNDER_AXE.add(page)
    found = page.evaluate(f"async () => {{ {AXE.read_text(encoding='utf-8')}; return (await axe.run()).violations }}")
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
