"""A speech or bulletin as somebody sends it → its text: .docx, .txt, .md.

What a file is, its bytes say, not its name. For a plain text the text is the file after the byte
order mark is taken off, nothing else changed; for Word see `word_text`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from docx.oxml import parse_xml
from lxml.etree import XMLSyntaxError

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.trouble import Trouble
from diaodu.adapters.sheets_in.xml_pass import walk
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.adapters.word_text import Element, WordText, read_story_texts
from diaodu.engine.ground.errors import DiaoduError

SUFFIXES = (".docx", ".txt", ".md")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# What is no text but is often taken for one: how its bytes begin, and what to call it.
_OTHERS = (
    (b"%PDF", "是 PDF 文件"), (b"{\\rtf", "是 RTF 文件"), (b"\xff\xd8\xff", "是图片"),
    (b"\x89PNG", "是图片"), (b"GIF8", "是图片"), (b"II*\x00", "是图片"), (b"MM\x00*", "是图片"),
    (b"Rar!", "是压缩包"), (b"7z\xbc\xaf", "是压缩包"),
)  # fmt: skip
_OFFICE = (("xl/", "是 Excel 表格"), ("ppt/", "是演示文稿"))
# So many bytes beyond one a sign before the first fault: the file was UTF-8 and is damaged.
_ENOUGH = 40
_TEXT_SIGNS = "\t\n\r\f\v\x1c\x1d\x1e\x1f\x85"

_SAVE = "用 Word 或 WPS 打开，另存为 .docx 后再校核"
_PICTURED = "请找到可以编辑的原稿，或把图片里的文字识别出来，存为 .docx 或 .txt 后再校核"
_MAIN = "/officeDocument"
_W_DOCUMENT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}document"


class TextError(DiaoduError):
    """A file whose text cannot be read: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file's text. `notes`: what of the file was not read, a Chinese sentence each. `is_word`:
    it is a .docx, which can be handed back with remarks."""

    text: str
    notes: tuple[str, ...] = ()
    is_word: bool = False


def read_text(path: Path) -> Loaded:
    """Raises TextError where the file cannot be opened or read."""
    try:
        if path.is_dir():
            raise TextError("是文件夹；请写里面的文件")
        if path.stat().st_size > limits.MAX_FILE_BYTES:
            raise _too_large(path.stat().st_size)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise TextError("没有这个文件；请检查路径和名称") from error
    except OSError as error:
        raise TextError(f"打不开（{error.strerror}）；请检查是否允许读取") from error
    return text_of(data)


def text_of(data: bytes) -> Loaded:
    """The text of a file's bytes. Raises TextError."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise _too_large(len(data))
    if not data:
        raise TextError("是空文件，没有内容；请重新发送")
    if data.startswith(_ZIP):
        return _of_word(data)
    if data.startswith(_OLE):
        raise _old_office(data)
    for head, what in _OTHERS:
        if data.startswith(head):
            raise TextError(f"{what}，读不出文字；{_PICTURED}")
    return Loaded(_decoded(data))


def _too_large(size: int) -> TextError:
    most = limits.MAX_FILE_BYTES // limits.MEGABYTE
    return TextError(
        f"有 {size / limits.MEGABYTE:.0f} MB，超过上限 {most} MB，没有读；请删去图片或分成几个文件"
    )


# -- plain text ----------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """UTF-8 or GB18030, as offices' programs write them; UTF-16 where a mark says so."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :], encoding)
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        sound = data[: error.start]
    if len(sound) - len(sound.decode("utf-8")) >= _ENOUGH:
        line = sound.count(b"\n") + 1
        raise TextError(f"第{line}行起不是 UTF-8 编码，多半是拷贝中断；请重新发送完整的文件")
    return _checked(data, "gb18030")


_UNKNOWN = "不是能认出的文字编码；请用记事本打开，另存为 UTF-8 编码的 .txt 后再校核"


