"""The one door through which a `state` changes: legal moves only, and only if nobody else moved first."""

from typing import Any

from django.db import models

from school.kernel.errors import IllegalMove

Moves = dict[str, frozenset[str]]


def move(instance: models.Model, to: str, moves: Moves, **changes: Any) -> None:
    """Set `instance.state` to `to` together with `changes`, by one guarded UPDATE.

    The row must still be in the state that `instance` shows; otherwise, or when `moves` does not
    list the step, IllegalMove is raised and nothing changes. The instance is updated in memory.
    """
    origin: str = instance.state  # type: ignore[attr-defined]
    if to not in moves.get(origin, frozenset()):
        raise IllegalMove(f"当前状态为“{_label(instance, origin)}”，不能变为“{_label(instance, to)}”。")
    values = {**changes, "state": to}
    rows = type(instance)._default_manager.filter(pk=instance.pk, state=origin).update(**values)
    if rows != 1:
        raise IllegalMove("这条记录刚刚被别人处理过，请刷新页面后再看。")
    for name, value in values.items():
        setattr(instance, name, value)


def _label(instance: models.Model, state: str) -> str:
    choices = dict(instance._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
    return str(choices.get(state, state))
