"""The street's tests borrow the money that comes in from the floor below."""

from collections.abc import Callable

import pytest

from payments import inbox, settlement
from tests.payments.conftest import arrival, comes, feed
from tests.people import World

__all__ = ["comes", "comes_to", "feed"]


@pytest.fixture
def comes_to() -> Callable[[World, str, int], None]:
    """Money comes to a world that a browser test made itself: written down, then settled."""

    def arrives(world: World, memo: str, dong: int) -> None:
        account = world.bank_account
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=world.now, account=account.number), organization=world.organization,
            bank_account=account, source="sepay:live", at=world.now,
        )  # fmt: skip
        assert written.transaction is not None
        settlement.settle(transaction_id=written.transaction.pk, at=world.now)

    return arrives
