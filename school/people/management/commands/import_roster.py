"""Enter members from a roster file. Exit codes: 0 all rows fine, 3 rows refused, 2 unusable arguments or file."""

import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from school.kernel.errors import DomainError, InvalidInput, TooLarge
from school.people.domain.rosters import RosterResult, import_roster
from school.people.domain.tables import MAX_FILE_BYTES
from school.people.models import Organisation

REFUSED_ROWS, UNUSABLE = 3, 2


class Command(BaseCommand):
    help = "从 XLSX、XLS 或 CSV 名册登记党员"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="名册文件")
        parser.add_argument("--organisation", required=True, metavar="CODE", help="组织代码；名册里的组织须在其下")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--partial", action="store_true", help="有错误行时，仍写入正确的行")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        try:
            result = import_roster(
                self._read(options["file"]),
                options["file"].name,
                self._organisation(options["organisation"]),
                by=None,
                dry_run=options["dry_run"],
                partial=options["partial"],
            )
        except DomainError as error:
            self._give_up(error)
        self._report(result, dry_run=options["dry_run"])
        if result.errors:
            raise SystemExit(REFUSED_ROWS)

    def _read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise TooLarge(f"文件超过 {MAX_FILE_BYTES // 1024**2} MB，请分成几个文件再导入。")
            return path.read_bytes()
        except OSError as error:
            raise InvalidInput(f"读不到文件“{path}”：请核对路径和权限。", code="no_file") from error

    def _organisation(self, code: str) -> Organisation:
        organisation = Organisation.objects.in_force().filter(code=code).first()
        if organisation is None:
            raise InvalidInput(f"没有代码为“{code}”的现有组织，请核对 --organisation。", code="unknown_organisation")
        return organisation

    def _give_up(self, error: DomainError) -> NoReturn:
        """The file as a whole: told as an error of row 0."""
        told = {"row": 0, "column": "", "code": error.code, "message": error.message}
        if self.as_json:
            nothing = {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "errors": [told]}
            self.stdout.write(json.dumps(nothing, ensure_ascii=False))
        self.stderr.write(error.message)
        raise SystemExit(UNUSABLE)

    def _report(self, result: RosterResult, *, dry_run: bool) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        for error in result.errors:
            self.stderr.write(f"第 {error['row']} 行 {error['column']} 列：{error['message']}")
        if result.ignored:
            self.stdout.write(f"没有读取的列：{'、'.join(result.ignored)}")
        done = "检查完毕（没有写入）" if dry_run else "导入完毕"
        counts = f"新增 {result.created}，更新 {result.updated}，未变 {result.unchanged}"
        self.stdout.write(f"{done}：读取 {result.read} 行，{counts}，问题 {len(result.errors)} 处。")
