// Small charts side by side on one scale, drawn as one picture.
(() => {
  "use strict";
  const WIDE = 168, HIGH = 104, HEAD = 24, SIDE = 6;
  const MARKS = { good: "● ", watch: "▲ ", behind: "■ " };

  function multiples(spec, c, width, tools) {
    const across = Math.max(2, Math.floor(width / WIDE));
    const wide = width / across;
    const place = (index) => ({ left: (index % across) * wide, top: Math.floor(index / across) * HIGH });
    const cells = spec.cells;
    const low = Number(spec.low), high = Number(spec.high);
    const hue = (one) => (one.light === "behind" ? c.bad : c.self);
    return {
      ...tools.base(c),
      tooltip: { ...tools.base(c).tooltip, trigger: "item", formatter: (at) => at.data.more },
      title: cells.map((one, index) => {
        const last = one.points[one.points.length - 1];
        return {
          left: place(index).left + SIDE, top: place(index).top + 2, padding: 0,
          text: `{n|${MARKS[one.light] || ""}${one.name}}  {v|${last ? last[2] : one.word}}`,
          textStyle: { width: wide - 2 * SIDE, overflow: "truncate",
            rich: { n: { color: c.ink2, fontSize: tools.TYPE, fontFamily: c.font },
              v: { color: c.ink, fontSize: tools.TYPE, fontWeight: 600, fontFamily: c.font } } },
        };
      }),
      grid: cells.map((_, index) => ({
        left: place(index).left + SIDE, top: place(index).top + HEAD, width: wide - 3 * SIDE, height: HIGH - HEAD - 10,
      })),
      xAxis: cells.map((_, index) => ({
        gridIndex: index, type: "value", min: 1, max: spec.months, show: false,
      })),
      yAxis: cells.map((_, index) => ({
        gridIndex: index, type: "value", min: low, max: high, show: false,
      })),
      series: cells.map((one, index) => ({
        type: "line", xAxisIndex: index, yAxisIndex: index, symbol: "circle", z: 3,
        symbolSize: (_, at) => (at.dataIndex === one.points.length - 1 ? 6 : 3),
        lineStyle: { color: c.peer, width: 1.6 }, itemStyle: { color: hue(one) },
        data: one.points.map(([month, text, told]) => ({
          value: [month, Number(text)], more: `${one.name}\n${spec.ticks[month] || ""}　${told}`,
        })),
        markLine: { symbol: "none", silent: true, lineStyle: { color: c.line, width: 1, type: "solid" },
          label: { show: false }, data: [{ yAxis: 0 }] },
      })),
    };
  }

  // As high as the rows need: there are as many as there are units.
  function fit() {
    document.querySelectorAll("[data-chart=multiples]").forEach((plot) => {
      const spec = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
      const across = Math.max(2, Math.floor(plot.clientWidth / WIDE));
      plot.style.height = `${Math.ceil(spec.cells.length / across) * HIGH + 4}px`;
    });
  }
  addEventListener("resize", fit, true);
  fit();
  window.deskCharts.add("multiples", multiples);
})();
