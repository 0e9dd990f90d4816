"""Give a font file a family name of its own and the regular weight.

LibreOffice picks FandolSong's regular face when asked for its bold one by an alias, so the bold
face has to become a family. Only the `name` and `OS/2` tables change; standard library only,
because this runs before the virtual environment exists.

    python3 scripts/rename_font.py SOURCE.otf TARGET.otf FAMILY
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

_REGULAR_WEIGHT = 400
_WEIGHT_OFFSET = 4  # usWeightClass in OS/2
_SELECTION_OFFSET = 62  # fsSelection in OS/2
_SELECTION_REGULAR = 1 << 6
_MAC_STYLE_OFFSET = 44  # macStyle in head


def name_table(family: str) -> bytes:
    """A `name` table with family, style, unique and full name, for Windows in English."""
    texts = {1: family, 2: "Regular", 3: f"{family} stand-in", 4: family, 6: family}
    records, strings = b"", b""
    for name_id, text in texts.items():
        coded = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, name_id, len(coded), len(strings))
        strings += coded
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + strings


def patched(table: bytes, offset: int, value: int) -> bytes:
    return table[:offset] + struct.pack(">H", value) + table[offset + 2 :]


def checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF


def read_tables(font: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4s3I", font, 12 + 16 * index)
        tables[tag] = font[offset : offset + length]
    return tables


def assemble(head: bytes, tables: dict[bytes, bytes]) -> bytes:
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4s3I", tag, checksum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + directory + body


def renamed(font: bytes, family: str) -> bytes:
    tables = read_tables(font)
    tables[b"name"] = name_table(family)
    weighted = patched(tables[b"OS/2"], _WEIGHT_OFFSET, _REGULAR_WEIGHT)
    tables[b"OS/2"] = patched(weighted, _SELECTION_OFFSET, _SELECTION_REGULAR)
    tables[b"head"] = patched(tables[b"head"], _MAC_STYLE_OFFSET, 0)
    return assemble(font[:12], tables)


if __name__ == "__main__":
    source, target, new_family = sys.argv[1:]
    Path(target).write_bytes(renamed(Path(source).read_bytes(), new_family))
