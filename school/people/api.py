"""Token and identity endpoints of the API."""

from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja import Field, Router, Schema

from school.kernel.errors import DomainError
from school.people.domain.sign_in import check_throttle, note_failure, note_success
from school.people.models import ApiToken, SignedInRequest

router = Router(tags=["people"])


class Credentials(Schema):
    username: str = Field(max_length=64)
    password: str = Field(max_length=128)


class TokenOut(Schema):
    """`expires_in` is in seconds."""

    token: str
    expires_in: int


class MeOut(Schema):
    """`organisations` are the tree paths of one's own, `overseen` the roots of the subtrees one oversees."""

    id: int
    username: str
    name: str
    roles: list[str]
    organisations: list[str]
    overseen: list[str]


@router.post("/auth/token", auth=None, response=TokenOut)
def issue_token(request: HttpRequest, credentials: Credentials) -> dict[str, Any]:
    check_throttle(credentials.username)
    user = authenticate(request, username=credentials.username, password=credentials.password)
    if user is None:
        note_failure(credentials.username)
        raise DomainError("账号或密码不正确。", code="invalid_credentials", status=401)
    note_success(credentials.username)
    return {"token": ApiToken.issue(user), "expires_in": int(ApiToken.LIFETIME.total_seconds())}


@router.get("/me", response=MeOut)
def me(request: SignedInRequest) -> dict[str, Any]:
    user = request.user
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "roles": user.scope.roles,
        "organisations": sorted(user.scope.own),
        "overseen": sorted(user.scope.overseen),
    }
