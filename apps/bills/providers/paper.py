"""A customer's statement as a PDF on A4, in the language that is active; the same input makes the same bytes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib.resources import files

from django.utils import timezone
from django.utils.translation import get_language, gettext
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from fpdf.util import Padding

from apps.bills.queries import wording
from apps.bills.queries.standing import DueLine, OpenBill, Standing
from apps.core.domain.money import cents

FONT = "sans"
FONT_FILE = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
SMALL, TEXT, TITLE = 7.5, 9.0, 15.0
LINE = 5.2
INK, SOFT = 20, 90
HEAD = FontFace(color=SOFT, fill_color=238)
MARGIN = 15.0
NOTHING = "—"
ENTRY_WIDTHS = (19, 20, 23, 33, 33, 26, 26)
DUE_WIDTHS = (20, 25, 33, 33, 44, 25)
Row = Sequence[str]


class Paper(FPDF):
    """A4 with our name and the statement's on top, and the page's number below."""

    def __init__(self, *, lender: str, title: str) -> None:
        super().__init__(format="A4")
        self.lender, self.heading = lender, title
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 3)
        self.add_font(FONT, "", str(FONT_FILE))
        self.set_font(FONT, size=TEXT)

    def header(self) -> None:
        """Who writes, and about what."""
        self._small()
        self.cell(90, 5, self.lender)
        self.cell(0, 5, self.heading, align="R", new_x="LMARGIN", new_y="NEXT")
        self.line(MARGIN, self.get_y() + 1, self.w - MARGIN, self.get_y() + 1)
        self.ln(5)
        self._plain()

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-MARGIN)
        self._small()
        self.cell(0, 5, gettext("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}, align="R")
        self._plain()

    def section(self, text: str) -> None:
        """A heading that does not stay behind alone at the end of a page."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(3)
        self.set_font_size(TEXT + 2)
        self.cell(0, 7, text, new_x="LMARGIN", new_y="NEXT")
        self._plain()

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels and values, side by side."""
        for label, value in rows:
            self.set_text_color(SOFT)
            self.cell(45, LINE, label)
            self.set_text_color(INK)
            self.multi_cell(0, LINE, value, new_x="LMARGIN", new_y="NEXT")

    def sums(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels and figures, the figures one under the other."""
        for label, figure in rows:
            self.set_text_color(SOFT)
            self.cell(70, LINE, label)
            self.set_text_color(INK)
            self.cell(45, LINE, figure, align="R", new_x="LMARGIN", new_y="NEXT")

    def grid(self, heads: Row, rows: Iterable[Row], *, widths: Sequence[int], numbers: Iterable[int]) -> None:
        """A table whose heads come again on every page."""
        self.set_font_size(SMALL)
        aligned = ["RIGHT" if column in set(numbers) else "LEFT" for column in range(len(heads))]
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            headings_style=HEAD,
            line_height=4.4,
            padding=Padding(0.4, 1.2, 0.4, 1.2),
            text_align=tuple(aligned),
        ) as table:
            for row in (heads, *rows):
                table.row(row)
        self._plain()

    def _small(self) -> None:
        self.set_font_size(SMALL)
        self.set_text_color(SOFT)

    def _plain(self) -> None:
        self.set_font_size(TEXT)
        self.set_text_color(INK)


def statement(standing: Standing, *, lender: str, issued_at: dt.datetime) -> bytes:
    """The statement on paper."""
    title = gettext("Statement of account")
    paper = Paper(lender=lender, title=f"{title} · {standing.customer.reference} · {standing.date}")
    paper.set_title(f"{title} {standing.customer.reference} {standing.date}")
    paper.set_lang(get_language() or "en")
    paper.set_creation_date(issued_at)
    paper.set_draw_color(190)
    paper.add_page()
    paper.set_font_size(TITLE)
    paper.cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    paper.set_font_size(TEXT)
    paper.pairs(_about(standing, issued_at))
    paper.section(gettext("Summary"))
    paper.sums(_summary(standing))
    paper.section(gettext("Entries"))
    _entries(paper, standing)
    paper.section(gettext("Open bills"))
    if not standing.bills:
        paper.pairs([(gettext("No bill was open."), "")])
    for bill in standing.bills:
        _bill(paper, bill)
    return bytes(paper.output())


