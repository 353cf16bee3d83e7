"""A whole file by what was pointed out: the rows of every table that a person sees, and what was left out, aloud."""

from dataclasses import dataclass, field

from payments.bills.roster.faults import Fault, Faulty
from payments.bills.roster.lines import Line, Skipped, lines_of
from payments.bills.roster.opening import Book
from payments.bills.roster.pointing import Pointing, Proposal, of_table


@dataclass(slots=True)
class ListRead:
    """``faults``: tables that could not be read by the same columns, one fault each."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(book: Book, proposal: Proposal, pointing: Pointing) -> ListRead:
    """Every table of ``book`` by ``pointing``. Raises ListTooBig."""
    done = ListRead()
    for at, table in enumerate(book.tables):
        if at == proposal.lead:
            roles, captions = dict(pointing.roles), pointing.heads
            heads = [place for place, (row, _cells) in enumerate(table.rows) if row == pointing.header_row]
            start = heads[0] + 1 if heads else 0
        elif (found := of_table(table, pointing)) is not None:
            roles, captions, start = found[0], found[1].captions, found[1].at + 1
        else:
            why = Faulty("SHEET_DIFFERS", text=table.title)
            done.faults.append(Fault(table.title, table.rows[0][0], why.code, why.said))
            continue
        taken = lines_of(table, roles=roles, start=start, captions=captions)
        done.lines += taken.lines
        done.skipped += taken.skipped
    return done
