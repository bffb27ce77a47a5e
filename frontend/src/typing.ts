/** Digits as people type them: Persian, Arabic or Latin; and back in the page's own. */

export const persian = document.documentElement.lang === "fa";

export function latin(text: string): string {
  return text.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0)).replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}

export function local(text: string): string {
  return persian ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit))) : text;
}

/** A whole number, as text, in groups of three. */
export function grouped(whole: string): string {
  return local(whole.replace(/\B(?=(\d{3})+$)/g, persian ? "٬" : ","));
}

/** What a text writes as a figure: its whole part and its decimals, in Latin digits; null where it writes none. */
export function figure(text: string): { whole: string; part: string } | null {
  const plain = latin(text).replace(/[,٬'\s\u200e\u200f\u00a0]/g, "").replace("٫", ".");
  const found = /^(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!found || !/\d/.test(plain)) return null;
  return { whole: (found[1] ?? "").replace(/^0+(?=\d)/, "") || "0", part: found[2] ?? "" };
}

/** The words that the page brings for its scripts. */
export interface Words {
  calendar: "jalali" | "gregorian";
  today: string;
  months: string[];
  weekdays: string[];
  weekdays_long: string[];
  choose: string;
  next: string;
  previous: string;
  next_year: string;
  previous_year: string;
  today_said: string;
  currency: string;
  cents: string;
  minor_digits: number;
}

let words: Words | null | undefined;

export function formWords(): Words | null {
  if (words === undefined) {
    const place = document.getElementById("form-words");
    words = place ? (JSON.parse(place.textContent ?? "null") as Words | null) : null;
  }
  return words;
}
