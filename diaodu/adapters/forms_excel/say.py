"""What is said of an upload: for each fault what, why and what to do, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from diaodu.adapters.forms_excel.model import CellKey, FormFault, Severity
from diaodu.engine.ground.records import Finding

_DOWNLOAD = "请从本页下载预填表，把数填进去再上传"


class _Words(NamedTuple):
    severity: Severity
    what: str
    why: str
    action: str


_WORDS: dict[str, _Words] = {
    # the file
    "too_big": _Words(
        "hard", "文件有{size}兆，超过上限{most}兆", "太大的文件不读",
        "请只留要报的表，删去图片和多余的行列，另存为 .xlsx 后再上传",
    ),
    "wrong_form": _Words(
        "hard", "这个文件是《{found}》，本页要报的是《{wanted}》", "文件里的数没有收",
        "请上传《{wanted}》；《{found}》请到它自己的页面上传",
    ),
    "wrong_reporter": _Words(
        "hard", "这个文件是给{found}填的，本页的填报单位是{wanted}", "文件里的数没有收",
        "请换成{wanted}的文件；没有的，请从本页下载预填表",
    ),
    "wrong_period": _Words(
        "hard", "这个文件是{found}的，本页要报的是{wanted}", "文件里的数没有收",
        "请换成{wanted}的文件；没有的，请从本页下载预填表",
    ),
    "stale_form": _Words(
        "hard", "这个文件是以前下载的，现在要填的内容已经变了",
        "名称、单位都没变的{kept}格已经收下，其余{dropped}格没有收",
        "请重新下载预填表，把数抄过去再上传",
    ),
    "other_return": _Words(
        "hard", "这个文件是为另一次报送下载的",
        "名称、单位都没变的{kept}格已经收下，其余{dropped}格没有收",
        "请核对收下的数；不放心的，请重新下载预填表填报",
    ),
    "keys_changed": _Words(
        "hard", "表里用来识别的隐藏内容被改过", "不能确定每个数是哪个指标的，所以都没有收",
        _DOWNLOAD,
    ),
    "keys_lost": _Words(
        "hard", "这张表是从预填表里复制出来的，少了用来识别的隐藏工作表",
        "不能确定每个数是哪个指标的，所以都没有收", _DOWNLOAD + "；不要复制工作表",
    ),
    "table_lost": _Words(
        "hard", "预填表里要填的那张工作表不见了", "只剩下用来识别的隐藏工作表，没有数可收",
        _DOWNLOAD,
    ),
    "two_tables": _Words(
        "hard", "有{count}张工作表都是这份预填表：{found}", "不能确定收哪一张，所以都没有收",
        "请只留一张，删去其余的再上传",
    ),
    "extra_sheet": _Words(
        "note", "工作表“{found}”不是预填表里的", "里面的内容没有读",
        "要报的数请填到预填表里",
    ),
    "outside": _Words(
        "note", "表格以外还写了{count}处内容，第一处是“{found}”", "这些内容没有读",
        "要报的数请填到表里，要说的话请写在“说明”栏",
    ),
    # columns and rows
    "column_lost": _Words(
        "hard", "“{found}”这一栏不见了，或者多出了一栏", "这一栏的数没有收", _DOWNLOAD,
    ),
    "row_lost": _Words(
        "hard", "这一行不见了", "这一行的数没有收", "请重新下载预填表填报；没有数的行也请留着",
    ),
    "row_key_changed": _Words(
        "hard", "这一行末尾的隐藏标识被改过", "不能确定这一行的数是哪个指标的，所以没有收",
        "请重新下载预填表，把这一行的数抄过去",
    ),
    "row_twice": _Words(
        "hard", "这一行在表里出现了不止一次", "不能确定收哪一行，所以都没有收",
        "请只留一行，删去其余的",
    ),
    "row_extra": _Words(
        "hard", "第{row}行是自己加的", "系统不知道这一行报的是什么，没有收",
        "请删去这一行；确需增报的，请与下发表的单位联系",
    ),
    "rows_moved": _Words(
        "note", "有{count}行换了位置", "已按行尾的隐藏标识逐行对上，数照收",
        "请核对这些行的数没有错位",
    ),
    "name_changed": _Words(
        "hard", "名称“{wanted}”被改成了“{found}”",
        "不能确定这一行的数是哪个指标的，所以没有收",
        "请改回“{wanted}”；要报别的指标，请与下发表的单位联系",
    ),
    "org_changed": _Words(
        "hard", "填报对象“{wanted}”被改成了“{found}”",
        "不能确定这一行的数是哪个单位的，所以没有收", "请改回“{wanted}”",
    ),
    "unit_changed": _Words(
        "hard", "计量单位“{wanted}”被改成了“{found}”",
        "不能确定数是按哪个单位填的，所以这一行没有收",
        "请改回“{wanted}”，并按{wanted}填数",
    ),
    "known_changed": _Words(
        "note", "{column}被改成了“{found}”，下载时是“{wanted}”", "这一格不是填报内容，改动没有收",
        "以前的数有错的，请在网上另提更正并写明原因",
    ),
    "closed_filled": _Words(
        "hard", "这一格不用填，却写了“{found}”", "这一行不报这一项，没有收", "请把这一格改回“不填”",
    ),
    # cells
    "not_a_number": _Words(
        "hard", "“{found}”不是数", "这一格只能填数{words}",
        "请填数；本期确无数据的，空着并在最后一栏选原因",
    ),
    "script_input": _Words(
        "hard", "“{found}”像是公式或网页代码，不是数", "已当作普通文字，不会执行，也没有收",
        "请填数；如果不是您写的，请检查这台电脑和这个文件的来历",
    ),
    "is_date": _Words(
        "hard", "填的内容变成了日期“{found}”", "表格软件把像“9-10”这样的写法当成日期",
        "请把单元格格式改为“数值”后重新填数",
    ),
    "formula_error": _Words(
        "hard", "公式出错，显示为“{found}”", "没有数可收", "请改正公式，或者直接填数",
    ),
    "no_cached_value": _Words(
        "hard", "公式没有存下计算结果", "没有数可收",
        "请用 Excel 或 WPS 打开，重新计算并保存后再上传；也可以直接填数",
    ),
    "foreign_unit": _Words(
        "hard", "“{found}”里的单位“{unit}”不能换算成“{wanted}”", "这个数没有收",
        "请按{wanted}填数，格子里不写单位",
    ),
    "out_of_range": _Words(
        "hard", "“{found}”大得不可能", "达到一百万亿{wanted}的数不收", "请核对数和计量单位",
    ),
    "shown_smaller": _Words(
        "hard", "存的是{value}，按单元格格式缩小后显示为“{found}”",
        "不能确定要报的是哪一个，没有收", "请把单元格格式改为“数值”，再按{wanted}填数",
    ),
    "word_not_allowed": _Words(
        "hard", "这里不能填“{found}”", "这一格只能填数{words}",
        "请填数；本期确无数据的，空着并在最后一栏选原因",
    ),
    "many_decimals": _Words(
        "soft", "存的是{value}，比要求的{decimals}位小数多",
        "已按原数收下，没有四舍五入{shown}", "请核对，按要求的小数位数填{hint}",
    ),
    "hidden_cell": _Words(
        "soft", "这一格被隐藏，看不见，里面的数是“{found}”", "已照收",
        "请取消隐藏，核对这一格的数",
    ),
    "unit_converted": _Words(
        "note", "写的是“{found}”", "已换算成{value}{wanted}收下", "请核对；以后格子里不写单位",
    ),
    "text_number": _Words(
        "note", "“{found}”是按文字存的", "已按{value}收下", "请核对",
    ),
    "reason_beside_value": _Words(
        "hard", "已经填了数，又选了无数据的原因“{found}”", "两样只能有一样；数已收下，原因没有收",
        "有数的请清空原因；没有数的请清空数字",
    ),
    "unknown_reason": _Words(
        "hard", "原因“{found}”不在可选的范围里", "这个原因没有收",
        "请从列表中选：{reasons}；另有情况写在“说明”栏",
    ),
    "script_text": _Words(
        "note", "“{found}”像是公式或网页代码", "已当作普通文字收下，不会执行",
        "如果不是您写的，请检查这台电脑和这个文件的来历",
    ),
}  # fmt: skip

_LONGEST_FOUND = 60


def fault(
    code: str, *, sheet: str = "", cell: str = "", label: str = "", key: CellKey | None = None,
    found: str = "", **more: object,
) -> FormFault:  # fmt: skip
    """The fault of this code, told with what was found. Long texts are told by their beginning."""
    words = _WORDS[code]
    told = found if len(found) <= _LONGEST_FOUND else found[:_LONGEST_FOUND] + "……"
    facts = {"found": told, **more}
    return FormFault(
        code, words.severity, words.what.format(**facts), words.why.format(**facts),
        words.action.format(**facts), sheet, cell, label, key, found,
    )  # fmt: skip


def from_finding(told: Finding) -> FormFault:
    """What kept a file or a sheet from being read, as the reader says it."""
    action = told.action.replace("重新报送", "再上传")
    return FormFault(
        told.code, told.severity, told.message.rstrip("。"), "", action.rstrip("。"), told.sheet
    )
