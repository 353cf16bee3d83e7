"""What the desk's tests know of money that comes."""

from tests.payments.conftest import comes

__all__ = ["comes"]
