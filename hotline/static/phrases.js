// A stroke and a few letters in an answer or a note offer ready phrases; arrows choose, Enter puts one in.
"use strict";
(() => {
  const list = document.getElementById("ready-phrases");
  const known = new Map(); // by municipality, as long as the page is open
  let field, found = [], chosen = 0;

  document.addEventListener("input", async ({ target }) => {
    const typed = target.matches("[data-draft]") && asked(target);
    if (!typed) return close();
    const { municipality } = target.closest(".inquiry").dataset;
    if (!known.has(municipality)) known.set(municipality, fetch(`/desk/phrases?municipality=${municipality}`).then((answer) => (answer.ok ? answer.json() : [])));
    const all = await known.get(municipality).catch(() => []);
    const words = asked(target);
    if (!words || document.activeElement !== target) return close();
    const letters = words[1].toLowerCase();
    found = all.filter(({ name }) => name.toLowerCase().split(/\s/).some((word) => word.startsWith(letters))).slice(0, 8);
    [field, chosen] = [target, 0];
    draw();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
      if (step) choose((chosen + step + found.length) % found.length);
      else if (event.key === "Enter" || event.key === "Tab") put(found[chosen]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const one = event.target.closest("[role=option]");
    if (one) put(found[[...list.children].indexOf(one)]);
  });
  document.addEventListener("focusout", ({ target }) => target === field && close());

  const asked = ({ value, selectionStart }) => /(?:^|\s)\/([\p{L}\d-]*)$/u.exec(value.slice(0, selectionStart));

  function draw() {
    list.replaceChildren(
      ...found.map(({ name, text }, at) => {
        const one = Object.assign(document.createElement("li"), { role: "option", id: `phrase-${at}` });
        one.append(Object.assign(document.createElement("strong"), { textContent: `/${name}` }), ` ${text}`);
        return one;
      }),
    );
    list.hidden = !found.length;
    if (list.hidden) return close();
    const { left, top, width } = field.getBoundingClientRect();
    Object.assign(list.style, { left: `${left}px`, bottom: `${innerHeight - top + 4}px`, width: `${width}px` });
    choose(0);
  }
  function choose(at) {
    chosen = at;
    for (const one of list.children) one.ariaSelected = String(one === list.children[at]);
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-activedescendant", `phrase-${at}`);
  }
  function put({ text }) {
    const end = field.selectionStart;
    const begin = field.value.lastIndexOf("/", end - 1);
    field.setRangeText(text, begin, end, "end");
    const into = field;
    close();
    into.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept as if it had been typed
  }
  function close() {
    list.hidden = true;
    field?.removeAttribute("aria-controls");
    field?.removeAttribute("aria-activedescendant");
    field = undefined;
  }
})();
