"""States and choices of the exam engine, and which duties write its questions."""

from django.db import models

from school.people.enums import Role

# A reviewer sees the quiz of the lesson under review; an editor adds one; the examiner answers for what is there.
CHANGING_ROLES: frozenset[str] = frozenset({Role.EXAMINER})
WRITING_ROLES: frozenset[str] = CHANGING_ROLES | {Role.EDITOR}
SEEING_ROLES: frozenset[str] = WRITING_ROLES | {Role.REVIEWER}


class QuestionKind(models.TextChoices):
    SINGLE = "single", "单选题"
    MULTIPLE = "multiple", "多选题"
    JUDGE = "judge", "判断题"
    FILL = "fill", "填空题"
    SHORT = "short", "简答题"
    CASE = "case", "案例题"


class Sharing(models.TextChoices):
    """Who may use the questions of a bank, or a paper, in their own work. Candidates see neither before a sitting."""

    PUBLIC = "public", "本组织及下级组织可以选用"
    INTERNAL = "internal", "只限本组织选用"


class Difficulty(models.IntegerChoices):
    EASY = 1, "易"
    MEDIUM = 2, "中"
    HARD = 3, "难"


class VersionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    READY = "ready", "可用"
    HIDDEN = "hidden", "停用"


class ExamKind(models.TextChoices):
    QUIZ = "quiz", "课后测验"
    FORMAL = "formal", "正式考试"


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", "作答中"
    SUBMITTED = "submitted", "已交卷"
    MARKED = "marked", "已评分"
    VOIDED = "voided", "已作废"


ATTEMPT_MOVES: dict[str, frozenset[str]] = {
    AttemptState.IN_PROGRESS: frozenset({AttemptState.SUBMITTED, AttemptState.VOIDED}),
    AttemptState.SUBMITTED: frozenset({AttemptState.MARKED, AttemptState.VOIDED}),
    AttemptState.MARKED: frozenset({AttemptState.VOIDED}),
}
FINISHED = (AttemptState.SUBMITTED, AttemptState.MARKED)
