"""Models of the exam engine."""

from exams.models.attempts import Attempt, Response, SlotMark
from exams.models.papers import Exam, Paper, PaperSlot
from exams.models.questions import Bank, Category, Question, QuestionVersion

__all__ = [
    "Attempt",
    "Bank",
    "Category",
    "Exam",
    "Paper",
    "PaperSlot",
    "Question",
    "QuestionVersion",
    "Response",
    "SlotMark",
]
