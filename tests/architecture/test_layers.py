"""Foreign keys obey the same order as imports. The import linter cannot see a key by string."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.architecture import LAYERS

DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
# The ground floor may name "whoever is signed in", as Django's own apps do by AUTH_USER_MODEL.
UPWARD_BY_DESIGN = {"kernel.AuditEvent.actor"}


def app_of(model: type[Model]) -> str | None:
    """Our app that owns the model, or None for a model of Django, Wagtail or another library."""
    name = apps.get_app_config(model._meta.app_label).name
    return name if name in DEPTH else None


def is_allowed(origin: str, target: str) -> bool:
    return origin == target or DEPTH[target] > DEPTH[origin]


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    """(label of the field, app that declares it, app that it points to), both apps ours."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_parents=False):
            if not isinstance(field, Field) or not isinstance(field.related_model, type):
                continue
            origin, target = app_of(model), app_of(field.related_model)
            if origin and target:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}", origin, target


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{label} points from {origin} up or across to {target}"
        for label, origin, target in foreign_keys()
        if label not in UPWARD_BY_DESIGN and not is_allowed(origin, target)
    ]
    assert wrong == []


def test_the_walk_sees_keys_and_every_exception_is_needed() -> None:
    keys = {label: (origin, target) for label, origin, target in foreign_keys()}
    assert keys["courses.LessonPage.video"] == ("courses", "media")
    assert all(not is_allowed(*keys[label]) for label in UPWARD_BY_DESIGN)


@pytest.mark.parametrize(
    ("origin", "target", "allowed"),
    [
        ("courses", "exams", True),
        ("exams", "courses", False),
        ("exams", "library", False),
        ("school.ledger", "school.notices", False),
        ("media", "media", True),
    ],
)
def test_order(origin: str, target: str, allowed: bool) -> None:
    assert is_allowed(origin, target) is allowed


def test_every_model_lives_in_a_layer() -> None:
    ours = {name.split(".")[0] for name in DEPTH}
    stray = [
        config.name
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in ours and config.name not in DEPTH
    ]
    assert stray == []
