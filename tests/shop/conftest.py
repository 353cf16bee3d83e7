from tests.payments.conftest import comes

__all__ = ["comes"]
