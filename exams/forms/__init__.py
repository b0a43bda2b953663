"""Forms of the question bank, of questions and of papers."""

from typing import Any

from django import forms

from school.kernel.errors import DomainError, InvalidInput


def add_refusal(form: forms.BaseForm, refused: DomainError) -> None:
    """Show a refusal of the domain at its fields, or above the form when it names none that the form has."""
    fields: dict[str, Any] = refused.fields if isinstance(refused, InvalidInput) else {}
    known = {name: message for name, message in fields.items() if name in form.fields}
    for name, message in known.items():
        form.add_error(name, message)
    if not known:
        form.add_error(None, refused.message)
