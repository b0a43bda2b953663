from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = "课程"

    def ready(self) -> None:
        from courses import signal_handlers  # noqa: F401
        from courses.search_sources import LessonSource
        from school.kernel.registry import register_periodic
        from search.registry import register

        register(LessonSource())
        register_periodic("courses.covers", "courses.domain.covers.complete_covers", minutes=60)
        register_periodic("courses.prune_beats", "courses.domain.beats.prune_beats", minutes=24 * 60)
