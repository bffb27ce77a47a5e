/** What a drawing takes from the page: colours and face from the CSS tokens, direction and digits from the language. */

export interface Look {
  ink: string;
  quiet: string;
  rule: string;
  ground: string;
  accent: string;
  font: string;
  rtl: boolean;
  still: boolean;
  colour: (cls: string) => string;
  number: (value: number) => string;
  /** Width in pixels of the longest of some texts, at the size of labels. */
  width: (texts: string[]) => number;
}

export function look(place: HTMLElement): Look {
  const style = getComputedStyle(place);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const language = document.documentElement.lang;
  const format = new Intl.NumberFormat(language === "fa" ? "fa-IR" : "en-GB", { maximumFractionDigits: 2 });
  return {
    ink: token("--ink"),
    quiet: token("--ink-quiet"),
    rule: token("--rule"),
    ground: token("--paper"),
    accent: token("--accent"),
    font: style.fontFamily,
    rtl: style.direction === "rtl",
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    colour: (cls) => token(`--class-${cls.replace("_", "-")}`) || token("--accent"),
    number: (value) => format.format(value),
    width: (texts) => measure(texts, `12px ${style.fontFamily}`),
  };
}

const pen = document.createElement("canvas").getContext("2d");

function measure(texts: string[], font: string): number {
  if (!pen) return 0;
  pen.font = font;
  return Math.ceil(Math.max(0, ...texts.map((text) => pen.measureText(text).width)));
}

/** Black or white, whichever is read more easily on `colour` ("#rrggbb"). */
export function inkOn(colour: string): string {
  const part = (from: number): number => {
    const value = parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  return luminance > 0.18 ? "#000000" : "#ffffff";
}
