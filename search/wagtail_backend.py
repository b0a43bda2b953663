"""Wagtail's admin search over the same tokens as ours: its own treats a whole run of Chinese as one word.

Fields are wrapped so that they hand out tokens, and queries are turned into tokens before they are compiled. Only
`get_search_fields`, `get_value`, `_search` and `index_class.add_items` of modelsearch are relied on; tests hold each.
"""

import copy
from typing import Any

from modelsearch.backends.database import SearchBackend as stock_backend
from modelsearch.index import RelatedFields

from search.text import pairs, tokens


class RealObjectField:
    """Mixed into a copy of a field: reads from the model instance behind a TokenObject."""

    def get_value(self, item: Any) -> Any:
        return super().get_value(item.item if isinstance(item, TokenObject) else item)  # type: ignore[misc]


class TokenField(RealObjectField):
    """Mixed into a copy of a search field: its value becomes tokens."""

    def get_value(self, item: Any) -> str:
        return " ".join(tokens(_flat(super().get_value(item))))


class TokenObject:
    """Stands for a model instance while it is indexed."""

    def __init__(self, item: Any) -> None:
        self.item = item
        self.pk = item.pk

    def get_search_fields(self) -> list[Any]:
        return [_tokenised(field) for field in self.item.get_search_fields()]


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail looks for
    """The stock backend of the database in use, with our tokens going in and our tokens asked for."""
    backend = stock_backend(params)
    stock_index = backend.index_class

    class TokenIndex(stock_index):  # type: ignore[misc, valid-type]
        def add_items(self, model: Any, objs: Any) -> None:
            super().add_items(model, [TokenObject(item) for item in objs])

    class TokenBackend(type(backend)):  # type: ignore[misc]
        index_class = TokenIndex

        def _search(self, compiler: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
            if isinstance(query, str):
                query = " ".join(pairs(query))
            return super()._search(compiler, query, model_or_queryset, **kwargs)

    return TokenBackend(params)


def _tokenised(field: Any) -> Any:
    """A copy of the field that gives tokens; fields of related objects are wrapped in turn."""
    twin = copy.copy(field)
    reader: type = TokenField
    if isinstance(field, RelatedFields):
        twin.fields = [_tokenised(inner) for inner in field.fields]
        reader = RealObjectField
    twin.__class__ = type(type(field).__name__, (reader, type(field)), {})
    return twin


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_flat(item) for item in value.values())
    if isinstance(value, list | tuple | set):
        return " ".join(_flat(item) for item in value)
    return str(value or "")
