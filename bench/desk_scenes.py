"""What people do at the desk while it is measured."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple
from urllib.parse import quote

from bench import desk_county as county
from bench.desk_client import Answer, Browser, Times, version_in

READERS = (
    "leader", "vice1", "vice2", "dispatch", "statistics", "supervision", "reader", "keeper",
    "bureau02_owner", "bureau03_owner", "bureau04_owner", "bureau05_owner", "town16_head",
    "town17_head", "bureau06_head", "park_head", "town18_a", "town19_b", "bureau07_a", "park_b",
)  # fmt: skip
TABLE, BODY, INDICATOR, WHY, INTAKE, FORM = (
    "一张表", "一张表换条件", "指标页", "为什么是这个数", "报送首页", "填报表",
)  # fmt: skip
UNIT, RANKING, MULTIPLES, COMPARE, WALL, CALC, FIND, TASKS = (
    "单位名片", "地图和排名", "小图", "比一比", "大屏", "测算器", "查找", "我的任务",
)  # fmt: skip
FURTHER = (UNIT, RANKING, MULTIPLES, COMPARE, WALL, CALC, FIND, TASKS)
# How often each is opened.
_SHARES = {
    TABLE: 25, BODY: 25, INDICATOR: 20, WHY: 4, INTAKE: 12, FORM: 14, UNIT: 6, RANKING: 6,
    MULTIPLES: 3, COMPARE: 3, WALL: 3, CALC: 5, FIND: 10, TASKS: 6,
}  # fmt: skip
_WANTED = ("zb", "di1", "第3", "xiangzhen", "测速", "yzb", "gh", "b")  # found, or not
_CALCULATIONS = ("growth", "completion", "rank", "mean_required", "pp_diff", "contribution")
_LIVE = ("dispatch", "statistics", "keeper", "bureau02_owner", "bureau03_owner",
         "bureau04_owner", "bureau05_owner")  # fmt: skip
_MAY_REPORT = (
    "dispatch", "statistics", "keeper", "supervision", "town16_head", "town17_head",
    "bureau06_head", "park_head", "town18_a", "town19_b", "bureau07_a", "park_b",
)  # fmt: skip
_SORTS = ("", "growth", "-growth", "level", "-completion", "gap", "rank", "-owed")
_LIGHTS = ("", "good", "watch", "behind")
_LAG_LIMIT = 20.0  # seconds after which an edit counts as not seen
_LOOK_EVERY = 0.1  # seconds: as finely is the delay measured
_BUSY = 6  # edits on their way at once
_EVERY = 1.0  # seconds between two accepted edits


# -- readers ---------------------------------------------------------------------------------


class Page(NamedTuple):
    kind: str
    path: str
    htmx: bool = False


def pages(user: str) -> Iterator[Page]:
    """What a reader opens, one page after another, by seed: other orgs, filters, indicators."""
    drawn = random.Random(f"{county.SEED}|{user}")
    kinds = [kind for kind in _SHARES if kind not in (INTAKE, FORM) or user in _MAY_REPORT]
    weights = [_SHARES[kind] for kind in kinds]
    while True:
        [kind] = drawn.choices(kinds, weights)
        yield _page(kind, user, drawn)


def _page(kind: str, user: str, drawn: random.Random) -> Page:
    run = f"period={county.PERIOD}&run=live" if user in _LIVE else f"period={county.FROZEN}"
    org = drawn.choice(_orgs(user))
    indicator = drawn.choice(_indicators(user))
    if kind == TABLE:
        return Page(kind, f"/board/?{run}&org={org}")
    if kind == BODY:
        chosen = (
            f"field={drawn.choice(('', *county.FIELDS))}&light={drawn.choice(_LIGHTS)}"
            f"&sort={drawn.choice(_SORTS)}"
        )
        return Page(kind, f"/board/body/?{run}&org={org}&{_quoted(chosen)}", htmx=True)
    if kind == INDICATOR:
        return Page(kind, f"/board/{org}/{indicator}/?{run}")
    if kind == WHY:
        return Page(kind, f"/board/{org}/{indicator}/why/?{run}", htmx=True)
    if kind == INTAKE:
        return Page(kind, f"/intake/?period={county.PERIOD}")
    if kind != FORM:
        return _further(kind, run, org, indicator, drawn)
    return Page(kind, _form_of(user, drawn))


def _further(kind: str, run: str, org: str, indicator: str, drawn: random.Random) -> Page:
    """The pages beside 一张表 and the indicator page."""
    if kind == UNIT:
        return Page(kind, f"/board/unit/{org}/?{run}")
    if kind == RANKING:
        return Page(kind, f"/board/ranking/{county.HOME}/{indicator}/?{run}")
    if kind == MULTIPLES:
        return Page(kind, f"/board/multiples/{county.HOME}/{indicator}/?{run}")
    if kind == COMPARE:
        return Page(kind, f"/board/compare/?{run}&org={org}")
    if kind == WALL:
        return Page(kind, f"/board/wall/?{run}")
    if kind == CALC:
        asked = f"do={drawn.choice(_CALCULATIONS)}&org={org}&indicator={indicator}&fill=1"
        return Page(kind, f"/board/calc/?{run}&{asked}")
    if kind == FIND:
        return Page(kind, f"/find/?q={quote(drawn.choice(_WANTED))}", htmx=True)
    return Page(kind, "/tasks/")


def _quoted(query: str) -> str:
    return quote(query, safe="=&-")


def _orgs(user: str) -> Sequence[str]:
    unit, _, part = user.rpartition("_")
    if unit in county.UNITS and part != "owner":
        return unit, county.HOME
    return county.HOME, *county.UNITS


def _indicators(user: str) -> Sequence[str]:
    """Those in the reader's scope that have rows."""
    own = [part.indicators for part in county.people()[user] if part.indicators]
    if not own:
        return county.HEADLINES
    return [one for one in own[0] if one in county.HEADLINES] or own[0]


