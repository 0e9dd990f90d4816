"""What a figure belongs to: indicator, org, period, comparison, carried from clause to clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diaodu.engine.proofread.names import listed_names
from diaodu.engine.proofread.reading.model import FIGURES, TIME, Figure, Sentence

_SIGNS = re.escape(FIGURES)
_BREAK = re.compile(
    r"[，；：。！？（）]|、(?=同比|环比|增|下降|减|占|比|较|完成|拉动|高|低|居|排|列|位|超|差|分别|＠)"
)
# Words that say what the figure behind them is; what may stand between is of no weight.
_FALLING = (
    "负增长|下降|减少|降低|回落|下滑|下跌|缩减|萎缩|减收|减亏|减幅|降幅|跌幅|低于|低|少|减|降"
)
_WORD = re.compile(
    rf"(?P<falling>{_FALLING})(?P<level>[到至])?|(?P<word>增长率|增长|增加(?!值)|增幅|增速|提高|提升|上升|"
    r"回升|加快|扩大|收窄|高于|高出|快于|慢于|高|多|快|慢|占比|比重|占|完成率|完成比例|完成|实现|达到|达|突破|"
    r"目标|任务|计划|贡献率|拉动|净增|新增|增|累计|合计|总计|共|总投资|超|差|缺口|缺|剩余|还剩|剩|还有|排名|排|"
    r"位居|居|列|第|为|是)"
)
_LIGHT = re.compile(
    r"(?:的|了|为|达到?|约|近|仅|只|到|至|是|有|幅度?|率|大约|将近|超过?|了|分别|同比|：|）)*$"
)
_LIGHTER = re.compile(r"(?:了|约|近|达|为|幅度?|率|大约|将近|仅|只|超过?|分别|同比|至)*$")
_LIST = frozenset(("、", "和", "及", "与", "以及", "，"))

_LEAD = re.compile(
    rf"^(?:[{TIME}]|其中|同时|此外|另外|目前|预计|今年以来|今年|去年|截至|截止|底|末|期间|全年|当前|"
    r"[一二三四五六七八九十]是|[一二三四五六七八九十]要|从[^，]*?看|另一方面|一方面|特别是|尤其是|"
    r"但|而|且|并|也就是|就是|也|仅|即|如|共|累计|年初|以来|前|的|，|“|—|[一二三四五六七八九十]、|"
    r"力争|确保|争取|我们|要|完成|实现|达到|分别)+"
)
# A clause without a figure names what the next one is of where it ends like an indicator.
_NAMED = re.compile(
    r"(?:生产总值|GDP|增加值|总产值|投资|零售总?额|收入|支出|余额|用电量|进出口总?[额值]|利用外资|税收|利润)"
    r"(?:[，：]|$)"
)
_ORG = re.compile(
    r"全国|全省|全市|全区|全县|全州|全镇|全乡|我省|我市|我区|我县|我州|我镇|本省|本市|本县|本区|"
    r"(?:^|(?<=[，、；：]))[\u4e00-\u9fff]{1,5}(?:省|市|县|州|(?<!城)镇(?!居)|(?<!城)乡(?!居|村)|街道)(?=[\u4e00-\u9fff])"
)
_TASK = re.compile(
    r"^(?:[省市州区县]?[级里上下]?(?:下达|下)?的?)?(?:年度|全年|本级|目标)*(?:任务|目标|计划)"
)
_VERB = re.compile(
    r"^[超差距高低多少快慢增比较]|拉动|贡献|^对|两年平均|[年月]均(?=增|完)|[差超](?=目标|年度|全年|任务|序时|时间)|完成|实现|达到?|增长|下降|"
    r"同比|环比|累计|占|(?<!同|占|环)比(?!重|例|值|率)[上去全同年目计]|较[上去年全一同目]|"
    r"高于|低于|(?<!定)居(?!民|住)|排(?!放|水)|突破|回落|提高|提升|上升|(?<!行)为|是|"
    r"(?<!国|所|拥|含)有(?!色|限|效|机|关|偿)|"
    r"(?<!公)共(?!同|和|服|建|享|产|青)|新增(?!长)|增加(?!值)|减少|增速|增幅|降幅|负增长|分别|合计|总计|仅|只|"
    r"(?<!自)已|(?<!节|集|大|公)约|(?<!附)近"
)
_AGAINST = re.compile(
    rf"(?P<usual>同比|环比)|(?:比|较|与|高于|低于|快于|慢于|高出|超)(?P<named>[^，；。{_SIGNS}]{{1,14}}?)"
    r"(?=的?(?:[（高低多少快慢增减提回下上相]|平均|$))"
)


class Told:
    """What the sentences of one paragraph have told so far."""

    def __init__(self) -> None:
        self._subject = self._org = self._period = ""

    def add(self, sentence: Sentence) -> Sentence:
        """The sentence with the context of each of its figures."""
        at: dict[int, Figure] = {}
        outside = ""  # the subject before the bracket that is open
        for start, end in _segments(sentence.form):
            if sentence.form[start - 1 : start] == "（":
                outside = self._subject
            self._read(sentence, start, end, at)
            if outside and sentence.form[end : end + 1] == "）":
                self._subject, outside = outside, ""
        return replace(sentence, at=at)

    def _read(self, sentence: Sentence, start: int, end: int, at: dict[int, Figure]) -> None:
        """The figures of one clause, each with what the clause says before it."""
        form = sentence.form
        if not any(start <= place < end for place in sentence.at) and (
            _NAMED.search(form[start:end]) or form[end : end + 1] == "（"
        ):
            self._hear(form[start:end])
        before = -1
        for place in range(start, end):
            if place in sentence.moments:
                if form[place - 1 : place] not in ("比", "较", "与"):
                    self._period = sentence.moments[place].quote
            elif place in sentence.at:
                figure = sentence.at[place]
                if before >= 0 and _listed(form, before, place):
                    at[place] = _like(figure, at[before])
                else:
                    at[place] = self._placed(form[start:place], figure)
                before = place
        _share_out(form, start, end, at)

    def _placed(self, clause: str, figure: Figure) -> Figure:
        word, falls = _said(clause)
        self._hear(clause)
        against = [match["usual"] or match["named"] for match in _AGAINST.finditer(clause)]
        return replace(
            figure, falls=falls, word=word, subject=self._subject, org=self._org,
            period=self._period, against=against[-1] if against else "",
        )  # fmt: skip

    def _hear(self, clause: str) -> None:
        """Take org and subject from what a clause begins with, if it names any."""
        head = _LEAD.sub("", clause)
        org = _ORG.match(head)
        if org is not None:
            self._org = org[0]
            head = _LEAD.sub("", head[org.end() :])
        verb = _VERB.search(head)
        named = head[: verb.start()] if verb else head
        inside = _ORG.search(named)
        if inside is not None:
            self._org = inside[0]
            named = named.replace(inside[0], "", 1)
        named = re.sub(rf"[{_SIGNS}{TIME}\s]", "", _LEAD.sub("", named)).strip("的了、，")
        if len(named) > 1 and not _TASK.search(named):
            self._subject = named


def _segments(form: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, those in brackets by themselves."""
    start = 0
    for match in _BREAK.finditer(form):
        yield start, match.start()
        start = match.end()
    yield start, len(form)


