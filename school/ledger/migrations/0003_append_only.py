"""The ledger refuses UPDATE and DELETE in the database itself."""

from django.db import migrations

from school.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_initial")]
    operations = [append_only("ledger_ledgerentry")]
