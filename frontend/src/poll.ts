/** A part of the page that is looked at again until it says no more that it goes on. Without script the page itself is loaded again. */

export function polls(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-poll]")) void follow(place);
}

async function follow(place: HTMLElement): Promise<void> {
  const every = Number(place.dataset.pollEvery ?? 2000);
  let waits = every;
  while (place.querySelector("[data-poll-again]")) {
    await new Promise((done) => setTimeout(done, waits));
    // A page that nobody looks at waits until it is looked at again.
    if (document.hidden) continue;
    try {
      const answer = await fetch(place.dataset.poll ?? "", { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      replace(place, await answer.text());
      waits = every;
    } catch {
      // The line is down, or the session has ended: asked again ever more slowly.
      waits = Math.min(waits * 2, 30_000);
    }
  }
  // Where the rest of the page depends on how it ended, the page comes anew.
  if ("pollReload" in place.dataset) location.reload();
}

/** Puts the new state in place; a button that has the focus keeps it, and what did not change is not said again. */
function replace(place: HTMLElement, html: string): void {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const action = held?.closest("form")?.action;
  const said = place.querySelector("[role=status]");
  const next = fresh.querySelector("[role=status]");
  if (said && next && said.textContent === next.textContent) next.replaceWith(said);
  place.replaceChildren(...fresh.children);
  if (action) [...place.querySelectorAll("form")].find((form) => form.action === action)?.querySelector("button")?.focus();
}
