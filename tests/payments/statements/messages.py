"""MT940 and CAMT.053 files with invented movements (tests/payments/statements/layouts.py)."""

from collections.abc import Sequence
from datetime import date
from html import escape

from tests.payments.statements.layouts import ACCOUNT, Move

VERSION_2 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
VERSION_8 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def _balance(tag: str, day: date, dong: int) -> str:
    return f":{tag}:{'D' if dong < 0 else 'C'}{day:%y%m%d}VND{abs(dong)},"


def mt940(moved: Sequence[Move], *, account: str = ACCOUNT, pages: int = 1) -> str:
    """One message, or one a page with intermediate balances between them."""
    size = -(-len(moved) // pages)
    written = []
    for page in range(pages):
        some = moved[page * size : (page + 1) * size]
        first, last = ("60F" if page == 0 else "60M"), ("62F" if page == pages - 1 else "62M")
        lines = [f":20:SK{page}", f":25:VCBVVNVX/{account}", f":28C:1/{page + 1}"]
        lines.append(_balance(first, some[0].day, some[0].balance - some[0].dong))
        for m in some:
            lines.append(
                f":61:{m.day:%y%m%d}{m.day:%m%d}{'C' if m.dong > 0 else 'D'}{abs(m.dong)},NTRFNONREF//{m.reference}"
            )
            lines.append(f":86:{m.memo}")
        lines += [_balance(last, some[-1].day, some[-1].balance), "-"]
        written.append("\r\n".join(lines) + "\r\n")
    return "".join(written)


def camt_statement(moved: Sequence[Move], *, account: str = ACCOUNT, newer: bool = False) -> str:
    def balance(kind: str, dong: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='VND'>{abs(dong)}.00</Amt>"
            f"<CdtDbtInd>{'CRDT' if dong >= 0 else 'DBIT'}</CdtDbtInd></Bal>"
        )

    def entry(m: Move) -> str:
        side, other = ("CRDT", "Dbtr") if m.dong > 0 else ("DBIT", "Cdtr")
        name = "<Pty><Nm>NGUYEN THI HOA</Nm></Pty>" if newer else "<Nm>NGUYEN THI HOA</Nm>"
        return (
            f"<Ntry><Amt Ccy='VND'>{abs(m.dong)}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
            f"<Sts>{'<Cd>BOOK</Cd>' if newer else 'BOOK'}</Sts><BookgDt><Dt>{m.day}</Dt></BookgDt>"
            f"<AcctSvcrRef>{m.reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><{other}>{name}</{other}>"
            f"<{other}Acct><Id><Othr><Id>0071000123456</Id></Othr></Id></{other}Acct></RltdPties>"
            f"<RmtInf><Ustrd>{escape(m.memo)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )

    return (
        f"<Stmt><Id>1</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>VND</Ccy></Acct>"
        + balance("OPBD", moved[0].balance - moved[0].dong)
        + balance("CLBD", moved[-1].balance)
        + f"<TxsSummry><TtlNtries><NbOfNtries>{len(moved)}</NbOfNtries></TtlNtries></TxsSummry>"
        + "".join(entry(m) for m in moved)
        + "</Stmt>"
    )


def camt(*statements: str, version: str = VERSION_2) -> str:
    body = "".join(statements)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<Document xmlns="{version}"><BkToCstmrStmt><GrpHdr/>{body}</BkToCstmrStmt></Document>'
