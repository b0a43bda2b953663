from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    label = "exams"
    verbose_name = "考试"

    def ready(self) -> None:
        from school.kernel.registry import register_periodic

        register_periodic("exams.overdue", "exams.domain.sittings.submit_overdue_attempts", minutes=1)
