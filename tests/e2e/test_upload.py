"""A real clip travels in parts through a line that breaks and a page that is closed, and then plays."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import studio
from tests.e2e.test_story import OFFICE, sign_in

pytestmark = pytest.mark.e2e
SignIn = Callable[..., Page]
__all__ = ["sign_in"]
PLAYS = """async (address) => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = address;
  document.body.append(video);
  await video.play();
  await new Promise((resolve) => { video.ontimeupdate = () => { if (video.currentTime > 0.5) resolve(); }; });
  return video.videoWidth;
}"""


def make_large_clip(folder: Path) -> Path:
    """A playable clip of several parts: a free box of noise behind a short film."""
    clip = studio.make_clip(folder)
    noise = os.urandom(20 * 1024**2)
    with clip.open("ab") as file:
        file.write((len(noise) + 8).to_bytes(4, "big") + b"free" + noise)
    return clip


def test_an_upload_survives_a_broken_line_and_a_reload(school: str, sign_in: SignIn, tmp_path: Path) -> None:
    clip = make_large_clip(tmp_path)
    page = sign_in("editor", OFFICE)
    page.goto(f"{school}/admin/media/upload/")
    page.wait_for_selector("[data-ready]")
    page.route("**/parts/2/", lambda route: route.abort("connectionreset"))
    page.locator("[data-files]").set_input_files(clip)
    row = page.locator("[data-list] > li")
    expect(row.locator("[data-state]")).to_contain_text("自动重试", timeout=30_000)
    expect(row.locator("[data-percent]")).not_to_have_text("0%")
    page.once("dialog", lambda dialog: dialog.accept())  # "leave the page?"
    page.reload()
    expect(row.locator("[data-state]")).to_contain_text("没有传完")
    page.unroute("**/parts/2/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/parts/" in request.url else None)
    row.locator("[data-again]").set_input_files(clip)
    expect(row.locator("[data-state]")).to_contain_text("可播放", timeout=90_000)
    expect(row).to_have_count(1)
    assert [address.split("/parts/")[1] for address in sent] == ["2/"]  # only what was missing travelled again
    row.locator("[data-video]").click()
    expect(page.locator("h1")).to_contain_text("三问")
    manifest = page.locator("[data-manifest]").get_attribute("data-manifest")
    assert page.evaluate(PLAYS, manifest) > 0

    page.goto(f"{school}/admin/media/upload/")
    page.wait_for_selector("[data-ready]")
    page.locator("[data-files]").set_input_files(clip)
    expect(page.locator("[data-list]")).to_contain_text("这个视频已在库中")
    expect(page.locator("[data-list] > li").last.locator("[data-drop]")).to_be_hidden()


def test_an_upload_is_held_and_given_up_by_keyboard(school: str, sign_in: SignIn, tmp_path: Path) -> None:
    clip = make_large_clip(tmp_path)
    page = sign_in("editor", OFFICE)
    page.goto(f"{school}/admin/media/upload/")
    page.wait_for_selector("[data-ready]")

    page.route("**/parts/*/", lambda route: None)  # the line is dead slow
    page.locator("[data-files]").set_input_files(clip)
    row = page.locator("[data-list] > li").last
    expect(row.locator("[data-pause]")).to_be_visible(timeout=20_000)
    row.locator("[data-pause]").focus()
    page.keyboard.press("Enter")
    expect(row.locator("[data-state]")).to_have_text("已暂停")
    row.locator("[data-drop]").focus()
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Enter")
    expect(page.get_by_text("已暂停")).to_have_count(0)


def test_plain_pages_make_the_same_digest(school: str, sign_in: SignIn) -> None:
    """Without WebCrypto, as on plain http: our own SHA-256 against the browser's, at each length around a block."""
    page = sign_in("editor", OFFICE)
    wrong = page.evaluate(
        """async () => {
          const { plainDigest, digestOf } = await import('/static/media/sha256.js');
          const wrong = [];
          for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 65537, 3000000]) {
            const bytes = new Uint8Array(length).map((_, place) => (place * 31 + length) % 251);
            if (plainDigest(bytes) !== await digestOf(new Blob([bytes]))) wrong.push(length);
          }
          return wrong;
        }"""
    )
    assert wrong == []
