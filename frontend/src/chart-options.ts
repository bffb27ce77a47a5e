/** From a chart's data and the page's look to ECharts' options; one function per kind. */
import type { EChartsCoreOption } from "echarts/core";

import type { ChartData, Flow, Item, Node } from "./chart-data.ts";
import { inkOn, type Look } from "./chart-theme.ts";

type Option = EChartsCoreOption;

export function chartOption(data: ChartData, look: Look, width: number): Option {
  return { ...common(look), ...kinds[data.kind](data, look, width) };
}

const kinds: Record<ChartData["kind"], (data: ChartData, look: Look, width: number) => Option> = {
  bar,
  diverging,
  stacked,
  line,
  treemap,
  sankey,
};

function common(look: Look): Option {
  return {
    animation: !look.still,
    animationDuration: 350,
    textStyle: { fontFamily: look.font, color: look.ink },
  };
}

/** Its content is built of elements, never of HTML text: a style attribute in such text would break the site's policy. */
function tooltip(look: Look, more: Record<string, unknown>): Record<string, unknown> {
  return {
    confine: true,
    className: "chart-tip",
    backgroundColor: look.ground,
    borderColor: look.ink,
    borderWidth: 1,
    padding: [6, 12],
    textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13 },
    extraCssText: "border-radius: 0; box-shadow: none",
    transitionDuration: 0,
    ...more,
  };
}

/** A heading and one line per figure; each line's text keeps its own direction. */
function tip(title: string, lines: [string, string][]): HTMLElement {
  const box = document.createElement("div");
  box.dir = document.documentElement.dir;
  const head = box.appendChild(document.createElement("p"));
  head.className = "chart-tip-title";
  head.textContent = title;
  const list = box.appendChild(document.createElement("dl"));
  for (const [name, value] of lines) {
    if (name) list.appendChild(document.createElement("dt")).textContent = name;
    const figure = list.appendChild(document.createElement("dd"));
    figure.textContent = value;
    if (name) figure.className = "num";
  }
  return box;
}

const itemTip = ({ data: item }: { data: Item }): HTMLElement => tip(item.name, [["", item.text]]);

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** The fill of a class; what nobody could classify is hatched, here as everywhere. */
function fill(cls: string, look: Look): Record<string, unknown> {
  if (!cls) return { color: look.accent };
  const hatch = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: look.ground };
  return { color: look.colour(cls), ...(cls === "unknown" ? { decal: hatch } : {}) };
}

/** A whole tile of it: fine lines on paper, so that the words on it stay legible. */
function gap(look: Look): Record<string, unknown> {
  const lines = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 8], rotation: -Math.PI / 4, color: look.colour("unknown") };
  return { color: look.ground, decal: lines };
}

const valueAxis = (look: Look): Record<string, unknown> => ({
  type: "value",
  splitNumber: 4,
  axisLabel: { formatter: (value: number) => look.number(value), color: look.quiet, fontSize: 12, hideOverlap: true },
  splitLine: { lineStyle: { color: look.rule } },
  axisLine: { show: false },
  axisTick: { show: false },
});

const nameAxis = (look: Look, names: string[]): Record<string, unknown> => ({
  type: "category",
  data: names,
  axisLine: { lineStyle: { color: look.ink } },
  axisTick: { show: false },
  axisLabel: { color: look.ink, fontSize: 13 },
});

