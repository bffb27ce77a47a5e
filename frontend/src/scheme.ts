// Runs before the first paint: the reader's choice of light or dark, where one was made. A frame that another site has lit itself stays so.
((root) => {
  root.classList.add("js");
  if (root.dataset.scheme) return;
  try {
    const scheme = localStorage.getItem("scheme");
    if (scheme === "dark" || scheme === "light") root.dataset.scheme = scheme;
  } catch {
    // Storage may be forbidden; the system's scheme then holds.
  }
})(document.documentElement);
