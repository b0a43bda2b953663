"""Seeding the demo school again, after people have worked in it or after a first run that broke off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exams.domain.questions import revise_question
from exams.models import Question
from home.demo.content import seed_bank
from home.demo.history import seed_history
from home.demo.library import seed_library
from home.demo.people import seed_members, seed_organisations
from home.demo.rules import seed_rules
from library.models import RegulationPage
from school.ledger.models import LedgerEntry
from school.people.domain.studio import ensure_studio
from school.people.models import Membership, Organisation, User
from tests.factories import make_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Organisation:
    ensure_studio()
    seed_rules()
    return seed_organisations("公司")


def test_members_who_left_or_were_corrected_stay_so(root: Organisation) -> None:
    from home.demo.people import seed_league

    seed_league(root)
    members = seed_members()
    assert len(members) == 120
    accounts = User.objects.count()
    gone = Membership.objects.filter(user__username="10005")
    gone.update(valid_to=timezone.localdate() - timedelta(days=1))
    today = timezone.localdate()
    User.objects.filter(joined_on=None, username__startswith="10").update(joined_on=today)
    assert len(seed_members()) == 119
    assert User.objects.count() == accounts
    assert not User.objects.filter(joined_on=None, username__startswith="10").exists()


def test_a_question_that_the_examiner_revised_stays_revised(root: Organisation) -> None:
    bank = seed_bank(root)
    question = bank.questions.filter(kind="single").order_by("code").first()
    version = question.current_version
    content = {"stem": "改过的题干", "options": version.options, "key": version.key}
    revise_question(question, content)
    seed_bank(root)
    assert Question.objects.get(pk=question.pk).current_version.stem == "改过的题干"


def test_a_rule_that_the_editor_unlinked_stays_so(root: Organisation) -> None:
    home = make_index().get_parent()
    seed_library(home, root)
    page = RegulationPage.objects.exclude(replaces=None).first()
    page.replaces = None
    page.save_revision().publish()
    seed_library(home, root)
    page.refresh_from_db()
    assert page.replaces is None


def test_a_history_that_broke_off_is_told_from_the_beginning(
    root: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        pass

    from home.demo import history
    from home.demo.people import seed_league
    from tests.factories import make_lesson

    def stop(*args: object) -> None:
        raise Stopped

    seed_league(root)
    members = seed_members()
    lesson = make_lesson(root)
    with monkeypatch.context() as patch:
        patch.setattr(history, "_take", stop)
        with pytest.raises(Stopped):
            seed_history([lesson], members[:3], root)
    assert not LedgerEntry.objects.exists()
    seed_history([lesson], members[:3], root)
    assert LedgerEntry.objects.filter(cause_type="courses.lesson").exists()
