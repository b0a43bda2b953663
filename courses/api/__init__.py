"""Endpoints of the API for lessons: watching, in-video questions, and tasks."""

from ninja import Router

from courses.api import tasks, watching

router = Router(tags=["courses"])
router.add_router("", watching.router)
router.add_router("", tasks.router)