def _listed(form: str, before: int, place: int) -> bool:
    return form[before] == form[place] and form[before + 1 : place] in _LIST


def _like(figure: Figure, before: Figure) -> Figure:
    """A figure listed behind another is of the same sort."""
    return replace(
        figure, falls=before.falls, word=before.word, subject=before.subject, org=before.org,
        period=before.period, against=before.against,
    )  # fmt: skip


def _share_out(form: str, start: int, end: int, at: dict[int, Figure]) -> None:
    """A、B分别增长8%、9%: the first is A's, the second B's."""
    if "分别" not in form[start:end]:
        return
    places = [place for place in range(start, end) if place in at]
    names = listed_names(at[places[0]].subject) if places else []
    if len(names) != len(places) or len(names) < 2 or len({form[place] for place in places}) > 1:
        return
    for place, name in zip(places, names, strict=True):
        at[place] = replace(at[place], subject=name)


def _said(clause: str) -> tuple[str, bool]:
    """The word that says what the figure behind a clause is, and whether it fell."""
    words = list(_WORD.finditer(clause))
    if not words:
        return "", False
    last = words[-1]
    # 降幅为8.2%, 增速达9%: the word before says what it is
    if last[0] in _WEAK and len(words) > 1 and _LIGHT.fullmatch(clause[words[-2].end() :]):
        last = words[-2]
    behind = clause[last.end() :]
    if not _LIGHT.fullmatch(behind):
        return last["word"] or "", False
    return last[0], bool(last["falling"] and not last["level"] and _LIGHTER.fullmatch(behind))


_WEAK = frozenset(("为", "是", "达", "达到"))
