// Runs before the first paint: the reader's choice of light or dark, where one was made.
((root) => {
  root.classList.add("js");
  try {
    const scheme = localStorage.getItem("scheme");
    if (scheme === "dark" || scheme === "light") root.dataset.scheme = scheme;
  } catch {
    // Storage may be forbidden; the system's scheme then holds.
  }
})(document.documentElement);
