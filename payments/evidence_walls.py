"""Triggers that keep evidence as it came and money documents from vanishing, for both databases.

What a sighting says is never changed; its raw text may be blanked once the law no longer asks for it
(docs/retention.md), and only then. No row about money is ever deleted, and what a line of the bank *is* (account,
direction, amount) never changes. Put up and looked for as the ledger's own (cooperatives/walls.py).
"""

from cooperatives.walls import Walls

SIGHTING = "payments_sighting"
LINE = "payments_banktransaction"

VOUCHER_YEARS = 10
"""Accounting vouchers: Law on Accounting 88/2015/QH13, article 41; Decree 174/2016/ND-CP, article 13."""
STRAY_YEARS = 1
"""A stranger's transfer that a provider told us by mistake: no voucher of ours, but somebody's personal data."""

KEPT = {
    "settlement": "payments_settlement",
    "kept_debt": "payments_keptdebt",
    "cash_receipt": "payments_cashreceipt",
    "release": "payments_release",
    "refund": "payments_refund",
    "refund_movement": "payments_refundmovement",
    "explanation": "payments_explanation",
    "bill": "payments_bill",
    "bill_line": "payments_billline",
    "item_share": "payments_itemshare",
    "bundle_part": "payments_bundlepart",
    "credit_use": "payments_credituse",
    "item_given_back": "payments_givenback",
    "cash_handover": "payments_cashhandover",
    "cash_count": "payments_cashcount",
    "collection": "payments_collection",
    "remittance": "payments_remittance",
    "remittance_line": "payments_remittanceline",
    "remittance_payment": "payments_remittancepayment",
    "remittance_share": "payments_remittanceshare",
    "made_good": "payments_madegood",
    "deposit_kept": "payments_depositkept",
    "cash_voucher": "payments_cashvoucher",
    "allocation": "orders_allocation",
    "goods_return": "orders_return",
    "return_line": "orders_returnline",
    "delivery_borne": "orders_deliveryborne",
    "netting": "orders_netting",
    "weighing": "orders_weighing",
    "shipment": "orders_shipment",
    "shipment_event": "orders_shipmentevent",
    "statement_file": "payments_statementfile",
    "sighting_move": "payments_sightingmove",
    "bank_line": LINE,
    "sighting": SIGHTING,
}
"""Whose rows are never deleted: name in triggers → table."""

# Not its day, which came with a later migration: these triggers stand from 0004 on, and what it was read from is kept.
_SAID = (
    "id", "organization_id", "bank_account_id", "feed_id", "statement_file_id", "source", "external_id", "occurrence",
    "account_text", "direction", "amount_dong", "currency", "digest", "received_at",
)  # fmt: skip
_IS = ("id", "organization_id", "bank_account_id", "direction", "amount_dong")


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _too_early(a_while_ago: str) -> str:
    """The raw text changes although the rule asks for it still, or changes into anything but nothing."""
    vouchers, strays = (a_while_ago.format(years=years) for years in (VOUCHER_YEARS, STRAY_YEARS))
    return (
        f"NEW.raw <> OLD.raw AND NOT (NEW.raw = '' AND (OLD.received_at < {vouchers}"
        f" OR (OLD.bank_account_id IS NULL AND OLD.received_at < {strays})))"
    )


SQLITE: dict[str, str] = {
    "sighting_no_change": f"""CREATE TRIGGER sighting_no_change BEFORE UPDATE ON {SIGHTING}
  WHEN {_changed(_SAID, "IS NOT")} OR ({_too_early("datetime('now', '-{years} years')")})
BEGIN SELECT RAISE(ABORT, 'evidence is kept as it came'); END""",
    "bank_line_no_change": f"""CREATE TRIGGER bank_line_no_change BEFORE UPDATE ON {LINE}
  WHEN {_changed(_IS, "IS NOT")}
BEGIN SELECT RAISE(ABORT, 'what a line is never changes'); END""",
    "sighting_move_no_change": f"""CREATE TRIGGER sighting_move_no_change BEFORE UPDATE ON {KEPT["sighting_move"]}
BEGIN SELECT RAISE(ABORT, 'kept'); END""",
    **{
        f"{name}_no_delete": f"""CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'kept'); END"""
        for name, table in KEPT.items()
    },
}

FUNCTIONS: dict[str, str] = {
    "evidence_guard_sighting": f"""CREATE OR REPLACE FUNCTION evidence_guard_sighting() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
  IF {_changed(_SAID, "IS DISTINCT FROM")} OR ({_too_early("now() - interval '{years} years'")}) THEN
    RAISE EXCEPTION 'evidence is kept as it came';
  END IF; RETURN NEW; END $$""",
    "evidence_guard_line": f"""CREATE OR REPLACE FUNCTION evidence_guard_line() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
  IF {_changed(_IS, "IS DISTINCT FROM")} THEN
    RAISE EXCEPTION 'what a line is never changes';
  END IF; RETURN NEW; END $$""",
    "evidence_refuse_delete": """CREATE OR REPLACE FUNCTION evidence_refuse_delete() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$""",
}
POSTGRESQL: dict[str, str] = {
    "sighting_no_change": f"""CREATE TRIGGER sighting_no_change BEFORE UPDATE ON {SIGHTING}
  FOR EACH ROW EXECUTE FUNCTION evidence_guard_sighting()""",
    "bank_line_no_change": f"""CREATE TRIGGER bank_line_no_change BEFORE UPDATE ON {LINE}
  FOR EACH ROW EXECUTE FUNCTION evidence_guard_line()""",
    "sighting_move_no_change": f"""CREATE TRIGGER sighting_move_no_change BEFORE UPDATE ON {KEPT["sighting_move"]}
  FOR EACH ROW EXECUTE FUNCTION evidence_refuse_delete()""",
    **{
        f"{name}_no_delete": f"""CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION evidence_refuse_delete()"""
        for name, table in KEPT.items()
    },
    **{
        f"{name}_no_truncate": f"""CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_delete()"""
        for name, table in KEPT.items()
    },
}

EVIDENCE = Walls("evidence", SIGHTING, SQLITE, POSTGRESQL, FUNCTIONS, "payments.E001")
