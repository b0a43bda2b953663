"""Write the configuration of nginx for this school from deploy/nginx/, with the paths and the key of these settings."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

TEMPLATES = Path(settings.BASE_DIR) / "deploy" / "nginx"
NAME = re.compile(r"\$\{([A-Z_]+)\}")
ALLOWED = re.compile(r"[A-Za-z0-9_./:*\[\] -]+")  # nothing that ends a word or begins another in nginx's language
PRIVATE = "parts/key.conf"


class Command(BaseCommand):
    help = "写出 nginx 的配置文件（说明见 docs/deploy-nginx.md）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="例如 /etc/nginx/school")
        parser.add_argument("--server-name", default="_", help="域名，多个用空格隔开")
        parser.add_argument("--listen", default="80", help="没有证书时的端口，或 地址:端口")
        parser.add_argument("--upstream", default="127.0.0.1:8000", help="网站进程的地址，或 unix:/路径")
        parser.add_argument("--certificate", default="")
        parser.add_argument("--certificate-key", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["certificate"]) != bool(options["certificate_key"]):
            raise CommandError("证书和私钥要一起给出：--certificate 与 --certificate-key。")
        folder = options["folder"].resolve()
        values = {name.upper(): options[name] for name in ("server_name", "listen", "upstream")}
        values |= {name.upper(): options[name] for name in ("certificate", "certificate_key")}
        values |= {"FOLDER": str(folder), "PLAYBACK_KEY": settings.PLAYBACK_KEY}
        values |= {"UPLOADS": str(settings.MEDIA_ROOT), "STATIC_ROOT": str(settings.STATIC_ROOT)}
        _check(values)
        for target, template in _files(bool(options["certificate"])).items():
            _write(folder / target, _filled(template, values), private=target == PRIVATE)
        self.stdout.write(f"已写出 {folder}，请执行 nginx -t 检查后重新加载。")


def _files(has_certificate: bool) -> dict[str, str]:
    """What is written, and from which template."""
    files = {name: name for name in ("school.conf", *(f"parts/{part}.conf" for part in ("proxy", "headers", "media")))}
    files |= {PRIVATE: PRIVATE, "parts/listen.conf": f"parts/{'tls' if has_certificate else 'plain'}.conf"}
    return files | ({"redirect.conf": "redirect.conf"} if has_certificate else {})


def _check(values: dict[str, str]) -> None:
    for name, value in values.items():
        if value and not ALLOWED.fullmatch(value):
            raise CommandError(f"{name} 里有 nginx 配置不能直接使用的字符，请换成字母、数字和 . _ - / :。")


def _filled(template: str, values: dict[str, str]) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return NAME.sub(lambda found: values[found[1]], text)


def _write(path: Path, text: str, *, private: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if private:
        path.touch(mode=0o600)
        path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
