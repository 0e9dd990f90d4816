"""Whose figures: the org of a row, of a column, of a whole table."""

from __future__ import annotations

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

    `axis_orgs` are the orgs named without doubt on the axes of the table.
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

    def of_row(self, segment: Segment, whole: Label, said: dict[int, Label]) -> str | Asked:
        """The org a row is about: its id, empty where the row does not say, or the question."""
        places = [col for col, role in segment.stubs.items() if role in ("org", "code")]
        subject = self._subject_column(segment, [c for c in places if c in said])
        if subject is None:
            if whole.orgs:
                return self._choose(whole.text, whole.orgs, ())
            return ""
        label = said[subject]
        codes = [said[c].orgs for c in places if c in said and segment.stubs[c] == "code"]
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
            return self._whole_org(label)
        coded = codes[0] if codes and segment.stubs[subject] != "code" else ()
        if not label.orgs or label.rest:
            if len(coded) == 1:
                return coded[0]
            printed = label.unread or label.text
            return self.planner.unknown_name(printed, fold(printed), "org")
        if coded:
            both = tuple(one for one in label.orgs if one in coded)
            if not both:
                return self._disagree(label, coded)
            return self._choose(label.text, both, tuple(beside))
        return self._choose(label.text, label.orgs, tuple(beside))

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
        self, text: str, candidates: tuple[str, ...], beside: tuple[str, ...]
    ) -> str | Asked:
        found = self.names.narrow(candidates, beside)
        if len(found) > 1:
            found = self.names.narrow(found, self.around.around)
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

    def _whole_org(self, label: Label) -> str | Asked:
        """全县 among townships is the county they share; else the only one of its level."""
        orgs = self.rulebook.orgs
        of_level = [one.id for one in orgs.values() if one.level == label.whole]
        named = self.axis_orgs | self.around.around
        shared = [
            one
            for one in of_level
            if one in named or any(self.names.is_below(other, one) for other in named)
        ]
        found = shared or of_level
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

    def of_figure(self, head: Label, row_org: str | Asked, indicator: str) -> str | Asked:
        """The org of a figure under this head, in a row that is about `row_org` (or says none)."""
        place = self.place
        if place is not None and place.fixed:
            return self._fixed(place.fixed)
        if place is None or not place.title:
            if row_org and (head.orgs or head.whole):
                return self._both_axes(head)
            if row_org:
                return row_org
            if head.orgs:
                return self._choose(head.text, head.orgs, ())
            if head.whole:
                return self._whole_org(head)
        return self._surrounding_org(indicator)

    def _fixed(self, name: str) -> str | Asked:
        if name in self.rulebook.orgs:
            return name
        found = self.names.label(name).orgs
        if found:
            return self._choose(name, found, ())
        return self.planner.unknown_name(name, name, "org")

    def _both_axes(self, head: Label) -> Asked:
        return ("ambiguous_name", head.text, "both"), Fault(
            "ambiguous_name", f"“{head.text}”一列和左边的行名都写了单位，不能确定是哪一个",
            "请在 sources 里补一条，写明单位在哪里：\n"
            + self.planner.propose("org: {column: ?}"),
            found=head.text, discriminator=head.text,
        )  # fmt: skip

    def _surrounding_org(self, indicator: str) -> str | Asked:
        around = self.around
        if len(around.orgs) == 1:
            org = around.orgs[0]
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
            return self._whole_org(Label(text=_WHOLE_TEXT[around.whole], whole=around.whole))
        return ("unknown_org", ""), Fault(
            "unknown_org", "这张表没有写明是哪个单位的数据",
            "请在标题、工作表名或文件名里写明单位，或在 sources 里补一条：\n"
            + self.planner.propose("org: {fixed: ?}"),
        )  # fmt: skip
