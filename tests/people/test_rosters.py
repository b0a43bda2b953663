"""Importing rosters: the right place in the tree, all or nothing, repeatable, and never two people made into one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from school.kernel.errors import InvalidInput, NotFound, TooLarge
from school.kernel.models import AuditEvent
from school.people.domain import identity
from school.people.domain.rosters import RosterResult, awaiting_password, import_roster, issue_first_passwords
from school.people.enums import Gender, MembershipKind, OrganisationKind, Role
from school.people.models import Membership, Organisation, RosterImport, User
from tests.factories import LONG_AGO, appoint, make_member, make_organisation, make_tree
from tests.people import spreadsheets as make

pytestmark = pytest.mark.django_db

HEAD = ["员工编号", "姓名", "身份证号", "性别", "手机", "身份", "入党日期", "转正日期", "组织代码"]
ID_1, ID_2 = "11010519491231002X", "110105198001010016"
ZHANG = ["00001", "张三", ID_1, "女", "13800001234", "正式党员", "2012-07-01", "2013.7.1", ""]
LI = ["00002", "李四", "", "男", "", "预备党员", "2025年1月5日", "", ""]


def enter(rows: list[list[Any]], organisation: Organisation, by: User | None = None, **options: bool) -> RosterResult:
    """As CSV, which is quick, unless a cell is more than text."""
    is_text = all(isinstance(cell, str) and not cell.startswith("=") for row in rows for cell in row)
    content = make.csv_file(rows) if is_text else make.xlsx(rows)
    return import_roster(content, "名册.xlsx", organisation, by=by, **options)


def codes(result: RosterResult) -> list[tuple[int, str, str]]:
    return [(error["row"], error["column"], error["code"]) for error in result.errors]


def counts(result: RosterResult) -> tuple[int, int, int, int]:
    return result.read, result.created, result.updated, result.unchanged


@pytest.fixture
def branch() -> Organisation:
    return make_tree()[1]


def make_worker(organisation: Organisation) -> User:
    worker = make_member(organisation)
    appoint(worker, Role.PARTY_WORKER, organisation)
    return worker


def test_people_and_their_places_are_entered(branch: Organisation) -> None:
    worker = make_worker(branch)
    result = enter([["城北支部党员名册"], HEAD, ZHANG, LI], branch, by=worker)
    assert (counts(result), result.errors) == ((2, 2, 0, 0), [])
    zhang = User.objects.get(staff_no="00001")
    assert (zhang.username, zhang.name, zhang.gender, zhang.phone) == ("00001", "张三", Gender.FEMALE, "13800001234")
    assert (zhang.birth_date, zhang.joined_on, zhang.confirmed_on) == (
        date(1949, 12, 31),
        date(2012, 7, 1),
        date(2013, 7, 1),
    )
    assert identity.decrypt(zhang.id_no_cipher) == ID_1
    assert zhang.must_change_password
    assert not zhang.has_usable_password()
    place = Membership.objects.get(user__staff_no="00002")
    assert (place.organisation, place.kind, place.is_primary) == (branch, MembershipKind.PROBATIONARY, True)
    record = RosterImport.objects.get()
    assert (record.uploaded_by, record.read, record.created, result.record) == (worker, 2, 2, record)
    event = AuditEvent.objects.get(action="roster.import")
    assert event.actor == worker
    assert zhang.pk in event.detail["created"]
    assert ID_1 not in str(event.detail)


def test_a_second_import_changes_nothing(branch: Organisation) -> None:
    enter([HEAD, ZHANG, LI], branch)
    before = list(User.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values())
    assert counts(enter([HEAD, ZHANG, LI], branch)) == (2, 0, 0, 2)
    assert before == (list(User.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values()))


def test_every_way_of_writing_a_date(branch: Organisation) -> None:
    days = ["2012-07-01", "2012/7/1", "2012.7.1", "2012年7月1日", "20120701", 41091, date(2012, 7, 1), 20120701]
    rows = [[f"D{n}", "王五", day] for n, day in enumerate(days)]
    assert enter([["工号", "姓名", "入党时间"], *rows], branch).errors == []
    assert set(User.objects.filter(name="王五").values_list("joined_on", flat=True)) == {date(2012, 7, 1)}
    content = make.xls([["工号", "姓名", "入党时间"], ["X1", "赵六", ("date", 41091)]])
    import_roster(content, "a.xlsx", branch, by=None)
    assert User.objects.get(name="赵六").joined_on == date(2012, 7, 1)


def test_organisations_of_the_file_stand_at_or_below_the_chosen_one() -> None:
    root, mine, theirs = make_tree()
    committee = mine.get_parent()
    head = ["员工编号", "姓名", "组织代码", "组织名称"]
    rows = [["1001", "甲甲", mine.code, ""], ["1002", "乙乙", "", mine.name], ["1003", "丙丙", "", ""]]
    assert enter([head, *rows], committee, by=make_worker(committee)).errors == []
    places = {place.user.name: place.organisation for place in Membership.objects.filter(user__staff_no__gte="1")}
    assert (places["甲甲"], places["乙乙"], places["丙丙"]) == (mine, mine, committee)
    wrong = [["2001", "丁丁", theirs.code, ""], ["2002", "戊戊", mine.code, committee.name], ["2003", "己己", "", "无"]]
    assert codes(enter([head, *wrong], committee)) == [
        (2, "C", "unknown_organisation"),
        (3, "D", "organisation_mismatch"),
        (4, "D", "unknown_organisation"),
    ]
    make_organisation(parent=committee, name=mine.name)
    assert codes(enter([head, ["2004", "庚庚", "", mine.name]], committee)) == [(2, "D", "ambiguous_organisation")]


BAD_CELLS = [
    (0, "", "A", "missing_staff_no"),
    (0, "工号一", "A", "bad_staff_no"),
    (0, "1" * 33, "A", "too_long"),
    (0, 12345678901234567, "A", "staff_no_as_number"),
    (1, "", "B", "missing_name"),
    (1, "=cmd|1", "B", "formula_error"),
    (1, "+张三", "B", "bad_name"),
    (1, "张三2", "B", "bad_name"),
    (1, "张" * 41, "B", "too_long"),
    (2, "110105194912310021", "C", "id_check_digit"),
    (2, 110105194912310021, "C", "id_as_number"),
    (2, "1101051949", "C", "id_length"),
    (2, "11010519491331002X", "C", "id_birth_date"),
    (3, "未知", "D", "unknown_gender"),
    (3, "男", "D", "gender_mismatch"),
    (4, "0571-8888888", "E", "bad_phone"),
    (5, "干部", "F", "unknown_kind"),
    (6, "2012-13-01", "G", "bad_date"),
    (6, "2012年7月", "G", "bad_date"),
    (6, "2012", "G", "bad_date"),
    (6, "1911-01-01", "G", "bad_date"),
    (6, "2999-01-01", "G", "future_date"),
    (7, "2001-01-01", "H", "dates_out_of_order"),
    (6, "#N/A", "G", "formula_error"),
]


@pytest.mark.parametrize(("place", "value", "column", "code"), BAD_CELLS)
def test_a_wrong_cell_is_named_and_nothing_is_written(
    branch: Organisation, place: int, value: Any, column: str, code: str
) -> None:
    row = list(ZHANG)
    row[place] = value
    people = User.objects.count()
    result = enter([HEAD, LI, row], branch)
    assert codes(result) == [(3, column, code)]
    assert counts(result) == (2, 0, 0, 0)
    assert (User.objects.count(), Membership.objects.count()) == (people, 0)
    message = result.errors[0]["message"]
    assert any(cure in message for cure in ("请", "可留空")), message
    assert ID_1 not in message


def test_right_rows_alone_on_request(branch: Organisation) -> None:
    row = ["00003", "王五", "110105194912310021"]
    result = enter([HEAD, ZHANG, row, LI], branch, partial=True)
    assert (counts(result), codes(result)) == ((3, 2, 0, 0), [(3, "C", "id_check_digit")])
    assert set(Membership.objects.values_list("user__staff_no", flat=True)) == {"00001", "00002"}


def test_a_dry_run_counts_and_writes_nothing(branch: Organisation) -> None:
    before = User.objects.count(), AuditEvent.objects.count()
    result = enter([HEAD, ZHANG, LI], branch, dry_run=True)
    assert (counts(result), result.record) == ((2, 2, 0, 0), None)
    assert (User.objects.count(), AuditEvent.objects.count()) == before
    assert not RosterImport.objects.exists()


def test_repeated_numbers_name_both_rows(branch: Organisation) -> None:
    rows = [["a1", "甲甲", ID_2], ["A1", "乙乙", ""], ["a2", "丙丙", ID_2]]
    result = enter([HEAD, *rows], branch)
    assert codes(result) == [
        (2, "A", "duplicate_staff_no"),
        (2, "C", "duplicate_id"),
        (3, "A", "duplicate_staff_no"),
        (4, "C", "duplicate_id"),
    ]
    assert "第 3 行" in result.errors[0]["message"]
    assert "第 2 行" in result.errors[2]["message"]


def test_conflicts_are_refused_and_never_merged(branch: Organisation) -> None:
    enter([HEAD, ZHANG, LI], branch)
    other = make_organisation(parent=branch.get_parent())
    taken = make_member(branch).username
    before = list(User.objects.order_by("pk").values())
    rows = [
        ["00001", "张四", "", "", "13900000000"],
        ["00009", "张三", ID_1],
        ["00002", "李四", ID_1],
        [taken, "孙七"],
    ]
    assert codes(enter([HEAD, rows[0]], branch)) == [(2, "B", "name_conflict")]
    assert codes(enter([HEAD, rows[1]], branch)) == [(2, "C", "duplicate_id")]
    assert codes(enter([HEAD, rows[2]], branch)) == [(2, "C", "duplicate_id")]
    assert codes(enter([HEAD, rows[3]], branch)) == [(2, "A", "account_taken")]
    assert codes(enter([HEAD, ["00001", "张三", ID_2]], branch)) == [(2, "C", "id_conflict")]
    assert codes(enter([HEAD, ["00001", "张三", "", "男"]], branch)) == [(2, "D", "gender_mismatch")]
    committee = branch.get_parent()
    moved = [*LI[:8], other.code]
    assert codes(enter([HEAD, moved], committee)) == [(2, "I", "elsewhere")]
    assert codes(enter([HEAD, LI], other, by=make_worker(committee))) == [(2, "I", "elsewhere")]
    assert before == list(User.objects.filter(pk__in=[row["id"] for row in before]).order_by("pk").values())
    assert counts(enter([HEAD, LI], committee)) == (1, 0, 0, 1)


def test_people_beyond_reach_are_not_described() -> None:
    _, mine, theirs = make_tree()
    enter([HEAD, ZHANG], theirs)
    worker = make_worker(mine)
    for row in (["00001", "张三"], ["00001", "别人"], ["00008", "张三", ID_1]):
        result = enter([HEAD, row], mine, by=worker)
        assert [error["code"] for error in result.errors] == ["outside"]
        for secret in ("张", theirs.name, theirs.code):
            assert secret not in result.errors[0]["message"]
    assert Membership.objects.filter(user__staff_no="00001").count() == 1


def test_only_holders_of_the_duty_may_enter(branch: Organisation) -> None:
    root, _, theirs = make_tree()
    secretary = make_member(branch)
    appoint(secretary, Role.BRANCH_SECRETARY, branch)
    for person, place in ((make_member(branch), branch), (secretary, branch), (make_worker(branch), theirs)):
        with pytest.raises(NotFound):
            enter([HEAD, ZHANG], place, by=person)
    assert not User.objects.filter(staff_no="00001").exists()
    assert root.code


def test_known_people_are_brought_up_to_date(branch: Organisation) -> None:
    enter([HEAD, LI], branch)
    Membership.objects.update(valid_from=LONG_AGO)
    result = enter([HEAD, ["00002", "李四", ID_2, "", "+86 139-0000-0000", "正式党员", "", "2026-01-05"]], branch)
    assert (counts(result), result.errors) == ((1, 0, 1, 0), [])
    li = User.objects.get(staff_no="00002")
    assert (li.phone, li.joined_on, li.confirmed_on) == ("13900000000", date(2025, 1, 5), date(2026, 1, 5))
    assert identity.masked_id_of(li) == "110***********0016"
    today = timezone.localdate()
    assert list(Membership.objects.order_by("pk").values_list("kind", "valid_from", "valid_to")) == [
        (MembershipKind.PROBATIONARY, LONG_AGO, today - timedelta(days=1)),
        (MembershipKind.FULL, today, None),
    ]
    result = enter([HEAD, ["00002", "李四", "", "", "", "预备党员"]], branch)
    assert counts(result) == (1, 0, 1, 0)
    assert Membership.objects.count() == 2
    assert Membership.objects.get(valid_to=None).kind == MembershipKind.PROBATIONARY


def test_a_person_without_staff_number_is_found_by_id_number_and_name(branch: Organisation) -> None:
    known = make_member(branch, name="周八")
    identity.set_identity(known, identity.read_identity(ID_2))
    known.save()
    assert codes(enter([HEAD, ["00007", "周九", ID_2]], branch)) == [(2, "B", "name_conflict")]
    assert counts(enter([HEAD, ["00007", "周八", ID_2]], branch)) == (1, 0, 1, 0)
    known.refresh_from_db()
    assert known.staff_no == "00007"


def test_somebody_who_has_left_gets_a_new_place(branch: Organisation) -> None:
    enter([HEAD, LI], branch)
    Membership.objects.update(valid_from=LONG_AGO, valid_to=LONG_AGO)
    assert counts(enter([HEAD, LI], branch)) == (1, 0, 1, 0)
    assert Membership.objects.current().get().organisation == branch


def test_league_branches_enter_league_members() -> None:
    league = make_organisation(OrganisationKind.LEAGUE_BRANCH)
    enter([["员工编号", "姓名"], ["1", "小王"]], league)
    assert Membership.objects.get().kind == MembershipKind.LEAGUE


# --- the file as a whole --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([["编号", "名称"], ["1", "张三"]], "wrong_header", ["第 1 行", "编号、名称", "员工编号", "姓名"]),
        ([["名册"], ["员工编号", "电话"], ["1", "2"]], "wrong_header", ["第 2 行", "缺少“姓名”"]),
        ([["员工编号", "工号", "姓名"], ["1", "2", "张三"]], "double_column", ["A 列", "B 列"]),
        ([HEAD], "no_rows", ["第 1 行"]),
        ([[""]], "empty_file", ["没有内容"]),
        ([*[["说明"]] * 5, HEAD, ZHANG], "wrong_header", ["前 5 行"]),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_what_was_found(
    branch: Organisation, rows: list[list[str]], code: str, words: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        enter(rows, branch)
    assert caught.value.code == code
    assert [word for word in words if word not in caught.value.message] == []


def test_titles_may_be_decorated_and_unknown_columns_are_told(branch: Organisation) -> None:
    head = ["序号", "员工编号*", " 姓 名 ", "身份证号码（18位）", "备注"]
    result = enter([head, [1, 10001, "张  三", ID_1, "x"]], branch)
    assert (result.errors, result.ignored) == ([], ["备注"])
    assert User.objects.get(staff_no="10001").name == "张三"


def test_merged_cells_are_named_in_rows_and_refused_in_the_header(branch: Organisation) -> None:
    rows = [["名册"], HEAD, ZHANG, LI, ["00003", "王五"]]
    fine = make.xlsx(rows, merges=["A1:I1", "K3:K5"])
    assert import_roster(fine, "a.xlsx", branch, by=None, dry_run=True).errors == []
    merged = import_roster(make.xlsx(rows, merges=["F3:F4"]), "a.xlsx", branch, by=None)
    assert codes(merged) == [(3, "F", "merged_cells"), (4, "F", "merged_cells")]
    assert "F3:F4" in merged.errors[0]["message"]
    assert "取消合并" in merged.errors[0]["message"]
    with pytest.raises(InvalidInput, match="A2:B2") as caught:
        import_roster(make.xlsx(rows, merges=["A2:B2"]), "a.xlsx", branch, by=None)
    assert caught.value.code == "merged_cells"


def test_a_second_sheet_with_people_is_not_passed_over(branch: Organisation) -> None:
    with pytest.raises(InvalidInput, match="二支部"):
        import_roster(make.xlsx([HEAD, ZHANG], sheets={"二支部": [HEAD, LI]}), "a.xlsx", branch, by=None)
    told = make.xlsx([HEAD, ZHANG], sheets={"填写说明": [["说明"]]})
    assert import_roster(told, "a.xlsx", branch, by=None).created == 1


def test_too_many_rows_are_refused(branch: Organisation) -> None:
    lines = b"".join(b"%d,\xd5\xc5\xc8\xfd\n" % n for n in range(20_001))
    with pytest.raises(TooLarge, match="20000"):
        import_roster("员工编号,姓名\n".encode("gb18030") + lines, "a.csv", branch, by=None)


def test_queries_do_not_grow_with_the_people(branch: Organisation) -> None:
    def queries(count: int, prefix: str) -> int:
        rows = [[f"{prefix}{n}", "张三", "", "", "", "正式党员"] for n in range(count)]
        with CaptureQueriesContext(connection) as context:
            assert enter([HEAD, *rows], branch).created == count
        with CaptureQueriesContext(connection) as again:
            assert enter([HEAD, *rows], branch).unchanged == count
        return len(context) + len(again)

    queries(1, "warm")
    assert queries(2, "a") == queries(40, "b")


# --- first passwords ------------------------------------------------------------------------------------------------
def test_first_passwords_are_for_those_who_never_signed_in(branch: Organisation) -> None:
    worker = make_worker(branch)
    enter([HEAD, ZHANG, LI], branch, by=worker)
    chief = User.objects.get(staff_no="00002")
    appoint(chief, Role.SECURITY_ADMIN, branch)
    issued = issue_first_passwords(branch, by=worker)
    assert [(account, name) for account, name, _ in issued] == [("00001", "张三")]
    zhang = User.objects.get(staff_no="00001")
    assert zhang.check_password(issued[0][2])
    assert zhang.must_change_password
    assert issued[0][2] not in str(AuditEvent.objects.filter(action="user.first_passwords").values())
    second = issue_first_passwords(branch, by=worker)
    zhang.refresh_from_db()
    assert (zhang.check_password(issued[0][2]), zhang.check_password(second[0][2])) == (False, True)
    zhang.last_login = timezone.now()
    zhang.save()
    assert issue_first_passwords(branch, by=worker) == []


def test_first_passwords_give_no_power_beyond_the_own_reach() -> None:
    root, mine, theirs = make_tree()
    worker = make_worker(mine)
    enter([HEAD, ZHANG, LI], mine)
    appoint(User.objects.get(staff_no="00001"), Role.PARTY_WORKER, root)
    appoint(User.objects.get(staff_no="00002"), Role.GROUP_LEADER, mine)
    assert [user.staff_no for user in awaiting_password(mine, worker)] == ["00002"]
    with pytest.raises(NotFound):
        awaiting_password(theirs, worker)


@pytest.mark.parametrize("hasher", ["PBKDF2PasswordHasher", "MD5PasswordHasher"])
def test_the_quick_hash_opens_the_account(branch: Organisation, settings: Any, hasher: str) -> None:
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{hasher}"]
    worker = make_worker(branch)
    enter([HEAD, LI], branch)
    ((_, _, password),) = issue_first_passwords(branch, by=worker)
    assert User.objects.get(staff_no="00002").check_password(password)
