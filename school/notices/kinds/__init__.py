"""Kinds of notices: each a class behind a registry, so that a new kind needs no change elsewhere."""

from dataclasses import dataclass

KINDS: dict[str, "NoticeKind"] = {}


@dataclass(frozen=True)
class NoticeKind:
    """`icon` names a symbol of the icon sprite; `tone` one of the tile classes (red, gold, ok, info, warn, bad)."""

    code: str
    name: str
    icon: str = "bell"
    tone: str = "info"


def register(kind: NoticeKind) -> NoticeKind:
    KINDS[kind.code] = kind
    return kind


ASSIGNMENT = register(NoticeKind("assignment", "学习任务", "clipboard-check", "red"))
REMINDER = register(NoticeKind("reminder", "催学提醒", "bell-ring", "warn"))
AWARD = register(NoticeKind("award", "学时到账", "award", "gold"))
SYSTEM = register(NoticeKind("system", "系统通知", "info", "info"))
