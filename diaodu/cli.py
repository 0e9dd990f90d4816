"""The console script `diaodu`: reads the words, calls the doors and the engine, prints words.

Exit codes: 0 done, 1 done but something is held (`month --strict`) or contradicts (`proofread
--strict`), 2 nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from diaodu.engine.ground.errors import DiaoduError, RulebookError
from diaodu.engine.ground.words import MEASURE_NAMES

# argparse speaks through gettext; these are the only sentences of it a user can meet.
_ARGPARSE_WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "subcommands": "命令",
    "show this help message and exit": "显示这段说明",
    "the following arguments are required: %s": "缺少：%s",
    "unrecognized arguments: %s": "不认识：%s",
    "expected one argument": "后面要跟一个值",
    "expected at least one argument": "后面至少要跟一个值",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "invalid %(type)s value: %(value)r": "写法不对：“%(value)s”",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 可能是 %(matches)s，请写全",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
}


def _speak_chinese() -> None:
    argparse._ = lambda text: _ARGPARSE_WORDS.get(text, text)  # type: ignore[attr-defined]


class _Parser(argparse.ArgumentParser):
    """Says which commands there are without Python's quotation marks."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        near = get_close_matches(str(value), choices, 1)
        hint = f"，是不是 {near[0]}？" if near else "；"
        raise argparse.ArgumentError(action, f"没有“{value}”{hint}可用的是：{'、'.join(choices)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the return value (the console script exits with it)."""
    _speak_chinese()
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except RulebookError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        print(f"规则有{len(error.faults)}处错误，没有继续。", file=sys.stderr)
        return 2
    except DiaoduError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="diaodu",
        description="县市经济运行调度：把一个月收到的报表变成核过的数、算好的账、亮灯和通报。",
    )
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    _add_month(commands)
    _add_rulebook(commands)
    _add_explain(commands)
    _add_calc(commands)
    _add_proofread(commands)
    _add_demo(commands)
    _add_desk(commands)
    return parser


if TYPE_CHECKING:
    from collections.abc import Callable

    from diaodu.adapters.proofread_files import Checked

    Commands = argparse._SubParsersAction[_Parser]


# -- month -----------------------------------------------------------------------------------


def _add_month(commands: Commands) -> None:
    month = commands.add_parser(
        "month",
        help="跑一个月：读报表，核、算、判，写通报",
        description=(
            "读“收到的报表”目录（每天收到的放在一个叫 年-月-日 的文件夹里），"
            "核对、计算、亮灯，把结果写进输出目录。"
        ),
        epilog="例：diaodu month 2023年1-5月 --returns 报表 --rulebook 规则 --out 结果",
    )
    month.add_argument("period", metavar="统计期", help="如 2023-05、2023年5月、2023年1—5月")
    month.add_argument("--returns", metavar="目录", type=Path, required=True, help="收到的报表")
    month.add_argument("--rulebook", metavar="目录", type=Path, required=True, help="规则")
    month.add_argument("--out", metavar="目录", type=Path, required=True, help="结果写到哪里")
    month.add_argument(
        "--as-of", metavar="日期", type=_day, help="只看这一天（含）以前收到的；不写就到最后一天"
    )
    month.add_argument("--all-periods", action="store_true", help="每个统计期都算，不只本期")
    month.add_argument(
        "--duties", metavar="文件", type=Path,
        help="交办事项（调度台导出的 .json）；写了，通报里就有“上期交办事项落实情况”",
    )  # fmt: skip
    month.add_argument("--strict", action="store_true", help="有数被暂扣就以退出码1结束")
    month.set_defaults(run=_run_month)


def _run_month(arguments: argparse.Namespace) -> int:
    from diaodu.adapters.month_in_out import run_month

    with _progress() as progress:
        outcome = run_month(
            arguments.period,
            returns=arguments.returns,
            rulebook=arguments.rulebook,
            out=arguments.out,
            as_of=arguments.as_of,
            all_periods=arguments.all_periods,
            duties=arguments.duties,
            on_step=_stepper(progress),
        )
    for line in outcome.lines:
        print(line)
    if not outcome.anything:
        return 2
    return 1 if arguments.strict and outcome.held else 0


