from tests.payments.conftest import feed

__all__ = ["feed"]
