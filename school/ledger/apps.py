from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "school.ledger"
    label = "ledger"
    verbose_name = "学时学分积分"
