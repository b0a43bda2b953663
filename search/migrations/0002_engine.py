"""The full-text table of the database in use."""

from typing import Any

from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    from search.engines import ENGINES

    ENGINES[schema_editor.connection.vendor].create(schema_editor)


def drop(apps: Any, schema_editor: Any) -> None:
    from search.engines import ENGINES

    ENGINES[schema_editor.connection.vendor].drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
