"""Which item each đồng is for: pure."""

from hypothesis import given
from hypothesis import strategies as st

from payments.bills.shares import ItemDue, split, spread

item = st.builds(
    ItemDue, bill_id=st.just(1), fee_item_id=st.integers(1, 50), position=st.integers(1, 9),
    asked_dong=st.integers(0, 10**7), paid_dong=st.integers(0, 10**7),
)  # fmt: skip
items = st.lists(item, max_size=8, unique_by=lambda one: one.fee_item_id)


def test_a_part_payment_fills_items_in_the_billers_order() -> None:
    three = [ItemDue(1, 7, 1, 100, 0), ItemDue(1, 3, 2, 200, 50), ItemDue(1, 9, 3, 50, 0)]
    assert split(120, three) == [(7, 100), (3, 20)]
    assert split(300, three) == [(7, 100), (3, 150), (9, 50)]


@given(items, st.data())
def test_nothing_is_lost_and_no_item_gets_more_than_its_due(dues: list[ItemDue], data: st.DataObject) -> None:
    due = sum(one.due_dong for one in dues)
    amount = data.draw(st.integers(0, due))
    given_to = dict(split(amount, dues))
    assert sum(given_to.values()) == amount
    assert all(0 < dong <= one.due_dong for one in dues if (dong := given_to.get(one.fee_item_id)))
    short = [one for one in dues if given_to.get(one.fee_item_id, 0) < one.due_dong]
    after_the_first_short = dues[dues.index(short[0]) + 1 :] if short else []
    assert all(one.fee_item_id not in given_to for one in after_the_first_short)


def test_an_older_bill_is_filled_before_the_next() -> None:
    first, second = [ItemDue(5, 1, 1, 100, 0)], [ItemDue(4, 1, 1, 100, 0), ItemDue(4, 2, 2, 30, 0)]
    shares = spread(150, [(5, first), (4, second)])
    assert [tuple(share) for share in shares] == [(5, 1, 100), (4, 1, 50)]
