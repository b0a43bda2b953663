"""ID numbers: the check digit of GB 11643-1999, what a number says, how it is kept and shown."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from school.kernel.errors import InvalidInput
from school.people.domain import identity
from school.people.enums import Gender
from school.people.models import User

STANDARD = "11010519491231002X"  # the example printed in GB 11643-1999


@st.composite
def numbers(draw: st.DrawFn) -> str:
    day = date(1930, 1, 1) + timedelta(days=draw(st.integers(0, 29_000)))
    first = f"{draw(st.integers(110000, 659000))}{day:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + identity.check_digit(first)


def test_the_example_of_the_standard() -> None:
    found = identity.read_identity(" 110105 19491231 002x ")
    assert (found.number, found.birth_date, found.gender) == (STANDARD, date(1949, 12, 31), Gender.FEMALE)


@given(numbers())
def test_a_right_number_is_read_and_comes_back_from_the_cipher(number: str) -> None:
    found = identity.read_identity(number)
    assert found.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert (found.gender == Gender.MALE) is (int(number[16]) % 2 == 1)
    cipher = identity.encrypt(number)
    assert identity.decrypt(cipher) == number
    assert number not in cipher
    assert identity.encrypt(number) != cipher


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_seen(number: str, place: int, step: int) -> None:
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(InvalidInput):
        identity.read_identity(wrong)


@given(numbers(), st.integers(0, 16))
def test_two_swapped_neighbours_are_seen(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(InvalidInput):
            identity.read_identity(swapped)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105491231002", "id_length"),
        ("1101051949123100", "id_length"),
        ("1101051949123１00２X9", "id_length"),
        ("11010519490231002X", "id_birth_date"),
        ("110105210001010011", "id_birth_date"),
        ("110105194912310021", "id_check_digit"),
        ("", "id_length"),
    ],
)
def test_the_refusal_tells_which_part_is_wrong(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        identity.read_identity(text)
    assert refusal.value.code == code
    assert text not in refusal.value.message or not text


def test_full_width_digits_are_understood() -> None:
    assert identity.read_identity("１１０１０５１９４９１２３１００２Ｘ").number == STANDARD


def test_digest_depends_on_the_key_and_not_on_the_cipher_key(settings: Settings) -> None:
    one = identity.digest(STANDARD)
    assert one == identity.digest(STANDARD)
    assert len(one) == 64
    settings.IDENTITY_KEY = "another-key-" + "2" * 32
    assert identity.digest(STANDARD) != one
    settings.IDENTITY_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        identity.digest(STANDARD)


def test_an_altered_cipher_or_another_key_is_not_read(settings: Settings) -> None:
    cipher = identity.encrypt(STANDARD)
    with pytest.raises(ValueError, match="altered"):
        identity.decrypt(cipher[:-6] + ("A" if cipher[-6] != "A" else "B") + cipher[-5:])
    with pytest.raises(ValueError, match="version"):
        identity.decrypt("v9:" + cipher[3:])
    user = User(name="张三")
    assert identity.masked_id_of(user) == ""
    identity.set_identity(user, identity.read_identity(STANDARD))
    assert identity.masked_id_of(user) == "110***********002X"
    assert (user.birth_date, user.gender) == (date(1949, 12, 31), Gender.FEMALE)
    settings.IDENTITY_KEY = "another-key-" + "2" * 32
    assert identity.masked_id_of(user) == identity.UNREADABLE


def test_masks() -> None:
    assert identity.masked_id(STANDARD) == "110***********002X"
    assert identity.masked_id("12345") == "*****"
    assert identity.mask_name("欧阳娜娜") == "欧*"
    assert identity.mask_name("") == ""
