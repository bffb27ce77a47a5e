/** Draws the charts. Each is the picture of a table that stands beside it, so the drawing itself is hidden from assistive technology. */
import { BarChart, LineChart, SankeyChart, TreemapChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { readData } from "./chart-data.ts";
import { chartOption } from "./chart-options.ts";
import { look } from "./chart-theme.ts";
import { SCHEME_CHANGED } from "./switches.ts";

// The canvas renderer: the SVG one writes style attributes, which the site's Content-Security-Policy forbids.
use([BarChart, LineChart, SankeyChart, TreemapChart, GridComponent, TooltipComponent, CanvasRenderer]);

const ROW = 30;

export async function draw(place: HTMLElement): Promise<void> {
  const data = readData(place);
  const rows = Number(place.dataset.rows ?? "6");
  if (data.kind === "bar" || data.kind === "diverging") place.style.blockSize = `${rows * ROW + 34}px`;
  // Text is measured when it is drawn: the face has to be there first.
  await document.fonts.load(`16px ${getComputedStyle(place).fontFamily}`, "رصد Rasad").catch(() => []);
  const chart = init(place, null, { renderer: "canvas" });
  const paint = (): void => chart.setOption(chartOption(data, look(place), place.clientWidth), { notMerge: true });
  paint();
  follow(chart, place, paint);
}

function follow(chart: EChartsType, place: HTMLElement, paint: () => void): void {
  chart.on("click", (event) => {
    const url = (event.data as { url?: string } | null)?.url;
    if (url) location.assign(url);
  });
  document.addEventListener(SCHEME_CHANGED, paint);
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    chart.resize();
    paint();
  }).observe(place);
  matchMedia("print").addEventListener("change", paint);
  place.dataset.drawn = "";
}