def _checked(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError(_UNKNOWN) from error
    # Big5 passes for GB 18030, but then much of it lies where no sign is assigned.
    if 50 * sum("\ue000" <= sign <= "\uf8ff" for sign in text) > len(text):
        raise TextError(_UNKNOWN)
    return _plain(text)


def _plain(text: str) -> str:
    strange = next((one for one in text if one < " " and one not in _TEXT_SIGNS), "")
    if strange:
        raise TextError(f"不是文本文件（含有控制字符 0x{ord(strange):02X}）；{_SAVE}")
    if not text.strip():
        raise TextError("只有空白，没有文字；请重新发送")
    return text


# -- Word ----------------------------------------------------------------------------------------


def _of_word(data: bytes) -> Loaded:
    found = read_word(data)
    if not found.text.strip():
        if found.pictures or found.objects:
            raise TextError(f"里只有图片（{found.pictures}张），没有文字；{_PICTURED}")
        raise TextError("里没有文字；请核对是不是发错了文件")
    return Loaded(found.text, tuple(_unread(found)), is_word=True)


def _unread(found: WordText) -> list[str]:
    told = []
    if found.pictures:
        told.append(f"有{found.pictures}张图片，图片里的文字和数没有校核")
    if found.objects:
        told.append(f"有{found.objects}个嵌入的对象（如插入的 Excel 表），其中的内容没有校核")
    return told


def read_word(data: bytes) -> WordText:
    """The text of a .docx with its pieces. Raises TextError."""
    try:
        package = Package(data)
        main = _related(package, "", _MAIN) or "word/document.xml"
        if main not in package:
            raise _other_office(package)
        root = _parsed(package, main)
        if not root.tag.endswith("}document"):
            raise _other_office(package)
        notes = [_related(package, main, f"/{kind}notes") for kind in ("foot", "end")]
        return read_story_texts(root, *(_parsed(package, one) if one else None for one in notes))
    except Trouble as trouble:
        raise TextError(f"{trouble.why}；{_ACTIONS[trouble.code]}") from trouble
    except RecursionError as error:
        raise TextError(f"的内部层次太深，读不出内容；{_SAVE}") from error


_ACTIONS = {
    "encrypted": "请取消打开密码后再校核",
    "truncated": "请重新发送完整的文件",
    "unreadable": _SAVE,
    "too_big": "请删去图片或分成几个文件后再校核",
}


def _related(package: Package, part: str, kind: str) -> str:
    """The name of the part that `part` points to under a relationship of this kind, or “”."""
    folder, name = dirname(part), part.rpartition("/")[2]
    relations = join(folder, "_rels", f"{name}.rels")
    if relations not in package:
        return ""
    for one in _parsed(package, relations):
        if one.get("Type", "").endswith(kind) and one.get("TargetMode") != "External":
            target = normpath(join("/", folder, one.get("Target", ""))).lstrip("/")
            return target if target in package else ""
    return ""


def _parsed(package: Package, part: str) -> Element:
    content = package.read(part)
    walk(content, part, lambda _name, _attributes: None)  # no document type, nothing cut off
    try:
        root = parse_xml(content)
    except XMLSyntaxError as error:
        raise TextError(f"的内部层次太深，读不出内容；{_SAVE}") from error
    if root.tag.endswith("}document") and root.tag != _W_DOCUMENT:
        raise TextError("是以“严格的 Open XML”格式保存的；用 Word 另存为普通的 .docx 后再校核")
    return root


def _other_office(package: Package) -> TextError:
    for folder, what in _OFFICE:
        if any(name.startswith(folder) for name in package.names):
            return TextError(f"{what}，不是文稿；请把文字存为 .docx 或 .txt 后再校核")
    return TextError("是压缩包，不是 Word 文件；请解开后校核里面的文件")


def _old_office(data: bytes) -> TextError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return TextError(f"设有打开密码，读不出内容；{_ACTIONS['encrypted']}")
    if "Workbook".encode("utf-16-le") in data:
        return TextError("是旧版 Excel 表格，不是文稿；请把文字存为 .docx 或 .txt 后再校核")
    return TextError(f"是旧版 Word 格式（.doc 或 .wps），读不出内容；{_SAVE}")