# -- rulebook --------------------------------------------------------------------------------


def _add_rulebook(commands: Commands) -> None:
    rulebook = commands.add_parser("rulebook", help="规则：检查、看格式")
    parts = rulebook.add_subparsers(title="命令", metavar="命令", required=True)
    check = parts.add_parser("check", help="检查一个规则目录，一次列出全部错误")
    check.add_argument("folder", metavar="目录", type=Path, help="规则目录")
    check.add_argument("--json", action="store_true", help="给程序读的格式")
    check.set_defaults(run=_run_check)
    schema = parts.add_parser("schema", help="打印每一类规则文件的 JSON Schema")
    schema.add_argument("kind", metavar="类别", nargs="?", help="只要这一类，如 indicators")
    schema.set_defaults(run=_run_schema)


def _run_check(arguments: argparse.Namespace) -> int:
    from diaodu.adapters.rulebook_in import check_rulebook

    faults = check_rulebook(arguments.folder)
    if arguments.json:
        print(json.dumps([fault.as_dict() for fault in faults], ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            print(fault)
        print("没有错误。" if not faults else f"共{len(faults)}处错误。")
    return 2 if faults else 0


def _run_schema(arguments: argparse.Namespace) -> int:
    from diaodu.engine.rules.schema import json_schemas

    print(json.dumps(json_schemas(arguments.kind), ensure_ascii=False, indent=1))
    return 0


# -- explain ---------------------------------------------------------------------------------


def _add_explain(commands: Commands) -> None:
    measures = "\n".join(f"  {one:<28}{name}" for one, name in MEASURE_NAMES.items())
    explain = commands.add_parser(
        "explain",
        help="为什么是这个数：从结果追到原始单元格",
        description="把一个结果一层层拆开，直到报表里的单元格。",
        epilog=(
            "例：diaodu explain 规上工业增加值 示例县 2023-05 --run 结果 --measure 增速位次\n\n"
            f"算法可写编号，也可写名称：\n{measures}\n\n"
            "同名的有几个时（几个目标、几个上级、几个分组），先给最近的一个，其余列在后面，\n"
            "连同要加的 --measure 一并印出，照抄即可。"
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain.add_argument("indicator", metavar="指标", help="编号、名称或别名；查个数时可写—")
    explain.add_argument("org", metavar="单位", help="编号、名称或别名")
    explain.add_argument("period", metavar="统计期", help="如 2023年1—5月")
    explain.add_argument("--measure", metavar="算法", help="编号、名称或整条键；不写是本期值")
    explain.add_argument("--run", dest="folder", metavar="目录", type=Path, required=True,
                         help="month 写出的结果目录")  # fmt: skip
    explain.add_argument("--json", action="store_true", help="给程序读的格式")
    explain.set_defaults(run=_run_explain)


def _run_explain(arguments: argparse.Namespace) -> int:
    from diaodu.adapters.store import open_run
    from diaodu.engine.compute.explain import as_text, explain, to_json

    run = open_run(arguments.folder)
    node = explain(run, arguments.indicator, arguments.org, arguments.period, arguments.measure)
    if arguments.json:
        print(to_json(node))
    else:
        print(as_text(node))
    return 0


# -- calc ------------------------------------------------------------------------------------


def _add_calc(commands: Commands) -> None:
    from diaodu.engine.compute.calculator import help_text

    calc = commands.add_parser(
        "calc",
        help="小算盘：完成率、增速、位次……",
        description="按印出来的数算，写清楚可能的上下限。",
        epilog=help_text(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    calc.add_argument("name", metavar="算法", help="见下")
    calc.add_argument("pairs", metavar="名=值", nargs="*", help="如 actual=14.64亿元")
    calc.add_argument("--json", action="store_true", help="给程序读的格式，一行")
    calc.set_defaults(run=_run_calc)


def _run_calc(arguments: argparse.Namespace) -> int:
    from diaodu.engine.compute.calculator import calculate, to_json_line, to_text

    given: dict[str, str] = {}
    for pair in arguments.pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise DiaoduError(f"“{pair}”少了等号；写成 名=值，如 actual=14.64亿元")
        if key in given:
            raise DiaoduError(f"“{key}”写了两次；只留一个")
        given[key] = value
    result = calculate(arguments.name, given)
    print(to_json_line(result) if arguments.json else to_text(result))
    return 0


# -- proofread -------------------------------------------------------------------------------


def _add_proofread(commands: Commands) -> None:
    parser = commands.add_parser(
        "proofread",
        help="文稿校核：找出讲话、通报里的数，逐个核对",
        description=(
            "读 .docx、.txt、.md 文稿，找出里面的数，按前后文核对："
            "相符、矛盾（有误、只舍不入、用词），或者因为缺什么无法核对。"
        ),
        epilog="例：diaodu proofread 讲话.docx --run 结果 --mark 批注",
    )
    parser.add_argument("files", metavar="文件", type=Path, nargs="+", help="文稿，可写几个")
    parser.add_argument("--run", dest="folder", metavar="目录", type=Path,
                        help="month 写出的结果目录；文稿里的数也和它核对")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="给程序读的格式，每个文件一行")
    parser.add_argument(
        "--mark", metavar="目录", type=Path, help="把带批注的 Word 文件写到这里，原文件不动"
    )
    parser.add_argument("--all", action="store_true", help="连同相符的也列出来")
    parser.add_argument("--strict", action="store_true", help="有矛盾就以退出码1结束")
    parser.set_defaults(run=_run_proofread)


def _run_proofread(arguments: argparse.Namespace) -> int:
    from diaodu.adapters.ledger_in import read_ledger
    from diaodu.adapters.proofread_files import proofread_files

    ledger = read_ledger(arguments.folder) if arguments.folder is not None else None
    with _progress() as progress:
        files = list(
            proofread_files(
                arguments.files, ledger=ledger, mark=arguments.mark, on_file=_stepper(progress)
            )
        )
    for checked in files:
        if arguments.json:
            _tell_json(checked)
        else:
            _tell_claims(checked, everything=arguments.all)
    if all(checked.error for checked in files):
        return 2
    return 1 if arguments.strict and any(checked.contradicts for checked in files) else 0


def _tell_json(checked: Checked) -> None:
    from diaodu.engine.proofread.as_json import error_line, read_line

    if checked.error:
        print(error_line(checked.file, checked.error))
        return
    print(read_line(checked.file, checked.text, checked.claims))
    for note in checked.notes:
        print(f"{checked.file}：{note}", file=sys.stderr)


def _tell_claims(checked: Checked, *, everything: bool) -> None:
    """A line on the file, a table of what is worth a look, and how much was found."""
    from diaodu.engine.proofread.say import HEADER, counted, listed

    if checked.error:
        print(f"{checked.file}：{checked.error}", file=sys.stderr)
        return
    print(f"{checked.file}：{counted(checked.claims)}")
    for note in checked.notes:
        print(f"  {note}")
    rows = listed(checked.text, checked.claims, everything=everything)
    if rows:
        _print_table(HEADER, rows)
    if checked.marked is not None:
        print(f"  带批注的文件：{checked.marked}")


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """As wide as the screen; 120 columns in a file."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    for name in header:
        table.add_column(Text(name), overflow="fold", no_wrap=name in ("位置", "结论"))
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


# -- demo ------------------------------------------------------------------------------------


def _add_demo(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="生成虚构的示例县：规则、报表、埋下的错误和答案")
    demo.add_argument("folder", metavar="目录", type=Path, help="写到哪里；须是空目录或还没有")
    demo.set_defaults(run=_run_demo)


def _run_demo(arguments: argparse.Namespace) -> int:
    from diaodu.adapters.demo_county import make_demo

    folder: Path = arguments.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DiaoduError(f"{folder} 里已经有东西，没有动它；请换一个空目录")
    make_demo(folder)
    print(f"示例县写好了：{folder}（全部为虚构数据）")
    return 0


# -- desk ------------------------------------------------------------------------------------


def _add_desk(commands: Commands) -> None:
    desk = commands.add_parser(
        "desk",
        help="调度台网站：准备、开站、第一个管理员、查操作记录",
        description=(
            "数据库、上传的文件和密钥都放在环境变量 DIAODU_HOME 指的目录，"
            "不设就是当前目录下的 var。"
            "用 PostgreSQL 时设 DIAODU_DATABASE_URL。"
        ),
    )
    parts = desk.add_subparsers(title="命令", metavar="命令", required=True)
    _add_managed(parts, "prepare", "prepare", "建库、建表、收集网页文件；可以重复执行")
    serve = _add_managed(parts, "serve", "serve", "开站，按 Ctrl-C 结束")
    serve.add_argument("--host", metavar="地址", default="127.0.0.1", help="默认只在本机")
    serve.add_argument("--port", metavar="端口", type=int, default=8000, help="默认8000")
    serve.add_argument("--workers", metavar="个数", type=int, default=2, help="网页进程，默认2")
    admin = _add_managed(parts, "admin", "first_admin", "给第一个管理员一个只能用一次的链接")
    admin.add_argument("username", metavar="用户名")
    admin.add_argument("--name", metavar="姓名", default="管理员", help="页面上印的")
    admin.add_argument("--again", action="store_true", help="已经有管理员也再给一个")
    admin.add_argument(
        "--site", metavar="网址", default="http://127.0.0.1:8000", help="链接里写的本站网址"
    )
    audit = _add_managed(parts, "audit", "audit_verify", "查操作记录有没有被改、被删、被截")
    audit.add_argument(
        "--head", metavar="号:校验码", dest="heads", action="append", default=[],
        help="运行或通报上印的，可写几次；尾部连封条一起换掉时只有它能看出来",
    )  # fmt: skip
    demo = _add_managed(parts, "demo", "demo", "准备示例县的调度台并开站")
    demo.add_argument("--port", metavar="端口", type=int, default=8000, help="默认8000")
    demo.add_argument("--once", action="store_true", help="只准备，不开站")
    demo.add_argument(
        "--told", metavar="文件", type=Path, default=Path("build/demo.json"), help="账号写到哪里"
    )


def _add_managed(parts: Commands, name: str, command: str, help: str) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=help, description=help + "。")
    parser.set_defaults(run=_run_managed, managed=command)
    return parser


def _run_managed(arguments: argparse.Namespace) -> int:
    """Hand over to the desk's own command of that name; it prints and decides the exit code."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diaodu.web.site.settings.base")
    if arguments.managed == "demo":
        os.environ.setdefault("DIAODU_HOME", "build/desk")
    import django
    from django.core.management import CommandError, call_command

    given = {key: value for key, value in vars(arguments).items() if key not in ("run", "managed")}
    django.setup()
    try:
        call_command(arguments.managed, **given)
    except CommandError as error:
        raise DiaoduError(str(error)) from error
    return 0


# -- small parts -----------------------------------------------------------------------------


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是日期；写法如 2023-06-12")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"没有“{text}”这一天") from error


def _progress() -> Progress:
    """A bar on the error stream, so that standard output stays clean; silent when not a screen."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _stepper(progress: Progress) -> Callable[[str, int, int], None]:
    """on_step(name, done, total): one bar per step, moved as it is told."""
    tasks: dict[str, TaskID] = {}

    def on_step(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = progress.add_task(name, total=total)
        progress.update(tasks[name], completed=done, total=total)

    return on_step


if __name__ == "__main__":
    sys.exit(main())
