"""Errors a person can act on. Anything else that is raised is a fault of ours and becomes a 500 page."""


class DomainError(Exception):
    """A refused intention. `message` is Chinese and says what to do; `code` is stable; `status` is the HTTP status."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status


class IllegalMove(DomainError):
    """The object is not in a state from which this step is allowed."""

    code = "wrong_state"


class NotFound(DomainError):
    """Absent, or hidden from this person: both look alike."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "没有找到，可能已被移除，或不在您的查看范围内。") -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """The person may know that the thing exists but may not do this to it."""

    code = "forbidden"
    status = 403


class InvalidInput(DomainError):
    """Well-formed but unacceptable input. `fields` maps a field's name to its Chinese message."""

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, fields: dict[str, str] | None = None, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.fields = fields or {}


class TooLarge(DomainError):
    """A file or text above its limit."""

    code = "too_large"
    status = 413


class TooManyRequests(DomainError):
    """A throttle has closed; `retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
