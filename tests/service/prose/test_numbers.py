from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.prose.numbers import numbers_of, plain, ranges_of, units_of


def values(text: str) -> list[tuple[float, str]]:
    return [(float(number.value), number.kind) for number in numbers_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500 000 clients", [(500_000, "number")]),
        ("500\u202f000 clients", [(500_000, "number")]),
        ("cinq cent mille clients", [(500_000, "number")]),
        ("0,5 million", [(500_000, "number")]),
        ("1.200.000 demandes", [(1_200_000, "number")]),
        ("quatre-vingt-dix-neuf femmes et un homme", [(99, "number")]),
        ("soixante et onze", [(71, "number")]),
        ("vingt et un mille trois cents", [(21_300, "number")]),
        ("deux ou trois", [(2, "number"), (3, "number")]),
        ("42 à 47%", [(0.42, "share"), (0.47, "share")]),
        ("cent pour cent des assurés", [(1, "share")]),
        ("la moitié", [(0.5, "share")]),
        ("le 30/06/2024", [(30, "number"), (6, "month"), (2024, "number")]),
        ("en novembre 2021", [(11, "month"), (2021, "number")]),
        ("depuis les années 90", [(1990, "number")]),
        ("au XXIe siècle", [(21, "ordinal")]),
        ("la troisième semaine", [(3, "ordinal")]),
        ("elle a doublé", [(2, "factor")]),
        ("un homme et une femme", []),
        ("un mois et une semaine", [(1, "number"), (1, "number")]),
        ("les trois quarts", [(0.75, "share")]),
        ("3 quarts d’heure", [(0.75, "share")]),
        ("les quatre cinquièmes des votes", [(0.8, "share")]),
        ("un cinquième des votes", [(0.2, "share")]),
        ("4/5 des votes", [(0.8, "share")]),
        ("un cinquième homme", [(5, "ordinal")]),
        ("5/4 et 0/3", [(5, "number"), (4, "number"), (0, "number"), (3, "number")]),
        ("le premier mai", [(1, "ordinal"), (5, "month")]),
        ("le premier prix", []),
        ("3 M€, 2,5 Md€ et 40 k€", [(3e6, "number"), (2.5e9, "number"), (4e4, "number")]),
        ("3 Mds d’euros et 3 m", [(3e9, "number"), (3, "number")]),
        ("un logement neuf et une cave", []),
        ("le logement neuf a un balcon", []),
        ("des logements neufs", []),
        ("un logement neuf dans la ville", []),
        (
            "neuf logements, neuf mai, neuf ou dix",
            [(9, "number"), (9, "number"), (5, "month"), (9, "number"), (10, "number")],
        ),
        ("ninety-nine percent", [(0.99, "share")]),
    ],
)
def test_values(text, found):
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "unit", "bound"),
    [
        ("220€", "euro", None), ("trente jours", "day", None), ("17 h", "hour", None), ("36 employés", None, None),
        ("plus de 90 clients", None, "least"), ("pas moins de 500 clients", None, "least"),
        ("au plus 3 mois", "month", "most"), ("trois heures ou plus", "hour", "least"),
        ("jusqu’au 30", None, "most"), ("jusqu’en 2024", None, "most"), ("à partir du 30", None, "least"),
        ("à compter de 18 ans", "year", "least"), ("trois ans au moins", "year", "least"), ("90 % au plus", None, "most"),
        ("trois ans au plus tard", "year", None),
        ("moins des deux tiers", None, "most"), ("3 millions d’euros", "euro", None),
        ("quatre ans et moins", "year", "most"), ("trois heures ou plus tôt", "hour", None), ("N26 m’a écrit", None, None),
    ],
)  # fmt: skip
def test_units_and_bounds(text, unit, bound):
    (number,) = numbers_of(text)
    assert (number.unit, number.bound) == (unit, bound)


def test_a_range_shares_its_unit():
    assert [number.unit for number in numbers_of("de cinq à onze ans")] == ["year", "year"]


def test_the_ends_of_a_range_in_their_order():
    text = "de 500 euros à 700 euros, du lundi au jeudi, 12 et 15"
    ranges = ranges_of(text, numbers_of(text))
    assert [(int(one.value), int(other.value)) for one, other in ranges] == [(500, 700), (1, 4)]


def test_units_of_time_under_their_adverbs():
    assert units_of("quotidiennement, chaque mois") == {"day", "month"}


@given(st.integers(0, 10**9))
def test_grouped_or_not_a_number_is_itself(number):
    grouped = f"{number:,}".replace(",", "\u202f")
    assert numbers_of(f"les {number} pages")[0].value == numbers_of(f"les {grouped} pages")[0].value == Fraction(number)


@given(st.text(max_size=80))
def test_any_text_is_read_in_order_without_overlap(text):
    assert len(plain(text)) == len(text)
    found = numbers_of(text)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    assert all(0 <= number.start < number.end <= len(text) for number in found)
