from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "school.analytics"
    label = "analytics"
    verbose_name = "分析"
