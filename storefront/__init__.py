"""The street: pages for buyers, members, treasurers."""
