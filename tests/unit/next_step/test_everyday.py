"""Of what is worth asking alike, what takes less comes first; what tells far more still comes before."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.next_step.everyday import alike

ITEMS = st.lists(st.tuples(st.floats(0, 5), st.integers(0, 10)), max_size=12)


def ordered(items):
    return [item for group in groups(items) for item in group]


def groups(items):
    return alike(items, lambda item: item[0], lambda item: (float(item[1]),))


@given(ITEMS)
def test_nothing_stands_before_what_tells_more_than_twice_as_much(items):
    found = ordered(items)
    assert sorted(found) == sorted(items)
    for i, (early, _) in enumerate(found):
        assert all(late <= 2 * early for late, _ in found[i + 1 :])


@given(ITEMS)
def test_what_stands_in_one_group_is_of_like_worth_and_begins_with_what_takes_least(items):
    for group in groups(items):
        told = [value for value, _ in group]
        assert max(told) <= 2 * min(told)
        assert [effort for _, effort in group] == sorted(effort for _, effort in group)


@given(ITEMS)
def test_of_things_that_tell_just_the_same_the_one_that_takes_less_comes_first(items):
    found = ordered(items)
    for early, late in itertools.pairwise(found):
        assert early[0] != late[0] or early[1] <= late[1]


@pytest.mark.parametrize(("rare", "first"), [(0.9, "everyday"), (2.1, "rare")])
def test_a_rare_examination_comes_first_only_if_it_tells_more_than_twice_as_much(rare, first):
    told = {"rare": (rare, 6), "everyday": (1.0, 0)}
    names = alike(told, lambda name: told[name][0], lambda name: (float(told[name][1]),))
    assert names[0][0] == first


def test_nothing_gives_nothing():
    assert ordered([]) == []
