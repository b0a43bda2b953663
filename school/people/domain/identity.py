"""Identity numbers of citizens (GB 11643-1999): checked, kept encrypted beside a keyed digest, shown masked.

A clear number lives only in the memory of the request that brings it; it never enters a log, an address or an index.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from school.kernel.errors import InvalidInput
from school.people.enums import Gender

if TYPE_CHECKING:
    from school.people.models import User

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
KEY_VERSION = "v1"
NONCE_BYTES = 12
UNREADABLE = "无法读取"


@dataclass(frozen=True)
class Identity:
    """A checked number of 18 characters and what it says about its holder."""

    number: str
    birth_date: date
    gender: Gender


def read_identity(text: str) -> Identity:
    """Normalise and check a number; InvalidInput with the stable codes id_length, id_birth_date, id_check_digit."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) == 15 and number.isdecimal():
        raise InvalidInput("身份证号是 15 位旧号码，请改填 18 位的公民身份号码。", code="id_length")
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdecimal() and number[17] in CHECK_DIGITS):
        raise InvalidInput(
            f"身份证号应是 18 位（前 17 位是数字，末位是数字或 X），现在读到 {len(number)} 位，请核对。",
            code="id_length",
        )
    born = _birth_date(number[6:14])
    if check_digit(number[:17]) != number[17]:
        raise InvalidInput("身份证号校验位不对，多半有一位抄错，请对照证件逐位核对。", code="id_check_digit")
    return Identity(number, born, Gender.MALE if int(number[16]) % 2 else Gender.FEMALE)


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character that belongs to seventeen digits (GB 11643-1999: ISO 7064, mod 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True))
    return CHECK_DIGITS[total % 11]


def encrypt(number: str) -> str:
    """Cipher text as `v1:<base64 of nonce and AES-256-GCM output>`; the same number never looks the same twice."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key("encrypt")).encrypt(nonce, number.encode(), KEY_VERSION.encode())
    return f"{KEY_VERSION}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(cipher: str) -> str:
    """The clear number; ValueError when the text was altered or IDENTITY_KEY has changed."""
    version, _, body = cipher.partition(":")
    if version != KEY_VERSION:
        raise ValueError(f"unknown key version {version!r}")
    sealed = base64.b64decode(body)
    try:
        clear = AESGCM(_key("encrypt")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], version.encode())
    except InvalidTag as error:
        raise ValueError("altered, or encrypted with another key") from error
    return clear.decode()


def digest(number: str) -> str:
    """HMAC-SHA256 (hex, 64 characters) of a normalised number, for look-up and uniqueness."""
    return hmac.new(_key("digest"), number.encode(), hashlib.sha256).hexdigest()


def masked_id(number: str) -> str:
    """First three and last four characters: 110***********002X."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def masked_id_of(user: "User") -> str:
    """The person's number, masked; empty when none is recorded."""
    if not user.id_no_cipher:
        return ""
    try:
        return masked_id(decrypt(user.id_no_cipher))
    except ValueError:
        return UNREADABLE


def mask_name(name: str) -> str:
    """The first character with one star: 张*."""
    return f"{name[:1]}*" if name else ""


def set_identity(user: "User", identity: Identity) -> None:
    """Put a checked number on the person together with birth date and gender; the caller saves."""
    user.id_no_cipher = encrypt(identity.number)
    user.id_no_digest = digest(identity.number)
    user.birth_date = identity.birth_date
    user.gender = identity.gender


def _birth_date(digits: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise InvalidInput("身份证号第 7 到 14 位不是有效的出生日期，请核对。", code="id_birth_date") from error
    if not date(1880, 1, 1) <= born <= timezone.localdate():
        raise InvalidInput("身份证号里的出生日期不合理，请核对。", code="id_birth_date")
    return born


def _key(purpose: str) -> bytes:
    if not settings.IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY is empty: ID numbers can be neither kept nor looked up.")
    return _derived(settings.IDENTITY_KEY, purpose)


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: str) -> bytes:
    """Separate keys for separate purposes (HKDF, RFC 5869)."""
    info = f"school/identity/{purpose}/{KEY_VERSION}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())
