"""Number formats: what a person sees of a stored number.

`parse_format` compiles a format code once; `show_number` applies it and gives value, text and
marks. Percent values come out ×100. A code that is not understood counts as General, as a reader
would rather see the stored number than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import repeat

from diaodu.engine.collect.sheet import Mark
from diaodu.engine.ground.quantity import EXACT, round_half_up, show

PERCENT = int(Mark.PERCENT)
HIDDEN = int(Mark.HIDDEN)
ERROR = int(Mark.ERROR)
SCALED = int(Mark.SCALED)

GENERAL_WIDTH = 11  # characters Excel gives a number in a General cell
_MOST_PLACES = 30  # placeholders a format may have before it counts as not understood
_SMALLEST, _LARGEST = 1e-4, 1e14  # between them no number is written with an exponent
_HUGEST = 40  # digits before or after the point that a fixed format is still laid out for

# Codes that files name by number only, as a Chinese Excel or WPS shows them (ECMA-376 18.8.30).
_DATE, _MONTH, _DAY = 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK, _CLOCKS = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'
BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: r'"¥"#,##0;"¥"\-#,##0', 6: r'"¥"#,##0;[Red]"¥"\-#,##0',
    7: r'"¥"#,##0.00;"¥"\-#,##0.00', 8: r'"¥"#,##0.00;[Red]"¥"\-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _MONTH, 28: _DAY, 29: _DAY, 30: "m-d-yy", 31: _DATE, 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 34: _CLOCK, 35: _CLOCKS, 36: _MONTH,
    37: r"#,##0_);\(#,##0\)", 38: r"#,##0_);[Red]\(#,##0\)",
    39: r"#,##0.00_);\(#,##0.00\)", 40: r"#,##0.00_);[Red]\(#,##0.00\)",
    41: r'_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ ',
    42: r'_ "¥"* #,##0_ ;_ "¥"* \-#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: r'_ "¥"* #,##0.00_ ;_ "¥"* \-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _MONTH, 51: _DAY, 52: _MONTH, 53: _DAY, 54: _DAY, 55: _CLOCK, 56: _CLOCKS,
    57: _MONTH, 58: _DAY,
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)
      | (?P<escaped>[\\!].?)
      | (?P<pad>[_*].?)
      | (?P<bracket>\[[^\]]*\])
      | (?P<general>General|G/通用格式)
      | (?P<noon>AM/PM|A/P|上午/下午)
      | (?P<power>E[+-])
      | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|a{3,4})
      | (?P<digit>[0#?])
      | (?P<point>\.)
      | (?P<comma>,)
      | (?P<percent>[%％])
      | (?P<text>@)
      | (?P<literal>[-+$()（）:^'{}<>=\ ¥￥€£/]|[^\x00-\x7f])
      | (?P<unknown>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)

Token = tuple[str, str]  # (kind, text): literal, digit, point, comma, percent, date …


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts between semicolons. `layout` names how its tokens are to be laid out."""

    tokens: tuple[Token, ...]
    layout: str  # general, number, power, date, text
    test: tuple[str, Decimal] | None
    percent: int
    scale: int  # powers of ten by which trailing commas make the shown number smaller
    signed: bool  # shows the minus itself


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A compiled format code.

    `quick` is the number of decimals of the common codes (0.00, #,##0.0, 0.0%, 0.00_ ), −1 for
    General, None for all else; those are laid out section by section.
    """

    code: str
    quick: int | None
    grouped: bool
    percent: bool
    sections: tuple[Section, ...]
    text: Section | None
    is_date: bool
    is_scaled: bool
    is_plain: bool = False  # 0, 0.0, 0.00 … and nothing else


# -- reading a code --------------------------------------------------------------------------

_COMMON = re.compile(r"(?P<grouped>#,##)?0(?:\.(?P<places>0{1,12}))?(?P<percent>%)?(?:_.)?")


@lru_cache(maxsize=4096)
def parse_format(code: str) -> NumberFormat:
    """Compile a format code; General where it is empty or not understood."""
    if code.strip().lower() in ("", "general", "g/通用格式"):
        return NumberFormat(code, -1, False, False, (), None, False, False)
    common = _COMMON.fullmatch(code)
    parts = [_tokens(part) for part in _split(code)]
    texts = [part for part in parts if any(kind == "text" for kind, _ in part)]
    numbers = [part for part in parts if part not in texts]
    text = Section(tuple(texts[-1]), "text", None, 0, 0, False) if texts else None
    if text is None and len(parts) == 4:
        text = Section(tuple(parts[3]), "text", None, 0, 0, False)
    numbers = numbers[:3]
    tests = _tests(numbers)
    sections = tuple(
        _section(part, test, len(numbers)) for part, test in zip(numbers, tests, strict=True)
    )
    return NumberFormat(
        code,
        len(common["places"] or "") if common else None,
        bool(common and common["grouped"]),
        bool(common and common["percent"]),
        sections,
        text,
        any(section.layout == "date" for section in sections),
        any(section.scale for section in sections),
        bool(common and not common["grouped"] and not common["percent"]),
    )


def built_in(number: int) -> NumberFormat:
    """The format a file names by number without spelling it out."""
    return parse_format(BUILT_IN.get(number, "General"))


def _split(code: str) -> list[str]:
    parts, start = [], 0
    for match in _TOKEN.finditer(code):
        if match.group() == ";" and match.lastgroup == "unknown":
            parts.append(code[start : match.start()])
            start = match.end()
    return [*parts, code[start:]]


def _tokens(part: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(part):
        kind, text = str(match.lastgroup), match.group()
        if kind == "quoted":
            found.append(("literal", text.strip('"')))
        elif kind == "escaped":
            found.append(("literal", text[1:]))
        elif kind == "bracket":
            found.extend(_bracket(text))
        elif kind != "pad":
            found.append((kind, text))
    return found


def _bracket(text: str) -> list[Token]:
    if _ELAPSED.fullmatch(text):
        return [("elapsed", text[1:-1].lower())]
    if _CONDITION.fullmatch(text):
        return [("condition", text)]
    if text.startswith("[$"):
        currency = text[2:-1].partition("-")[0]
        return [("literal", currency)] if currency else []
    return []  # colours, [DBNum1] and the like


Test = tuple[str, Decimal]


def _section(tokens: list[Token], test: Test | None, count: int) -> Section:
    shown = [token for token in tokens if token[0] != "condition"]
    layout = _layout(shown)
    only_negative = count > 1 and test is not None and test[0] in ("<", "<=") and test[1] <= 0
    percent = sum(kind == "percent" for kind, _ in shown)
    scale = 3 * _trailing_commas(shown) if layout == "number" else 0
    return Section(tuple(shown), layout, test, percent, scale, not only_negative)


def _tests(parts: list[list[Token]]) -> list[Test | None]:
    """Which numbers each section is for; None: all that come to it."""
    written = [_written_test(part) for part in parts]
    if any(written) or len(parts) < 2:
        return written
    zero = Decimal(0)
    return [(">=", zero), ("<", zero)] if len(parts) == 2 else [(">", zero), ("<", zero), None]


def _written_test(tokens: list[Token]) -> Test | None:
    for kind, text in tokens:
        match = _CONDITION.fullmatch(text) if kind == "condition" else None
        if match:
            return match.group(1), Decimal(match.group(2))
    return None


def _layout(tokens: list[Token]) -> str:
    kinds = [kind for kind, _ in tokens]
    strange = {text for kind, text in tokens if kind == "unknown"}
    if {"date", "elapsed", "noon"} & set(kinds) and strange <= {"T", "t", "Z", "z"}:
        return "date"
    fraction = ("literal", "/") in tokens and "digit" in kinds
    if strange or fraction or kinds.count("digit") > _MOST_PLACES or kinds.count("percent") > 1:
        return "general"
    if "power" in kinds and "digit" in kinds:
        return "power"
    return "general" if {"general", "power"} & set(kinds) else "number"


def _trailing_commas(tokens: list[Token]) -> int:
    """Commas after the last digit of the whole part each divide what is shown by a thousand."""
    point = next((i for i, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    count = 0
    after = tokens[point:]
    for part in (tokens[:point], after):
        last = max((i for i, (kind, _) in enumerate(part) if kind == "digit"), default=None)
        if last is not None:
            count += sum(kind == "comma" for kind, _ in part[last + 1 :])
    return count


# -- showing ---------------------------------------------------------------------------------

Value = Decimal | str | date | None


def show_number(
    form: NumberFormat, number: float, *, from_1904: bool = False
) -> tuple[Value, str, int]:
    """What a cell with this number and format holds: (value, text as seen, bits of Mark).

    The value has at most 15 significant digits; percent comes ×100 with PERCENT; a date is a
    `date`, a time of day its text. A number that its format shows as nothing is marked HIDDEN,
    one shown divided by 1000 or more SCALED (the value stays as stored).
    """
    digits = format(number, ".15g")
    if form.is_plain and _SMALLEST <= abs(number) < _LARGEST:
        return Decimal(digits), _fixed(digits, form.quick or 0), 0
    if "n" in digits:  # inf, nan
        return None, digits, ERROR
    if digits == "-0":
        digits = "0"
    quick = form.quick
    if quick is None or "e" in digits:
        return _show(form, _plain(Decimal(digits)), number, from_1904)
    if quick < 0:
        value = Decimal(digits)
        return value, digits if len(digits) <= GENERAL_WIDTH else general(value), 0
    if form.percent or form.grouped:
        return _show_common(form, quick, digits)
    return Decimal(digits), _fixed(digits, quick), 0


def show_numbers(
    form: NumberFormat, numbers: Sequence[float]
) -> tuple[list[Decimal], list[str]] | None:
    """Values and texts of cells of one format, as `show_number` has them one by one. None where
    one of them gets a mark or is not written out plainly, or the format groups or multiplies."""
    decimals = form.quick
    if decimals is None or form.grouped or form.percent:
        return None
    digits = list(map(format, numbers, repeat(".15g")))
    joined = "".join(digits)
    if "e" in joined or "n" in joined or "-0" in digits:
        return None
    if decimals < 0:
        is_wide = max(map(len, digits)) > GENERAL_WIDTH
        return None if is_wide else (list(map(Decimal, digits)), digits)
    # Most have all their decimals already.
    point = -decimals - 1
    texts = [
        one if decimals and one[point:-decimals] == "." else _fixed(one, decimals) for one in digits
    ]
    return list(map(Decimal, digits)), texts


def _show_common(form: NumberFormat, decimals: int, digits: str) -> tuple[Value, str, int]:
    value = Decimal(digits)
    if form.percent:
        value = _plain(value.scaleb(2))
        digits = format(value, "f")
    text = _fixed(digits, decimals)
    if form.grouped:
        whole, point, fraction = text.partition(".")
        sign = "-" if whole.startswith("-") else ""
        text = f"{sign}{int(whole.lstrip('-')):,}{point}{fraction}"
    return (value, text + "%", PERCENT) if form.percent else (value, text, 0)


def _fixed(digits: str, decimals: int) -> str:
    """With so many decimals; the sign of a number that rounds to zero stays, as Excel has it."""
    point = digits.find(".")
    if point < 0:
        return f"{digits}.{'0' * decimals}" if decimals else digits
    lacking = decimals - (len(digits) - point - 1)
    if not lacking:
        return digits
    if lacking > 0:
        return digits + "0" * lacking
    if digits[0] == "-":
        return "-" + show(Decimal(digits[1:]), decimals)
    return show(Decimal(digits), decimals)


def _plain(value: Decimal) -> Decimal:
    """Without a positive exponent, so that it prints as people write it."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and 0 < exponent <= _HUGEST:
        return value.quantize(Decimal(1), context=EXACT)
    return value


def _show(
    form: NumberFormat, value: Decimal, number: float, from_1904: bool
) -> tuple[Value, str, int]:
    section = _choose(form, value)
    if section is None or abs(value.adjusted()) > _HUGEST:
        return value, general(value), 0
    if section.layout == "date":
        return _show_date(section, value, number, from_1904)
    if section.layout == "general":
        return value, _with_general(section, value), 0
    bits = 0
    stored = value
    if section.percent:
        value = _plain(value.scaleb(2 * section.percent, context=EXACT))
        stored, bits = value, PERCENT
    text = _power(section, value) if section.layout == "power" else _number(section, value)
    if not text.strip():
        return stored, general(stored), bits | HIDDEN
    if section.scale:
        bits |= SCALED
    return stored, text, bits


_OPS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


def _choose(form: NumberFormat, value: Decimal) -> Section | None:
    for section in form.sections:
        if section.test is None or _OPS[section.test[0]](value, section.test[1]):
            return section
    return None


def general(value: Decimal) -> str:
    """As a General cell shows it: eleven characters at most, then rounded, then 1.2E+15."""
    plain = format(value, "f")
    size = abs(value)
    if len(plain.lstrip("-")) <= GENERAL_WIDTH:
        return plain
    if Decimal("0.0001") <= size < 10**GENERAL_WIDTH:
        whole = len(plain.lstrip("-").partition(".")[0])
        return _trimmed(show(value, max(0, GENERAL_WIDTH - 1 - whole)))
    return _scientific(value)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(value: Decimal) -> str:
    power = value.adjusted()
    mantissa = round_half_up(value.scaleb(-power, context=EXACT), 5)
    if abs(mantissa) >= 10:
        mantissa, power = mantissa / 10, power + 1
    return f"{_trimmed(format(mantissa, 'f'))}E{'-' if power < 0 else '+'}{abs(power):02d}"


def _with_general(section: Section, value: Decimal) -> str:
    if not any(kind == "general" for kind, _ in section.tokens):
        return general(value)
    if value < 0 and not section.signed:
        value = -value
    return "".join(
        general(value) if kind == "general" else text
        for kind, text in section.tokens
        if kind in ("general", "literal")
    )


def _power(section: Section, value: Decimal) -> str:
    """0.00E+00 and its kind."""
    cut = next(i for i, (kind, _) in enumerate(section.tokens) if kind == "power")
    kinds = [kind for kind, _ in section.tokens[:cut]]
    decimals = kinds[kinds.index("point") :].count("digit") if "point" in kinds else 0
    width = sum(kind == "digit" for kind, _ in section.tokens[cut:])
    power = 0 if value == 0 else value.adjusted()
    mantissa = round_half_up(value.scaleb(-power, context=EXACT), decimals)
    if abs(mantissa) >= 10:
        power += 1
        mantissa = round_half_up(value.scaleb(-power, context=EXACT), decimals)
    return f"{mantissa:f}E{'-' if power < 0 else '+'}{abs(power):0{width}d}"


def _number(section: Section, value: Decimal) -> str:
    """Digits laid out on the placeholders, literals where they stand."""
    tokens = section.tokens
    if not any(kind == "digit" for kind, _ in tokens):
        literal = "".join(text for kind, text in tokens if kind in ("literal", "percent"))
        return f"-{literal}" if literal and value < 0 and section.signed else literal
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    places = kinds[point:].count("digit")
    with localcontext(EXACT):
        shown = show(abs(value).scaleb(-section.scale), places)
    whole, _, fraction = shown.partition(".")
    text = _whole_part(tokens[:point], whole.lstrip("0")) + _fraction(tokens[point:], fraction)
    return f"-{text}" if value < 0 and section.signed else text


def _whole_part(tokens: tuple[Token, ...], digits: str) -> str:
    """From the right: one digit a placeholder, all that remain on the first."""
    places = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    grouped = any(
        kind == "comma" and places and places[0] < i < places[-1]
        for i, (kind, _) in enumerate(tokens)
    )
    out: list[str] = []
    used = 0
    for i in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[i]
        if kind in ("literal", "percent"):
            out.append(text)
        if kind != "digit":
            continue
        take = digits[::-1] if i == places[0] else digits[-1:]
        digits = "" if i == places[0] else digits[:-1]
        for digit in take or ("0" if text == "0" else ""):
            if grouped and used and used % 3 == 0:
                out.append(",")
            out.append(digit)
            used += 1
    return "".join(reversed(out))


def _fraction(tokens: tuple[Token, ...], digits: str) -> str:
    places = [text for kind, text in tokens if kind == "digit"]
    keep = len(digits)
    while keep and digits[keep - 1] == "0" and places[keep - 1] != "0":
        keep -= 1
    out, used = [], 0
    for kind, text in tokens:
        if kind in ("literal", "percent", "point"):
            out.append(text)
        elif kind == "digit":
            out.append(digits[used] if used < keep else "")
            used += 1
    return "".join(out)


# -- texts -----------------------------------------------------------------------------------


def show_text(form: NumberFormat, text: str) -> tuple[str, int]:
    """What is seen of a stored text, and HIDDEN where its format shows nothing (;;;)."""
    if form.text is None or form.code == "@":
        return text, 0
    shown = "".join(
        text if kind == "text" else piece
        for kind, piece in form.text.tokens
        if kind in ("text", "literal")
    )
    return (shown, 0) if shown.strip() or not text.strip() else (text, HIDDEN)


# -- dates -----------------------------------------------------------------------------------

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LAST_SERIAL = 2_958_466  # 10000-01-01


def moment(number: float, *, from_1904: bool = False) -> datetime | None:
    """The day and time a serial number stands for, to the second; None outside 1900 to 9999."""
    if not 0 <= number < _LAST_SERIAL - (1462 if from_1904 else 0):
        return None
    if from_1904:
        start = datetime(1904, 1, 1)  # noqa: DTZ001 - office files know no time zones
    else:
        # Excel counts a 29 February 1900 that never was; before it the days stand one later.
        start = datetime(1899, 12, 30 if number >= 60 else 31)  # noqa: DTZ001
    days, rest = divmod(number, 1)
    try:
        return start + timedelta(days=days, seconds=round(rest * 86400))
    except OverflowError:  # the last second of 9999 rounded up
        return None


def _show_date(
    section: Section, value: Decimal, number: float, from_1904: bool
) -> tuple[Value, str, int]:
    when = moment(number, from_1904=from_1904)
    if when is None:
        return value, general(value), 0
    text = _date_text(section, when, number)
    shows_day = any(
        kind == "date" and piece[0] in "yYdDeEaA" for kind, piece in section.tokens
    ) or _shows_month(section)
    return (when.date() if shows_day else text), text, 0


def _shows_month(section: Section) -> bool:
    return any(
        kind == "date" and piece[0] in "mM" and not _is_minute(section.tokens, i)
        for i, (kind, piece) in enumerate(section.tokens)
    )


def _is_minute(tokens: tuple[Token, ...], place: int) -> bool:
    """m means minutes beside hours before it or seconds behind it."""
    clock = [(i, text[0].lower()) for i, (kind, text) in enumerate(tokens)
             if kind in ("date", "elapsed")]  # fmt: skip
    at = next(n for n, (i, _) in enumerate(clock) if i == place)
    before = clock[at - 1][1] if at else ""
    after = clock[at + 1][1] if at + 1 < len(clock) else ""
    return before == "h" or after == "s"


def _date_text(section: Section, when: datetime, number: float) -> str:
    half_day = any(kind == "noon" for kind, _ in section.tokens)
    out: list[str] = []
    for i, (kind, text) in enumerate(section.tokens):
        if kind == "date":
            out.append(_date_piece(text.lower(), when, half_day, _is_minute(section.tokens, i)))
        elif kind == "elapsed":
            out.append(str(round(number * 86400) // {"h": 3600, "m": 60, "s": 1}[text[0]]))
        elif kind == "noon":
            out.append(_noon(text, when))
        else:
            out.append(text)
    return "".join(out)


def _noon(text: str, when: datetime) -> str:
    morning, _, evening = text.partition("/")
    return morning if when.hour < 12 else evening


def _date_piece(code: str, when: datetime, half_day: bool, minute: bool) -> str:
    letter, width = code[0], len(code)
    if letter in "ye":
        return f"{when.year % 100:02d}" if code in ("y", "yy") else f"{when.year}"
    if letter == "m" and not minute:
        return _month_piece(when.month, width)
    if letter == "d" and width > 2:
        name = _ENGLISH_DAYS[when.weekday()]
        return name if width > 3 else name[:3]
    if letter == "a":
        return ("星期" if width > 3 else "") + _WEEKDAYS[when.weekday()]
    hour = (when.hour % 12 or 12) if half_day else when.hour
    amount = {"m": when.minute, "d": when.day, "h": hour, "s": when.second}[letter]
    seconds, _, zeros = code.partition(".")
    wide = len(seconds) > 1
    return (f"{amount:02d}" if wide else f"{amount}") + (f".{zeros}" if zeros else "")


def _month_piece(month: int, width: int) -> str:
    if width <= 2:
        return f"{month:02d}" if width == 2 else f"{month}"
    name = _MONTHS[month - 1]
    return {3: name[:3], 5: name[0]}.get(width, name)
