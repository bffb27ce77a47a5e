/** Menus that fold out of the masthead close on Escape and on a click elsewhere; without script they are plain disclosures. */

export function menus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>(".account[open], .menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
}