def _form_of(user: str, drawn: random.Random) -> str:
    """A form the reader may open: their own, or any for those who review."""
    unit, _, suffix = user.rpartition("_")
    form = {"a": "form_a", "b": "form_b"}.get(suffix, drawn.choice(("form_a", "form_b")))
    if unit not in county.UNITS:
        unit = drawn.choice(county.UNITS)
    if user in ("dispatch", "supervision", "keeper"):
        return f"/intake/?period={county.PERIOD}"
    return f"/intake/{county.PERIOD}/{form}/{unit}/"


def read(
    browser: Browser, times: Times, until: float, pause: float, secrets: Callable[[str], list[str]]
) -> None:
    """Open a page, look at it for `pause` seconds, open the next. Every page is looked through
    for figures that this reader must not see."""
    for page in pages(browser.user):
        if perf_counter() >= until:
            return
        answer = browser.get(page.path, htmx=page.htmx)
        times.note(page.kind, answer.seconds)
        if answer.status != 200:
            times.fault(f"{browser.user} {page.path}: {answer.status}")
        for one in secrets(browser.user):
            if one in answer.body:
                times.fault(f"{browser.user} {page.path}: saw {one}")
        time.sleep(max(0.0, pause - answer.seconds))


# -- edits -----------------------------------------------------------------------------------


class Edit(NamedTuple):
    """A changed figure: `form` later (before its release) or open (no release day). Every other
    one goes the way of a return, the others are corrected by the statistics office."""

    number: int
    unit: str
    form: str
    indicator: str
    value: str

    @property
    def is_correction(self) -> bool:
        return self.number % 2 == 1

    @property
    def printed(self) -> str:
        whole, _, part = self.value.partition(".")
        return f"{int(whole):,}.{part}"


