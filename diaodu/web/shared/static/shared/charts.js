// Draws the charts of a page from its JSON blocks. All texts, labels and gates are the server's:
// here numbers only become places on paper.
(() => {
  "use strict";
  const drawn = new Map(); // plot element → chart
  const TYPE = 12;
  const NARROW = 520; // pixels: a phone

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      ink: get("ink"), ink2: get("ink2"), ink3: get("ink3"), line: get("line2"), hair: get("hair"),
      self: get("self"), peer: get("peer"), bad: get("bad"), paper: get("paper"), font: get("font"),
    };
  }

  const ROLES = {
    self: (c) => ({ color: c.self, width: 2.4, type: "solid", text: c.self, weight: 600, z: 5 }),
    last: (c) => ({ color: c.peer, width: 1.5, type: "solid", text: c.ink3, weight: 400, z: 1 }),
    peer: (c) => ({ color: c.peer, width: 1.5, type: "solid", text: c.ink3, weight: 400, z: 1 }),
    pace: (c) => ({ color: c.ink2, width: 1.2, type: [2, 3], text: c.ink, weight: 600, z: 2 }),
    need: (c) => ({ color: c.self, width: 1.2, type: [5, 4], text: c.self, weight: 400, z: 3 }),
  };
  const axis = (c) => ({
    axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false },
    axisLabel: { color: c.ink3, fontSize: TYPE, fontFamily: c.font },
  });
  const valueAxis = (c) => ({
    type: "value", ...axis(c), axisLine: { show: false }, splitNumber: 3,
    splitLine: { lineStyle: { color: c.hair } },
  });
  const base = (c) => ({
    animation: false,
    textStyle: { fontFamily: c.font, fontSize: TYPE },
    tooltip: {
      renderMode: "richText", backgroundColor: c.paper, borderColor: c.line, borderWidth: 1,
      textStyle: { color: c.ink, fontSize: 13, fontFamily: c.font }, confine: true,
    },
  });

  // A point below its neighbours bears its label underneath, where no line runs.
  function isLow(points, index) {
    const at = (place) => (points[place] ? Number(points[place][1]) : Infinity);
    return at(index) < at(index - 1) && at(index) < at(index + 1);
  }

  function line(spec, one, c, narrow) {
    const look = ROLES[one.role](c);
    const said = one.role === "self" && one.marks;
    return {
      type: "line", name: one.name, z: look.z,
      data: one.points.map(([x, y], index) => ({
        value: [x, y === null ? null : Number(y)],
        label: said ? { position: isLow(one.points, index) ? "bottom" : "top" } : undefined,
      })),
      symbol: one.role === "self" ? "circle" : "none", symbolSize: 5, connectNulls: false,
      lineStyle: { color: look.color, width: look.width, type: look.type },
      itemStyle: { color: look.color },
      label: said
        ? { show: true, fontSize: TYPE, color: look.text,
            formatter: (at) => (at.dataIndex === one.points.length - 1 ? "" : one.points[at.dataIndex][2]) }
        : { show: false },
      endLabel: one.end
        ? { show: true, formatter: one.end, color: look.text, fontSize: TYPE, fontWeight: look.weight,
            textBorderColor: c.paper, textBorderWidth: 3,
            distance: 6, offset: one.role === "self" && !said ? [4, 14] : [0, 0] }
        : { show: false },
      labelLayout: { moveOverlap: "shiftY" },
      markLine: one.role === "self" ? marks(spec, c, narrow) : undefined,
      markPoint: one.role === "self" && spec.notes ? notes(spec, one, c) : undefined,
    };
  }
  // A ring with a count around each point that somebody has remarked on.
  function notes(spec, one, c) {
    const at = new Map(one.points.map(([x, y]) => [x, Number(y)]));
    return {
      symbol: "circle", symbolSize: 18, silent: true,
      itemStyle: { color: c.paper, borderColor: c.ink2, borderWidth: 1.2 },
      label: { color: c.ink, fontSize: TYPE, fontFamily: c.font },
      // On the side where the point bears no label.
      data: spec.notes.filter(([x]) => at.has(x)).map(([x, count]) => ({
        coord: [x, at.get(x)], label: { formatter: count },
        symbolOffset: [0, one.marks && !isLow(one.points, one.points.findIndex(([m]) => m === x)) ? 17 : -17],
      })),
    };
  }
  function marks(spec, c, narrow) {
    const gates = (spec.gates || []).map(([at, name]) => ({
      xAxis: at, name, lineStyle: { color: c.line, type: "solid", width: 1 },
      label: { position: "end", distance: 4, color: c.ink2, fontSize: TYPE,
        formatter: narrow ? name.replace("：", "\n") : name },
    }));
    const levels = (spec.levels || []).map(([at, name]) => ({
      yAxis: Number(at), name, lineStyle: { color: c.ink2, type: [5, 4], width: 1.2 },
      label: { position: "end", color: c.ink, fontSize: TYPE, fontWeight: 600, formatter: name },
    }));
    return { symbol: "none", silent: true, data: [...gates, ...levels] };
  }

  // A level that lies beyond all points is drawn too, and where gates have their names, below these.
  function reach(spec) {
    const levels = (spec.levels || []).map(([at]) => Number(at));
    const points = spec.series.flatMap((one) => one.points.map(([, at]) => Number(at)));
    const low = Math.floor(Math.min(...levels)), high = Math.ceil(Math.max(...levels));
    const over = spec.gates ? 1 : 0;
    return {
      ...(levels.length && low < Math.min(...points) && { min: low }),
      ...(levels.length && high + over > Math.max(...points) && { max: high + over }),
    };
  }

  // Months of a year on a value axis: 1—2月 is one point and lies on February.
  function months(spec, c, width) {
    const narrow = width < NARROW;
    const told = (at) => {
      const here = at[0].axisValue;
      const lines = spec.series.flatMap((one) =>
        one.points.filter(([x]) => x === here).map((point) => `${one.name}　${point[2]}`));
      const notes = (spec.notes || []).filter(([x]) => x === here).map(([, , told]) => told);
      return [spec.ticks[here] || "", ...lines, ...notes].join("\n");
    };
    return {
      ...base(c),
      tooltip: { ...base(c).tooltip, trigger: "axis", formatter: told, axisPointer: { lineStyle: { color: c.line } } },
      grid: { left: narrow ? 40 : 56, right: narrow ? 88 : 140, top: narrow ? 48 : 34, bottom: 26 },
      xAxis: {
        type: "value", min: spec.ticks[1] ? 0 : 1, max: 12, interval: 1, ...axis(c), splitLine: { show: false },
        axisLabel: { ...axis(c).axisLabel, interval: 0,
          formatter: (at) => (narrow && at % 3 ? "" : spec.ticks[at] || "") },
      },
      yAxis: { ...valueAxis(c), scale: !spec.zero, minInterval: spec.step || 0, ...reach(spec) },
      series: spec.series.map((one) => line(spec, one, c, narrow)),
    };
  }

  // Parts of a change, one beside the other, from zero to the whole.
  function waterfall(spec, c, width) {
    const across = Math.max(2, Math.floor((width - 80) / (spec.parts.length + 1) / TYPE - 0.6));
    const wrapped = (name) => name.replace(new RegExp(`(.{${across}})(?=.)`, "gu"), "$1\n");
    const hatch = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -0.785, color: c.bad };
    const spans = spec.parts.map((_, index) => {
      const before = spec.parts.slice(0, index).reduce((sum, part) => sum + Number(part[1]), 0);
      return [before, before + Number(spec.parts[index][1])];
    });
    const whole = [0, Number(spec.total[1])];
    const rows = [...spans, whole];
    const texts = [...spec.parts, spec.total];
    return {
      ...base(c),
      tooltip: { show: false },
      grid: { left: 56, right: 18, top: 24, bottom: 64 },
      xAxis: {
        type: "category", data: texts.map(([name]) => name), ...axis(c),
        axisLabel: { ...axis(c).axisLabel, interval: 0, color: c.ink2,
          formatter: wrapped },
      },
      yAxis: valueAxis(c),
      series: [{
        type: "custom", encode: { x: 0, y: [1, 2] },
        data: rows.map(([from, to], index) => [index, from, to]),
        renderItem: (_, api) => {
          const index = api.value(0), from = api.value(1), to = api.value(2);
          const top = api.coord([index, Math.max(from, to)]);
          const bottom = api.coord([index, Math.min(from, to)]);
          const width = api.size([1, 0])[0] * 0.56;
          const last = index === rows.length - 1;
          const falls = to < from && !last;
          return {
            type: "group",
            children: [
              { type: "rect",
                shape: { x: top[0] - width / 2, y: top[1], width, height: Math.max(bottom[1] - top[1], 1) },
                style: falls
                  ? { fill: c.paper, stroke: c.bad, lineWidth: 1.5, decal: hatch }
                  : { fill: last ? c.ink : c.self } },
              { type: "text",
                style: { text: texts[index][2], x: top[0], y: top[1] - 4, align: "center",
                  verticalAlign: "bottom", fill: falls ? c.bad : c.ink, font: `${TYPE}px ${c.font}` } },
            ],
          };
        },
      }],
    };
  }

  const KINDS = { months, waterfall };
  const TOOLS = { base, axis, valueAxis, TYPE, NARROW };

  function draw(plot) {
    const spec = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    if (!KINDS[spec.kind]) return; // its script comes after this one
    const chart = drawn.get(plot) || echarts.init(plot, null, { renderer: "canvas" });
    drawn.set(plot, chart);
    chart.setOption(KINDS[spec.kind](spec, colours(), plot.clientWidth, TOOLS), true);
    chart.resize();
  }
  // A page that brings itself up to date for days must not keep what it drew before.
  function drawAll() {
    drawn.forEach((chart, plot) => {
      if (plot.isConnected) return;
      chart.dispose();
      drawn.delete(plot);
    });
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  // A picture for a paper, twice as fine: heading and unit over the chart, what it is of below.
  const MARGIN = 16, OVER = 40, UNDER = 34;
  function picture(plot) {
    const figure = plot.closest(".chart"), c = colours(), fine = 2;
    const drawing = drawn.get(plot).renderToCanvas({ pixelRatio: fine, backgroundColor: c.paper });
    const paper = document.createElement("canvas");
    paper.width = drawing.width + 2 * MARGIN * fine;
    paper.height = drawing.height + (OVER + UNDER) * fine;
    const pen = paper.getContext("2d");
    pen.fillStyle = c.paper;
    pen.fillRect(0, 0, paper.width, paper.height);
    pen.drawImage(drawing, MARGIN * fine, OVER * fine);
    pen.scale(fine, fine);
    const width = drawing.width / fine;
    const [heading, unit] = [figure.querySelector("figcaption").firstChild, figure.querySelector("small")];
    pen.fillStyle = c.ink;
    pen.font = `600 16px ${c.font}`;
    const title = heading.textContent.trim();
    pen.fillText(title, MARGIN, 27, width);
    const after = MARGIN + pen.measureText(title).width + 8;
    pen.fillStyle = c.ink3;
    pen.font = `13px ${c.font}`;
    pen.fillText(unit ? unit.textContent : "", after, 27, Math.max(width - after, 1));
    pen.fillText(figure.dataset.told, MARGIN, paper.height / fine - 14, width);
    return paper;
  }
  function save(button) {
    picture(button.closest(".chart").querySelector("[data-chart]")).toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${button.dataset.saveChart}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save-chart]");
    if (button) save(button);
  });
  document.addEventListener("htmx:afterSwap", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  matchMedia("print").addEventListener("change", drawAll);
  addEventListener("resize", drawAll);
  // A room's own kinds of chart: its script is loaded after this one.
  window.deskCharts = {
    add(kind, build) {
      KINDS[kind] = build;
      drawAll();
    },
  };
  drawAll();
})();
