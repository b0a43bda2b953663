"""Pages of tasks and assignments, pages of documents, and the watching report."""

from courses.views.assignments import assign, assignment, tasks
from courses.views.reading import document_page
from courses.views.watching import watching, watching_export, watching_member, watching_session

__all__ = [
    "assign",
    "assignment",
    "document_page",
    "tasks",
    "watching",
    "watching_export",
    "watching_member",
    "watching_session",
]
