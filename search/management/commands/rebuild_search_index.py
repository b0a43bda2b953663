"""Write the whole search index anew while it stays in use."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.domain.indexing import rebuild
from search.engines import engine


class Command(BaseCommand):
    help = "重建检索索引（重建期间检索照常可用）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = rebuild()
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "engine": engine().name}))
        else:
            self.stdout.write(f"已重建：{counts['written']} 篇，移除 {counts['removed']} 篇（{engine().name}）。")
