"""Pages of rosters and members: who may open them, what they show, what they keep to themselves."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from school.kernel.errors import InvalidInput
from school.people.domain import identity
from school.people.domain.rosters import import_roster
from school.people.enums import MembershipKind, Role
from school.people.models import Membership, Organisation, RosterImport, User
from school.people.views.rosters import as_text
from tests.factories import appoint, make_index, make_member, make_tree
from tests.people import spreadsheets as make

pytestmark = pytest.mark.django_db

HEAD = ["员工编号", "姓名", "身份证号", "手机"]
ZHANG = ["00001", "张三", "11010519491231002X", "13800001234"]
WRONG = ["00002", "李四", "110105194912310021", ""]
ROSTERS, MEMBERS = "/workbench/rosters/", "/workbench/members/"


@pytest.fixture
def tree() -> tuple[Organisation, Organisation, Organisation]:
    make_index()
    return make_tree()


def holder(role: str, organisation: Organisation) -> User:
    person = make_member(organisation)
    appoint(person, role, organisation)
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def upload(client: Client, organisation: Organisation, content: bytes, mode: str = "all") -> Any:
    file = SimpleUploadedFile("名册.xlsx", content)
    return client.post(ROSTERS, {"organisation": organisation.pk, "file": file, "mode": mode}, follow=True)


def test_each_role_against_each_page(tree: tuple[Organisation, ...]) -> None:
    _, mine, theirs = tree
    record = import_roster(make.csv_file([HEAD, ZHANG]), "a.csv", mine, by=None).record
    assert record
    result, passwords = reverse("people:roster", args=[record.pk]), reverse("people:roster_passwords", args=[record.pk])
    template = reverse("people:roster_template")
    addresses = [ROSTERS, template, result, MEMBERS, f"{MEMBERS}?organisation={mine.code}"]
    expected = {
        None: [302] * 5,
        make_member(mine): [404] * 5,
        holder(Role.BRANCH_SECRETARY, mine): [404, 404, 404, 200, 200],
        holder(Role.PARTY_WORKER, mine): [200] * 5,
        holder(Role.ORGANISATION_DEPARTMENT, tree[0]): [200] * 5,
        holder(Role.PARTY_WORKER, theirs): [200, 200, 404, 200, 404],
    }
    for person, statuses in expected.items():
        client = signed_in(person) if person else Client()
        assert [client.get(address).status_code for address in addresses] == statuses, person
        assert client.get(passwords).status_code in (302, 405)
        if statuses[2] == 404:
            assert client.post(passwords).status_code == 404


def test_a_roster_is_imported_and_leads_to_its_result(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    page = upload(client, mine, make.xlsx([[*HEAD, "备注"], [*ZHANG, "x"]]))
    record = RosterImport.objects.get()
    assert page.redirect_chain == [(reverse("people:roster", args=[record.pk]), 302)]
    text = page.content.decode()
    assert "没有读取的列：备注" in text
    assert "生成初始密码清单" in text
    assert "已导入 1 人" in client.get(ROSTERS).content.decode()


def test_refused_rows_are_listed_with_their_cure(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    content = make.csv_file([HEAD, ZHANG, WRONG])
    text = upload(client, mine, content).content.decode()
    for words in ("一行也没有写入", "校验位不对", '<td class="num">3</td><td class="num">C</td>'):
        assert words in text
    assert not User.objects.filter(staff_no="00001").exists()
    assert WRONG[2] not in text
    assert "其余已登记" in upload(client, mine, content, "partial").content.decode()
    assert User.objects.filter(staff_no="00001").exists()


def test_a_check_shows_the_outcome_and_keeps_nothing(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    assert "没有问题" in upload(client, mine, make.csv_file([HEAD, ZHANG]), "dry").content.decode()
    assert "校验位不对" in upload(client, mine, make.csv_file([HEAD, WRONG]), "dry").content.decode()
    assert not RosterImport.objects.exists()
    assert not User.objects.filter(staff_no="00001").exists()


def test_unusable_files_are_told_beside_the_field(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    assert "缺少“员工编号”“姓名”列" in upload(client, mine, b"a,b\n1,2\n").content.decode()
    assert "文件是空的" in upload(client, mine, b"").content.decode()
    assert "超过 10 MB" in upload(client, mine, b"a" * (10 * 1024**2 + 1)).content.decode()
    assert not RosterImport.objects.exists()


def test_nobody_uploads_for_an_organisation_out_of_reach(tree: tuple[Organisation, ...]) -> None:
    _, mine, theirs = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    page = client.get(ROSTERS).content.decode()
    assert mine.name in page
    assert theirs.name not in page
    upload(client, theirs, make.csv_file([HEAD, ZHANG]))
    assert not RosterImport.objects.exists()


def test_past_imports_of_other_branches_are_not_listed(tree: tuple[Organisation, ...]) -> None:
    _, mine, theirs = tree
    for place, name in ((mine, "mine.csv"), (theirs, "theirs.csv")):
        import_roster(make.csv_file([HEAD, [f"N{place.pk}", "张三"]]), name, place, by=None)
    page = signed_in(holder(Role.PARTY_WORKER, mine)).get(ROSTERS).content.decode()
    assert "mine.csv" in page
    assert "theirs.csv" not in page


def test_first_passwords_open_the_account_once_and_must_be_changed(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.PARTY_WORKER, mine))
    upload(client, mine, make.csv_file([HEAD, ZHANG]))
    address = reverse("people:roster_passwords", args=[RosterImport.objects.get().pk])
    answer = client.post(address)
    assert "no-store" in answer["Cache-Control"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][:2] == ["00001", "张三"]
    member = Client()
    entered = member.post("/login/", {"username": "00001", "password": lines[1][2]})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/me/password/")
    refused = client.post(address, headers={"Referer": f"http://testserver{ROSTERS}"}, follow=True)
    assert "都已登录过" in refused.content.decode()


def test_the_template_is_an_empty_roster(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    worker = holder(Role.PARTY_WORKER, mine)
    content = signed_in(worker).get(reverse("people:roster_template")).content
    with pytest.raises(InvalidInput) as caught:
        import_roster(content, "template.xlsx", mine, by=worker)
    assert caught.value.code == "no_rows"
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in zip("ABC", ["00001", "张三", ZHANG[2]], strict=True):
        book["名册"][f"{place}2"] = value
    out = io.BytesIO()
    book.save(out)
    assert import_roster(out.getvalue(), "a.xlsx", mine, by=worker).created == 1
    assert len(content) < 100_000


def test_members_are_listed_masked_and_within_sight(tree: tuple[Organisation, ...]) -> None:
    _, mine, theirs = tree
    import_roster(make.csv_file([HEAD, ZHANG]), "a.csv", mine, by=None)
    outsider = make_member(theirs, name="外人")
    client = signed_in(holder(Role.BRANCH_SECRETARY, mine))
    text = client.get(MEMBERS).content.decode()
    assert "110***********002X" in text
    assert "138****1234" in text
    for secret in (ZHANG[2], ZHANG[3], outsider.name):
        assert secret not in text


def test_members_are_found_by_name_number_organisation_and_kind(tree: tuple[Organisation, ...]) -> None:
    root, mine, theirs = tree
    for place, name, number in ((mine, "王一", "A100"), (mine, "王二", "B200"), (theirs, "赵三", "A300")):
        make_member(place, name=name, staff_no=number)
    Membership.objects.filter(user__name="王二").update(kind=MembershipKind.PROBATIONARY)
    client = signed_in(holder(Role.ORGANISATION_DEPARTMENT, root))

    def found(**query: str) -> set[str]:
        text = client.get(MEMBERS, query).content.decode()
        return {name for name in ("王一", "王二", "赵三") if f'<b class="nm">{name}</b>' in text}

    assert found() == {"王一", "王二", "赵三"}
    assert found(q="王") == {"王一", "王二"}
    assert found(q="a1") == {"王一"}
    assert found(organisation=theirs.code) == {"赵三"}
    assert found(kind="probationary_member") == {"王二"}
    assert found(q="没有的人") == set()
    assert client.get(MEMBERS, {"organisation": "NOWHERE"}).status_code == 404


def test_one_page_of_members_costs_the_same_queries(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.BRANCH_SECRETARY, mine))

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(MEMBERS).status_code == 200
        return len(context)

    queries()
    with_one = queries()
    for _ in range(11):
        person = make_member(mine)
        number = f"110105{1980 + _}0101001"
        identity.set_identity(person, identity.read_identity(number + identity.check_digit(number)))
        person.save()
    assert queries() == with_one
    assert client.get(MEMBERS).content.decode().count("110***********") == 11


def test_thirty_members_make_a_page(tree: tuple[Organisation, ...]) -> None:
    _, mine, _ = tree
    client = signed_in(holder(Role.BRANCH_SECRETARY, mine))
    for _ in range(30):
        make_member(mine)
    assert client.get(MEMBERS).content.decode().count('class="nm"') == 30
    assert client.get(f"{MEMBERS}?q=&page=2").content.decode().count('class="nm"') == 1


def test_no_cell_is_a_formula() -> None:
    assert [as_text(cell) for cell in ("=1", "+1", "-1", "@a", "张三", "0001")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "张三",
        "0001",
    ]
