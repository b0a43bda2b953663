"""Reading by API: time on screen for each unit of a lesson's text and required documents."""

from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema

from courses.domain.leases import login_of
from courses.domain.reading import record_reading
from school.people.models import SignedInRequest

router = Router()


class UnitTime(Schema):
    """`ms` is the whole time that the unit was on screen so far, not what is new."""

    unit: str = Field(max_length=64)
    ms: int = Field(ge=0, le=2**31 - 1)


class ReadReport(Schema):
    spent: list[UnitTime] = Field(max_length=1000)


class UnitState(Schema):
    unit: str
    required_ms: int
    spent_ms: int


class ReadingState(Schema):
    """What the server has credited; a unit is read when `spent_ms` reaches `required_ms`."""

    id: UUID
    percent: int = Field(ge=0, le=100)
    read: bool
    completed: bool
    units: list[UnitState]


@router.put("/watch-sessions/{uuid:session_id}/reading", response=ReadingState)
def report_reading(request: SignedInRequest, session_id: UUID, report: ReadReport) -> dict[str, Any]:
    spent = {row.unit: row.ms for row in report.spent}
    found = record_reading(session_id, request.user, spent, login=login_of(request))
    return {
        "id": found.session,
        "percent": found.percent,
        "read": found.progress.read_at is not None,
        "completed": found.progress.completed_at is not None,
        "units": found.rows(),
    }
