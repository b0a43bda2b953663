"""Units of the ledger, kinds of entries, and the events that rules may pay for."""

from django.db import models


class Unit(models.TextChoices):
    HOUR = "hour", "学时"
    CREDIT = "credit", "学分"
    POINT = "point", "积分"


class EntryKind(models.TextChoices):
    AUTO = "auto", "自动"
    MANUAL = "manual", "人工"
    REVERSAL = "reversal", "冲正"
    IMPORT = "import", "导入"


class Event(models.TextChoices):
    """What can be paid for. `quantity` of a posting is in the unit named here."""

    LESSON_COMPLETED = "lesson_completed", "学完课程（按有效分钟）"
    QUIZ_PASSED = "quiz_passed", "测验合格（按次）"
    EXAM_PASSED = "exam_passed", "考试合格（按次）"
    REGULATION_READ = "regulation_read", "读完制度（按篇）"
    DAILY_SIGN_IN = "daily_sign_in", "每日登录（按天）"
    CREDIT_POSTED = "credit_posted", "获得学分（按学分）"
    OFFLINE_TRAINING = "offline_training", "集中学习（按学时）"


class Repeat(models.TextChoices):
    """How often one person is paid for one source by one rule."""

    ONCE = "once", "终身一次"
    YEARLY = "yearly", "每年一次"
    DAILY = "daily", "每天一次"
