"""Tables for tests: CSV and XLSX made of rows, as they would come from outside."""

import csv
import io

from openpyxl import Workbook

from epa.imports import tables
from epa.uploads import check_upload

HEAD = ("uln", "given_names", "family_name", "date_of_birth", "employer", "learning_start")
SIAN = ("1000000019", "Siân", "O’Neill 李", "2003-05-28", "Tidewell Housing", "2025-03-04")
LEE = ("1000000027", "小龙", "李", "28/05/2001", "Tidewell Housing", "04/03/2025")


def csv_bytes(*rows, head=HEAD, encoding="utf-8", **dialect):
    out = io.StringIO()
    csv.writer(out, **dialect).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def xlsx_bytes(*rows, head=HEAD):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content, name="table.csv"):
    with check_upload(
        name, io.BytesIO(content), allowed=tables.ENDINGS, max_bytes=tables.MOST_BYTES
    ) as upload:
        return tables.read(upload)