def _about(standing: Standing, issued_at: dt.datetime) -> list[tuple[str, str]]:
    customer = standing.customer
    facts = [
        (gettext("Customer"), f"{customer.name.clear} ({customer.reference})"),
        (gettext("As of the end of"), str(standing.date)),
        (gettext("Entries since"), str(standing.since) if standing.since else gettext("the beginning")),
        (gettext("Currency"), standing.currency or NOTHING),
        (gettext("Issued at"), _moment(issued_at)),
    ]
    if standing.known_at:
        facts.append((gettext("As booked by"), _moment(standing.known_at)))
    return facts


def _summary(standing: Standing) -> list[tuple[str, str]]:
    kinds = [(str(wording.KINDS[kind].label), money(amount)) for kind, amount in standing.moved.items()]
    parts = [
        (gettext("of it: %(component)s") % {"component": wording.COMPONENTS[part].label}, money(amount))
        for part, amount in standing.open.items()
    ]
    return [
        (gettext("Balance before"), money(standing.opening)),
        *kinds,
        (gettext("Balance"), money(standing.balance, standing.currency)),
        *parts,
        (gettext("Credit balance"), money(standing.credit)),
        (gettext("Late fee and interest accrued, not charged yet"), money(standing.accrued)),
        (gettext("Owed in all"), money(standing.owed, standing.currency)),
        (gettext("Days past due"), str(standing.lateness.days or NOTHING)),
    ]


def _entries(paper: Paper, standing: Standing) -> None:
    rows: list[Row] = [("", "", "", gettext("Balance before"), "", "", money(standing.opening))]
    rows += [
        (
            str(line.entry.effective_date),
            str(wording.KINDS[line.entry.kind].label),
            str(wording.COMPONENTS[line.entry.component].label),
            line.entry.bill.reference if line.entry.bill else NOTHING,
            line.entry.cause_reference or NOTHING,
            money(line.entry.amount),
            money(line.balance),
        )
        for line in standing.lines
    ]
    heads = (
        gettext("Date"), gettext("Entry"), gettext("Component"), gettext("Bill"), gettext("Cause"), gettext("Amount"),
        gettext("Balance"),
    )  # fmt: skip
    paper.grid(heads, rows, widths=ENTRY_WIDTHS, numbers=(5, 6))


def _bill(paper: Paper, bill: OpenBill) -> None:
    if paper.will_page_break(30):
        paper.add_page()
    words = {
        "bill": bill.bill.reference,
        "product": bill.bill.terms.product.name,
        "date": bill.bill.issued_date,
        "owed": money(bill.owed),
    }
    paper.ln(1)
    paper.multi_cell(
        0, 6, gettext("%(bill)s, %(product)s, issued %(date)s: %(owed)s open") % words, new_x="LMARGIN", new_y="NEXT"
    )
    heads = (
        gettext("Instalment"), gettext("Due"), gettext("Amount"), gettext("Open"), gettext("Met"),
        gettext("Days past due"),
    )  # fmt: skip
    rows = [
        (
            str(due.number), str(due.due_date), money(due.amount), money(due.open), _met(due),
            str(due.days or NOTHING),
        )
        for due in bill.dues
    ]  # fmt: skip
    paper.grid(heads, rows, widths=DUE_WIDTHS, numbers=(0, 2, 3, 5))


def _met(due: DueLine) -> str:
    met = str(due.met_date or NOTHING)
    return f"{met} ({gettext('falls due anew')})" if due.is_replaced else met


def money(amount: Decimal, currency: str = "") -> str:
    """1234.5 as `1,234.50`, with its currency before it where given."""
    figure = f"{cents(amount):,.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{currency} {figure}" if currency else figure


def _moment(at: dt.datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M")
