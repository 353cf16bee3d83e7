"""The carrier that both sides of the matrix are joined to: played on this machine."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from tests.carrier_fake import HOST, FakeCarrier, running


@pytest.fixture(scope="session")
def played_carrier() -> Iterator[FakeCarrier]:
    with running() as fake:
        yield fake


@pytest.fixture(autouse=True)
def reached_carrier(settings: LazySettings, played_carrier: FakeCarrier) -> None:
    settings.PROVIDER_STAND_INS = {HOST: played_carrier.address}
