"""How the report is set: styles, paragraphs, tables, and pages that say how many they are."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from sessions_app.panel.report import fonts, right_to_left

MARGIN = 16 * mm
FRAME_PADDING = 6  # points that the library leaves inside each edge of a page
EDGE = MARGIN + FRAME_PADDING
WIDTH = A4[0] - 2 * EDGE
INK, SOFT, LINE = HexColor("#16202a"), HexColor("#5b6875"), HexColor("#dfe5ea")
TONES: dict[str, tuple[str, Color]] = {
    "approve": ("●", HexColor("#14592f")),
    "review": ("◐", HexColor("#6f4800")),
    "decline": ("■", HexColor("#8c1a14")),
    "pending": ("○", HexColor("#2c4464")),
    "abandoned": ("–", HexColor("#4a515c")),
}
"""The shapes and the inks of the panel's badges."""

BODY = ParagraphStyle("body", fontName=fonts.PLAIN, fontSize=8.5, leading=12, textColor=INK)
STYLES = {
    "body": BODY,
    "soft": ParagraphStyle("soft", BODY, fontSize=7.5, leading=10.5, textColor=SOFT),
    "strong": ParagraphStyle("strong", BODY, fontName=fonts.BOLD),
    "code": ParagraphStyle("code", BODY, fontName=fonts.MONO, fontSize=8),
    "hash": ParagraphStyle("hash", BODY, fontName=fonts.MONO, fontSize=6.8, leading=10.5, splitLongWords=1),
    "title": ParagraphStyle("title", BODY, fontName=fonts.BOLD, fontSize=17, leading=22),
    "chapter": ParagraphStyle("chapter", BODY, fontName=fonts.BOLD, fontSize=11, leading=15, spaceBefore=12, spaceAfter=4, keepWithNext=1),
    "heading": ParagraphStyle("heading", BODY, fontName=fonts.BOLD, spaceBefore=8, spaceAfter=3, keepWithNext=1),
}
PLAIN_TABLE = [
    ("LINEABOVE", (0, 0), (-1, -1), 0.4, LINE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


class RightToLeft(Flowable):
    """A paragraph with Hebrew or Arabic in it: broken into lines as it is read, then each line laid out as it is seen."""

    def __init__(self, text: str, style: ParagraphStyle) -> None:
        super().__init__()
        self.text, self.style = text, style

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        lines = simpleSplit(self.text, self.style.fontName, self.style.fontSize, width)
        self.inner = Paragraph("<br/>".join(escape(right_to_left.seen(line)) for line in lines), self.style)
        return tuple(self.inner.wrap(width, height))

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        return list(self.inner.split(width, height))

    def draw(self) -> None:
        self.inner.drawOn(self.canv, 0, 0)


@dataclass
class Paper:
    """Sets texts, and remembers the characters that it could not print."""

    missing: set[str] = field(default_factory=set)

    def text(self, text: object, style: str = "body", *, color: Color | None = None) -> Flowable:
        """A paragraph of text that comes from anywhere: nothing in it is a command."""
        shown, missing = fonts.shown(str(text))
        self.missing |= missing
        set_in = STYLES[style] if color is None else ParagraphStyle("coloured", STYLES[style], textColor=color)
        if right_to_left.is_right_to_left(shown):
            return RightToLeft(shown, set_in)
        return Paragraph(escape(shown).replace("\n", "<br/>"), set_in)

    def badge(self, tone: str, word: object) -> Flowable:
        shape, color = TONES[tone]
        return self.text(f"{shape} {word}" if str(word) else "–", "strong", color=color)

    def facts(self, pairs: Iterable[tuple[object, Sequence[Flowable]]]) -> Table:
        """Terms on the left, what is known on the right."""
        rows = [[self.text(term, "soft"), list(known)] for term, known in pairs]
        return table(rows, widths=(0.26, 0.74))

    def table(self, head: Iterable[object], rows: Iterable[Sequence[Any]], *, widths: Sequence[float]) -> Table:
        """A table that repeats its head on every page. Cells are flowables, lists of them, or plain ASCII."""
        return table([[self.text(word, "soft") for word in head], *rows], widths=widths, heads=1)


def table(rows: list[Any], *, widths: Sequence[float], heads: int = 0) -> Table:
    """widths: shares of the page. A row that is higher than a page is split."""
    return Table(rows, colWidths=[WIDTH * share for share in widths], style=PLAIN_TABLE, repeatRows=heads, splitInRow=1, hAlign="LEFT")


class NumberedCanvas(Canvas):
    """Writes "2 of 3" under each page, which is known only when all are set."""

    def __init__(self, *given: Any, footer: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self.footer, self.pages = footer, list[dict[str, Any]]()

    def showPage(self) -> None:  # the library calls it so
        self.pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self.pages, start=1):
            self.__dict__.update(page)
            self.setFont(fonts.PLAIN, 7)
            self.setFillColor(SOFT)
            self.drawString(EDGE, 9 * mm, self.footer)
            self.drawRightString(A4[0] - EDGE, 9 * mm, gettext("%(number)d of %(all)d") % {"number": number, "all": len(self.pages)})
            super().showPage()
        super().save()


def bind(story: list[Flowable], *, title: str, author: str, footer: str, language: str) -> bytes:
    """Lay the story out and return the PDF. The same story gives the same bytes."""
    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=14 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=author,
        creator="VerifyPortal",
        lang=language,
        invariant=1,
        displayDocTitle=1,
    ).build(story, canvasmaker=partial(NumberedCanvas, footer=footer))
    return out.getvalue()
