"""Everybody of the demo who can sign in, the cooperative's people first."""

from storefront.demo import billers, cast

EVERYBODY: tuple[cast.SignIn, ...] = (
    *cast.SIGN_INS,
    *(person for person, _roles in billers.SCHOOL.people),
    *(person for person, _roles in billers.WATER.people),
)
