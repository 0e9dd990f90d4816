"""Numbers of papers: none twice, none left out."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from diaodu.web.shared.models import Serial
from diaodu.web.shared.numbering import letter_number, next_number


@pytest.mark.django_db
def test_each_series_and_year_counts_for_itself() -> None:
    asked = [("示督交", 2023), ("示督交", 2023), ("示督催", 2023), ("示督交", 2024)]
    assert [next_number(series=series, year=year) for series, year in asked] == [1, 2, 1, 1]


@pytest.mark.django_db
def test_a_letter_s_number_is_written_as_offices_do(settings: Any) -> None:
    given = [letter_number(sign=sign, home="示例县", year=2023) for sign in "交交催"]
    assert given == ["示督交〔2023〕1号", "示督交〔2023〕2号", "示督催〔2023〕1号"]
    settings.DIAODU_LETTER_WORD = "示政"
    assert letter_number(sign="交", home="示例县", year=2023) == "示政督交〔2023〕1号"


@pytest.mark.django_db
def test_a_number_given_in_vain_is_given_again() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number(series="示督交", year=2023)
        raise RuntimeError("the letter was not written")
    assert next_number(series="示督交", year=2023) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_number_twice_and_leave_none_out() -> None:
    given: list[int] = []
    ready = threading.Barrier(8)

    def take() -> None:
        ready.wait()
        try:
            for _ in range(5):
                with transaction.atomic():
                    given.append(next_number(series="示督交", year=2023))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(given) == list(range(1, 41))
    assert Serial.objects.get().last == 40


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        next_number(series="示督交", year=2023)
