"""A report as an XLSX workbook: real numbers, percentages and dates, so that whoever opens it can go on calculating.

Not the table (`report_table.py`). Rows go to a temporary file as they come (`constant_memory`), and the workbook is read back
in pieces: a long report costs disk for a moment and no memory. Names from outside are written as text, never as formulas.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any

from realtime.reports import Row
from wallboard.report_table import Table, local, who

PIECE = 64 * 1024
FORMATS = {"count": "#,##0", "s": "#,##0.0", "share": "0.0%"}
WIDTHS = (12, 17, 17)
OTHER_WIDTH = 14


def workbook_of(table: Table) -> Iterator[bytes]:
    """Sheets: each queue or agent, all together, sums."""
    with tempfile.TemporaryFile() as file:
        write(table, file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def write(table: Table, file: IO[bytes]) -> None:
    import xlsxwriter  # type: ignore[import-untyped]  # no board waits for it to start: few ask for a workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    said, report = table.said, table.report
    with xlsxwriter.Workbook(file, options) as book:
        formats = {unit: book.add_format({"num_format": form}) for unit, form in FORMATS.items()}
        formats |= {"day": book.add_format({"num_format": "yyyy-mm-dd"}), "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
        formats["head"] = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        for name, rows in ((said[table.kind], report.rows), (said["together"], report.together), (said["sums"], report.sums)):
            fill(book.add_worksheet(name), table, rows, formats)


def fill(sheet: Any, table: Table, rows: Sequence[Row], formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    for place, word in enumerate(table.header):
        sheet.set_column(place, place, WIDTHS[place] if place < len(WIDTHS) else OTHER_WIDTH)
        sheet.write_string(0, place, word, formats["head"])
    for number, row in enumerate(rows, 1):
        fill_row(sheet, number, table, row, formats)


def fill_row(sheet: Any, number: int, table: Table, row: Row, formats: dict[str, Any]) -> None:
    """Times as the floor's clock shows them: a spreadsheet knows no zones."""
    if row.day:
        sheet.write_datetime(number, 0, date.fromisoformat(row.day), formats["day"])
    else:
        sheet.write_string(number, 0, table.said["sum"])
    for place, moment in ((1, row.begins), (2, row.ends)):
        sheet.write_datetime(number, place, local(moment, table.zone).replace(tzinfo=None), formats["time"])
    names = who(table, row)
    for place, name in enumerate(names, 3):
        sheet.write_string(number, place, name)
    for place, column in enumerate(table.columns, 3 + len(names)):
        figure = row.figures[column.key]
        if figure is not None:
            sheet.write_number(number, place, figure, formats[column.unit])
