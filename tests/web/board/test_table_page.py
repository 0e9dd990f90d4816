"""一张表: what it prints, for whom, and what it never gives away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.test import Client

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.web.board.queries import saying
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks.queries import current_version
from tests.web.board.conftest import FILES

URL = "/board/"
PUBLISHED = {"run": "1"}


def _text(response: Any) -> str:
    """The page as one line of text without tags."""
    assert response.status_code == 200, response.status_code
    found = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", found)


def _row(response: Any, name: str) -> str:
    """The cells of one line of the wide table."""
    page = response.content.decode()
    row = next(one for one in re.findall(r"<tr class=.*?</tr>", page, re.S) if f">{name}<" in one)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


def test_the_title_line_names_org_period_as_of_and_run(leader: Client) -> None:
    told = _text(leader.get(URL))
    for one in ("示例县", "2023年1—5月", "数据截至6月6日", "第1次运行"):
        assert one in told


def test_headlines_stand_in_their_order_and_others_do_not(leader: Client) -> None:
    table = leader.get(URL).context["table"]
    names = [line.name for line in table.lines]
    assert names == ["社会消费品零售总额", "固定资产投资", "贷款余额", "用电量", "规上工业利润总额",
                     "规上工业企业数"]  # fmt: skip


def test_a_full_row(leader: Client) -> None:
    row = _row(leader.get(URL), "社会消费品零售总额")
    assert "44.00 6.5 −0.5" in row  # level, published growth, change
    assert "120.00 36.7 −5.0 8.0 欠1.5" in row  # target, completion, pace gap, target growth, owed
    assert "4 /5 ▼1" in row  # 9.0, 8.0, 7.0 are better; in April 8.8 and 7.5 were
    assert "−0.7 持平" in row  # against the city's 7.2 and the province's 6.5


def test_words_stand_where_there_is_no_figure(leader: Client) -> None:
    page = leader.get(URL)
    assert "只发增速" in _row(page, "固定资产投资")
    assert "只有增速目标：8.0%以上" in _row(page, "固定资产投资")
    assert "未下达目标，不判达标" in _row(page, "用电量")
    assert "期末 277.50" in _row(page, "贷款余额")
    assert "逾期未报" in _row(page, "规上工业企业数")
    assert "算 11.0" in _row(page, "贷款余额")


def test_an_embargoed_figure_is_a_word_for_the_leader(leader: Client) -> None:
    response = leader.get(URL)
    row = _row(response, "规上工业利润总额")
    assert "未发布：6月27日 10:00发布" in row
    page = response.content.decode()
    assert "6.37" not in page
    assert "−4.6" not in page and "-4.6" not in page


def test_an_early_reader_sees_it(early: Client) -> None:
    row = _row(early.get(URL, PUBLISHED), "规上工业利润总额")
    assert "6.37 −4.6 +2.3" in row


def test_after_the_release_everybody_sees_it(
    leader: Client, frozen_clock: Callable[[datetime], None], now: datetime
) -> None:
    frozen_clock(now.replace(day=27, hour=9, minute=59))
    assert "6.37" not in leader.get(URL).content.decode()
    frozen_clock(now.replace(day=27, hour=10, minute=0))
    assert "6.37 −4.6" in _row(leader.get(URL), "规上工业利润总额")


def _counts(client: Client) -> list[tuple[int, list[tuple[int, str]], list[str]]]:
    strip = client.get(URL, PUBLISHED).context["table"].strip
    return [
        (one.comparable, [(part.count, part.word) for part in one.parts],
         [name for name, _ in one.left_out.named])
        for one in strip.counts
    ]  # fmt: skip


def test_counts_are_over_what_the_reader_may_see(leader: Client, early: Client) -> None:
    against, change, _ = _counts(leader)
    assert against == (3, [(2, "高"), (0, "平"), (1, "低")],
                       ["用电量", "规上工业利润总额", "规上工业企业数"])  # fmt: skip
    assert "规上工业利润总额" in change[2]
    against, change, _ = _counts(early)
    assert against[:2] == (4, [(2, "高"), (0, "平"), (2, "低")])
    assert (1, "升") in change[1]


def test_counts_add_up_to_the_list(leader: Client) -> None:
    table = leader.get(URL).context["table"]
    for one in table.strip.counts:
        assert one.comparable + one.left_out.count == len(table.all_lines)


def test_the_bottom_three_and_the_streak_are_named(leader: Client) -> None:
    strip = leader.get(URL).context["table"].strip
    assert [name for name, _ in strip.bottom.named] == ["社会消费品零售总额"]
    told = [(one.name, one.text, one.is_bad) for one in strip.streaks.shown]
    assert told == [
        ("社零", "累计增速连续3个月回落", True), ("社零", "连续5个月低于目标或序时", True),
    ]  # fmt: skip


def test_bands_count_every_line_once_with_names(leader: Client) -> None:
    table = leader.get(URL).context["table"]
    grades, pace = table.grades
    assert [(one.count, one.word) for one in grades.parts] == [(1, "不足五成"), (0, "过半")]
    assert grades.parts[0].named == (("社会消费品零售总额", "完成36.7%"),)
    assert grades.below == "不足五成：社零"
    assert pace.parts[0].named == (("社会消费品零售总额", "−5.0点"),)
    for one in table.grades:
        assert one.comparable + one.left_out.count == len(table.all_lines)
    assert dict(grades.left_out.named)["规上工业利润总额"] == "未发布"
    assert dict(grades.left_out.named)["固定资产投资"] == "未下达总量目标"
    page = _text(leader.get(URL))
    assert "完成年度目标 分档1项 未分档5项" in page


def test_lagging_lines_say_why_what_is_needed_and_who(leader: Client) -> None:
    told = _text(leader.get(URL))
    assert "增速6.5%，低于年度目标1.5个百分点" in told
    assert "增速欠账1.5" not in told  # the same once more
    assert "达到全年目标，后7个月月均需10.86亿元" in told
    assert "累计增速连续3个月回落" in told
    assert "牵头：县工业和信息化局" in told


def test_notes_name_what_differs(leader: Client) -> None:
    notes = "".join(leader.get(URL).context["table"].notes)
    assert "上期为1—4月" in notes
    assert "序时进度为41.7%（按月5/12）" in notes
    assert "工业利润未发布，6月27日 10:00发布，到时自动显示，不计入上方各项" in notes


def test_a_pace_that_does_not_run_by_months_is_not_told_as_if_it_did(leader: Client) -> None:
    shape = "pace_basis: milestones, milestones: [{month: 6, share: 60}]"
    pace = f"- {{id: p, from: 2023-01, tiers: [assigned], {shape}}}"
    book = read_rulebook_files({**FILES, "paces/p.yaml": pace.encode()})
    shown = leader.get(URL).context
    [line] = [one for one in shown["table"].lines if one.row.indicator_id == "retail"]
    by_nodes = replace(line, row=replace(line.row, rulebook=book))
    assert "序时进度为41.7%（按节点）" in "".join(saying.notes(shown["chosen"], [by_nodes]))
    aims = [
        replace(one, figures={**one.figures, "pace": one.pace._replace(shown="43.0")})
        for one in line.row.targets
        if one.pace is not None
    ]
    issued = replace(line, row=replace(line.row, targets=aims))
    assert "序时进度为43.0%（按时序任务）" in "".join(saying.notes(shown["chosen"], [issued]))


def test_filters_and_sorting(leader: Client) -> None:
    def names(**asked: str) -> list[str]:
        return [line.short for line in leader.get(URL, asked).context["table"].lines]

    assert names(field="工业") == ["用电量", "工业利润", "规上工业企业数"]
    assert names(owner="tongjiju") == ["贷款余额"]
    assert names(light="good") == ["固投", "贷款余额"]
    assert names(sort="growth")[:3] == ["社零", "用电量", "固投"]
    assert names(sort="-growth")[:2] == ["贷款余额", "固投"]
    assert names(sort="-growth")[-2:] == ["工业利润", "规上工业企业数"]  # no figure: last
    assert names(sort="nonsense")[0] == "社零"


def test_a_filter_without_hits_says_so(leader: Client) -> None:
    assert "没有符合筛选条件的指标" in _text(leader.get(URL, {"light": "good", "field": "工业"}))


def test_the_body_is_a_fragment_that_moves_the_address(leader: Client) -> None:
    response = leader.get("/board/body/", {"light": "good"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"].startswith("/board/?period=2023-05&run=1&org=shilixian")
    assert response["HX-Push-Url"].endswith("light=good")


def test_the_way_there_names_the_run(leader: Client) -> None:
    response = leader.get(URL)
    assert "period=2023-05&amp;run=1" in response.content.decode()


def test_another_org_within_view(leader: Client) -> None:
    assert "青石镇" in _text(leader.get(URL, {"org": "qingshi"}))
    page = leader.get(URL, {"org": "donglinqu"})  # a neighbour: public
    assert [line.short for line in page.context["table"].lines] == ["社零"]


def test_out_of_view_is_not_there(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    assert township.get(URL).context["chosen"].org.id == "qingshi"
    assert township.get(URL, {"org": "liuhe"}).status_code == 404
    assert township.get(URL, {"org": "shilixian"}).status_code == 200  # above: public
    assert township.get(URL, {"org": "nowhere"}).status_code == 404


def test_who_may_not_view_is_refused(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    assert client_as(users.admin).get(URL).status_code == 403
    assert client_as(users.stranger).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_before_anything_is_published(
    on_file: None, users: SimpleNamespace, client_as: Callable[..., Client], frozen_clock: Any
) -> None:
    assert "还没有可看的结果" in _text(client_as(users.leader).get(URL))


def test_an_unpublished_run_is_not_there_for_the_leader(
    freeze: Callable[..., Any], users: SimpleNamespace, client_as: Callable[..., Client],
    frozen_clock: Any,
) -> None:  # fmt: skip
    freeze(published=False)
    assert client_as(users.leader).get(URL, {"run": "1"}).status_code == 404
    assert client_as(users.dispatch).get(URL, {"run": "1"}).status_code == 200


def test_the_live_run_is_not_for_the_leader(leader: Client) -> None:
    assert leader.get(URL, {"run": "live"}).status_code == 404
    for nonsense in ("-1", "x", "99999999999999999999", "²"):
        assert leader.get(URL, {"run": nonsense}).status_code == 404


def test_the_page_holds_nothing_inline(leader: Client) -> None:
    page = leader.get(URL).content.decode()
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"<script(?![^>]*src)", page)


def test_only_reading_is_answered(leader: Client) -> None:
    assert leader.post(URL).status_code == 405


def test_queries_are_few_and_do_not_grow(
    leader: Client, django_assert_max_num_queries: Any
) -> None:
    leader.get(URL)
    with django_assert_max_num_queries(16):
        leader.get(URL)


def test_a_period_without_a_run_leads_to_the_newest_there_is(leader: Client) -> None:
    for page in ("/board/", "/board/shilixian/retail/"):
        response = leader.get(page, {"period": "2023-06"})
        told = _text(response)
        assert "2023年1—6月还没有可看的结果" in told and "看2023年1—5月的" in told, page
        assert f'href="{page}?period=2023-05"' in response.content.decode()
    told = _text(leader.get("/board/compare/", {"period": "2023-06"}))
    assert "2023年1—6月还没有可看的结果 有结果的统计期： 2023年1—5月" in told
    assert "2023年" not in _text(leader.get(URL, {"period": "x"})).partition("还没有")[0]


def test_a_closed_unit_says_since_when(leader: Client, freeze: Any, files: dict[str, bytes],
                                       now: datetime) -> None:  # fmt: skip
    name = "orgs/all.yaml"
    files[name] = files[name].replace(b"id: qingshi,", b"id: qingshi, closed: 2023-03-31,")
    before = current_version()
    imported = rulebooks.import_files(files=files, by=None, at=now)
    assert not imported.faults, imported.faults
    rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="撤", seen=before.id)
    freeze()
    for page in ("/board/?org=qingshi", "/board/qingshi/retail/", "/board/unit/qingshi/"):
        assert "青石镇已于2023年3月31日撤销" in _text(leader.get(page)), page
    page = leader.get("/board/?org=qingshi").content.decode()
    assert '<option value="qingshi" selected>' in page
    assert "青石镇" not in leader.get("/board/").content.decode().partition("</form>")[0]
