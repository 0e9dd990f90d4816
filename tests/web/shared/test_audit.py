"""The chain of acts: consecutive, append-only, and telling when it was touched."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from diaodu.web.people.models import User
from diaodu.web.shared import audit, triggers
from diaodu.web.shared.models import Act, Head

own_transactions = pytest.mark.django_db(transaction=True)


def write(now: datetime, number: int = 3, **said: object) -> list[audit.Link]:
    links = []
    for one in range(number):
        with transaction.atomic():
            links.append(
                audit.record(
                    by=None, at=now, action="test.write", thing="test.Thing", id=one,
                    after={"value": Decimal("8.50")}, **said,
                )
            )  # fmt: skip
    return links


@pytest.fixture
def forced(transactional_db):
    """Runs SQL as someone would who has the database's own password and drops the triggers."""

    def run(sql: str) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(editor)
        with connection.cursor() as cursor:
            cursor.execute(sql)
        with connection.schema_editor() as editor:
            triggers.install(editor)

    return run


def messages(printed=()):
    return [one.message for one in audit.verify(printed)]


@pytest.mark.django_db
def test_acts_are_numbered_and_chained(now):
    links = write(now)
    acts = list(Act.objects.order_by("number"))
    assert [one.number for one in acts] == [1, 2, 3]
    assert [one.previous for one in acts] == ["0" * 64, links[0].hash, links[1].hash]
    assert audit.head() == links[-1]
    assert messages() == []


@own_transactions
def test_an_act_needs_the_transaction_of_what_it_tells(now):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(by=None, at=now, action="a", thing="t", id=1)
    assert audit.head() == (0, "0" * 64)


@pytest.mark.django_db
def test_what_could_not_be_read_back_the_same_is_refused(now):
    with pytest.raises(TypeError, match="binary float"):
        audit.record(by=None, at=now, action="a", thing="t", id=1, after={"x": 0.1})
    with pytest.raises(ValueError, match="moment"):
        audit.record(by=None, at=now.replace(tzinfo=None), action="a", thing="t", id=1)
    with pytest.raises(ValidationError):
        audit.record(by=None, at=now, action="a", thing="t", id="长" * 201)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "touch",
    [
        lambda: Act.objects.filter(number=2).update(reason="改过"),
        lambda: Act.objects.filter(number=2).delete(),
        lambda: Head.objects.update(number=1),
        lambda: Head.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_touch_the_chain(now, touch):
    write(now)
    with pytest.raises(DatabaseError, match="操作记录"), transaction.atomic():
        touch()
    assert messages() == []


@pytest.mark.django_db
def test_the_database_refuses_to_empty_the_chain(now):
    empty = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    write(now)
    connection.check_constraints()  # else the pending ones would refuse first
    with (
        pytest.raises(DatabaseError, match="操作记录"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{empty} shared_act")
    assert Act.objects.count() == 3


def test_an_edit_is_found(now, forced):
    write(now)
    forced("UPDATE shared_act SET reason = '改过' WHERE number = 2")
    assert messages() == ["第2号记录被改过"]


def test_an_edit_with_its_hash_made_new_is_found(now, forced):
    write(now)
    act = Act.objects.get(number=2)
    act.reason = "改过"
    forced(f"UPDATE shared_act SET reason = '改过', hash = '{audit._hash(act)}' WHERE number = 2")
    assert messages() == ["第3号记录与前一号接不上，前一号被改过或换过"]


def test_a_deletion_is_found(now, forced):
    write(now, 5)
    forced("DELETE FROM shared_act WHERE number IN (2, 3)")
    assert messages() == ["第2号到第3号记录不见了"]


def test_a_cut_tail_is_found(now, forced):
    write(now)
    forced("DELETE FROM shared_act WHERE number = 3")
    assert messages() == ["第3号记录被截掉了"]


def test_a_cut_tail_with_the_head_written_back_is_found_by_its_seal(now, forced):
    links = write(now)
    forced("DELETE FROM shared_act WHERE number = 3")
    forced(f"UPDATE shared_head SET number = 2, hash = '{links[1].hash}'")
    assert messages() == ["记录的封条被改过，或者换过本站的密钥"]


def test_a_cut_tail_with_an_old_head_restored_is_found_by_a_printed_link(now, forced):
    write(now, 2)
    old = Head.objects.get()
    printed = write(now, 1)[0]
    forced("DELETE FROM shared_act WHERE number = 3")
    forced(
        f"UPDATE shared_head SET number = {old.number}, hash = '{old.hash}', seal = '{old.seal}'"
    )
    assert messages() == []
    assert messages([printed]) == ["印出过第3号记录的校验码，库里却没有这一号"]
    write(now, 1, reason="顶替")
    assert messages([printed]) == [f"第3号记录与印出的校验码{printed.hash}不符"]


def test_everything_cut_is_found_by_a_printed_link(now, forced):
    links = write(now)
    forced("DELETE FROM shared_act")
    forced("DELETE FROM shared_head")
    assert messages() == []
    assert messages(links[:1]) == ["印出过第1号记录的校验码，库里却没有这一号"]


def test_the_command_lists_every_break_and_exits_1(now, forced, capsys):
    links = write(now, 4)
    call_command("audit_verify", heads=[str(links[-1]), f"2:{links[1].hash[:12]}"])
    assert capsys.readouterr().out == (f"操作记录完好：共4条，最后一条的校验码是{links[-1].hash}\n")
    forced("UPDATE shared_act SET by_name = '别人' WHERE number = 2")
    forced("DELETE FROM shared_act WHERE number = 4")
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", heads=["第2号"])
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "“第2号”不是“号:校验码”，校验码至少写前12位",
        "第2号记录被改过",
        "第4号记录被截掉了",
        "共3处问题。请保留现场，用备份核对是谁在什么时候改了数据库。",
    ]


@own_transactions
def test_two_writers_at_once_get_consecutive_numbers(now):
    race(now)


def race(now: datetime, writers: int = 4, each: int = 5) -> None:
    user = User.objects.create_user("writer", name="书记员")
    start = Barrier(writers)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            start.wait()
            write(now, each, reason=user.name)
        except BaseException as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(writers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert list(Act.objects.values_list("number", flat=True).order_by("number")) == list(
        range(1, writers * each + 1)
    )
    assert messages() == []
