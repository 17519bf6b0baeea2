// The citizen's page of one inquiry: what is sent leaves the field, what is new is seen, and a lost connection is said.
"use strict";
(() => {
  const title = document.title;
  const lost = document.getElementById("lost");
  let unseen = 0;

  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (successful) lost.hidden = true;
    if (!successful || elt.id !== "write") return;
    elt.reset();
    elt.querySelector("textarea").focus();
  });
  document.addEventListener("htmx:sendError", () => (lost.hidden = false));

  const thread = document.getElementById("thread");
  if (!thread) return;
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ nodeType }) => nodeType === Node.ELEMENT_NODE);
    if (!added.length) return;
    added.at(-1).scrollIntoView({ block: "nearest" });
    if (!document.hidden) return;
    unseen += added.length;
    document.title = `(${unseen}) ${document.querySelector("[data-new]").dataset.new}`;
  }).observe(thread, { childList: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });
})();
