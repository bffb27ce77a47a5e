import { copyButtons, copyFields } from "./copying.ts";
import { filterForms } from "./filters.ts";
import { remembered } from "./remembered.ts";
import { tableFrames } from "./scrollers.ts";
import { shortcuts } from "./shortcuts.ts";
import { schemeSwitch } from "./switches.ts";

schemeSwitch();
filterForms();
shortcuts();
remembered();
copyButtons();
copyFields();
tableFrames();

const weights = document.querySelector<HTMLElement>("[data-weigh]");
if (weights) void import("./weighing.ts").then(({ weigh }) => weigh(weights));

// Charts weigh more than everything else together: they are fetched only where one stands, when it comes near.
const places = document.querySelectorAll<HTMLElement>("[data-chart]");
if (places.length) {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        void import("./charts.ts").then(({ draw }) => draw(entry.target as HTMLElement));
      }
    },
    { rootMargin: "400px" },
  );
  for (const place of places) watcher.observe(place);
}
