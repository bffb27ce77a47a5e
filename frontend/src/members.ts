/** Members of a group or synergy: the list narrows while a name is typed. Without script the button asks the server. */

const SAME: [RegExp, string][] = [
  [/[يى]/g, "ی"],
  [/ك/g, "ک"],
  [/[‌ـً-ْ]/g, ""],
];

export function members(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-members]")) {
    const field = place.querySelector<HTMLInputElement>("input[type=search]");
    if (!field) continue;
    field.addEventListener("input", () => {
      const words = key(field.value).split(/\s+/).filter(Boolean);
      for (const label of place.querySelectorAll<HTMLLabelElement>(".choice-list label")) {
        const text = key(label.textContent);
        const chosen = label.querySelector("input")?.checked ?? false;
        label.hidden = !chosen && !words.every((word) => text.includes(word));
      }
    });
  }
}

function key(text: string): string {
  return SAME.reduce((told, [from, to]) => told.replace(from, to), text.toLowerCase());
}
