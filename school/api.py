"""The JSON API, version 1: one door, one error format, session with CSRF or bearer token."""

import logging
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, SessionAuth

from school.kernel.errors import DomainError, InvalidInput, NotFound, TooManyRequests
from school.people.models import ApiToken

log = logging.getLogger(__name__)


class BearerToken(HttpBearer):
    """A token from POST /auth/token; the request then acts as its owner."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = ApiToken.user_for(token)
        if user:
            request.user = user
        return user


class Error(Schema):
    """What every refusal says: a stable code, words to act on, and for 422 a message for each field."""

    code: str
    message: str
    fields: dict[str, str] = {}


class SchoolAPI(NinjaAPI):
    """Describes the refusals that any call may meet, so that no endpoint repeats them (tests/api holds it true)."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Error"] = Error.json_schema()
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        for path, calls in schema["paths"].items():
            for method, call in calls.items():
                for status, words in refusals_of(method, path, call).items():
                    call["responses"].setdefault(status, {"description": words, "content": content})
        return schema


def refusals_of(method: str, path: str, call: dict[str, Any]) -> dict[int, str]:
    """Status and meaning of the errors a call may answer with, by what it takes."""
    found = {401: "未登录或登录已失效"}
    if "requestBody" in call:
        found[400] = "请求内容不是有效的 JSON"
    if "requestBody" in call or call["parameters"]:
        found[422] = "内容不符合要求"
    if "{" in path:
        found |= {404: "不存在，或不在查看范围内", 409: "当前状态不允许"}
    if method != "get":
        found |= {403: "不允许，或缺少 CSRF 令牌", 409: "当前状态不允许"}
    if "/auth/" in path:
        found[429] = "尝试过多，见 Retry-After"
    return found


api = SchoolAPI(
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


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """PostgreSQL stores no NUL and no number beyond its column; SQLite would have taken or never found them."""
    log.warning("unstorable input at %s: %s", request.path, error)
    return refused(request, InvalidInput("内容中有不能保存的字符或过大的数值，请修改后再试。"))


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return refused(request, NotFound())


@api.exception_handler(HttpError)
def not_understood(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON, a missing CSRF token."""
    code, message = {
        400: ("malformed", "请求内容不是有效的 JSON。"),
        403: ("csrf", "请求缺少 CSRF 令牌，请刷新页面后再试。"),
    }.get(error.status_code, ("refused", "请求被拒绝。"))
    return api.create_response(request, {"code": code, "message": message}, status=error.status_code)


for prefix, module in [
    ("", "school.people.api.router"),
    ("", "school.notices.api.router"),
    ("", "school.ledger.api.router"),
    ("", "search.api.router"),
    ("", "exams.api.router"),
    ("", "courses.api.router"),
]:
    api.add_router(prefix, module)


@csrf_exempt
def no_such_call(request: HttpRequest, rest: str) -> HttpResponse:
    """Addresses below /api/v1/ without a call, or with parameters of a wrong shape: JSON, not the site's page."""
    return refused(request, NotFound())
