from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library"
    label = "library"
    verbose_name = "资料库"

    def ready(self) -> None:
        from library import signal_handlers  # noqa: F401
        from library.search_sources import ExperienceSource, RegulationSource
        from search.registry import register

        register(RegulationSource())
        register(ExperienceSource())
