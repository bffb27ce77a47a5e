/**
 * Shortcuts of single keys: "/" searches, "?" lists them all, "g" and a letter goes to a section, "j" and "k" walk through the rows of
 * tables, "n" and "p" turn pages. They never act while somebody types, and can be switched off in the list (WCAG 2.1.4).
 */
import { keep, kept } from "./device.ts";

const OFF = "keys";
/** Milliseconds in which the letter after "g" is waited for. */
const PATIENCE = 1500;

export function shortcuts(): void {
  const list = document.querySelector<HTMLDialogElement>("dialog[data-keys]");
  if (!list) return;
  for (const opener of document.querySelectorAll<HTMLButtonElement>("[data-keys-open]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => list.showModal());
  }
  // A click beside the list closes it.
  list.addEventListener("click", (event) => event.target === list && list.close());
  const turned = list.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (turned) {
    turned.checked = kept(OFF) !== "off";
    turned.addEventListener("change", () => keep(OFF, turned.checked ? null : "off"));
  }
  let asked = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (turned && !turned.checked) return;
    if (list.open || event.defaultPrevented || isTyping(event)) return;
    const key = letter(event);
    const towards = event.timeStamp - asked < PATIENCE;
    asked = -Infinity;
    if (towards ? goTo(key) : key === "g") {
      if (!towards) asked = event.timeStamp;
    } else if (key === "?") list.showModal();
    else if (!act(key)) return;
    event.preventDefault();
  });
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit)$/.test(target.type);
  return target.isContentEditable || /^(SELECT|TEXTAREA)$/.test(target.tagName);
}

/** The key as a Latin keyboard has it: on a Persian one the same place means the same. */
function letter(event: KeyboardEvent): string {
  if (event.key === "؟") return "?";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && /^[a-z]$/.test(key)) return "";
  if (!/[\u0600-\u06ff]/.test(key)) return key;
  if (event.code === "Slash") return "/";
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
}

function goTo(key: string): boolean {
  const link = /^[a-z]$/.test(key) ? document.querySelector<HTMLAnchorElement>(`a[data-key="${key}"]`) : null;
  link?.click();
  return link !== null;
}

/** Do what a key means on this page; false where it means nothing. */
function act(key: string): boolean {
  switch (key) {
    case "/": {
      const box = document.querySelector<HTMLInputElement>("[data-search]");
      box?.focus();
      box?.select();
      return box !== null;
    }
    case "n":
    case "p": {
      const link = document.querySelector<HTMLAnchorElement>(`a[rel="${key === "n" ? "next" : "prev"}"]`);
      link?.click();
      return link !== null;
    }
    case "j":
      return walk(1);
    case "k":
      return walk(-1);
    // Arrows scroll as ever, except for who walks already.
    case "ArrowDown":
      return walked !== null && walked === document.activeElement && walk(1);
    case "ArrowUp":
      return walked !== null && walked === document.activeElement && walk(-1);
    default:
      return false;
  }
}

let walked: HTMLElement | null = null;

/** Go to the row below or above: to its first link, which Enter opens, or to the row itself. From anywhere else, to the first row in sight. */
function walk(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>("main tbody tr")].filter((row) => row.getClientRects().length);
  const here = document.activeElement?.closest<HTMLTableRowElement>("main tbody tr");
  const at = here ? rows.indexOf(here) + step : rows.findIndex((row) => row.getBoundingClientRect().top >= 0);
  const row = rows[at];
  if (!row) return here !== null && here !== undefined;
  const link = row.querySelector<HTMLElement>("a[href]");
  walked = link ?? row;
  if (!link) row.tabIndex = -1;
  walked.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}
