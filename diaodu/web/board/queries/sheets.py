"""What the workbooks of the board hold. Every sheet says org, period, as-of and run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diaodu.adapters.excel_out import Sheet
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.report.document import Align, Cell, Span, Spans, Table
from diaodu.engine.report.spans import is_numeric, minus
from diaodu.engine.report.workbook import Point, Series
from diaodu.web.board.queries import aims
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.comparing import Comparison
from diaodu.web.board.queries.indicator import Page, Peer
from diaodu.web.board.queries.page import Table as Board
from diaodu.web.board.queries.pulls import Pulls
from diaodu.web.board.queries.table import Line, goal_of, target_digits
from diaodu.web.runs.queries import Figure, RowView, TargetView

_AIMED = ["层级", "目标", "对照", "差或超"]
_OWED = ("欠", "超", "持平")


def board_sheets(chosen: Chosen, board: Board) -> list[Sheet]:
    """一张表 as the page shows it, filters and order included, and why the lagging lag."""
    heads = ["领域", "指标", "计量单位", "亮灯", "牵头", "数据期", "累计", "增速（%）",
             "比上期（百分点）", "年度目标", "完成（%）", "序时差（百分点）", "目标增速（%）",
             "增速欠账（百分点，欠为正、超为负）", f"{board.upper}位次", "参排个数", "位次变动",
             *(f"{head}（百分点）" for head in board.upper_heads)]  # fmt: skip
    rows = [_line_cells(chosen, line) for line in board.lines]
    table = _table(f"{chosen.org.name}{chosen.period}一张表", heads, rows)
    sheets = [Sheet("一张表", table, "".join(board.notes))]
    if board.lagging:
        lagging = [
            (_text(one.line.name), _text(one.line.light_word, "center"), _text(one.text),
             _text(one.line.owner_name))
            for one in board.lagging
        ]  # fmt: skip
        heads = ["指标", "亮灯", "原因和还需", "牵头"]
        sheets.append(Sheet("落后和关注", _table("落后和关注的指标", heads, lagging)))
    if board.aimed:
        told = [
            (_text(one.line.name), *map(_text, aims.cells(aim)))
            for one in board.aimed
            for _, found in one.tiers
            for aim in found
        ]
        sheets.append(Sheet("各层目标", _table("各层目标", ["指标", *_AIMED], told)))
    return sheets


def board_series(board: Board) -> list[Series]:
    return [series_of(line.row) for line in board.lines]


def indicator_sheets(chosen: Chosen, page: Page) -> list[Sheet]:
    """Facts, ranking, parts, vintages and findings of an indicator page."""
    name = f"{chosen.org.name}{page.indicator.name}"
    facts = [(_text(f.title), _shown(f.value), _text(f.unit), _text(f.below)) for f in page.facts]
    sheets = [
        Sheet("主要数字", _table(f"{name}　{page.period}", ["项", "数", "单位", "说明"], facts),
              page.sentence),
    ]  # fmt: skip
    if page.peers:
        peers = [*page.peers, *([page.above] if page.above else [])]
        sheets.append(Sheet("位次", _org_table("同级位次", peers), page.distance))
    if page.children:
        sheets.append(Sheet("下级单位", _org_table("下级单位", page.children)))
    sheets += [_pulls_sheet(one) for one in page.pulls]
    sheets += _rest_sheets(page)
    if page.vintages:
        heads = ["收到", "轨", "总量", "增速（%）", "其他", "依据", "经手", "原因"]
        rows = [
            (_text(v.received), _text(v.track), _shown(v.level, "未列"), _shown(v.growth, "未列"),
             *map(_text, (v.others, v.source, v.by, v.reason)))
            for v in page.vintages
        ]  # fmt: skip
        sheets.append(Sheet("版次", _table("版次", heads, rows), page.recognised_gap))
    if page.aims:
        told = [tuple(map(_text, aims.cells(one))) for one in page.aims]
        sheets.append(Sheet("各层目标", _table("各层目标", _AIMED, told)))
    return sheets


def _pulls_sheet(one: Pulls) -> Sheet:
    """As the waterfall draws it: the parts, what they leave over, the whole."""
    known = {part.name: part for part in one.parts}
    rows = []
    for name, digits, _ in (*one.spec["parts"], one.spec["total"]):
        part = known.get(name)
        rows.append(
            (_text(name), _shown(part.growth if part else "", "不计"), _shown(digits),
             _shown(part.contribution if part else "", "不计"))
        )  # fmt: skip
    heads = ["部分", "增速（%）", "拉动（百分点）", "贡献率（%）"]
    return Sheet(one.title, _table(one.title, heads, rows), one.note)


def _rest_sheets(page: Page) -> list[Sheet]:
    """What each target still needs; last year's months that are left."""
    rest = page.rest
    if rest is None:
        return []
    found = []
    if rest.needs:
        heads = ["要达到", "还差", "月均需", "计量单位", "余下时间须增长（%）"]
        rows = [
            (_text(n.name), _shown(n.left), _shown(n.mean), _text(rest.unit), _shown(n.growth))
            for n in rest.needs
        ]
        found.append(Sheet(rest.title, _table(rest.title, heads, rows), "".join(rest.says)))
    if rest.bases:
        heads = ["去年", "当月", "当月增速（%）", "累计增速（%）", "基数"]
        rows = [
            (_text(b.months), _shown(b.amount, "无数据"), _shown(b.growth), _shown(b.cumulative),
             _text(b.word))
            for b in rest.bases
        ]  # fmt: skip
        title = f"去年{rest.months}"
        found.append(Sheet(title, _table(title, heads, rows), ""))
    return found


