"""A web page that calls itself Excel, as rows of cells: only plain tables, or it is not read."""

from html.parser import HTMLParser

from django.utils.translation import gettext_lazy as _

from payments.statements.excel import MAX_COLUMNS, MAX_ROWS, Merge, Table, TooManyRows
from payments.statements.statement import DoubtfulStatement

_UNSHOWN = frozenset({"script", "style", "head", "title", "template", "noscript"})


class WebPage(DoubtfulStatement):
    code = "STATEMENT_WEB_PAGE"
    sentence = _("Tệp này thật ra là một trang web mang tên Excel. Hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên.")


def table(text: str) -> Table:
    """All rows of all tables, numbered through as a spreadsheet would show them; cells that span others are merges.

    Raises WebPage for a table inside a table, text between cells or a span that is no number; TooManyRows.
    """
    page = _Page()
    page.feed(text)
    page.close()
    if page.open_tables or not page.rows:
        raise WebPage()  # cut off, or no table at all
    rows = [(number, tuple(cells)) for number, cells in enumerate(page.rows, start=1) if any(cells)]
    return Table(rows, page.merges)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merges: list[Merge] = []
        self.open_tables = 0
        self._unshown = 0
        self._cell: list[str] | None = None  # the pieces of the cell being read
        self._down: dict[int, int] = {}  # column → rows that a cell above still covers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "table":
            if self.open_tables:
                raise WebPage()
            self.open_tables, self._down = 1, {}
        elif tag == "tr" and self.open_tables:
            self._end_cell()
            if len(self.rows) >= MAX_ROWS:
                raise TooManyRows()
            self.rows.append([])
            self._pass_covered()
        elif tag in ("td", "th") and self.open_tables:
            self._end_cell()
            if not self.rows:
                raise WebPage()
            self._begin_cell({name: value or "" for name, value in attrs})
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSHOWN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            self.open_tables = 0

    def handle_data(self, data: str) -> None:
        if self._unshown:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif self.open_tables and data.strip():
            raise WebPage()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        width, height = (_span(attributes.get(name, "1")) for name in ("colspan", "rowspan"))
        row, column = len(self.rows), len(self.rows[-1])
        if column + width > MAX_COLUMNS:
            raise TooManyRows()
        if width > 1 or height > 1:
            self.merges.append(Merge(row, row + height - 1, column, column + width - 1))
        for at in range(column, column + width):
            if height > 1:
                self._down[at] = height - 1
            self.rows[-1].append("")
        self._column = column
        self._cell = []

    def _end_cell(self) -> None:
        if self._cell is not None:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self.rows[-1][self._column] = "\n".join(line for line in lines if line)
            self._cell = None
            self._pass_covered()

    def _pass_covered(self) -> None:
        """Cells under one that spans rows are not written in the page; here they are empty."""
        while self._down.get(len(self.rows[-1])):
            self._down[len(self.rows[-1])] -= 1
            self.rows[-1].append("")


def _span(written: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:6]) <= MAX_ROWS):
        raise WebPage()
    return int(written[:6])
