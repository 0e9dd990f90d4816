// A map of units, or a tile each where nobody has drawn one. Labels, marks and fills' names are
// the server's: here they become places on paper.
(() => {
  "use strict";
  const GAP = 6;
  const SMALL = 12;
  const APART = 4; // pixels between labels of a small map

  function fills() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(`--map-${name}`).trim();
    return (shade) => ({ fill: get(shade || "none"), ink: get(`${shade || "none"}-ink`) });
  }
  // On a wall everything grows with the screen.
  const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const type = (spec, width, tools) => (spec.size && width >= tools.NARROW ? spec.size * scale() : SMALL);
  const label = (one) => `${one.mark ? `${one.mark} ` : ""}${one.value}`;
  const tip = (base, c) => ({ ...base(c).tooltip, trigger: "item", formatter: (at) => at.data && at.data.more });

  function bounds(shapes) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const one of shapes.features) {
      for (const [x, y] of one.geometry.coordinates.flat(2)) {
        west = Math.min(west, x); east = Math.max(east, x);
        south = Math.min(south, y); north = Math.max(north, y);
      }
    }
    return { west, south, east, north };
  }

  function map(spec, c, width, tools) {
    const of = fills(), edge = bounds(spec.shapes);
    // Degrees of longitude are shorter than those of latitude, away from the equator.
    const aspect = Math.cos(((edge.south + edge.north) / 2) * Math.PI / 180);
    const size = type(spec, width, tools), big = Math.round(size * 1.15);
    const narrow = width < tools.NARROW;
    echarts.registerMap("units", spec.shapes);
    const label_of = (one) => ({
      show: true, color: of(one.shade).ink, fontFamily: c.font, fontSize: size, minMargin: narrow ? APART : 0,
      formatter: `{n|${narrow ? one.short : one.name}}\n{v|${label(one)}}`,
      rich: {
        n: { fontSize: size, lineHeight: size + 5, color: of(one.shade).ink, fontFamily: c.font, align: "center" },
        v: { fontSize: big, lineHeight: big + 5, fontWeight: 600, color: of(one.shade).ink, fontFamily: c.font, align: "center" },
      },
    });
    return {
      ...tools.base(c),
      tooltip: spec.still ? { show: false } : tip(tools.base, c),
      series: [{
        type: "map", map: "units", aspectScale: aspect, preserveAspect: "contain",
        left: 4, right: 4, top: 6, bottom: 6, silent: Boolean(spec.still), selectedMode: false,
        // Small areas side by side, on a phone: one label gives way; the table names every unit.
        labelLayout: { hideOverlap: true },
        itemStyle: { areaColor: of("").fill, borderColor: c.paper, borderWidth: spec.still ? 3 : 2 },
        emphasis: { disabled: Boolean(spec.still), label: { show: true }, itemStyle: { borderColor: c.ink, borderWidth: 2 } },
        data: spec.units.map((one) => ({
          name: one.id, value: 0, more: one.more, url: one.url, label: label_of(one),
          itemStyle: { areaColor: of(one.shade).fill },
          emphasis: { itemStyle: { areaColor: of(one.shade).fill }, label: label_of(one) },
        })),
      }],
    };
  }

  function tiles(spec, c, width, tools) {
    const of = fills(), size = type(spec, width, tools), big = Math.round(size * 1.15);
    const across = Math.max(2, Math.min(spec.units.length, Math.floor(width / (size * 9))));
    const rows = Math.ceil(spec.units.length / across);
    return {
      ...tools.base(c),
      tooltip: spec.still ? { show: false } : tip(tools.base, c),
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: "value", min: 0, max: across, show: false },
      yAxis: { type: "value", min: 0, max: rows, inverse: true, show: false },
      series: [{
        type: "custom", silent: Boolean(spec.still),
        data: spec.units.map((one, index) => ({
          value: [index % across, Math.floor(index / across)], more: one.more, url: one.url,
        })),
        renderItem: (at, api) => {
          const one = spec.units[at.dataIndex], look = of(one.shade);
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const [wide, high] = api.size([1, 1]);
          const box = { x: x + GAP / 2, y: y + GAP / 2, width: wide - GAP, height: high - GAP };
          const text = (words, height, type, weight) => ({
            type: "text",
            style: { text: words, x: x + wide / 2, y: y + high / 2 + height, align: "center",
              verticalAlign: "middle", fill: look.ink, font: `${weight} ${type}px ${c.font}`,
              width: wide - 2 * GAP, overflow: "break" },
          });
          return {
            type: "group",
            children: [
              { type: "rect", shape: { ...box, r: 3 }, style: { fill: look.fill } },
              text(wide < size * 7 ? one.short : one.name, -size * 0.75, size, 400),
              text(label(one), size * 0.85, big, 600),
            ],
          };
        },
      }],
    };
  }

  window.deskCharts.add("map", map);
  window.deskCharts.add("tiles", tiles);

  // A unit opens its page; the table beside does the same by keyboard.
  document.querySelectorAll("[data-chart]").forEach((plot) => {
    const chart = echarts.getInstanceByDom(plot);
    if (chart) chart.on("click", (at) => at.data && at.data.url && location.assign(at.data.url));
  });
})();
