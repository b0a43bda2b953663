"""What an editor and a reviewer do in the admin, click by click."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from media.domain.binaries import ffmpeg

TITLE = "倒闸操作前的三问"
WORDS = "操作前站在设备跟前，先问三句：设备对不对，状态对不对，谁在监护。"
# kind, stem, options, letters of the key
QUIZ = [
    ("单选题", "操作前第一句问什么？", ["设备对不对", "几点下班", "谁带工具", "天气如何"], "A"),
    ("单选题", "第三句问的是谁？", ["值长", "监护人", "司机", "保洁员"], "B"),
    ("多选题", "下列哪些属于三问？", ["设备对不对", "状态对不对", "谁在监护", "晚饭吃什么"], "ABC"),
    ("多选题", "什么时候要重新问？", ["换了设备", "中断后恢复", "刚喝完水", "换了监护人"], "ABD"),
    ("判断题", "老师傅可以省掉三问。", [], "B"),
]


def make_clip(folder: Path) -> Path:
    """Six seconds of a moving picture with a tone."""
    clip = folder / "三问.mp4"
    inputs = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=640x360:rate=25:duration=6",
        "-f",
        "lavfi",
        "-i",
        "sine=440:duration=6",
    ]
    codec = ["-shortest", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([ffmpeg(), "-loglevel", "error", "-y", *inputs, *codec, str(clip)], check=True, timeout=60)
    return clip


def write_quiz(page: Page, school: str) -> None:
    """Five questions in the bank, then a paper of them."""
    for kind, stem, options, key in QUIZ:
        page.goto(f"{school}/admin/exams/questions/new/")
        page.locator("#id_bank").select_option(index=1)
        page.locator("#id_kind").select_option(label=kind)
        page.locator("#id_stem").fill(stem)
        for letter, text in zip("ABCD", options, strict=False):
            page.get_by_label(f"选项 {letter}", exact=True).fill(text)
        for letter in key:
            page.get_by_label(f"选项 {letter} 正确").check()
        page.get_by_role("button", name="创建", exact=True).click()
        expect(page.locator(".messages")).to_contain_text(stem[:10])
    page.goto(f"{school}/admin/exams/papers/new/")
    page.locator("#id_title").fill(f"{TITLE}课后测验")
    for place, (_, stem, _, _) in enumerate(QUIZ):
        if place:
            page.get_by_role("button", name="添加一题").click()
        page.get_by_role("button", name="选择题目").last.click()
        window = page.locator(".modal-content")
        window.get_by_role("link", name=stem).first.click()
        expect(page.get_by_text(stem).last).to_be_visible()
    page.get_by_role("button", name="创建", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(TITLE)


def write_lesson(page: Page, school: str, clip: Path) -> None:
    """Text, an uploaded video, a document and the quiz; then hand it to the reviewer."""
    page.goto(f"{school}/admin/pages/")
    page.goto(page.url)
    page.goto(f"{school}/admin/pages/add/courses/lessonpage/{_index_of_lessons(page, school)}/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill("三句话，把误操作挡在动手之前。")
    _upload_video(page, clip)
    _add_block(page, "正文")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type(WORDS)
    _add_block(page, "附件")
    _upload_document(page, clip.with_suffix(".txt"))
    page.locator("#id_quiz-chooser").get_by_role("button").first.click()
    page.locator(".modal-content").get_by_role("link", name=TITLE).click()
    expect(page.locator("#id_quiz-chooser")).to_contain_text(TITLE)
    page.get_by_role("button", name="更多动作").click()
    page.get_by_role("button", name="提交给内容审核").click()
    expect(page.locator(".messages")).to_contain_text("提交")


def approve(page: Page, school: str) -> None:
    page.goto(f"{school}/admin/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="更多动作").click()
    page.get_by_role("button", name="批准 和发布", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(TITLE)


def _index_of_lessons(page: Page, school: str) -> str:
    """The number of the page that holds the lessons, read from the explorer."""
    page.goto(f"{school}/admin/pages/search/?q=课程")
    link = page.get_by_role("link", name="课程", exact=True).first
    return (link.get_attribute("href") or "").strip("/").split("/")[2]


def _upload_video(page: Page, clip: Path) -> None:
    page.locator("#id_video-chooser").get_by_role("button").first.click()
    page.get_by_role("tab", name="上传视频").click()
    panel = page.locator("#tab-upload-video")
    panel.locator("input[type=file]").first.set_input_files(clip)
    panel.locator("input[name$=title]").fill("三问视频")
    panel.locator("button[type=submit]").click()
    expect(page.locator("#id_video-chooser")).to_contain_text("三问视频", timeout=60_000)


def _upload_document(page: Page, path: Path) -> None:
    path.write_text("一问设备，二问状态，三问监护。", encoding="utf-8")
    page.locator("[data-streamfield-child]").last.get_by_role("button", name="选择").first.click()
    page.get_by_role("tab", name="上传").click()
    panel = page.locator("#tab-upload")
    panel.locator("input[type=file]").set_input_files(path)
    panel.locator("input[name$=title]").fill("三问卡")
    panel.locator("button[type=submit]").click()
    expect(page.locator("[data-streamfield-child]").last).to_contain_text("三问卡", timeout=30_000)


def _add_block(page: Page, name: str) -> None:
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=name, exact=True).click()
