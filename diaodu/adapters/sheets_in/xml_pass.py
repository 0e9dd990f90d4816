"""XML read once, front to back, by expat: no document type, so no entities and no network."""

from __future__ import annotations

from collections.abc import Callable
from pyexpat import ExpatError, ParserCreate, errors

from diaodu.adapters.sheets_in.trouble import Trouble, truncated, unreadable

Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], None]

_CUT_SHORT = frozenset(
    errors.codes[text]
    for text in (
        errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR, errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)  # fmt: skip


def walk(
    content: bytes, part: str, on_start: OnStart, text: Callable[[str], None] | None = None
) -> None:
    """Call `on_start(name, attributes)` at each start tag, `text` with what stands between tags.

    The prefix of the root element is taken off all names that carry it, so that elements of
    foreign namespaces stay apart by theirs. Raises Trouble for XML that is cut short, broken or
    carries a document type.
    """
    parser = ParserCreate()

    def root(name: str, attributes: Attributes) -> None:
        prefix = name[: name.find(":") + 1]
        parser.StartElementHandler = _without(prefix, on_start) if prefix else on_start

    def doctype(*_: object) -> None:
        raise unreadable(f"内部部件 {part} 带有文档类型声明，正常的表格不会有")

    parser.buffer_text = True
    parser.StartElementHandler = root
    parser.StartDoctypeDeclHandler = doctype
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        raise _broken(part, error) from error
    except (ValueError, LookupError, OverflowError) as error:  # odd encodings, odd numbers
        raise unreadable(f"内部部件 {part} 写法有误（{error}）") from error


def by_name(handlers: dict[str, Callable[[Attributes], None]]) -> OnStart:
    """An `on_start` that knows some names and passes over the others."""

    def on_start(name: str, attributes: Attributes) -> None:
        handler = handlers.get(name)
        if handler is not None:
            handler(attributes)

    return on_start


def _without(prefix: str, on_start: OnStart) -> OnStart:
    def on_prefixed(name: str, attributes: Attributes) -> None:
        on_start(name.removeprefix(prefix), attributes)

    return on_prefixed


def _broken(part: str, error: ExpatError) -> Trouble:
    if error.code in _CUT_SHORT:
        return truncated(f"内部部件 {part} 到第{error.lineno}行就断了")
    return unreadable(f"内部部件 {part} 第{error.lineno}行写法有误")
