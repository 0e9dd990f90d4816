"""A file as an answer."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel(filename: str, content: bytes) -> FileResponse:
    """`filename` may be Chinese and ends in .xlsx. Never kept by a browser or proxy on the way."""
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=filename, content_type=XLSX
    )
    response["Cache-Control"] = "no-store"
    return response
