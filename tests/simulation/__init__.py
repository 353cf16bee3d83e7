"""A seeded world that drives the real verbs in random order beside a small model of its own.

Calls of SePay, Casso and payOS come signed through the real door: late, twice, out of order, altered, or never; lists
and statement files tell of the same money again; text messages come cut, early, late, or made up; clerks tap on pages
that are no longer true; clocks jump.

``running.run(seed=…, steps=…)`` plays; after every step each state, stock, purse and account of the product is compared
with ``model.Model``, which is written from docs/books.md and docs/walk-of-a-payment.md and imports nothing of the
product. ``python -m tests.simulation --seed N --steps M`` plays one seed again, exactly.
"""
