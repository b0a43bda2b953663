"""Delete files of media that nothing names: old generations, remains of dead workers and of abandoned uploads."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from media.domain.cleaning import YOUNG, Cleaned, clean, find_leftovers
from media.enums import LeftoverKind


class Command(BaseCommand):
    help = "清理不再被引用的媒体文件（正在使用的和 24 小时内的从不删除）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出，不删除")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument("--older-than-hours", type=int, default=24, help="只清理这么多小时没有动过的（至少 24）")

    def handle(self, *args: Any, **options: Any) -> None:
        older_than = timedelta(hours=min(options["older_than_hours"], 24 * 365 * 100))
        if older_than < YOUNG:
            raise CommandError("--older-than-hours 至少为 24：更新的文件可能还有人在看。")
        found = find_leftovers(older_than)
        if not options["json"]:
            for each in found:
                self.stdout.write(f"{each.label}\t{filesizeformat(each.size)}\t{each.name}")
        gone = Cleaned({}) if options["dry_run"] else clean(found, by=None, older_than=older_than)
        if options["json"]:
            listed = [{"kind": each.kind, "name": each.name, "bytes": each.size} for each in found]
            deleted = {kind: {"count": count, "bytes": size} for kind, (count, size) in asdict(gone)["by_kind"].items()}
            self.stdout.write(json.dumps({"found": listed, "deleted": deleted}, ensure_ascii=False))
            return
        total = filesizeformat(sum(each.size for each in found))
        if options["dry_run"]:
            self.stdout.write(f"共 {len(found)} 项，{total}。这是预览，没有删除任何文件。")
            return
        for kind, (count, size) in gone.by_kind.items():
            self.stdout.write(f"已删除：{LeftoverKind(kind).label} {count} 项，{filesizeformat(size)}")
        self.stdout.write(f"共删除 {gone.count} 项，释放 {filesizeformat(gone.size)}。")
