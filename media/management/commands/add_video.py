"""Take a film file of this machine into the library, with the same checks as an upload in the browser.

Exit codes: 0 added or already there, 2 unusable arguments or file, 3 with --wait when the transcoding failed.
"""

import json
import time
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from wagtail.models import Collection

from media.domain.runs import SILENCE
from media.domain.videos import add_video
from media.enums import VideoState
from media.models import Video
from school.kernel.errors import DomainError
from school.kernel.queries import heartbeat_ages
from school.people.models import Organisation

UNUSABLE, FAILED = 2, 3
NOTHING: dict[str, Any] = {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "errors": []}
PATIENCE_SECONDS = 180  # for a sign of life from the video queue


class Command(BaseCommand):
    help = "把本机的视频文件加入媒体库并转码"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", required=True)
        parser.add_argument("--organisation", metavar="CODE", help="所属组织的代码")
        parser.add_argument("--collection", metavar="NAME", help="文件夹（集合）名称")
        parser.add_argument("--wait", action="store_true", help="等到转码结束，每秒显示进度")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_json = options["json"]
        video, is_new = self._add(options)
        video.refresh_from_db()
        if not self.is_json:
            self.stdout.write(f"{'已加入' if is_new else '库中已有，未改动'}：{video.title}（编号 {video.pk}）")
        if options["wait"]:
            self._follow(video)
        if self.is_json:
            self.stdout.write(json.dumps(_described(video, is_new), ensure_ascii=False))
        if options["wait"] and video.state != VideoState.READY:
            self.stderr.write(video.error or f"没有转码完成，当前状态：{video.get_state_display()}")
            raise SystemExit(FAILED)

    def _add(self, options: dict[str, Any]) -> tuple[Video, bool]:
        path = options["file"]
        if not path.is_file():
            self._end(UNUSABLE, f"找不到文件：{path}")
        if not options["title"].strip() or len(options["title"]) > 255:
            self._end(UNUSABLE, "标题应为 1 到 255 个字。")
        organisation = self._named(Organisation, "code", options["organisation"], "组织")
        collection = self._named(Collection, "name", options["collection"], "文件夹")
        try:
            return add_video(
                path, title=options["title"].strip(), by=None, organisation=organisation, collection=collection
            )
        except DomainError as refused:
            self._end(UNUSABLE, refused.message, refused.code)
        except PermissionError:
            self._end(UNUSABLE, f"没有权限读取文件：{path}")

    def _named(self, model: Any, field: str, value: str | None, noun: str) -> Any:
        if value is None:
            return None
        found = list(model.objects.filter(**{field: value})[:2])
        if len(found) != 1:
            self._end(UNUSABLE, f"{'没有' if not found else '不止一个'}{noun}：{value}")
        return found[0]

    def _follow(self, video: Video) -> None:
        """Until the transcoding ends, or until nobody is there to do it."""
        started, shown = time.monotonic(), ""
        while video.state in (VideoState.UPLOADED, VideoState.QUEUED, VideoState.TRANSCODING):
            line = f"{video.get_state_display()} {video.progress}%"
            if line != shown and not self.is_json:
                self.stdout.write(line)
                self.stdout.flush()
            shown = line
            silent = heartbeat_ages().get("video", PATIENCE_SECONDS + 1) > SILENCE.total_seconds() * 2
            if silent and time.monotonic() - started > PATIENCE_SECONDS:
                self._end(FAILED, code="no_worker", message="后台的转码进程没有在运行，视频已在排队，请启动后台任务。")
            time.sleep(1)
            video.refresh_from_db()

    def _end(self, status: int, message: str, code: str = "unusable") -> NoReturn:
        if self.is_json:
            told = {"row": 0, "column": "", "code": code, "message": message}
            self.stdout.write(json.dumps({**NOTHING, "errors": [told]}, ensure_ascii=False))
        self.stderr.write(message)
        raise SystemExit(status)


def _described(video: Video, is_new: bool) -> dict[str, Any]:
    counts = {"read": 1, "created": int(is_new), "unchanged": int(not is_new)}
    failed = [{"row": 0, "column": "", "code": video.state, "message": video.error}] if video.error else []
    facts = {"id": video.pk, "title": video.title, "state": video.state, "sha256": video.sha256}
    facts |= {"seconds": video.duration, "rungs": video.rungs, "stored_bytes": video.stored_bytes}
    return {**NOTHING, **counts, "errors": failed, "video": facts}
