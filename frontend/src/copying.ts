/** Copy buttons put a fingerprint, or what stands in a field, on the clipboard and say so. */

export function copyButtons(): void {
  if (!navigator.clipboard) return;
  const announce = document.getElementById("announce");
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      button.classList.add("copied");
      if (announce) announce.textContent = announce.dataset.copied ?? "";
      setTimeout(() => {
        button.classList.remove("copied");
        if (announce) announce.textContent = "";
      }, 2000);
    });
  }
}

/** Buttons that put what stands in a field on the clipboard. */
export function copyFields(): void {
  if (!navigator.clipboard) return;
  const announce = document.getElementById("announce");
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy-from]")) {
    const field = document.getElementById(button.dataset.copyFrom ?? "");
    if (!(field instanceof HTMLTextAreaElement)) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      if (announce) announce.textContent = announce.dataset.copied ?? "";
      setTimeout(() => {
        if (announce) announce.textContent = "";
      }, 2000);
    });
  }
}
