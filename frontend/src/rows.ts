/** Sets in a form: a further empty row, and what is still to be shared out, while it is typed. The server reads it anew. */

import { figure, local, persian } from "./typing.ts";

export function rows(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-rows]")) {
    const body = place.querySelector("tbody");
    if (!body) continue;
    const tell = () => total(place);
    place.addEventListener("input", tell);
    if (place.dataset.whole) tell();
    const add = place.querySelector<HTMLButtonElement>("[data-add-row]");
    if (!add) continue;
    add.hidden = false;
    add.addEventListener("click", (event) => {
      // Where the button sends the form for more rows, the browser adds one by itself.
      event.preventDefault();
      further(place, body);
    });
  }
}

function further(place: HTMLElement, body: HTMLTableSectionElement): void {
  const pattern = place.querySelector<HTMLTemplateElement>("template[data-row]");
  const last = pattern ? pattern.content.querySelector("tr") : body.rows[body.rows.length - 1];
  const count = place.closest("form")?.querySelector<HTMLInputElement>(`[name="${place.dataset.rows}-count"]`);
  if (!last || !count) return;
  const number = pattern ? Number(count.value) : body.rows.length;
  const fresh = last.cloneNode(true) as HTMLTableRowElement;
  for (const wrong of fresh.querySelectorAll(".form-error")) wrong.remove();
  for (const control of fresh.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select, textarea")) {
    control.name = control.name.replace(/-\d+-/, `-${number}-`);
    control.id = control.id.replace(/-\d+-/, `-${number}-`);
    if (!pattern) control.value = "";
    control.closest("td")?.classList.remove("form-wrong");
    control.setAttribute("aria-label", (control.getAttribute("aria-label") ?? "").replace(/[\d۰-۹]+$/, local(String(number + 1))));
  }
  body.append(fresh);
  count.value = String(number + 1);
  fresh.querySelector<HTMLElement>("input:not([type=hidden]), select")?.focus();
}

function total(place: HTMLElement): void {
  const sum = place.querySelector<HTMLElement>("[data-sum]");
  if (!sum || !place.dataset.whole) return;
  let hundredths = 0;
  for (const control of place.querySelectorAll<HTMLInputElement>(`[name$="-${place.dataset.whole}"]`)) {
    const told = figure(control.value.replace(/[٪%]/g, ""));
    if (told) hundredths += Number(told.whole) * 100 + Number(told.part.padEnd(2, "0").slice(0, 2));
  }
  put(sum.querySelector("[data-total]"), hundredths);
  put(sum.querySelector("[data-rest]"), 10_000 - hundredths);
  sum.classList.toggle("whole", hundredths === 10_000);
  sum.classList.toggle("over", hundredths > 10_000);
}

function put(place: Element | null, hundredths: number): void {
  const text = (Math.abs(hundredths) / 100).toFixed(2).replace(/\.?0+$/, "");
  if (place) place.textContent = (hundredths < 0 ? "−" : "") + local(persian ? text.replace(".", "٫") : text);
}
