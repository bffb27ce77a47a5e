/** The shape of the JSON beside a chart; written by `rasad.web.theme.charts`. */

export interface Item {
  name: string;
  value: number;
  text: string;
  cls: string;
  url: string;
}

export interface Series {
  name: string;
  values: (number | null)[];
  texts: string[];
  cls: string;
}

export interface Node {
  key: string;
  name: string;
  cls: string;
  url: string;
  depth: number;
}

export interface Flow {
  source: string;
  target: string;
  value: number;
  text: string;
}

export interface ChartData {
  kind: "bar" | "diverging" | "stacked" | "treemap" | "line" | "sankey";
  unit: string;
  items: Item[];
  categories: string[];
  series: Series[];
  nodes: Node[];
  flows: Flow[];
}

export function readData(place: HTMLElement): ChartData {
  const block = document.getElementById(place.dataset.chart ?? "");
  return JSON.parse(block?.textContent ?? "{}") as ChartData;
}
