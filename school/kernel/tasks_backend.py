"""django-tasks backend that hands Wagtail's own tasks (index and reference updates) to django-q2.

Wagtail 8 ships only an immediate and a dummy backend; without this one, a slow search engine would slow every save.
"""

from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

from school.kernel.domain.jobs import enqueue


class DjangoQBackend(BaseTaskBackend):
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Queue the task; its result is not kept, only its effect."""
        result_id = get_random_id()
        arguments = [task.module_path, normalize_json(list(args)), normalize_json(dict(kwargs))]
        enqueue(run_django_task, *arguments, key=f"django-task:{result_id}")
        return TaskResult(
            task=task,
            id=result_id,
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def run_django_task(module_path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Call the function behind a django-tasks task by its dotted path."""
    import_string(module_path).call(*args, **kwargs)