function bar(data: ChartData, look: Look, width: number): Option {
  const narrow = width < 480;
  // Room for the labels at the ends of the bars, within reason.
  const room = Math.min(look.width(data.items.map((item) => item.text)) + 10, width * 0.35);
  return {
    grid: { top: 0, bottom: 26, left: look.rtl ? room : 4, right: look.rtl ? 4 : room, containLabel: true },
    tooltip: tooltip(look, { trigger: "item", formatter: itemTip }),
    xAxis: { ...valueAxis(look), inverse: look.rtl },
    yAxis: {
      ...nameAxis(look, data.items.map((item) => item.name)),
      inverse: true,
      position: look.rtl ? "right" : "left",
      axisLabel: {
        color: look.ink,
        fontSize: 12,
        // Long names break into two lines, so that names with the same beginning stay apart.
        width: Math.round(width * (narrow ? 0.34 : 0.4)),
        overflow: "break",
        lineHeight: 14,
        formatter: (name: string) => shorten(name, narrow ? 40 : 56),
      },
    },
    series: [
      {
        type: "bar",
        barWidth: 14,
        data: data.items.map((item) => ({ ...item, itemStyle: fill(item.cls, look) })),
        label: {
          show: true,
          position: look.rtl ? "left" : "right",
          formatter: ({ data: item }: { data: Item }) => item.text,
          color: look.ink,
          fontSize: 12,
        },
        cursor: data.items.some((item) => item.url) ? "pointer" : "default",
      },
    ],
  };
}

/** Bars to both sides of nought: more in the direction of reading, in the accent; less the other way, in ink. Each says its figure with its sign. */
function diverging(data: ChartData, look: Look, width: number): Option {
  const narrow = width < 480;
  const names = nameAxis(look, data.items.map((item) => item.name));
  const labels = (side: (value: number) => boolean): number => {
    const texts = data.items.filter((item) => side(item.value)).map((item) => item.text);
    return texts.length ? Math.min(look.width(texts) + 12, width * 0.3) : 8;
  };
  const [more, less] = [labels((value) => value >= 0), labels((value) => value < 0)];
  const outside = (value: number): string => ((value < 0) === look.rtl ? "right" : "left");
  return {
    grid: { top: 0, bottom: 26, left: look.rtl ? more : 4, right: look.rtl ? 4 : more, containLabel: true },
    tooltip: tooltip(look, { trigger: "item", formatter: itemTip }),
    xAxis: { ...valueAxis(look), inverse: look.rtl },
    yAxis: [
      {
        ...names,
        inverse: true,
        position: look.rtl ? "right" : "left",
        axisLine: { show: false, onZero: false },
        // Names stand on the side of what shrank: its figures have their room between bars and names.
        axisLabel: { color: look.ink, fontSize: 13, margin: less, formatter: (name: string) => shorten(name, narrow ? 16 : 28) },
      },
      // A second axis without words draws the line of nought.
      { ...names, inverse: true, axisLabel: { show: false }, axisLine: { onZero: true, lineStyle: { color: look.ink } } },
    ],
    series: [
      {
        type: "bar",
        barWidth: 14,
        data: data.items.map((item) => ({
          ...item,
          itemStyle: { color: item.value < 0 ? look.quiet : look.accent },
          label: { position: outside(item.value) },
        })),
        label: { show: true, formatter: ({ data: item }: { data: Item }) => item.text, color: look.ink, fontSize: 12 },
        cursor: data.items.some((item) => item.url) ? "pointer" : "default",
      },
    ],
  };
}

/** What a category holds: every series' text, in the order of the legend. */
function categoryTip(data: ChartData): (points: { dataIndex: number }[]) => HTMLElement {
  return (points) => {
    const index = points[0]?.dataIndex ?? 0;
    const known = data.series.filter((one) => one.values[index] !== null && one.values[index] !== undefined);
    return tip(data.categories[index] ?? "", known.map((one) => [one.name, one.texts[index] ?? ""]));
  };
}

function overYears(data: ChartData, look: Look): Option {
  return {
    grid: { top: 12, bottom: 4, left: 4, right: 4, containLabel: true },
    tooltip: tooltip(look, { trigger: "axis", axisPointer: { type: "line", lineStyle: { color: look.quiet } }, formatter: categoryTip(data) }),
    // Years run the way the text runs.
    xAxis: { ...nameAxis(look, data.categories), inverse: look.rtl },
    yAxis: { ...valueAxis(look), position: look.rtl ? "right" : "left" },
  };
}

