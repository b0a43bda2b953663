"""The account and the personal record of one person. A person signs in as a member first, whatever posts are held."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from school.people.enums import Gender


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def members_of(self, paths: Any) -> "UserQuerySet":
        """People whose present primary membership lies at or below one of these tree paths."""
        from school.people.models.posts import Membership

        present = Membership.objects.current().filter(is_primary=True).below(paths)
        return self.filter(pk__in=present.values("user_id"))

    def party_members_of(self, paths: Any) -> "UserQuerySet":
        """The full and probationary members among them."""
        from school.people.models.posts import Membership

        present = Membership.objects.current().filter(is_primary=True).below(paths).of_party_members()
        return self.filter(pk__in=present.values("user_id"))

    def visible_to(self, user: "User") -> "UserQuerySet":
        """The person and everybody in the organisations the person oversees."""
        return self.filter(models.Q(pk=user.pk) | models.Q(pk__in=self.model.objects.members_of(user.scope.overseen)))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. ID numbers are kept encrypted beside a keyed digest for look-up, never in clear."""

    username = models.CharField(
        "账号",
        max_length=64,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "这个账号已存在。"},
    )
    name = models.CharField("姓名", max_length=40)
    staff_no = models.CharField("员工编号", max_length=32, unique=True, null=True, blank=True)
    member_code = models.CharField("党员统一编码", max_length=16, unique=True, null=True, blank=True)
    gender = models.CharField("性别", max_length=8, choices=Gender.choices, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    email = models.EmailField("邮箱", blank=True)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    id_no_cipher = models.TextField("身份证号密文", blank=True, editable=False)
    id_no_digest = models.CharField("身份证号摘要", max_length=64, unique=True, null=True, blank=True, editable=False)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("建号时间", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["username"]
        constraints = [
            # Three separate administrators instead of one who may do everything (MLPS, domain/rules §5.4).
            models.CheckConstraint(
                condition=models.Q(is_superuser=False),
                name="user_nobody_is_superuser",
                violation_error_message="系统不设超级用户，请按三员分立授予职责。",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Wagtail asks groups, not this flag; nobody enters by it."""
        return False

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def scope(self) -> Any:
        """Where this person belongs and what the person oversees (people.domain.scopes.Scope), read once a request."""
        from school.people.domain.scopes import scope_of

        return scope_of(self)

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 11 else self.phone


class SignedInRequest(HttpRequest):
    """A request that has passed `login_required` or the API's door: its user is a person, not anonymous."""

    user: User


class ApiToken(models.Model):
    """A bearer token for apps and scripts. Only its SHA-256 is stored; it ends after 30 days or on revocation."""

    LIFETIME = timedelta(days=30)

    user = models.ForeignKey(User, models.CASCADE, related_name="school_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"  # type: ignore[attr-defined]

    @classmethod
    def issue(cls, user: User) -> str:
        """Make a token and return its clear text, which is shown this once."""
        clear = secrets.token_urlsafe(32)
        cls.objects.create(user=user, digest=cls.digest_of(clear), expires_at=timezone.now() + cls.LIFETIME)
        return clear

    @classmethod
    def user_for(cls, clear: str) -> User | None:
        token = (
            cls.objects.select_related("user")
            .filter(digest=cls.digest_of(clear), expires_at__gt=timezone.now(), user__is_active=True)
            .first()
        )
        return token.user if token else None

    @staticmethod
    def digest_of(clear: str) -> str:
        return hashlib.sha256(clear.encode()).hexdigest()
