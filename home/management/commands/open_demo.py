"""What `make run` does after installing: prepare the database and files, seed the demo school once, and serve it.

One process for all of it: each start of Python and Django would cost seconds.
"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "准备示范党校并启动（make run 用它）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_demo", stdout=self.stdout)
        call_command("serve", port=options["port"], stdout=self.stdout, stderr=self.stderr)
