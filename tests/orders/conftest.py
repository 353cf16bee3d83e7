from tests.people import world

__all__ = ["world"]
