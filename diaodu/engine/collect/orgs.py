"""Whose figures: the org of a row, of a column, of a whole table."""

from __future__ import annotations

from datetime import date

from diaodu.engine.collect.axes import Axes, Segment
from diaodu.engine.collect.context import Surroundings
from diaodu.engine.collect.faults import Asked, Fault
from diaodu.engine.collect.names import Label, Names
from diaodu.engine.collect.plans import Planner
from diaodu.engine.collect.words import fold
from diaodu.engine.rules.models import Source
from diaodu.engine.rules.rulebook import Rulebook

_WHOLE_TEXT = {"nation": "全国", "province": "全省", "city": "全市", "county": "全县"}


class OrgFinder:
    """Finds the one org a figure belongs to, or the question that must be answered first.

    `axis_orgs` are the orgs named without doubt on the axes of the table. `on` is always the last
    day of the figure's period, None where that is open: only orgs and codes of that day count.
    """

    def __init__(
        self, names: Names, around: Surroundings, source: Source | None, planner: Planner,
        axes: Axes, axis_orgs: frozenset[str],
    ) -> None:  # fmt: skip
        self.names = names
        self.rulebook: Rulebook = names.rulebook
        self.around = around
        self.place = source.org if source else None
        self.planner = planner
        self.tallies = axes.tallies
        self.declared = axes.declared
        self.axis_orgs = axis_orgs

    def of_row(
        self, segment: Segment, whole: Label, said: dict[int, Label], on: date | None
    ) -> str | Asked:
        """The org a row is about: its id, empty where the row does not say, or the question."""
        return self._existing(self._named_in_row(segment, whole, said, on), on)

    def _named_in_row(
        self, segment: Segment, whole: Label, said: dict[int, Label], on: date | None
    ) -> str | Asked:
        places = [col for col, role in segment.stubs.items() if role in ("org", "code")]
        if len(places) == 1 and (org := self._plainly_named(segment, said, places[0])):
            return org
        subject = self._subject_column(segment, [c for c in places if c in said])
        if subject is None:
            if whole.orgs:
                return self._choose(whole.text, whole.orgs, (), on)
            return ""
        label = said[subject]
        codes = [said[c] for c in places if c in said and segment.stubs[c] == "code"]
        beside = [
            one
            for col in places
            if col in said and col != subject and segment.stubs[col] == "org"
            for ids in self.names.search_orgs(said[col].text)
            for one in ids
        ]
        if label.dropped:
            return ("dropped",), Fault("", "", "", dropped=label.dropped)
        if label.whole and not label.orgs and not label.rest:
            return self._whole_org(label, on)
        if segment.stubs[subject] == "code" or label.text.strip() in self.names.codes:
            return self._of_code(label, on)
        if not label.orgs or label.rest:
            if codes and codes[0].orgs:
                return self._of_code(codes[0], on)
            printed = label.unread or label.text
            return self.planner.unknown_name(printed, fold(printed), "org")
        if codes and codes[0].orgs:
            coded = self._coded(codes[0], on) or codes[0].orgs
            both = tuple(one for one in label.orgs if one in coded)
            if not both:
                return self._disagree(label, coded)
            return self._choose(label.text, both, tuple(beside), on)
        return self._choose(label.text, label.orgs, tuple(beside), on)

    def _plainly_named(self, segment: Segment, said: dict[int, Label], col: int) -> str:
        """As nearly all rows name it: in the one column of orgs, by a name of one org only."""
        label = said.get(col)
        if label is None or len(label.orgs) != 1 or label.rest or label.dropped:
            return ""
        is_code = segment.stubs[col] == "code" or label.text.strip() in self.names.codes
        return "" if is_code else label.orgs[0]

    # -- codes -------------------------------------------------------------------------------------
    def _of_code(self, label: Label, on: date | None) -> str | Asked:
        if not label.orgs:
            return self.planner.unknown_name(label.text, fold(label.text), "org")
        coded = self._coded(label, on)
        if coded:
            return self._choose(label.text, coded, (), on)
        listed = "、".join(self._full_name(one) for one in label.orgs)
        return ("code", label.text), Fault(
            "unknown_org",
            f"代码“{label.text}”（{listed}）在这一统计期不在用，不知道是哪个单位的数据",
            "请改用当时的代码或写单位名称；代码的使用时段有误的，请改 orgs 里该单位的 codes",
            expected=listed, found=label.text, discriminator=label.text,
        )  # fmt: skip

    def _coded(self, label: Label, on: date | None) -> tuple[str, ...]:
        """The orgs that bear a code on a day."""
        text = fold(label.text)
        return tuple(
            org
            for org in label.orgs
            if any(
                fold(code.code) == text and (on is None or code.holds_on(on))
                for code in self.rulebook.orgs[org].codes
            )
        )

    # -- orgs come and go --------------------------------------------------------------------------
    def _living(self, orgs: tuple[str, ...], on: date | None) -> tuple[str, ...]:
        """Those that exist on a day; all of them where none does (that is then asked about)."""
        if on is None:
            return orgs
        return tuple(one for one in orgs if self.rulebook.orgs[one].exists_on(on)) or orgs

    def _existing(self, org: str | Asked, on: date | None) -> str | Asked:
        """The org, or the question why an org has a figure for a time in which it was not."""
        if on is None or not org or isinstance(org, tuple):
            return org
        known = self.rulebook.orgs[org]
        if known.exists_on(on):
            return org
        heirs = "、".join(f"“{self._full_name(one)}”" for one in self._namesakes(org, on))
        if known.closed is not None and known.closed < on:
            state = f"“{known.name}”已于{_day(known.closed)}撤销，这里还有它在那以后的数"
        else:
            assert known.opened is not None
            state = f"“{known.name}”{_day(known.opened)}才设立，这里有它在那以前的数"
        return ("gone", org), Fault(
            "unknown_org",
            state + (f"；那时同名或同代码的单位是{heirs}" if heirs else ""),
            "请核对单位和统计期：数应归到别的单位的，改写单位名称后重新报送；"
            "日期有误的，请改 orgs 里该单位的 opened 或 closed",
            org=org, expected=heirs, found=known.name, discriminator=org,
        )  # fmt: skip

    def _namesakes(self, org: str, on: date) -> list[str]:
        """Orgs of that day that bear a name or code of this one."""
        mine = self._signs(org)
        return [
            other.id
            for other in self.rulebook.orgs.values()
            if other.id != org and other.exists_on(on) and mine & self._signs(other.id)
        ]

    def _signs(self, org: str) -> set[str]:
        known = self.rulebook.orgs[org]
        signs = (known.name, *known.aliases, *(code.code for code in known.codes))
        return {fold(sign) for sign in signs}

    # -- names -------------------------------------------------------------------------------------
    def _subject_column(self, segment: Segment, cols: list[int]) -> int | None:
        """The column a source names; else, of province, city and county columns, the one with
        most different names is what the rows are about."""
        orgs = [col for col in cols if segment.stubs[col] == "org"]
        declared = [col for col in orgs if self.declared.get(col) == "org"]
        if declared:
            return declared[0]
        if not orgs:
            return cols[0] if cols else None
        return max(orgs, key=lambda col: (len(self.tallies[col].texts), col))

    def _choose(
        self, text: str, candidates: tuple[str, ...], beside: tuple[str, ...], on: date | None
    ) -> str | Asked:
        found = self.names.narrow(candidates, beside)
        if len(found) > 1:
            found = self._living(self.names.narrow(found, self.around.around), on)
        if len(found) == 1:
            return found[0]
        listed = "、".join(self._full_name(one) for one in found)
        return ("ambiguous_name", text), Fault(
            "ambiguous_name",
            f"“{text}”有几个同名单位：{listed}，不能确定是哪一个",
            "请在旁边一列或标题写明上级单位，或加一列代码，或在 sources 里补一条：\n"
            + self.planner.propose(f'rename: {{"{text}": ?}}'),
            expected=listed, found=text, discriminator=text,
        )  # fmt: skip

    def _full_name(self, org: str) -> str:
        above = self.rulebook.ancestors(org)
        return (above[0].name if above else "") + self.rulebook.orgs[org].name

    def _disagree(self, label: Label, coded: tuple[str, ...]) -> Asked:
        listed = "、".join(self._full_name(one) for one in coded)
        return ("ambiguous_name", label.text, "code"), Fault(
            "ambiguous_name",
            f"名称“{label.text}”与同一行的代码（{listed}）不是同一个单位",
            "请核对名称和代码，改正后重新报送；单位改过名的，请在 orgs 里补上旧名 aliases "
            "或代码沿革 codes",
            expected=listed, found=label.text, discriminator=label.text,
        )  # fmt: skip

    def _whole_org(self, label: Label, on: date | None) -> str | Asked:
        """全县 among townships is the county they share; else the only one that may be meant."""
        of_level = [o.id for o in self.rulebook.orgs.values() if o.level == label.whole]
        named = self.axis_orgs | self.around.around
        shared = [
            one
            for one in of_level
            if one in named or any(self.names.is_below(other, one) for other in named)
        ]
        found = self._living(tuple(shared) or self.names.whole_of(label.whole), on)
        if len(found) == 1:
            return found[0]
        return ("ambiguous_name", label.text), Fault(
            "ambiguous_name",
            f"“{label.text}”指哪个单位没有写明"
            if found
            else f"规则库里没有“{label.text}”这一级单位",
            "请写全称，或在 sources 里补一条：\n"
            + self.planner.propose(f'rename: {{"{label.text}": ?}}'),
            found=label.text, discriminator=label.text,
        )  # fmt: skip

    def of_figure(
        self, head: Label, row_org: str | Asked, indicator: str, on: date | None
    ) -> str | Asked:
        """The org of a figure under this head, in a row that is about `row_org` (or says none)."""
        return self._existing(self._named_over(head, row_org, indicator, on), on)

    def _named_over(
        self, head: Label, row_org: str | Asked, indicator: str, on: date | None
    ) -> str | Asked:
        place = self.place
        if place is not None and place.fixed:
            return self._fixed(place.fixed, on)
        if place is None or not place.title:
            if row_org and (head.orgs or head.whole):
                return self._both_axes(head)
            if row_org:
                return row_org
            if head.orgs:
                return self._choose(head.text, head.orgs, (), on)
            if head.whole:
                return self._whole_org(head, on)
        return self._surrounding_org(indicator, on)

    def _fixed(self, name: str, on: date | None) -> str | Asked:
        if name in self.rulebook.orgs:
            return name
        found = self.names.label(name).orgs
        if found:
            return self._choose(name, found, (), on)
        return self.planner.unknown_name(name, name, "org")

    def _both_axes(self, head: Label) -> Asked:
        return ("ambiguous_name", head.text, "both"), Fault(
            "ambiguous_name", f"“{head.text}”一列和左边的行名都写了单位，不能确定是哪一个",
            "请在 sources 里补一条，写明单位在哪里：\n"
            + self.planner.propose("org: {column: ?}"),
            found=head.text, discriminator=head.text,
        )  # fmt: skip

    def _surrounding_org(self, indicator: str, on: date | None) -> str | Asked:
        around = self.around
        living = self._living(around.orgs or around.orgs_open, on)
        if len(living) == 1:
            org = living[0]
            known = self.rulebook.indicators.get(indicator)
            if known is None or known.owner != org:
                return org
        elif around.orgs_open:
            listed = "、".join(self._full_name(one) for one in around.orgs_open)
            return ("orgs_open",), Fault(
                "ambiguous_name", f"标题或名称里有几个单位：{listed}，不能确定是谁的数据",
                "请在标题写明单位，或在 sources 里补一条：\n"
                + self.planner.propose("org: {fixed: ?}"),
                expected=listed,
            )  # fmt: skip
        elif around.whole:
            return self._whole_org(Label(text=_WHOLE_TEXT[around.whole], whole=around.whole), on)
        return ("unknown_org", ""), Fault(
            "unknown_org", "这张表没有写明是哪个单位的数据",
            "请在标题、工作表名或文件名里写明单位，或在 sources 里补一条：\n"
            + self.planner.propose("org: {fixed: ?}"),
        )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
