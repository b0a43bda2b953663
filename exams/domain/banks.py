"""Founding and renaming question banks."""

from typing import TYPE_CHECKING

from django.db import transaction

from exams import rules
from exams.models import Bank
from school.kernel.domain import audit
from school.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from school.people.models import User


def save_bank(bank: Bank, *, by: "User") -> Bank:
    """Store a new or changed bank. InvalidInput when the person's duty does not reach the organisation."""
    if not rules.can_write_for(by, bank.organisation):
        message = "您的职责不包括这个组织，请另选所属组织。"
        raise InvalidInput(message, fields={"organisation": message})
    with transaction.atomic():
        bank.save()
        audit.record("bank.save", actor=by, target=bank, organisation=bank.organisation.code)
    return bank
