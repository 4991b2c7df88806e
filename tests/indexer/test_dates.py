"""Dates as texts write them, to ISO 8601."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dates import find_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("publié le 30/06/2024 Par Laurent Ottavi", "2024-06-30"),
        ("jeudi 10 août 2017, par Contribution", "2017-08-10"),
        ("Le Monde 18.10.2016", "2016-10-18"),
        ("le 3-2-2022", "2022-02-03"),
        ("1er mai 1906", "1906-05-01"),
        ("1ᵉʳ mai 1906", "1906-05-01"),
        ("12 DÉCEMBRE 1999", "1999-12-12"),
        ("12 fevrier 1999", "1999-02-12"),
        ("12 févr. 1999", "1999-02-12"),
        ("mars 2020", "2020-03"),
        ("2024-06-30", "2024-06-30"),
        ("2024-06-30T08:15:00+02:00", "2024-06-30"),
        ("2024-06", "2024-06"),
        ("2017", "2017"),
        ("Published on March 3, 2019", "2019-03-03"),
        ("Sept. 3, 2019", "2019-09-03"),
        ("3\u00a0mars\u00a02020", "2020-03-03"),
        ("29/02/2020", "2020-02-29"),
    ],
)
def test_a_date_is_found(text: str, date: str) -> None:
    assert find_date(text) == date


@pytest.mark.parametrize(
    "text",
    ["", "Bonjour", "En 2017, il pleuvait.", "13/13/2020", "32/01/2020", "00/05/2020", "31/02/2020", "29/02/2021", "31 avril 2019",
     "2020-02-30", "3,5 %", "le 10 août", "L. 1234-5", "01 23 45 67 89"],
)  # fmt: skip
def test_what_is_no_date_of_the_calendar_is_none(text: str) -> None:
    assert find_date(text) is None


@given(
    st.dates(),
    st.sampled_from(
        ["{d}/{m:02}/{y:04}", "{d:02}.{m:02}.{y:04}", "{y:04}-{m:02}-{d:02}", "le {d} {name} {y:04} à 8 h"]
    ),
)
def test_every_day_is_found_in_every_writing(day, writing: str) -> None:
    names = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    text = writing.format(d=day.day, m=day.month, y=day.year, name=names[day.month - 1])
    assert find_date(text) == day.isoformat()
