/** A table's frame is a stop for the keyboard only while it scrolls; otherwise it would be one stop too many. */
export function tableFrames(): void {
  const settle = (frame: HTMLElement): void => {
    frame.dataset.label ??= frame.getAttribute("aria-labelledby") ?? "";
    const scrolls = frame.scrollWidth > frame.clientWidth + 1;
    if (scrolls) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-labelledby", frame.dataset.label ?? "");
    } else {
      for (const name of ["tabindex", "role", "aria-labelledby"]) frame.removeAttribute(name);
    }
  };
  const watcher = new ResizeObserver((entries) => {
    for (const entry of entries) settle(entry.target.closest<HTMLElement>(".table")!);
  });
  for (const frame of document.querySelectorAll<HTMLElement>(".table")) {
    watcher.observe(frame);
    // The table can outgrow its frame while the frame stays as it is, as when the face arrives.
    for (const content of frame.children) watcher.observe(content);
  }
}
