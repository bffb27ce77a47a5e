/** The switch between light and dark; the choice is kept, and charts are told to draw again. */

export const SCHEME_CHANGED = "rasad:scheme";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now, by choice or by the system. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset.scheme;
  return chosen ? chosen === "dark" : dark.matches;
}

export function schemeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-scheme-switch]");
  if (!button) return;
  const say = (): void => {
    button.setAttribute("aria-pressed", String(isDark()));
    document.dispatchEvent(new CustomEvent(SCHEME_CHANGED));
  };
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    const scheme = isDark() ? "light" : "dark";
    document.documentElement.dataset.scheme = scheme;
    try {
      localStorage.setItem("scheme", scheme);
    } catch {
      // The choice then lasts as long as the page.
    }
    say();
  });
  dark.addEventListener("change", say);
}
