"""The JSON API, version 1: one door, one error format, session with CSRF or bearer token."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from school.kernel.errors import DomainError, InvalidInput, TooManyRequests
from school.people.models import ApiToken


class BearerToken(HttpBearer):
    """A token from POST /auth/token; the request then acts as its owner."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = ApiToken.user_for(token)
        if user:
            request.user = user
        return user


api = NinjaAPI(
    title="网络党校 API",
    version="1",
    urls_namespace="api",
    auth=[BearerToken(), SessionAuth(csrf=True)],
    docs_url=None,
)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if isinstance(error, InvalidInput) and error.fields:
        body["fields"] = error.fields
    response = api.create_response(request, body, status=error.status)
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    return response


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {".".join(str(part) for part in item["loc"]): item["msg"] for item in error.errors}
    body = {"code": "invalid", "message": "请求内容不符合格式，请按字段提示修改。", "fields": fields}
    return api.create_response(request, body, status=422)


@api.exception_handler(AuthenticationError)
def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return api.create_response(request, {"code": "signed_out", "message": "请先登录。"}, status=401)


for prefix, module in [
    ("", "school.people.api.router"),
    ("", "school.notices.api.router"),
    ("", "school.ledger.api.router"),
    ("", "search.api.router"),
    ("", "exams.api.router"),
    ("", "courses.api.router"),
]:
    api.add_router(prefix, module)
