"""Endpoints of the API for lessons: watching, in-video questions, reading, and tasks."""

from ninja import Router

from courses.api import reading, tasks, watching

router = Router(tags=["courses"])
router.add_router("", watching.router)
router.add_router("", reading.router)
router.add_router("", tasks.router)