function stacked(data: ChartData, look: Look): Option {
  return {
    ...overYears(data, look),
    series: data.series.map((one) => ({
      type: "bar",
      name: one.name,
      stack: "all",
      barMaxWidth: 56,
      data: [...one.values],
      itemStyle: { ...fill(one.cls, look), borderColor: look.ground, borderWidth: 1 },
    })),
  };
}

// The same dashes as in figures.css.
const DASHES = ["solid", [7, 4], [2, 3], [8, 3, 2, 3], [2, 6], [12, 4]] as const;
const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"] as const;

function line(data: ChartData, look: Look): Option {
  return {
    ...overYears(data, look),
    series: data.series.map((one, i) => {
      const colour = one.cls ? look.colour(one.cls) : i === 0 ? look.accent : i === 1 ? look.ink : look.quiet;
      return {
        type: "line",
        name: one.name,
        data: [...one.values],
        connectNulls: false,
        // Colour is never alone: each line has its own dash and mark.
        symbol: MARKS[i % MARKS.length],
        symbolSize: 8,
        lineStyle: { color: colour, width: 2, type: DASHES[i % DASHES.length] },
        itemStyle: { color: colour },
      };
    }),
  };
}

function treemap(data: ChartData, look: Look): Option {
  return {
    tooltip: tooltip(look, { trigger: "item", formatter: itemTip }),
    series: [
      {
        type: "treemap",
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        itemStyle: { gapWidth: 2, borderWidth: 0, borderColor: look.ground },
        data: data.items
          .filter((item) => item.value > 0)
          .map((item) => {
            const colour = item.cls ? look.colour(item.cls) : look.accent;
            if (item.cls === "unknown") return { ...item, itemStyle: gap(look), label: { color: look.ink } };
            return { ...item, itemStyle: { color: colour }, label: { color: inkOn(colour) } };
          }),
        label: {
          position: look.rtl ? "insideTopRight" : "insideTopLeft",
          align: look.rtl ? "right" : "left",
          fontSize: 13,
          lineHeight: 20,
          padding: [4, 6],
          overflow: "truncate",
          formatter: ({ data: item }: { data: Item }) => `${item.name}\n${item.text}`,
        },
      },
    ],
  };
}

/** Money flowing the way the text runs: ECharts draws from left to right only, so for Persian every flow is turned round. */
function sankey(data: ChartData, look: Look, width: number): Option {
  const names = new Map(data.nodes.map((node) => [node.key, node.name]));
  const deepest = Math.max(0, ...data.nodes.map((node) => node.depth));
  const narrow = width < 480;
  const text = (found: { dataType?: string; data: Node & Flow; name: string }): HTMLElement =>
    found.dataType === "edge"
      ? tip(`${names.get(look.rtl ? found.data.target : found.data.source)} ← ${names.get(look.rtl ? found.data.source : found.data.target)}`, [["", found.data.text]])
      : tip(names.get(found.name) ?? "", []);
  return {
    tooltip: tooltip(look, { trigger: "item", formatter: text }),
    series: [
      {
        type: "sankey",
        left: 4,
        right: 4,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: narrow ? 6 : 10,
        layoutIterations: 32,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: data.nodes.map((node) => {
          const depth = look.rtl ? deepest - node.depth : node.depth;
          return {
            name: node.key,
            url: node.url,
            depth,
            itemStyle: { ...fill(node.cls, look), borderWidth: 0 },
            // The last column has no room beyond it: its words stand inside.
            label: { position: depth === deepest ? "left" : "right" },
          };
        }),
        links: data.flows.map((flow) => ({
          ...flow,
          source: look.rtl ? flow.target : flow.source,
          target: look.rtl ? flow.source : flow.target,
        })),
        lineStyle: { color: look.quiet, opacity: 0.22, curveness: 0.5 },
        label: {
          color: look.ink,
          fontSize: 12,
          formatter: ({ name }: { name: string }) => shorten(names.get(name) ?? name, narrow ? 14 : 30),
        },
      },
    ],
  };
}
