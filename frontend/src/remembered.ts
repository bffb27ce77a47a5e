/**
 * The last view of a page with filters, kept on the reader's device alone: the page says so, offers the way back where it is opened
 * without filters, and forgets at a click. What an address shows never changes by it.
 */
import { announce, keep, kept } from "./device.ts";

const OFF = "views";
const LONGEST = 2000;

interface View {
  query: string;
  label: string;
  scope: string;
  lang: string;
}

export function remembered(): void {
  const turned = document.querySelector<HTMLInputElement>("[data-views-switch]");
  const note = document.querySelector<HTMLElement>("[data-remember]");
  const name = note ? `view.${note.dataset.remember}` : "";
  if (turned) {
    turned.checked = kept(OFF) !== "off";
    turned.addEventListener("change", () => {
      keep(OFF, turned.checked ? null : "off");
      if (!turned.checked) forgetAll();
      if (note) settle(note, name);
    });
  }
  if (!note) return;
  note.querySelector("[data-remember-forget]")?.addEventListener("click", () => {
    keep(name, null);
    note.hidden = true;
    announce(note.dataset.forgotten ?? "");
  });
  settle(note, name);
}

/** Keep this view, where the address has filters, or offer the way back to the one before, where it has none. */
function settle(note: HTMLElement, name: string): void {
  const query = filters();
  const before = kept(OFF) === "off" ? null : read(kept(name));
  note.hidden = true;
  if (kept(OFF) === "off" || (!query && !before)) return;
  if (query) {
    const { label = "", scope = "" } = note.dataset;
    keep(name, JSON.stringify({ query, label, scope, lang: document.documentElement.lang } satisfies View));
  }
  const [back, here] = [part(note, "back"), part(note, "kept")];
  back.hidden = query !== "";
  here.hidden = query === "";
  if (!query && before) {
    // An address of this very page: whatever was kept can lead nowhere else.
    part(note, "link").setAttribute("href", location.pathname + before.query);
    const told = before.lang === document.documentElement.lang ? [before.label, before.scope].filter(Boolean).join(" — ") : "";
    part(note, "said").textContent = told;
  }
  note.hidden = false;
}

function filters(): string {
  const query = new URLSearchParams(location.search);
  query.delete("page");
  const text = query.toString();
  return text && text.length < LONGEST ? `?${text}` : "";
}

function read(text: string | null): View | null {
  try {
    const view = JSON.parse(text ?? "null") as Partial<View> | null;
    if (typeof view?.query !== "string" || !view.query.startsWith("?") || view.query.length > LONGEST) return null;
    return { query: view.query, label: String(view.label ?? ""), scope: String(view.scope ?? ""), lang: String(view.lang ?? "") };
  } catch {
    return null;
  }
}

function forgetAll(): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith("rasad.view.")) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function part(note: HTMLElement, name: string): HTMLElement {
  return note.querySelector<HTMLElement>(`[data-remember-${name}]`)!;
}
