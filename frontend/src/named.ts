/** Fields that name another record: those that fit what was typed so far are offered below, by the browser's own list. Without script the
    code or the whole name is typed. */

export function named(): void {
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.dataset.named) follow(event.target);
  });
  const wrong = document.querySelector<HTMLElement>("[data-focus]");
  wrong?.focus();
}

const followed = new WeakSet<HTMLInputElement>();
let lists = 0;

function follow(input: HTMLInputElement): void {
  if (followed.has(input)) return;
  followed.add(input);
  const list = document.createElement("datalist");
  list.id = `offered-${(lists += 1)}`;
  (input.closest("form") ?? document.body).append(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  let asked = "";
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked && list.childElementCount) return;
    asked = text;
    const address = `${document.documentElement.lang === "fa" ? "/fa" : "/en"}/named/${input.dataset.named}/?q=${encodeURIComponent(text)}`;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok || text !== input.value.trim()) return;
      const { offered } = (await answer.json()) as { offered: string[] };
      list.replaceChildren(...offered.map((one) => Object.assign(document.createElement("option"), { value: one })));
    } catch {
      // The line is down: what is typed is read by the server later.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 180);
  });
  void ask();
}
