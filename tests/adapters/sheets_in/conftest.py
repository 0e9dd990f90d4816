"""Workbooks written by hand, tag by tag, for what no library would write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from diaodu.adapters.sheets_in import read_workbook
from diaodu.engine.collect.sheet import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.fixture
def read() -> Callable[..., Workbook]:
    def read_bytes(data: bytes, file: str = "2023-06-12/a.xlsx") -> Workbook:
        return read_workbook(data, file=file, received=date(2023, 6, 12))

    return read_bytes


@pytest.fixture
def raw_xlsx() -> Callable[..., bytes]:
    """`raw_xlsx(rows, …)`: a package whose parts can each be replaced (None removes one)."""

    def build(
        rows: str = "",
        *,
        before: str = "",
        after: str = "",
        formats: dict[int, str] | None = None,
        styles: tuple[int, ...] = (0,),
        strings: tuple[str, ...] = (),
        state: str = "visible",
        workbook_properties: str = "",
        parts: dict[str, bytes | None] | None = None,
    ) -> bytes:
        codes = "".join(
            f'<numFmt numFmtId="{key}" formatCode="{code}"/>'
            for key, code in (formats or {}).items()
        )
        xfs = "".join(f'<xf numFmtId="{style}"/>' for style in styles)
        items = "".join(strings)
        content: dict[str, bytes | None] = {
            "[Content_Types].xml": (
                f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'{HEAD}<Relationships xmlns="{LINKS}"><Relationship Id="r1" '
                f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELS}">{workbook_properties}<sheets>'
                f'<sheet name="表1" sheetId="1" state="{state}" r:id="r1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'{HEAD}<Relationships xmlns="{LINKS}">'
                f'<Relationship Id="r1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
                f'<Relationship Id="r3" Type="{RELS}/styles" Target="styles.xml"/>'
                "</Relationships>"
            ).encode(),
            "xl/styles.xml": (
                f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
                f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{xfs}</cellXfs>'
                "</styleSheet>"
            ).encode(),
            "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
                "</worksheet>"
            ).encode(),
        }
        content.update(parts or {})
        stream = BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED) as package:
            for name, text in content.items():
                if text is not None:
                    package.writestr(name, text)
        return stream.getvalue()

    return build
