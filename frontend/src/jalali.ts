/** The Jalali calendar, both ways, for the years 1210 to 1628: what the server's own calendar says in that span, for the day picker.
    A day is a number of days since 1 January 1970. */

export interface Day {
  year: number;
  month: number;
  day: number;
}

export type Calendar = "jalali" | "gregorian";

const FIRST = 1210;
const LAST = 1628;
const NOWRUZ_1400 = Date.UTC(2021, 2, 21) / 86_400_000;

export function leap(year: number): boolean {
  return ((((year - FIRST + 1) % 33) - 1) % 4) === 0;
}

export function lengthOf(year: number, month: number, calendar: Calendar): number {
  if (calendar === "gregorian") return new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month <= 6) return 31;
  return month <= 11 || leap(year) ? 30 : 29;
}

export function within(year: number, calendar: Calendar): boolean {
  return calendar === "jalali" ? year >= FIRST && year <= LAST : year >= 1800 && year <= 2200;
}

/** The number of a day; it must be one of the calendar. */
export function numberOf({ year, month, day }: Day, calendar: Calendar): number {
  if (calendar === "gregorian") return Date.UTC(year, month - 1, day) / 86_400_000;
  const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  return nowruz(year) + before + day - 1;
}

export function dayOf(number: number, calendar: Calendar): Day {
  if (calendar === "gregorian") {
    const found = new Date(number * 86_400_000);
    return { year: found.getUTCFullYear(), month: found.getUTCMonth() + 1, day: found.getUTCDate() };
  }
  let year = 1400 + Math.floor((number - NOWRUZ_1400) / 365.2422);
  while (nowruz(year) > number) year -= 1;
  while (nowruz(year + 1) <= number) year += 1;
  const rest = number - nowruz(year);
  const month = rest < 186 ? Math.floor(rest / 31) + 1 : Math.floor((rest - 186) / 30) + 7;
  return { year, month, day: rest - (month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30) + 1 };
}

const starts = new Map<number, number>([[1400, NOWRUZ_1400]]);

function nowruz(year: number): number {
  const known = starts.get(year);
  if (known !== undefined) return known;
  const start = year > 1400 ? nowruz(year - 1) + (leap(year - 1) ? 366 : 365) : nowruz(year + 1) - (leap(year) ? 366 : 365);
  starts.set(year, start);
  return start;
}
