/** Amounts while they are typed: digits in groups of three, and the exact amount below in digits and words. The server reads it anew. */

import { figure, formWords, grouped, latin, persian } from "./typing.ts";

const ONES_FA = "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split(" ");
const TENS_FA = ["", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"];
const HUNDREDS_FA = ["", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"];
const POWERS_FA = ["", "هزار", "میلیون", "میلیارد", "تریلیون", "کوادریلیون", "کوینتیلیون"];
const ONES_EN =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS_EN = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const POWERS_EN = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"];

export function amounts(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-amount]")) follow(place);
}

function follow(place: HTMLElement): void {
  const input = place.querySelector("input");
  const unit = place.querySelector("select");
  const said = place.parentElement?.querySelector<HTMLElement>("[data-words]");
  if (!input || !unit) return;
  const tell = () => {
    if (said) said.textContent = exactly(input.value, unit.selectedOptions[0]?.dataset.factor ?? "1");
  };
  input.addEventListener("input", () => {
    regroup(input);
    tell();
  });
  unit.addEventListener("change", tell);
  tell();
}

/** Puts the digits into groups of three, and leaves the caret behind the digit that it was behind. */
function regroup(input: HTMLInputElement): void {
  const told = figure(input.value);
  if (!told) return;
  const caret = input.selectionStart ?? input.value.length;
  const before = digits(input.value.slice(0, caret));
  const point = /[.٫]/.test(latin(input.value));
  const text = grouped(told.whole) + (point ? (persian ? "٫" : ".") + input.value.replace(/^[^.٫]*[.٫]/, "") : "");
  if (text === input.value) return;
  // A nought in front falls away, and the caret with it.
  const lost = digits(input.value) - digits(text);
  input.value = text;
  let left = Math.max(before - Math.max(lost, 0), 0);
  let spot = 0;
  while (left > 0 && spot < text.length) {
    if (/[\d۰-۹.٫]/.test(text[spot] ?? "")) left -= 1;
    spot += 1;
  }
  input.setSelectionRange(spot, spot);
}

function digits(text: string): number {
  return (text.match(/[\d۰-۹٠-٩.٫]/g) ?? []).length;
}

/** The exact amount in the currency, in digits and in words; nothing where the text is no amount, or finer than the smallest coin. */
function exactly(text: string, factor: string): string {
  const told = figure(text);
  const words = formWords();
  if (!told || !words) return "";
  const zeros = factor.length - 1;
  const part = told.part.replace(/0+$/, "");
  if (part.length > zeros) return "";
  const smallest = BigInt(told.whole + part.padEnd(zeros, "0"));
  if (smallest >= 10n ** 18n) return "";
  const size = 10n ** BigInt(words.minor_digits);
  const [major, minor] = [smallest / size, smallest % size];
  const decimals = minor ? (persian ? "٫" : ".") + grouped(String(minor).padStart(words.minor_digits, "0")).replace(/[٬,]/g, "") : "";
  const shown = `${grouped(String(major))}${decimals} ${words.currency}`;
  const spoken = minor && words.cents ? `${inWords(major)} ${words.currency} ${persian ? "و" : "and"} ${inWords(minor)} ${words.cents}` : `${inWords(major)} ${words.currency}`;
  return `${shown}: ${spoken}`;
}

export function inWords(number: bigint): string {
  if (number === 0n) return (persian ? ONES_FA : ONES_EN)[0] ?? "";
  const groups: string[] = [];
  let rest = number;
  for (let power = 0; rest > 0n; power += 1) {
    const part = Number(rest % 1000n);
    rest /= 1000n;
    if (part) groups.unshift(persian ? groupFa(part, power) : groupEn(part, power, rest > 0n));
  }
  return groups.join(persian ? " و " : " ");
}

function groupFa(part: number, power: number): string {
  if (power === 1 && part === 1) return POWERS_FA[1] ?? "";
  const rest = part % 100;
  const pieces = [HUNDREDS_FA[Math.floor(part / 100)], ...(rest < 20 ? [rest ? ONES_FA[rest] : ""] : [TENS_FA[Math.floor(rest / 10)], rest % 10 ? ONES_FA[rest % 10] : ""])];
  return `${pieces.filter(Boolean).join(" و ")} ${POWERS_FA[power] ?? ""}`.trim();
}

function groupEn(part: number, power: number, follows: boolean): string {
  const [hundreds, rest] = [Math.floor(part / 100), part % 100];
  const pieces = hundreds ? [`${ONES_EN[hundreds]} hundred`] : [];
  if (rest) {
    const below = rest < 20 ? (ONES_EN[rest] ?? "") : (TENS_EN[Math.floor(rest / 10)] ?? "") + (rest % 10 ? `-${ONES_EN[rest % 10]}` : "");
    pieces.push(pieces.length || (follows && power === 0) ? `and ${below}` : below);
  }
  return `${pieces.join(" ")} ${POWERS_EN[power] ?? ""}`.trim();
}
