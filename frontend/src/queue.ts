/** The review queue by keyboard: j and k go down and up, a digit picks what bears it, u takes the last judgement back. */
export function queue(): void {
  const list = document.querySelector<HTMLElement>("[data-queue]");
  if (!list) return;
  for (const hint of document.querySelectorAll<HTMLElement>("[data-queue-keys]")) hint.hidden = false;
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
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input, select, textarea")) return;
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
