"""One's study tasks."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from courses.queries import tasks_of
from school.people.models import SignedInRequest

router = Router()


class TaskOut(Schema):
    """`id` is the assignment's; `state` is the label to show."""

    id: int
    lesson: int
    title: str
    due_at: datetime
    compulsory: bool
    done_at: datetime | None
    state: str


@router.get("/assignments", response=list[TaskOut])
def assignments(request: SignedInRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": task.assignment_id,
            "lesson": task.assignment.lesson_id,
            "title": task.assignment.lesson.title,
            "due_at": task.assignment.due_at,
            "compulsory": task.assignment.compulsory,
            "done_at": task.done_at,
            "state": task.state_label,
        }
        for task in tasks_of(request.user)[:200]
    ]
