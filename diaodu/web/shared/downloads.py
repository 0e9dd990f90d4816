"""A file as an answer."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def excel(filename: str, content: bytes) -> FileResponse:
    """`filename` may be Chinese and ends in .xlsx. Never kept by a browser or proxy on the way."""
    return _file(filename, content, XLSX)


def word_file(filename: str, content: bytes) -> FileResponse:
    """The same for .docx."""
    return _file(filename, content, DOCX)


def _file(filename: str, content: bytes, kind: str) -> FileResponse:
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=filename, content_type=kind
    )
    response["Cache-Control"] = "no-store"
    return response
