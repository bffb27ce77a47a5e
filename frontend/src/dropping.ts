/** A form for files into which files may be dropped: they are sent at once, with what is on its way said. Without script it is a plain form. */

export function drops(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-drop]")) prepare(form);
}

function prepare(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const hint = form.querySelector<HTMLElement>("[data-drop-hint]");
  const said = form.querySelector<HTMLElement>("[data-drop-progress]");
  if (!input) return;
  if (hint) hint.hidden = false;
  let depth = 0;
  const over = (now: boolean): void => {
    form.classList.toggle("drop-over", now);
  };
  form.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    over(true);
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) over(false);
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    // The input takes what was dropped, so that the form is sent as if it had been chosen.
    const chosen = new DataTransfer();
    for (const file of input.multiple ? files : [...files].slice(0, 1)) chosen.items.add(file);
    input.files = chosen.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    const names = [...(input.files ?? [])].map((file) => file.name);
    if (said) said.textContent = names.join(" · ");
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  });
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    if (said) said.textContent = "";
  });
}
