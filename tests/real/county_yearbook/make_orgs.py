"""Write rulebook/orgs/orgs.csv from the published list of division codes (CC0), once, by hand.

Usage: python make_orgs.py SHARED_FOLDER. Takes every division in force at some time of 2020,
so the yearbook of that year may name one that has ended since.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

LEVELS = {"省级": "province", "地级": "city", "县级": "county"}
YEAR = 2020


def main(shared: Path) -> None:
    source = shared / "data" / "admin-divisions" / "areacodes_history_1981_2024.csv"
    with source.open(encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if in_force(row)]
    cities = {
        (row["一级行政区"], row["名称"]): row["代码"] for row in rows if row["级别"] == "地级"
    }
    provinces = {row["名称"]: row["代码"] for row in rows if row["级别"] == "省级"}
    target = Path(__file__).parent / "rulebook" / "orgs" / "orgs.csv"
    with target.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n").writerow
        write(["id", "name", "level", "parent", "codes", "groups", "closed"])
        write(["cn", "全国", "nation", "", "", "", ""])
        for row in rows:
            level = LEVELS[row["级别"]]
            parent = {
                "province": "cn",
                "city": provinces[row["一级行政区"]],
                "county": cities.get(
                    (row["一级行政区"], row["二级行政区"]), provinces[row["一级行政区"]]
                ),
            }[level]
            code, start, end = row["代码"], row["启用时间"], row["变更/弃用时间"]
            group = "全国县域" if level == "county" else ""
            write([code, row["名称"], level, parent, f"{code}@{start}..{end}", group, end])


def in_force(row: dict[str, str]) -> bool:
    end = row["变更/弃用时间"]
    return (
        row["级别"] in LEVELS
        and int(row["启用时间"]) <= YEAR
        and (not end or int(end) >= YEAR)
        and row["状态"] != "变更"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
