"""Several cases of one shopper: put away, taken up, called by number, kept in a slot."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.case.archive import MOST, PastCase, current_number, find_case, put_away, read_past, take_up, write_past
from weiquan.case.case import Case
from weiquan.case.diary import Happening
from weiquan.case.events import EVENTS, NEWS, STAGES, SUMS

PHONE, SHOES, RICE = Case("not_shipped", goods="手机"), Case("quality_problem", goods="鞋"), Case("food_safety")

texts = st.text(min_size=1, max_size=6)
full_cases = st.builds(
    Case,
    situation=texts,
    variant=st.none() | texts,
    others=st.lists(texts, max_size=3).map(tuple),
    climbed=st.frozensets(texts, max_size=3),
    failed=st.frozensets(texts, max_size=3),
    asked=st.none() | texts,
    goods=st.none() | texts,
    stage=st.sampled_from([None, *STAGES]),
    dates=st.dictionaries(st.sampled_from(EVENTS), st.dates(), max_size=4),
    amount=st.none() | st.floats(0, 1e6),
    remedy=st.none() | texts,
    order_number=st.none() | texts,
    circumstances=st.dictionaries(texts, st.booleans(), max_size=3),
    evidence=st.frozensets(texts, max_size=3),
    question=st.none() | texts,
    put=st.lists(texts, max_size=4).map(tuple),
    sums=st.dictionaries(st.sampled_from(SUMS), st.floats(0, 1e6), max_size=3),
    diary=st.lists(
        st.builds(
            Happening,
            st.sampled_from(sorted(NEWS)),
            st.dates(),
            st.none() | st.dates(),
            st.none() | st.floats(0, 1e6),
            texts,
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    correcting=st.none() | texts,
)


@given(st.lists(full_cases, max_size=4))
def test_cases_come_back_from_the_slot_as_they_were(cases):
    past = tuple(PastCase(number, case) for number, case in enumerate(cases, start=1))
    assert read_past(json.loads(json.dumps(write_past(past)))) == past


@pytest.mark.parametrize(
    "damaged",
    [None, "x", {}, 3, [], [None, 3, "x", []], [{"number": "1", "slots": {}}], [{"number": 1, "slots": None}], [{}]],
)
def test_a_damaged_slot_holds_no_case(damaged):
    assert read_past(damaged) == ()


def test_the_sound_part_of_a_damaged_case_is_kept():
    slots = {
        "situation": "not_shipped",
        "rungs_climbed": ["negotiate", 3, None],
        "order_stage": "on the moon",
        "case_dates": {"received": "2026-11-20", "applied": "soon", "landed": "2026-11-20", "paid": 5},
        "amount_paid": True,
        "circumstances": {"promised_tenfold": True, "fell_ill": "yes"},
        "questions_put": "received_on",
    }
    (found,) = read_past([None, {"number": 2, "slots": slots}])
    assert found.number == 2
    assert found.case == Case(
        "not_shipped",
        climbed=frozenset({"negotiate"}),
        dates={"received": datetime.date(2026, 11, 20)},
        circumstances={"promised_tenfold": True},
    )


def test_a_case_keeps_its_number_while_others_come_and_go():
    past = put_away(PHONE, ())
    assert (past, current_number(past)) == ((PastCase(1, PHONE),), 2)
    past = put_away(SHOES, past)
    assert current_number(past) == 3

    case, past = take_up(1, RICE, past)
    assert (case, current_number(past)) == (PHONE, 1)
    assert past == (PastCase(2, SHOES), PastCase(3, RICE))

    case, past = take_up(None, case, past)
    assert case in (SHOES, RICE)
    numbers = {current_number(past): case, **{earlier.number: earlier.case for earlier in past}}
    assert numbers == {1: PHONE, 2: SHOES, 3: RICE}


def test_back_and_forth_between_two_cases():
    case, past = SHOES, put_away(PHONE, ())
    for expected in (PHONE, SHOES, PHONE):
        case, past = take_up(None, case, past)
        assert case == expected
        assert len(past) == 1


def test_what_has_no_trouble_is_not_kept():
    assert put_away(Case(goods="鞋"), ()) == ()
    case, past = take_up(1, Case(), (PastCase(1, PHONE),))
    assert (case, past) == (PHONE, ())


def test_there_is_no_case_of_a_number_that_nobody_has():
    assert take_up(None, PHONE, ()) is None
    assert take_up(7, PHONE, (PastCase(1, SHOES),)) is None


def test_a_case_is_found_by_its_number_the_one_at_hand_too():
    past = (PastCase(1, PHONE), PastCase(3, SHOES))
    assert [find_case(number, RICE, past) for number in (1, 2, 3, 4)] == [PHONE, RICE, SHOES, None]


def test_the_oldest_case_makes_room_and_numbers_stay_apart():
    past: tuple[PastCase, ...] = ()
    for number in range(MOST + 3):
        past = put_away(Case("quality_problem", goods=str(number)), past)
        assert len({earlier.number for earlier in past} | {current_number(past)}) == len(past) + 1
    assert [earlier.case.goods for earlier in past] == [str(number) for number in range(3, MOST + 3)]
