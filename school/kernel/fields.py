"""A StreamField whose block definitions stay out of migrations, so that editing a block never makes one."""

from typing import Any

from wagtail.fields import StreamField


class LeanStreamField(StreamField):
    """Deconstructs without its blocks; old migrations then see an empty list of block types."""

    def __init__(self, block_types: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(block_types or [], *args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
