// Guidance is copied, or put into the answer or the note where the cursor stands: what is marked of it, else all.
"use strict";
(() => {
  const DO = "[data-copy], [data-insert]";
  // Pressed by a mouse, they leave alone what is marked.
  document.addEventListener("mousedown", (event) => event.target.closest(DO) && event.preventDefault());
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest(DO);
    if (!button) return;
    const marked = String(getSelection()).trim();
    const within = marked && button.closest(".guidance-one").contains(getSelection().anchorNode);
    const words = within ? marked : button.parentElement.dataset.words;
    if (button.dataset.insert) return insert(button.dataset.insert, words);
    await navigator.clipboard.writeText(words);
    document.getElementById("announcement").textContent = button.dataset.done;
    button.classList.add("is-done");
    setTimeout(() => button.classList.remove("is-done"), 2000);
  });

  function insert(where, words) {
    const desk = document.getElementById("desk");
    const field = desk.querySelector(where === "answer" ? ".answer textarea" : ".closure textarea");
    if (!field) return;
    const [from, to] = [field.selectionStart, field.selectionEnd];
    const before = from && field.value[from - 1] !== "\n" ? "\n" : "";
    field.setRangeText(before + words, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept as if it had been typed
    field.focus();
  }
})();
