/** Weights of one's own: the plan that fits them best is shown at once. Whole numbers alone, as `rasad.web.portal.weighing` has them. */

interface Weighed {
  names: string[];
  plans: { number: number; met: number[] }[];
}

/** How well a plan fits, in hundredths of a per cent; all weights nought: as if all were one. */
export function fit(weights: readonly number[], met: readonly number[]): number {
  const meant = weights.some((weight) => weight > 0) ? weights : met.map(() => 1);
  const whole = meant.reduce((sum, weight) => sum + weight, 0);
  const sum = meant.reduce((so, weight, at) => so + weight * (met[at] ?? 0), 0);
  return (sum - (sum % whole)) / whole;
}

/** The place of the plan that fits best, the first of equals. */
export function best(weights: readonly number[], plans: readonly (readonly number[])[]): number {
  const fits = plans.map((met) => fit(weights, met));
  return fits.indexOf(Math.max(...fits));
}

const persian = document.documentElement.lang === "fa";

function digits(text: string): string {
  return persian ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + Number(digit))) : text;
}

export function weigh(place: HTMLElement): void {
  const data = JSON.parse(document.getElementById(place.dataset.weigh ?? "")?.textContent ?? "{}") as Weighed;
  const fields = data.names.map((name) => document.getElementById(name) as HTMLInputElement);
  const plans = data.plans.map((plan) => plan.met);
  const show = (): void => {
    const weights = fields.map((field) => Number(field.value));
    const place = best(weights, plans);
    for (const [at, plan] of data.plans.entries()) {
      const number = String(plan.number);
      const text = digits(String(Math.floor(fit(weights, plan.met) / 100))) + (persian ? "٪" : "%");
      for (const one of document.querySelectorAll(`[data-fit="${number}"]`)) if (one.textContent !== text) one.textContent = text;
      for (const one of document.querySelectorAll<HTMLElement>(`[data-best="${number}"], [data-plan="${number}"]`)) one.hidden = at !== place;
      document.querySelector(`[data-ranked="${number}"]`)?.classList.toggle("best", at === place);
    }
    const address = new URL(location.href);
    address.search = new URLSearchParams(data.names.map((name, at) => [name, String(weights[at])])).toString();
    history.replaceState(null, "", address);
  };
  for (const field of fields) {
    // Without script a number is typed; with it, it is pulled.
    field.type = "range";
    const said = field.parentElement?.querySelector("output");
    if (said) said.hidden = false;
    field.addEventListener("input", () => {
      if (said) said.textContent = digits(field.value);
      show();
    });
  }
  const send = place.querySelector<HTMLElement>("[data-weigh-send]");
  if (send) send.hidden = true;
}
