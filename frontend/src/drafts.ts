/** Drafts: what is typed into a form of the workbench is kept in this browser until it arrived, so that a lost line, a closed page or a
    sign-in that ran out loses nothing. A draft is known by the account, the page (in either language) and the form's place on it. */

interface Draft {
  at: number;
  name: string;
  values: [string, string][];
}

const KEPT_FOR = 14 * 24 * 3600 * 1000;
const PREFIX = "rasad-draft";
/** Whether the person signs out: what is written on the way out is not kept. */
let over = false;
const NEVER = /^(csrfmiddlewaretoken|_draft|_look)$|password/;

export function drafts(): void {
  const account = document.body.dataset.account;
  if (!account || !storage()) return;
  forgetArrived();
  forgetOld();
  forgetAtSignOut();
  const page = location.pathname.replace(/^\/(fa|en)\//, "/");
  const forms = document.querySelectorAll<HTMLFormElement>("main form[method=post]:not([data-no-draft])");
  for (const [place, form] of [...forms].entries()) {
    if (form.querySelector("[type=password], [type=file]") || !typed(form).length) continue;
    const key = `${PREFIX}:${account}:${page}:${form.id || place}`;
    if (document.querySelector("[data-draft-done]")) localStorage.removeItem(key);
    else follow(form, key);
  }
}

function follow(form: HTMLFormElement, key: string): void {
  const found = read(key);
  const first = JSON.stringify(values(form));
  // A form that came back with what is wrong in it shows what was sent: that is newer than the draft.
  if (found && JSON.stringify(found.values) !== first && !form.querySelector(".form-wrong")) restore(form, key, found);
  const name = found?.name ?? fresh();
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "_draft", value: name });
  form.append(field);
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    timer = 0;
    if (over) return;
    const told = values(form);
    if (JSON.stringify(told) === first) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ at: Date.now(), name, values: told } satisfies Draft));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(write, 300);
  });
  form.addEventListener("change", write);
  form.addEventListener("submit", (event) => {
    write();
    if (navigator.onLine) return;
    event.preventDefault();
    if (!form.previousElementSibling?.matches("[role=alert].draft")) form.before(notice("draft-offline"));
  });
  window.addEventListener("pagehide", () => {
    if (timer) write();
  });
}

/** Puts a draft back and says so; the version that it was written on comes with it, so that nobody's change meanwhile is written over. */
function restore(form: HTMLFormElement, key: string, draft: Draft): void {
  fill(form, draft.values);
  const said = notice("draft-notice");
  said.querySelector("button")?.addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    for (const control of typed(form)) control.dispatchEvent(new Event("input", { bubbles: true }));
    localStorage.removeItem(key);
    said.remove();
  });
  form.before(said);
}

function fill(form: HTMLFormElement, told: [string, string][]): void {
  // Rows that were added by hand are there again before they are filled.
  for (const set of form.querySelectorAll<HTMLElement>("[data-rows]")) {
    const count = Number(told.find(([name]) => name === `${set.dataset.rows}-count`)?.[1] ?? 0);
    const add = set.querySelector<HTMLButtonElement>("[data-add-row]");
    for (let rows = set.querySelectorAll("tbody tr").length; add && rows < Math.min(count, 200); rows += 1) add.click();
  }
  const left = new Map<string, string[]>();
  for (const [name, value] of told) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of controls(form)) {
    const some = left.get(control.name) ?? [];
    if (control instanceof HTMLInputElement && /^(checkbox|radio)$/.test(control.type)) control.checked = some.includes(control.value);
    else if (control instanceof HTMLSelectElement && control.multiple) for (const option of control.options) option.selected = some.includes(option.value);
    else if (some.length) control.value = some.shift() ?? "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (one): one is Control =>
      (one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement) && one.name !== "" && !NEVER.test(one.name),
  );
}

/** Controls that a person types into; a form of hidden fields and a button has none, and no draft. */
function typed(form: HTMLFormElement): Control[] {
  return controls(form).filter((one) => one.type !== "hidden" && one.type !== "submit");
}

function values(form: HTMLFormElement): [string, string][] {
  const told: [string, string][] = [];
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && !NEVER.test(name)) told.push([name, value]);
  return told;
}

function notice(id: string): HTMLElement {
  const template = document.getElementById(id) as HTMLTemplateElement;
  return (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
}

/** The site names the draft of a form that arrived in a cookie of five minutes. */
function forgetArrived(): void {
  const name = /(?:^|; )rasad_sent=([0-9a-f]+)/.exec(document.cookie)?.[1];
  if (!name) return;
  for (const key of keys()) if (read(key)?.name === name) localStorage.removeItem(key);
  document.cookie = "rasad_sent=; max-age=0; path=/; samesite=lax";
}

function forgetOld(): void {
  for (const key of keys()) if (Date.now() - (read(key)?.at ?? 0) > KEPT_FOR) localStorage.removeItem(key);
}

/** Whoever signs out leaves nothing of what was written for the next person at the same browser. */
function forgetAtSignOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || !navigator.onLine || !new URL(form.action).pathname.endsWith("/accounts/logout/")) return;
    over = true;
    for (const key of keys()) localStorage.removeItem(key);
  });
}

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}:`));
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return draft && Array.isArray(draft.values) ? draft : null;
  } catch {
    return null;
  }
}

function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function storage(): boolean {
  try {
    localStorage.setItem(`${PREFIX}-try`, "1");
    localStorage.removeItem(`${PREFIX}-try`);
    return true;
  } catch {
    return false;
  }
}
