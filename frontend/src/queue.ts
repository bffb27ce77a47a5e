/**
 * The review queue by keyboard: j and k go down and up, a digit picks what bears it, u takes the last judgement back. Keys never act while
 * somebody types, and can be switched off on the page (WCAG 2.1.4), by the same choice as the shortcuts of the portal's list.
 */
import { keep, kept } from "./device.ts";

const OFF = "keys";

export function queue(): void {
  const list = document.querySelector<HTMLElement>("[data-queue]");
  if (!list) return;
  const turned = switched(list);
  const lines = [...list.querySelectorAll<HTMLElement>(".queue-line")];
  const at = (): number => lines.findIndex((line) => line.contains(document.activeElement));
  const go = (to: number): void => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, to))];
    line?.focus();
    line?.scrollIntoView({ block: "nearest" });
  };
  let sent = false;
  const press = (button: HTMLButtonElement | null | undefined): void => {
    // A key held down is one judgement.
    if (!button || sent) return;
    sent = true;
    button.click();
  };
  document.addEventListener("keydown", (event) => {
    if (turned && !turned.checked) return;
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input:not([type=checkbox]), select, textarea")) return;
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (event.code === "KeyJ") go(at() + 1);
    else if (event.code === "KeyK") go(at() - 1);
    else if (event.code === "KeyU") press(document.querySelector<HTMLButtonElement>("[data-undo]"));
    else if (digit !== undefined) press(lines[at()]?.querySelector<HTMLButtonElement>(`[data-key="${digit}"]`));
    else return;
    event.preventDefault();
  });
  // After a judgement the next line stands where the one before stood.
  go(0);
}

/** Show the switch with the list of keys, as it was left on this device; where keys are off, nothing on the page names one. */
function switched(list: HTMLElement): HTMLInputElement | null {
  const hint = document.querySelector<HTMLElement>("[data-queue-keys]");
  const turned = hint?.querySelector<HTMLInputElement>("[data-queue-switch]") ?? null;
  if (!hint || !turned) return null;
  const settle = (): void => {
    for (const one of [hint, list]) one.classList.toggle("keys-off", !turned.checked);
  };
  hint.hidden = false;
  turned.checked = kept(OFF) !== "off";
  turned.addEventListener("change", () => {
    keep(OFF, turned.checked ? null : "off");
    settle();
  });
  settle();
  return turned;
}
