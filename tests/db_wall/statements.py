"""What raw SQL must not get through: ledger.md's list and the evidence, a dict for each kind of database.

Name → (statement, what the database says). ``{…}`` are ids: of the fixture ``books`` (test_walls.py), and of the
scratch database that is walked through the migrations (walking.py).
"""

from payments.evidence_walls import KEPT, LINE, SIGHTING

NEW_POSTING = "INTO cooperatives_posting (entry_id, debit_id, credit_id, amount_dong) VALUES"
NEW_ENTRY = "INTO cooperatives_entry (organization_id, key, fingerprint, event, booked_on, at, reverses_id) VALUES"
NEW_ACCOUNT = """INTO cooperatives_ledgeraccount
    (organization_id, kind, subject, side, no_overdraft, debits, credits, lock_seat) VALUES"""

FORBIDDEN: dict[str, tuple[str, str]] = {
    "posting updated": ("UPDATE cooperatives_posting SET amount_dong = 1 WHERE id = {posting}", "append-only"),
    "posting moved": ("UPDATE cooperatives_posting SET debit_id = {purse} WHERE id = {posting}", "append-only"),
    "posting deleted": ("DELETE FROM cooperatives_posting WHERE id = {posting}", "append-only"),
    "every posting deleted": ("DELETE FROM cooperatives_posting", "append-only"),
    "entry updated": ("UPDATE cooperatives_entry SET booked_on = '2026-01-01' WHERE id = {entry}", "append-only"),
    "entry key changed": ("UPDATE cooperatives_entry SET key = 'other' WHERE id = {entry}", "append-only"),
    "entry deleted": ("DELETE FROM cooperatives_entry WHERE id = {entry}", "append-only"),
    "posting upserted": (
        "INSERT INTO cooperatives_posting (id, entry_id, debit_id, credit_id, amount_dong)"
        " VALUES ({posting}, {entry}, {bank}, {arrival}, 1) ON CONFLICT (id) DO UPDATE SET amount_dong = 1",
        "append-only",
    ),
    "entry upserted": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'arrived:1', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)"
        " ON CONFLICT (organization_id, key) DO UPDATE SET fingerprint = 'x'",
        "append-only",
    ),
    "entry key twice": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'arrived:1', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)",
        "(?i)unique",
    ),
    "second reversal": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'again', 'x', 'reversed', '2026-03-15', '2026-03-15', {{reversed}})",
        "(?i)unique",
    ),
    "amount 0": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 0)", "posting_amount"),
    "amount -5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, -5)", "posting_amount|overdraft"),
    "amount 2^53": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 9007199254740992)", "posting_amount"),
    "amount 12abc": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, '12abc')", "whole numbers|invalid input syntax",
    ),
    "no amount": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, NULL)", "whole numbers|not-null"),
    "same account twice": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{bank}}, 5)", "posting_two_accounts"),
    "account of another organization": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{foreign}}, 5)", "two organizations",
    ),
    "both accounts of another organization": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{foreign_bank}}, {{foreign}}, 5)", "two organizations",
    ),
    "overdraft": (f"INSERT {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft"),
    "several postings, the last overdraws": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40000), ({{entry}}, {{arrival}}, {{purse}}, 1)",
        "overdraft",
    ),
    "balance edited": ("UPDATE cooperatives_ledgeraccount SET credits = 0 WHERE id = {purse}", "only through postings"),
    "both sums edited": (
        "UPDATE cooperatives_ledgeraccount SET credits = credits + 5, debits = debits + 5", "only through postings",
    ),
    "guard taken off": ("UPDATE cooperatives_ledgeraccount SET no_overdraft = {false}", "only through postings"),
    "side turned": ("UPDATE cooperatives_ledgeraccount SET side = 'D' WHERE id = {purse}", "only through postings"),
    "subject changed": ("UPDATE cooperatives_ledgeraccount SET subject = 'order:9'", "only through postings"),
    "account given away": (
        "UPDATE cooperatives_ledgeraccount SET organization_id = {away} WHERE id = {purse}", "only through postings",
    ),
    "account born rich": (
        f"INSERT {NEW_ACCOUNT} ({{home}}, 'fee', '', 'C', {{false}}, 0, 5, {{false}})", "born empty",
    ),
    "account deleted": ("DELETE FROM cooperatives_ledgeraccount WHERE id = {purse}", "append-only"),
    "account twice": (
        f"INSERT {NEW_ACCOUNT} ({{home}}, 'prepaid', 'order:1', 'C', {{true}}, 0, 0, {{false}})", "(?i)unique",
    ),
}  # fmt: skip

