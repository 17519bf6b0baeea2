// What the pages do beside htmx: countdowns, keys, announcements, the focus and the pressed button that a look leaves
// alone, the lost stream, the held queue.
"use strict";
(() => {
  const known = new Set();
  const title = document.title;

  // Keys: F2, F4, F8, F9 press the button that shows them, on the card with the focus, else on the first.
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
    const wanted = `button[data-key="${CSS.escape(event.key)}"]:not(:disabled)`;
    const card = document.activeElement?.closest("[data-card]");
    const button = card?.querySelector(wanted) ?? document.querySelector(wanted);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Time: a page says how many seconds are left or have gone; from then on this clock counts, whatever the wall says.
  function tick() {
    const now = performance.now() / 1000;
    for (const element of document.querySelectorAll("[data-left]")) {
      element.end ??= now + Number(element.dataset.left);
      const left = Math.max(0, element.end - now);
      element.querySelector("span").textContent = Math.ceil(left);
      element.style.setProperty("--part", (100 * left) / Number(element.dataset.of));
      element.classList.toggle("is-short", left <= 5);
      if (left === 0 && !element.asked) {
        element.asked = true;
        setTimeout(() => htmx.trigger(document.body, "desk-look"), 700);
      }
    }
    for (const element of document.querySelectorAll("[data-age]")) {
      element.start ??= now - Number(element.dataset.age);
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

  // The desk: say a new offer aloud and in the title.
  function look() {
    const desk = document.getElementById("desk");
    if (!desk) return;
    const offers = [...desk.querySelectorAll("[data-offer]")];
    for (const offer of offers) {
      if (known.has(offer.id)) offer.classList.add("is-known");
      else document.getElementById("announcement").textContent = offer.dataset.announce;
      known.add(offer.id);
    }
    document.title = offers.length ? `(${offers.length}) ${desk.dataset.offerOne} · Hotline` : title;
    tick();
  }

  // Whoever has taken, ended or passed on something goes on at the next thing to do, once a look that was asked for
  // after it shows that; one that was under way already shows how things stood before.
  let acted = false;
  document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
    if (target.id === "work") detail.requestConfig.showsWhatWasDone = acted;
  });
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    look();
    if (target.id !== "work" || !detail.requestConfig?.showsWhatWasDone) return;
    acted = false;
    const active = document.activeElement;
    if (active?.matches("textarea, select, input")) return;
    // A finger on a phone wants to read first; a focus in the field would bring up its keyboard.
    const next = matchMedia("(pointer: coarse)").matches ? ".inquiry h2" : ".inquiry textarea";
    (document.querySelector(next) ?? document.getElementById("main")).focus();
  });

  // What is kept through a look keeps the focus, too, where the browser cannot move an element without taking it.
  let writing;
  document.addEventListener("htmx:beforeSwap", () => (writing = document.activeElement));
  document.addEventListener("htmx:afterSwap", () => {
    if (writing?.isConnected && writing !== document.activeElement) writing.focus({ preventScroll: true });
  });

  // After a change, done or refused, the desk shows how things stand. (A header of the answer would be lost where the
  // pressed button has been redrawn meanwhile.)
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.verb === "get" || !document.getElementById("desk")) return;
    acted ||= /^\/(offers|inquiries)\//.test(detail.requestConfig.path);
    htmx.trigger(document.body, "desk-look");
  });

  // A button that is redrawn between press and release never hears of the click: for that moment, and five seconds at
  // most, the desk stays as it is, and looks again after it.
  let pressedUntil = 0;
  let postponed;
  function press() {
    pressedUntil = performance.now() + 5000;
  }
  function release() {
    setTimeout(() => {
      pressedUntil = 0;
      if (!postponed) return;
      clearTimeout(postponed);
      postponed = undefined;
      lookSoon();
    }); // after the click, which follows in the same turn
  }
  document.addEventListener("pointerdown", press, true);
  document.addEventListener("keydown", ({ key }) => key === " " && press(), true);
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, release, true);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const left = pressedUntil - performance.now();
    if (left <= 0 || detail.requestConfig.verb !== "get") return;
    detail.shouldSwap = false;
    postponed ??= setTimeout(release, left);
  });

  // Answers that are no part of the page: sign in again where the session has ended; a notice of ours goes where it
  // says; for anything else one sentence.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status === 401) location.assign(`/sign-in?ended=1&next=${encodeURIComponent(location.pathname)}`);
    else if (detail.xhr.status >= 400) detail.shouldSwap = Boolean(detail.xhr.getResponseHeader("HX-Retarget"));
  });
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

  // The stream says that something has changed, the desk then looks. Events of one burst are one look. While the stream
  // is away a banner says so; the browser tries again each second, and the desk looks every ten in case it can.
  // All tabs of a browser share one stream (stream.js), for it holds one of the six connections that HTTP/1.1 gives them;
  // where there are no shared workers each tab has its own.
  function stream() {
    const desk = document.getElementById("desk");
    if (!desk) return;
    const { events, stream } = desk.dataset;
    let open = false;
    const hear = ({ data }) => {
      open = data === "open" || (open && data === "changed");
      if (data !== "changed") lost(!open);
      if (data !== "lost") lookSoon(); // if it was refused since the sign-in has ended, the look finds out and says so
    };
    const own = () => {
      const script = document.createElement("script");
      script.onload = () => hotlineStream(events, hear);
      script.src = stream;
      document.head.append(script);
    };
    if (window.SharedWorker) {
      const worker = new SharedWorker(stream, events); // another reader's is another one
      worker.onerror = own;
      worker.port.onmessage = hear;
      worker.port.postMessage(events);
      addEventListener("pagehide", () => worker.port.postMessage(""));
      addEventListener("pageshow", ({ persisted }) => persisted && worker.port.postMessage(events));
    } else own();
    // Without a network a stream may stand for minutes before it breaks. What was missed meanwhile is looked up.
    window.ononline = () => {
      if (open) lost(false);
      lookSoon();
    };
    window.onoffline = () => lost(true);
  }

  let soon, away, asking;
  function lookSoon() {
    soon ??= setTimeout(() => {
      soon = undefined;
      htmx.trigger(document.body, "desk-look");
    }, 5);
  }

  function lost(gone) {
    if (!gone) {
      clearTimeout(away);
      clearInterval(asking);
      away = asking = undefined;
      document.getElementById("lost").hidden = true;
    } else if (!away) {
      // A moment's absence is nobody's worry.
      away = setTimeout(() => (document.getElementById("lost").hidden = false), 1500);
      asking = setInterval(lookSoon, 10000);
    }
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
    look();
    tick();
    queue();
    stream();
    setInterval(tick, 250);
  });
})();
