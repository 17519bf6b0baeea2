// What all pages do beside htmx: countdowns, answers that are no part of the page, the held queue.
"use strict";
(() => {
  // Time: a page says how many seconds are left or have gone; from then on this clock counts, whatever the wall says.
  function tick() {
    const now = performance.now() / 1000;
    for (const element of document.querySelectorAll("[data-left]")) {
      element.end ??= now + Number(element.dataset.left);
      const left = Math.max(0, element.end - now);
      element.querySelector("span").textContent = Math.ceil(left);
      element.style.setProperty("--part", (100 * left) / Number(element.dataset.of));
      element.classList.toggle("is-short", left <= 5);
      element.classList.toggle("is-over", !left);
    }
    for (const element of document.querySelectorAll("[data-age]")) {
      if (element.start === undefined || element.since !== element.dataset.since) {
        element.since = element.dataset.since; // from then on it counts from something else
        element.start = now - Number(element.dataset.age);
      }
      const text = spoken(Math.floor(now - element.start));
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function spoken(seconds) {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (hours) return `${hours} ${document.documentElement.lang === "da" ? "t" : "h"} ${minutes} min`;
    if (minutes) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
    return `${seconds} s`;
  }

  document.addEventListener("htmx:afterSettle", tick);

  // A form with several ways on: each button names what its way takes, under another name where that is written first.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const sends = detail.triggeringEvent?.submitter?.dataset.sends;
    if (!sends) return;
    const named = sends.split(" ").map((one) => [one.split(":")[0], detail.formData.get(one.split(":").at(-1))]);
    detail.parameters = Object.fromEntries(named.filter(([, value]) => value !== null));
  });

  // Answers that are no part of the page: sign in again where the session has ended; a notice of ours goes where it
  // says; for anything else one sentence.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status === 401) location.assign(`/sign-in?ended=1&next=${encodeURIComponent(location.pathname)}`);
    else if (detail.xhr.status >= 400) {
      detail.shouldSwap = Boolean(detail.xhr.getResponseHeader("HX-Retarget"));
      aside(detail.requestConfig.elt);
    }
  });

  // What is to be mended is not covered: a notice stands in the other half of the window.
  function aside(asked) {
    const { top, bottom } = asked.getBoundingClientRect();
    document.getElementById("notices").classList.toggle("is-above", top + bottom > innerHeight);
  }
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Retarget")) failed(event);
  });
  document.addEventListener("htmx:sendError", failed);

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "notices") setTimeout(() => target.replaceChildren(), 8000);
  });

  function failed({ detail }) {
    // Where the banner says already that the stream is lost, a look that fails is nothing new.
    const known = document.getElementById("lost")?.hidden === false;
    if (!known || detail.requestConfig.verb !== "get") notice(document.body.dataset.failed);
  }

  // Who waits is told so: whatever is not answered within five seconds says that it is still asked for.
  const waiting = new Map();
  const slow = () => document.getElementById("slow")?.remove();
  document.addEventListener("htmx:beforeSend", ({ detail: { xhr } }) => {
    waiting.set(xhr, setTimeout(() => {
      slow();
      const words = { id: "slow", className: "notice", textContent: document.body.dataset.slow };
      document.getElementById("notices").append(Object.assign(document.createElement("p"), words));
    }, 5000));
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    clearTimeout(waiting.get(xhr));
    waiting.delete(xhr);
    slow();
  });

  function notice(words) {
    const paragraph = Object.assign(document.createElement("p"), { className: "notice", textContent: words });
    document.getElementById("notices").replaceChildren(paragraph);
    setTimeout(() => paragraph.remove(), 8000);
  }

  // The queue: every two seconds while somebody looks at it and has not asked it to hold still.
  function queue() {
    const hold = document.getElementById("hold");
    if (!hold) return;
    hold.addEventListener("click", () => {
      const held = hold.getAttribute("aria-pressed") !== "true";
      hold.setAttribute("aria-pressed", held);
    });
    setInterval(() => {
      if (!document.hidden && hold.getAttribute("aria-pressed") !== "true") htmx.trigger(document.body, "queue-look");
    }, 2000);
  }

  document.addEventListener("DOMContentLoaded", () => {
    tick();
    queue();
    setInterval(tick, 250);
  });
})();
