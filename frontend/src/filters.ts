/** Filter forms work without script; with it, a choice made by pointer applies at once and empty fields stay out of the address. */

export function filterForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-filters], form.search")) {
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    });
    if (!("filters" in form.dataset)) continue;
    // Arrow keys change a closed list at every step: only a choice made by pointer or touch is sent by itself.
    let byPointer = false;
    form.addEventListener("pointerdown", () => (byPointer = true));
    form.addEventListener("keydown", () => (byPointer = false));
    form.addEventListener("change", (event) => {
      const field = event.target;
      const isChoice = field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && /radio|checkbox/.test(field.type));
      if (isChoice && byPointer) form.requestSubmit();
      else form.classList.add("changed");
    });
  }
}
