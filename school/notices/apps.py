from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "school.notices"
    label = "notices"
    verbose_name = "通知"
