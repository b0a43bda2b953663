from django.apps import AppConfig
from django.db.models.signals import post_migrate

BEAT_SECONDS = 30


class KernelConfig(AppConfig):
    name = "school.kernel"
    label = "kernel"
    verbose_name = "基础"

    def ready(self) -> None:
        from school.kernel.domain.periodic import after_migrate
        from school.kernel.registry import register_periodic

        # two jobs half a minute apart give a beat each 30 s: the queue's shortest interval is a minute
        for number in range(60 // BEAT_SECONDS):
            register_periodic(
                f"heartbeat-{number}",
                "school.kernel.domain.jobs.beat",
                minutes=1,
                offset_seconds=number * BEAT_SECONDS,
            )
        register_periodic("jobs.forget_done", "school.kernel.domain.jobs.forget_done", minutes=24 * 60)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="kernel.periodic")
