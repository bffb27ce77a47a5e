/** What is kept on the reader's device and nowhere else. Storage may be forbidden: then nothing is kept, and nothing fails. */

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`rasad.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`rasad.${name}`);
    else localStorage.setItem(`rasad.${name}`, value);
  } catch {
    // Then it lasts as long as the page.
  }
}

/** Says something to who hears the page. */
export function announce(text: string): void {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
}