def edits() -> Iterator[Edit]:
    """One after another; a return is changed again when all others were, a figure is corrected
    once, every value is told once."""
    half = len(county.CHANGED_UNITS) // 2
    ways = (county.CHANGED_UNITS[:half], county.CHANGED_UNITS[half:])
    number = 0
    while True:
        units, turn = ways[number % 2], number // 2
        form = ("later", "open")[turn // len(units) % 2]
        asked = county.LATER if form == "later" else county.OPEN
        unit = units[turn % len(units)]
        indicator = asked[turn // len(units) // 2 % len(asked)]
        tenths = county.level(indicator, unit, 2023, 5) + 7 + 13 * number
        yield Edit(number, unit, form, indicator, county.tenths_text(tenths))
        number += 1


@dataclass
class Told:
    """Values of edits so far, for those who must not see them."""

    values: list[tuple[str, str]] = field(default_factory=list)

    def secrets(self, user: str) -> list[str]:
        """Without early reading nothing of the later form; of runs published before, nothing."""
        if user == "statistics" or user.endswith("_owner") or user == "keeper":
            return []
        return [value for value, form in self.values if form == "later" or user not in _LIVE]


@dataclass
class Hands:
    """The browsers one edit is made and watched with."""

    reviewer: Browser
    dispatch: Browser
    stranger: Browser
    leader: Browser


class Editors:
    """One accepted edit per second through the pages of 报送."""

    def __init__(
        self, port: int, times: Times, told: Told, ids: Mapping[tuple[str, str], int]
    ) -> None:
        """`ids`: unit and indicator → the figure that stands."""
        self._times = times
        self._told = told
        self._ids = ids
        units = county.CHANGED_UNITS
        names = [f"{unit}_{part}" for unit in units for part in ("c", "head")]
        with ThreadPoolExecutor(4) as pool:
            signed_in = pool.map(lambda name: Browser(port, name).sign_in(), names)
            self._people = dict(zip(names, signed_in, strict=True))
            users = ("reviewer", "dispatch", "town20_head", "leader") * _BUSY
            watching = list(pool.map(lambda name: Browser(port, name).sign_in(), users))
        self._hands = [Hands(*watching[place : place + 4]) for place in range(0, 4 * _BUSY, 4)]
        self.accepted = 0

    def run(self, seconds: float) -> None:
        begin = perf_counter() + 3
        threads = [
            threading.Thread(target=self._work, args=(place, begin, seconds))
            for place in range(_BUSY)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def _work(self, place: int, begin: float, seconds: float) -> None:
        for edit in edits():
            due = begin + edit.number * _EVERY
            if due > begin + seconds:
                return
            if edit.number % _BUSY == place:
                time.sleep(max(0.0, due - 3 - perf_counter()))
                self._make(edit, self._hands[place], due)

    def _make(self, edit: Edit, hands: Hands, due: float) -> None:
        if edit.is_correction:
            self._correct(edit, hands, due)
        else:
            self._through(edit, hands, due)
        self._watch(edit, hands, perf_counter())

    def _correct(self, edit: Edit, hands: Hands, due: float) -> None:
        path = f"/figures/of/{self._ids[edit.unit, edit.indicator]}/correct/"
        hands.reviewer.get(path)
        fields = {"value": edit.value, "reason": "复核更正", "document": "测速县统〔2023〕7号"}
        time.sleep(max(0.0, due - perf_counter()))
        self._told.values.append((edit.printed, edit.form))
        answer = self._post(hands.reviewer, path, fields, "更正")
        if answer.status != 302:
            self._times.fault(f"{edit} was not taken")

    def _through(self, edit: Edit, hands: Hands, due: float) -> None:
        path = f"/intake/{county.PERIOD}/{edit.form}/{edit.unit}/"
        clerk, head = self._people[f"{edit.unit}_c"], self._people[f"{edit.unit}_head"]
        page = clerk.get(path)
        self._times.note(FORM, page.seconds)
        seen = version_in(page.body)
        self._post(clerk, f"{path}reopen/", {"reason": "核实后更正"}, "提出改数")
        key = f"{edit.unit}|{edit.indicator}|level"
        cells = {"key": key, "text": edit.value, "seen": "999999", "version": str(seen + 1)}
        self._post(clerk, f"{path}save/", cells, "存一格")
        self._post(clerk, f"{path}submit/", {"seen": str(seen + 2)}, "提交")
        self._post(head, f"{path}sign/", {"seen": str(seen + 3)}, "签字")
        page = hands.reviewer.get(path)
        self._times.note(FORM, page.seconds)
        time.sleep(max(0.0, due - perf_counter()))
        self._told.values.append((edit.printed, edit.form))
        self._post(hands.reviewer, f"{path}accept/", {"seen": str(version_in(page.body))}, "接收")

    def _post(self, browser: Browser, path: str, fields: dict[str, str], kind: str) -> Answer:
        answer = browser.post(path, fields)
        self._times.note(kind, answer.seconds)
        if answer.status not in (200, 302):
            self._times.fault(f"{browser.user} {path}: {answer.status}")
        return answer

    def _watch(self, edit: Edit, hands: Hands, accepted: float) -> None:
        """From the answer to the accepting click until the figure stands on the live page."""
        field_name = county.FIELDS[county.INDICATORS.index(edit.indicator) % len(county.FIELDS)]
        live = _quoted(f"org={edit.unit}&period={county.PERIOD}&run=live&field={field_name}")
        path = f"/board/body/?{live}"
        page = hands.reviewer.get(path, htmx=True).body
        while edit.printed not in page:
            if perf_counter() - accepted > _LAG_LIMIT:
                self._times.fault(f"edit {edit} was not seen in {_LAG_LIMIT:.0f} s")
                return
            time.sleep(_LOOK_EVERY)
            # As the open page does: nothing is sent where nothing is new.
            news = hands.reviewer.get(f"{path}&seen={_seen_in(page)}", htmx=True)
            page = news.body if news.status == 200 else page
        self._times.note("改数上板", perf_counter() - accepted)
        self.accepted += 1
        is_there = edit.printed in hands.dispatch.get(path, htmx=True).body
        if is_there != (edit.form == "open"):
            self._times.fault(f"dispatch saw {is_there} of {edit}")
        other, run = (
            (hands.stranger, live) if edit.number % 4 < 2 else
            (hands.leader, f"org={edit.unit}&period={county.FROZEN}")
        )  # fmt: skip
        if edit.printed in other.get(f"/board/body/?{run}", htmx=True).body:
            self._times.fault(f"{other.user} saw {edit}")


def _seen_in(page: str) -> str:
    found = re.search(r"seen=([0-9-]+)", page)
    assert found is not None, "a live page that does not look for news"
    return found[1]


def read_and_edit(
    port: int, seconds: float, pause: float, ids: Mapping[tuple[str, str], int]
) -> tuple[Times, Editors]:
    """Twenty readers and one accepted edit per second."""
    times, told = Times(), Told()
    editors = Editors(port, times, told, ids)
    with ThreadPoolExecutor(4) as pool:
        browsers = list(pool.map(lambda name: Browser(port, name).sign_in(), READERS))
    until = perf_counter() + seconds + 3
    threads = [
        threading.Thread(target=read, args=(one, times, until, pause, told.secrets))
        for one in browsers
    ]
    for place, one in enumerate(threads):
        one.start()
        time.sleep(pause / len(threads) if place else 0)
    editors.run(seconds)
    for one in threads:
        one.join()
    return times, editors


# -- a hundred clerks ------------------------------------------------------------------------


def submit_all(port: int, minute: float) -> tuple[Times, int]:
    """A hundred clerks open their form, save a figure and hand it in, all within a minute; every
    tenth clicks twice. Returns how many there are."""
    times = Times()
    clerks = [(unit, part) for unit in county.UNITS for part in ("a", "b")]
    with ThreadPoolExecutor(4) as pool:
        names = [f"{unit}_{part}" for unit, part in clerks]
        browsers = list(pool.map(lambda name: Browser(port, name).sign_in(), names))
    drawn = random.Random(county.SEED)
    start = perf_counter()

    def one(place: int) -> None:
        unit, part = clerks[place]
        time.sleep(max(0.0, start + starts[place] - perf_counter()))
        _hand_in(browsers[place], f"/intake/{county.PERIOD}/form_{part}/{unit}/", times, place)

    starts = [drawn.uniform(0, minute) for _ in clerks]
    _all_at_once(one, range(len(clerks)))
    return times, len(clerks)


def _hand_in(browser: Browser, path: str, times: Times, place: int) -> None:
    page = browser.get(path)
    times.note("填报表", page.seconds)
    seen = version_in(page.body)
    twice = 2 if place % 10 == 0 else 1
    for _ in range(twice):
        answer = browser.post(f"{path}submit/", {"seen": str(seen)})
        times.note("提交", answer.seconds)
        if answer.status != 302:
            times.fault(f"{browser.user} {path}: {answer.status}")


def _all_at_once(work: Callable[[int], None], places: Iterable[int]) -> None:
    threads = [threading.Thread(target=work, args=(place,)) for place in places]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


# -- a workbook of 10,000 rows ---------------------------------------------------------------

WIDE_FORM = f"/intake/{county.PERIOD}/wide/{county.KEEPER}/"


class Mistakes(NamedTuple):
    """What is wrong in the workbook, by how it was made wrong."""

    words: int
    letters: int
    blanks: int


def filled_workbook(form: bytes) -> tuple[bytes, int, Mistakes]:
    """The downloaded form filled in, every tenth row with a mistake; how many rows there are."""
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(form))
    sheet = book.worksheets[0]
    column, first = _input_column(sheet)
    made = {"words": 0, "letters": 0, "blanks": 0}
    rows = len(county.UNITS) * len(county.WIDE)
    for place in range(rows):
        cell = sheet.cell(first + place, column)
        kind = {3: "words", 5: "letters", 7: "blanks"}.get(place % 30, "")
        cell.value = {"words": "待定", "letters": "12a4", "blanks": None}.get(kind, 1000 + place)
        if kind:
            made[kind] += 1
    written = BytesIO()
    book.save(written)
    return written.getvalue(), rows, Mistakes(**made)


def _input_column(sheet: object) -> tuple[int, int]:
    """Column and first row of the unlocked cells."""
    for row in sheet.iter_rows(max_row=40):  # type: ignore[attr-defined]
        for cell in row:
            if not cell.protection.locked:
                return cell.column, cell.row
    raise RuntimeError("the form has no cell to fill")


def upload_workbook(port: int) -> tuple[Times, int, int]:
    """Download, fill, upload and read what is wrong; rows, and mistakes that were made."""
    times = Times()
    browser = Browser(port, "keeper").sign_in()
    form, seconds = browser.download(f"{WIDE_FORM}download/")
    times.note("下载预填表", seconds)
    content, rows, mistakes = filled_workbook(form)
    sent = browser.upload(f"{WIDE_FORM}upload/", "明细.xlsx", content)
    times.note("上传", sent.seconds)
    if sent.status != 302:
        times.fault(f"upload: {sent.status} {sent.body[:2000]}")
        return times, rows, sum(mistakes)
    page = browser.get(sent.location)
    times.note("列出问题", page.seconds)
    for text, count in (("待定", mistakes.words), ("12a4", mistakes.letters)):
        if page.body.count(text) < count:
            times.fault(f"{count} of {text}, the page has {page.body.count(text)}")
    return times, rows, sum(mistakes)


# -- a frozen run ----------------------------------------------------------------------------


def freeze(port: int) -> tuple[float, str]:
    """Seconds from the click until the run is done, and its address."""
    browser = Browser(port, "dispatch").sign_in()
    browser.get("/runs/new/")
    start = perf_counter()
    fields = {"period": county.PERIOD, "as_of": county.NOW.date().isoformat(), "note": "测速"}
    answer = browser.post("/runs/new/", fields)
    if answer.status != 302:
        raise RuntimeError(f"the run was not taken: {answer.status}")
    while "正在计算" in (page := browser.get(answer.location)).body or "等待计算" in page.body:
        time.sleep(1)
    return perf_counter() - start, answer.location