def comparison_sheets(found: Comparison) -> list[Sheet]:
    """All lines of two sides, with what lies between and why."""
    one, other = found.sides
    heads = ["指标", "计量单位", f"总量　{one}", f"总量　{other}", "总量差",
             f"增速　{one}（%）", f"增速　{other}（%）", "增速差（百分点）", f"位次　{one}",
             f"位次　{other}", "位次变动", f"亮灯　{one}", f"亮灯　{other}", "为什么"]  # fmt: skip
    rows = [
        (
            _text(line.indicator.name), _text(line.unit or "%"),
            *(_shown(text, "不比") for text in (line.level.one, line.level.other,
                                               line.level.apart)),
            *(_shown(text, "不比") for text in (line.growth.one, line.growth.other,
                                               line.growth.apart)),
            *(_text(text, "center") for text in (line.place.one, line.place.other,
                                                 line.place.apart or "不比")),
            *(_text(word, "center") for word in (line.light.one, line.light.other)),
            _text("；".join(f"{why.word}：{why.text}" for why in line.reasons)
                  or ("" if found.kind != "run" or line.differs else "没有变化")),
        )
        for line in found.lines
    ]  # fmt: skip
    told = "".join(f"{one.word}{len(one.names)}项。" for one in found.counts)
    return [Sheet("比一比", _table(f"{found.heading}比较", heads, rows), told)]


def note(chosen: Chosen) -> str:
    """Stands on every sheet."""
    as_of = chosen.run.as_of
    return f"数据截至{as_of.year}年{as_of.month}月{as_of.day}日　{chosen.run.name}"


def series_of(row: RowView) -> Series:
    """The history behind the chart, as published or computed."""
    indicator = row.indicator
    assert indicator is not None
    ends = "末" if indicator.basis == "stock" else ""
    points = []
    for point in row.series:
        when = Period.from_id(point.period)
        label = print_period(when) + ends
        points.append(
            Point(label, when.year, when.month, _digits(point.level), _digits(point.growth))
        )
    return Series(indicator.name, "" if indicator.is_rate_only else indicator.unit, tuple(points))


def _digits(shown: str | None) -> str | None:
    return shown if shown is not None and is_numeric(shown) else None


# -- cells -------------------------------------------------------------------------------------


def _line_cells(chosen: Chosen, line: Line) -> tuple[Cell, ...]:
    row, place, goal = line.row, line.standing, line.goal
    aim, goals = goal_of(row, "level"), goal_of(row, "growth")
    word = goal.all_word or goal.word or line.absent
    brief = word.partition("：")[0]  # the target itself stands in its own column
    unranked = "未发布" if row.embargoed else "无排名"
    moved = place.move.text if place is not None and place.move is not None else "无"
    return (
        _text(line.field), _text(line.name), _text(line.unit or "%"),
        _text(line.light_word, "center"), _text(line.owner_name),
        _text(print_period(Period.from_id(row.period)), "center"),
        *(
            (_text(line.absent, "center"),) * 3
            if line.absent
            else (_figure(row.level, line.level_word), _figure(row.growth, "无数据"),
                  _figure(row.growth_change, "无上期数"))
        ),
        _shown(_asked(row, aim), word),
        _figure(aim.completion if aim is not None else None, brief),
        _figure(aim.pace_gap if aim is not None else None, goal.gap_word or brief),
        _shown(_asked(row, goals), goal.all_word or "无增速目标"),
        _owed(goals.get("arrears_growth") if goals is not None else None, goal.owed or word),
        _shown(str(place.place) if place is not None else "", unranked),
        _shown(str(place.n) if place is not None else "", unranked), _text(moved, "center"),
        *(
            _figure(row.get("gap_parent", base=one.id), line.absent or "未公布")
            for one in chosen.ancestors
        ),
    )  # fmt: skip


def _asked(row: RowView, target: TargetView | None) -> str:
    assert row.indicator is not None
    return target_digits(target, row.indicator) if target is not None else ""


def _org_table(title: str, orgs: Iterable[Peer]) -> Table:
    heads = ["位次", "参排个数", "位次变动", "单位", "累计", "增速（%）", "比上期（百分点）",
             "占比（%）", "亮灯"]  # fmt: skip
    rows = [
        (
            _shown(str(one.standing.place) if one.standing else "", "无排名"),
            _shown(str(one.standing.n) if one.standing else "", "无排名"),
            _text(one.standing.move.text if one.standing and one.standing.move else "无", "center"),
            _text(one.name), _shown(one.level, one.word or "只发增速"),
            _shown(one.growth, one.word or "无数据"), _shown(one.change, one.word or "无上期数"),
            _shown(one.share, "不计"), _text(one.light_word, "center"),
        )
        for one in orgs
    ]  # fmt: skip
    return _table(title, heads, rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(_name(title), tuple(map(_name, heads)), tuple(rows), (1,) * len(heads))


def _name(text: str) -> Spans:
    return (Span(text, "name"),)


def _text(text: str, align: Align = "left") -> Cell:
    return Cell(_name(text), align)


def _figure(one: Figure | None, word: str) -> Cell:
    return _shown(one.shown if one is not None else "", word)


def _shown(shown: str | None, word: str = "") -> Cell:
    """A number where it is one (also one dressed for a page), else its word."""
    plain = (shown or "").replace(",", "").replace("−", "-").removeprefix("+")
    if is_numeric(plain):
        return Cell(_name(minus(plain)), "right", number=plain)
    return _text(shown or word, "center")


def _owed(one: Figure | None, word: str) -> Cell:
    if one is None or not is_numeric(one.shown):
        return _text(word, "center")
    return Cell(_name(minus(one.shown)), "right", number=one.shown, signs=_OWED)
