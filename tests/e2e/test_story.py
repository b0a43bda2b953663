"""The story in one browser run: assign, watch, sit the quiz, be credited once, remind the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e
TOP = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 900}
LESSON = "/courses/theme-day/"
RIGHT = [
    "每月相对固定一天",
    "定题",
    "行动",
    "回看",
    "错误",
    "半小时以内",
    "题目要小",
    "能说清解决哪件事",
    "与本支部实际有关",
]
AXE = TOP / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def sign_in(browser: Browser, school: str) -> Callable[..., Page]:
    def open_page(account: str, size: dict[str, int]) -> Page:
        page = browser.new_context(viewport=size, locale="zh-CN", bypass_csp=False).new_page()
        page.errors = []  # type: ignore[attr-defined]
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
        page.goto(f"{school}/login/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill("school-demo-2026")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{school}/")
        return page

    return open_page


def wait_for_video(page: Page, school: str) -> None:
    """The worker transcodes in the background; the lesson page shows the player once it is done."""
    for _ in range(60):
        page.goto(school + LESSON)
        if page.locator("[data-player]").count():
            return
        page.wait_for_timeout(2000)
    raise AssertionError("the video was not transcoded within two minutes")


def answer_all(page: Page) -> None:
    for text in RIGHT:
        page.get_by_text(text, exact=True).first.click()
    expect(page.locator("[data-save]")).to_have_text("已保存", timeout=10_000)


def test_a_member_learns_passes_and_is_credited(school: str, sign_in: Callable[..., Page]) -> None:
    trainer = sign_in("trainer", OFFICE)
    trainer.goto(f"{school}/courses/assign/")
    trainer.get_by_label("课程").select_option(label="主题党日五步法")
    trainer.get_by_label("组织").select_option(label="变电运维支部")
    trainer.get_by_role("button", name="指派并通知").click()
    expect(trainer.get_by_text("已指派，并通知到每一个人")).to_be_visible()
    followed = trainer.url

    member = sign_in("member", PHONE)
    expect(member.get_by_role("heading", name="待完成的任务")).to_be_visible()
    expect(member.get_by_role("link", name="主题党日五步法").first).to_be_visible()
    wait_for_video(member, school)
    member.get_by_role("button", name="播放", exact=True).click()
    expect(member.locator("[data-watch-percent]")).to_have_text("已看 100%", timeout=60_000)

    member.goto(school + LESSON)
    member.get_by_role("link", name="去做测验").click()
    member.get_by_role("button", name="开始答题").click()
    answer_all(member)
    member.reload()  # nothing is lost by a reload
    expect(member.locator("[data-saved]")).to_have_text("5")
    member.get_by_role("button", name="交卷").click()
    expect(member.get_by_role("heading", name="合格", exact=True)).to_be_visible(timeout=15_000)

    member.goto(f"{school}/me/")
    expect(member.get_by_text("学完《主题党日五步法》")).to_have_count(2)  # hours and points
    expect(member.get_by_text("《主题党日五步法》课后测验合格")).to_have_count(3)  # hours, credit, points of the credit
    assert member.errors == [], member.errors  # type: ignore[attr-defined]

    secretary = sign_in("secretary", OFFICE)
    secretary.goto(f"{school}/workbench/")
    expect(secretary.get_by_text("主题党日五步法")).to_be_visible()
    secretary.goto(followed)
    expect(secretary.get_by_text("已完成 1 / 14 人")).to_be_visible()
    secretary.get_by_role("button", name="提醒未完成的人").click()
    expect(secretary.get_by_text("已提醒 13 人。")).to_be_visible()
    secretary.get_by_role("button", name="提醒未完成的人").click()
    expect(secretary.get_by_text("没有需要提醒的人")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible_and_fit(
    school: str, sign_in: Callable[..., Page], size: dict[str, int], theme: str
) -> None:
    page = sign_in("secretary", size)
    page.evaluate(f"localStorage.setItem('theme', '{theme}')")
    shots = TOP / "var" / "screens"
    for name, path in {
        "home": "/", "courses": "/courses/", "lesson": LESSON, "exams": "/exams/", "me": "/me/", "notices": "/notices/",
        "workbench": "/workbench/", "assign": "/courses/assign/", "tasks": "/courses/tasks/",
    }.items():  # fmt: skip
        page.goto(school + path)
        page.screenshot(path=shots / f"{name}-{size['width']}-{theme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{path} is wider than the screen"
        )
        axe = AXE.read_text(encoding="utf-8")
        found = page.evaluate(f"async () => {{ {axe}; return (await axe.run()).violations }}")
        bad = [(v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in ("serious", "critical")]
        assert bad == [], (path, bad)
