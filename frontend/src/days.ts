/** Days: a field takes typing in any way that the server reads; a button beside it opens a month of the city's calendar.
    Arrows go by days and weeks, Page Up and Down by months (with Shift by years), Enter takes the day, Escape closes. */

import { type Calendar, type Day, dayOf, lengthOf, numberOf, within } from "./jalali.ts";
import { formWords, latin, local, persian, type Words } from "./typing.ts";

export function days(): void {
  const words = formWords();
  if (!words) return;
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-day]")) new Picker(input, words);
}

class Picker {
  private readonly button: HTMLButtonElement;
  private readonly said: HTMLElement;
  private box: HTMLElement | null = null;
  private at = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly words: Words,
  ) {
    const frame = document.createElement("span");
    frame.className = "day-input";
    input.before(frame);
    this.button = document.createElement("button");
    Object.assign(this.button, { type: "button", className: "day-open", innerHTML: CALENDAR });
    this.button.setAttribute("aria-label", `${words.choose}: ${nameOf(input)}`);
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.setAttribute("aria-expanded", "false");
    frame.append(input, this.button);
    this.said = document.createElement("span");
    this.said.className = "day-said";
    frame.after(this.said);
    this.button.addEventListener("click", () => (this.box ? this.close() : this.open()));
    input.addEventListener("input", () => this.say());
    input.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "ArrowDown") {
        event.preventDefault();
        this.open();
      }
    });
    this.say();
  }

  /** The typed day in words, so that a slip of a digit is seen. */
  private say(): void {
    const number = read(this.input.value, this.words.calendar);
    this.said.textContent = number === null ? "" : long(number, this.words);
  }

  private open(): void {
    this.close();
    this.at = read(this.input.value, this.words.calendar) ?? Date.parse(this.words.today) / 86_400_000;
    const box = document.createElement("div");
    box.className = "day-box";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", `${this.words.choose}: ${nameOf(this.input)}`);
    this.box = box;
    this.button.parentElement?.append(box);
    this.button.setAttribute("aria-expanded", "true");
    box.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", this.away);
    box.addEventListener("focusout", this.left);
    this.draw(true);
  }

  private readonly away = (event: Event): void => {
    if (!this.button.parentElement?.contains(event.target as Node)) this.close();
  };

  private readonly left = (event: FocusEvent): void => {
    const to = event.relatedTarget as Node | null;
    if (to && !this.button.parentElement?.contains(to)) this.close();
  };

  private close(back = false): void {
    document.removeEventListener("pointerdown", this.away);
    this.box?.removeEventListener("focusout", this.left);
    this.box?.remove();
    this.box = null;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  private take(number: number): void {
    this.input.value = written(number, this.words.calendar);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.input.focus();
  }

  private key(event: KeyboardEvent): void {
    const forward = persian ? "ArrowLeft" : "ArrowRight";
    const back = persian ? "ArrowRight" : "ArrowLeft";
    const { calendar } = this.words;
    const weekday = (this.at + SHIFT[calendar]) % 7;
    const steps: Record<string, number> = { [forward]: 1, [back]: -1, ArrowDown: 7, ArrowUp: -7, Home: -weekday, End: 6 - weekday };
    const months: Record<string, number> = { PageUp: event.shiftKey ? -12 : -1, PageDown: event.shiftKey ? 12 : 1 };
    const onDay = (event.target as HTMLElement).closest("[data-number]") !== null;
    if (event.key === "Escape") this.close(true);
    else if (event.key in months) this.months(months[event.key] ?? 0, true);
    else if (onDay && event.key in steps) {
      this.at += steps[event.key] ?? 0;
      this.draw(true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private months(count: number, focus: boolean): void {
    const { calendar } = this.words;
    const seen = dayOf(this.at, calendar);
    const month = seen.year * 12 + seen.month - 1 + count;
    const [year, number] = [Math.floor(month / 12), (month % 12) + 1];
    if (!within(year, calendar)) return;
    this.at = numberOf({ year, month: number, day: Math.min(seen.day, lengthOf(year, number, calendar)) }, calendar);
    this.draw(focus);
  }

  private draw(focus: boolean): void {
    const { box, words } = this;
    if (!box) return;
    const { calendar } = words;
    const seen = dayOf(this.at, calendar);
    const chosen = read(this.input.value, calendar);
    const today = Date.parse(words.today) / 86_400_000;
    const first = numberOf({ ...seen, day: 1 }, calendar);
    const lead = (((first + SHIFT[calendar]) % 7) + 7) % 7;
    const count = lengthOf(seen.year, seen.month, calendar);
    const head = element("div", "day-head");
    const turn = (label: string, months: number, mark: string) => {
      const button = element("button", "day-turn", mark) as HTMLButtonElement;
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => {
        this.months(months, false);
        const again = [...(this.box?.querySelectorAll<HTMLElement>(".day-turn") ?? [])].find((one) => one.getAttribute("aria-label") === label);
        again?.focus();
      });
      return button;
    };
    const title = element("p", "day-month", `${words.months[seen.month - 1]} ${local(String(seen.year))}`);
    title.setAttribute("aria-live", "polite");
    head.append(turn(words.previous_year, -12, "«"), turn(words.previous, -1, "‹"), title, turn(words.next, 1, "›"), turn(words.next_year, 12, "»"));
    const table = element("table", "day-grid");
    table.setAttribute("role", "grid");
    const names = element("tr", "");
    for (const [spot, name] of words.weekdays.entries()) {
      const cell = element("th", "", name);
      cell.setAttribute("abbr", words.weekdays_long[spot] ?? name);
      cell.setAttribute("scope", "col");
      names.append(cell);
    }
    const header = element("thead", "");
    header.append(names);
    const body = element("tbody", "");
    for (let spot = 0; spot < lead + count; spot += 7) {
      const row = element("tr", "");
      for (let column = spot; column < spot + 7; column += 1) {
        const day = column - lead + 1;
        const cell = element("td", "");
        if (day >= 1 && day <= count) {
          const number = first + day - 1;
          const button = element("button", "", local(String(day))) as HTMLButtonElement;
          button.type = "button";
          button.tabIndex = number === this.at ? 0 : -1;
          button.dataset.number = String(number);
          button.setAttribute("aria-label", long(number, words));
          if (number === chosen) button.setAttribute("aria-pressed", "true");
          if (number === today) button.setAttribute("aria-current", "date");
          button.addEventListener("click", () => this.take(number));
          cell.append(button);
        }
        row.append(cell);
      }
      body.append(row);
    }
    table.append(header, body);
    const now = element("button", "button-quiet", words.today_said) as HTMLButtonElement;
    now.type = "button";
    now.addEventListener("click", () => this.take(today));
    box.replaceChildren(head, table, now);
    if (focus) box.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }
}

/** Days from 1 January 1970, a Thursday, to the week's first day: Saturday in the Jalali calendar, Monday in the other. */
const SHIFT: Record<Calendar, number> = { jalali: 5, gregorian: 3 };

const CALENDAR =
  '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="M2 3.5h12v10.5H2zM2 6.5h12M5 1.5v3M11 1.5v3" fill="none" stroke="currentColor" stroke-width="1.4"/></svg>';

/** The day that digits write, year first or last; null for any other text, which the server reads. */
export function read(text: string, calendar: Calendar): number | null {
  const found = /^(\d{1,4})[/\-. ]+(\d{1,2})[/\-. ]+(\d{1,4})$/.exec(latin(text).trim());
  if (!found) return null;
  let [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if ((found[3] ?? "").length > 2) [year, day] = [day, year];
  // A year of the other calendar is a day of that one.
  const own: Calendar = year >= 1800 && calendar === "jalali" ? "gregorian" : calendar;
  if (year < 1000 || !within(year, own) || month < 1 || month > 12 || day < 1 || day > lengthOf(year, month, own)) return null;
  return numberOf({ year, month, day }, own);
}

function written(number: number, calendar: Calendar): string {
  const { year, month, day } = dayOf(number, calendar);
  const mark = persian ? "/" : "-";
  return local([String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join(mark));
}

function long(number: number, words: Words): string {
  const { year, month, day }: Day = dayOf(number, words.calendar);
  const weekday = words.weekdays_long[(((number + SHIFT[words.calendar]) % 7) + 7) % 7] ?? "";
  return `${weekday} ${local(String(day))} ${words.months[month - 1]} ${local(String(year))}`;
}

function nameOf(input: HTMLInputElement): string {
  return input.labels?.[0]?.textContent?.trim() ?? input.getAttribute("aria-label") ?? "";
}

function element(tag: string, cls: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  if (text) made.textContent = text;
  return made;
}
