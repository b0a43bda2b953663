from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "school.kernel"
    label = "kernel"
    verbose_name = "基础"