SQLITE_ONLY: dict[str, tuple[str, str]] = {
    "amount 0.5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 0.5)", "whole numbers"),
    "amount 1.5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 1.5)", "whole numbers"),
    "posting replaced by id": (
        "INSERT OR REPLACE INTO cooperatives_posting (id, entry_id, debit_id, credit_id, amount_dong)"
        " VALUES ({posting}, {entry}, {bank}, {arrival}, 1)",
        "append-only",
    ),
    "entry replaced by id": (
        "REPLACE INTO cooperatives_entry (id, organization_id, key, fingerprint, event, booked_on, at)"
        " VALUES ({bare}, {home}, 'new', 'x', 'arrived', '2026-03-15', '2026-03-15')",
        "append-only",
    ),
    # This entry has no posting whose foreign key could save it.
    "entry replaced by key": (
        f"REPLACE {NEW_ENTRY} ({{home}}, 'bare', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)", "append-only",
    ),
    "account replaced by name": (
        f"REPLACE {NEW_ACCOUNT} ({{home}}, 'prepaid', 'order:1', 'C', 0, 0, 0, 0)", "append-only",
    ),
    "overdraft under IGNORE": (
        f"INSERT OR IGNORE {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft",
    ),
    "overdraft under FAIL": (f"INSERT OR FAIL {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft"),
    "two organizations under IGNORE": (
        f"INSERT OR IGNORE {NEW_POSTING} ({{entry}}, {{bank}}, {{foreign}}, 5)", "two organizations",
    ),
}  # fmt: skip

POSTGRESQL_ONLY: dict[str, tuple[str, str]] = {
    **{
        f"{table} truncated{how}": (f"TRUNCATE cooperatives_{table}{how}", wall)
        for table, how, wall in (
            ("posting", "", "append-only"),
            ("posting", " CASCADE", "append-only"),
            ("entry", "", "foreign key|append-only"),
            ("entry", " CASCADE", "append-only"),
            ("ledgeraccount", " CASCADE", "append-only"),
        )
    },
    "amount true": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, true)", "boolean"),
}

_SAID = {
    "source": "'other:live'",
    "external_id": "'other'",
    "occurrence": "9",
    "account_text": "'other'",
    "direction": "'out'",
    "amount_dong": "amount_dong + 1",
    "digest": "'other'",
    "received_at": "'2020-01-01 00:00:00'",
    "raw": "raw || ' '",
}
_IS = {"direction": "'out'", "amount_dong": "amount_dong + 1", "bank_account_id": "{other_account}"}

# The evidence walls stand where all of their tables do (payments/evidence_walls.py). One row of each is there.
EVIDENCE_FORBIDDEN: dict[str, tuple[str, str]] = {
    **{
        f"sighting {column} changed": (f"UPDATE {SIGHTING} SET {column} = {value}", "evidence is kept")
        for column, value in _SAID.items()
    },
    "sighting raw blanked too early": (f"UPDATE {SIGHTING} SET raw = ''", "evidence is kept"),
    "sighting upserted": (
        f"INSERT INTO {SIGHTING} SELECT * FROM {SIGHTING} WHERE id = {{sighting}}"
        " ON CONFLICT (id) DO UPDATE SET raw = 'other'",
        "evidence is kept",
    ),
    **{
        f"bank line {column} changed": (f"UPDATE {LINE} SET {column} = {value}", "never changes")
        for column, value in _IS.items()
    },
    **{f"{name} deleted": (f"DELETE FROM {table}", "kept") for name, table in KEPT.items()},
}
EVIDENCE_SQLITE_ONLY: dict[str, tuple[str, str]] = {
    f"{name} replaced": (f"REPLACE INTO {table} SELECT * FROM {table}", "kept") for name, table in KEPT.items()
}
EVIDENCE_POSTGRESQL_ONLY: dict[str, tuple[str, str]] = {
    f"{name} truncated": (f"TRUNCATE {table} CASCADE", "kept|append-only") for name, table in KEPT.items()
}
