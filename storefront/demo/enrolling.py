"""The demo's people who can sign in. All have the one printed password, so it is hashed once, not for each of them."""

from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password

from cooperatives import joining
from cooperatives.models import User
from storefront.demo import cast


def enrolled(who: cast.SignIn) -> User:
    """Enrolled by the verb, with the demo's password. Raises what the verb does."""
    person = joining.enrol_person(name=who.name, phone=who.phone, password=None)
    person.password = _hashed(get_hasher().algorithm)
    person.save(update_fields=["password"])
    return person


@cache
def _hashed(algorithm: str) -> str:
    return make_password(cast.PASSWORD, hasher=algorithm)
