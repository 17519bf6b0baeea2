// The desk: its keys, what a change leaves alone, when to look, which inquiry is open, the stream of events.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  const title = document.title;
  const known = new Set();
  let begun = false; // what is there already is nothing new

  // Keys press what shows them, and only the offer in front and the open inquiry show any. The same key once more within
  // 0.6 s is nothing, for what it was meant for has gone. Digits choose, but where somebody writes they are written.
  const AGAIN = 600; // milliseconds
  const WRITING = "textarea, select, input:not([type=radio])";
  const pressed = {};
  document.addEventListener("keydown", (event) => {
    const { key, repeat, timeStamp } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const send = repeat ? null : document.activeElement?.closest("form")?.querySelector("[data-send]:not(:disabled)");
      if (send) event.preventDefault();
      send?.click();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const twice = repeat || timeStamp - (pressed[key] ?? -AGAIN) < AGAIN;
    pressed[key] = timeStamp;
    if (key.length === 1 && document.activeElement?.matches(WRITING)) return;
    const wanted = CSS.escape(key);
    const button =
      desk.querySelector(`details[open] [data-menu-key="${wanted}"]`) ?? desk.querySelector(`[data-key="${wanted}"]:not(:disabled)`);
    if (!button) return;
    event.preventDefault();
    if (!twice) button.click();
  });

  // A menu that opens has the focus; the next Escape or press beside it closes it.
  desk.addEventListener("toggle", ({ target }) => target.open && target.querySelector("button, select, input")?.focus(), true);
  document.addEventListener("keyup", ({ key }) => key === "Escape" && closeMenus());
  document.addEventListener("click", ({ target }) => closeMenus(target.closest("details")));
  function closeMenus(but) {
    for (const menu of desk.querySelectorAll("details[open]")) if (menu !== but) menu.open = false;
  }

  // A change is morphed into the page: what stays the same is the same element, with its focus, its marked text, its
  // press. Beside that a form in which somebody has written or chosen is theirs until it is sent, and so is what they
  // opened; a button that waits for its answer goes on waiting.
  const NOT_SAID = new Set(["open", "disabled"]); // by the server, ever
  const ENTERED = new Set(["value", "checked", "selected"]);
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (node) => {
      if (node instanceof HTMLFormElement) node.isTheirs = [...node.elements].some(isEntered);
      return !node.matches?.("[data-stays], .field-error:not(:empty)");
    },
    beforeAttributeUpdated: (name, node) => !NOT_SAID.has(name) && !(ENTERED.has(name) && node.form?.isTheirs),
  });

  function isEntered(field) {
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected);
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
    return field.matches("textarea, input") && field.value !== field.defaultValue;
  }

  document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig, xhr } }) => {
    if (requestConfig.verb !== "get" && xhr.status < 300 && requestConfig.elt.matches("form")) requestConfig.elt.reset();
  });

  // What must be chosen or written first is said where that is done, until it is.
  document.addEventListener("htmx:validation:failed", ({ target }) => {
    const field = target.closest("[data-missing]");
    if (!field) return;
    field.querySelector(".field-error").textContent = field.dataset.missing;
    field.querySelector("input, textarea, select").focus();
  });
  desk.addEventListener("input", ({ target }) => {
    const said = target.closest("[data-missing]")?.querySelector(".field-error");
    if (said) said.textContent = "";
  });

  // What somebody is writing the server keeps as they type, once more when it is back, and as the page goes away.
  const unkept = () => [...desk.querySelectorAll("[data-draft]")].filter(isEntered);
  const keep = () => unkept().forEach((note) => htmx.trigger(note, "draft-keep"));
  addEventListener("pagehide", () => {
    const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
    for (const note of unkept()) {
      const body = JSON.stringify(Object.fromEntries(new FormData(note.form)));
      fetch(note.getAttribute("hx-put"), { method: "PUT", keepalive: true, headers, body });
    }
  });

  // What is done answers with the desk as it stands then; so while it is under way nobody looks, and a look that began
  // before it is given up. Of a look, too, there is one at a time. What the stream tells meanwhile is looked up after
  // it, unless that is what is shown by now.
  const asked = new Set();
  let changes = 0;
  let told, soon;
  function look(version = "whatever it is") {
    told = version;
    lookIfNew();
  }
  function lookIfNew() {
    if (told === document.getElementById("work").dataset.version) told = undefined;
    if (told === undefined || asked.size) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      if (told !== undefined && !asked.size) htmx.trigger(document.body, "desk-look");
    }, 5); // events of one burst are one look
  }
  // What is shown beside it (guidance) is neither.
  document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig, target, xhr } }) => {
    if (target.id !== "parts") return;
    if (requestConfig.verb !== "get") changes++;
    xhr.looks = requestConfig.verb === "get";
    xhr.changes = [...asked].every(({ looks }) => looks) ? changes : -1; // what it sees may be older
    asked.add(xhr);
    told = undefined;
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful, xhr } }) => {
    if (!asked.delete(xhr)) return; // by now the target may be another: a refusal is shown among the notices
    if (requestConfig.verb !== "get" && !successful) told = "whatever it is";
    lookIfNew();
  });

  // Say a new offer aloud and in the title.
  function announce() {
    const offers = [...desk.querySelectorAll("[data-offer]")];
    for (const offer of offers) {
      if (known.has(offer.id)) continue;
      known.add(offer.id);
      document.getElementById("announcement").textContent = offer.dataset.announce;
      if (begun) hotlineSignals(offer.id, offer.dataset.announce);
    }
    // And what citizens have written since.
    for (const mark of desk.querySelectorAll("[data-unread]")) {
      const message = `message-${mark.dataset.unread}`;
      if (known.has(message)) continue;
      known.add(message);
      if (!begun) continue;
      document.getElementById("announcement").textContent = mark.dataset.announce;
      hotlineSignals(message, mark.dataset.announce);
    }
    document.title = offers.length ? `(${offers.length}) ${desk.dataset.offerOne} · Hotline` : title;
  }

  // What is new in the open thread is scrolled to, also when a wrap-up leaves it less room, and read once the page is
  // looked at.
  let newest;
  function read() {
    const last = desk.querySelector(".message:last-child");
    const found = last && `${last.id} ${last.closest(".is-wrapping") ? "wrapping" : ""}`;
    if (last && found !== newest) last.scrollIntoView({ block: "nearest" });
    newest = found;
    const thread = desk.querySelector("[data-seen]");
    if (!thread || document.hidden || thread.seen === thread.dataset.seen) return;
    thread.seen = thread.dataset.seen;
    htmx.trigger(thread, "seen");
  }
  document.addEventListener("visibilitychange", read);

  // Which inquiry is open stands in the address of the page. What was asked for by another address is asked for again.
  const opened = () => document.getElementById("work").dataset.open;
  let shown = opened();
  let toBeOpened = false;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toBeOpened = true;
    history.replaceState(null, "", link.href);
    show("text");
    look();
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, requestConfig, xhr } = detail;
    if (target.id !== "parts") return;
    const elsewhere = requestConfig.headers["HX-Current-URL"] !== location.href;
    if (elsewhere) told = "whatever it is";
    if (elsewhere || (xhr.looks && xhr.changes < changes)) detail.shouldSwap = false;
  });
  function say() {
    const wanted = opened() ? `/desk?inquiry=${opened()}` : "/desk";
    if (location.pathname + location.search !== wanted) history.replaceState(null, "", wanted);
    if (opened() !== shown) show(opened() ? "text" : "list");
    else show(desk.dataset.show);
    shown = opened();
  }

  // Where not all parts have room, one is shown at a time.
  desk.addEventListener("click", ({ target }) => target.closest("[data-show]") && show(target.closest("[data-show]").dataset.show));
  function show(part = "text") {
    desk.dataset.show = part;
    for (const tab of desk.querySelectorAll("[data-show]")) tab.setAttribute("aria-pressed", tab.dataset.show === part);
  }

  // Whoever has taken, opened, ended or passed on something goes on at the next thing to do.
  document.addEventListener("htmx:afterSettle", ({ target, detail: { requestConfig } }) => {
    announce();
    if (target.matches("[data-stays]")) target.focus();
    if (target.id !== "parts") return;
    const another = opened() !== shown;
    say();
    read();
    if (!requestConfig) return;
    const went = requestConfig.verb === "get" ? toBeOpened : another || !requestConfig.elt.isConnected;
    if (!went) return;
    toBeOpened = false;
    if (!another && document.activeElement?.matches("textarea, select, input")) return;
    nextToDo().focus();
  });
  function nextToDo() {
    const note = desk.querySelector(".is-wrapping .closure textarea, .inquiry:not(.is-wrapping) textarea");
    if (!note) return desk.querySelector(".calm h2") ?? document.getElementById("main");
    // A finger on a phone wants to read first; a focus in the field would bring up its keyboard.
    if (matchMedia("(pointer: coarse)").matches) return desk.querySelector(".inquiry h2");
    return (note.value && desk.querySelector(".outcomes input")) || note;
  }

  // The stream says how things stand by now; what is not shown yet, the desk looks up. While the stream is away a banner
  // says so; the browser tries again each second, and the desk looks every ten in case it can. All tabs of a browser
  // share one stream (stream.js), for it holds one of the six connections that HTTP/1.1 gives them; where there are no
  // shared workers each tab has its own.
  const { events, stream } = desk.dataset;
  let open = false;
  let away, asking;
  const hear = ({ data: { state, version } }) => {
    if (version) look(version);
    if (!state) return;
    open = state === "open";
    lost(!open);
    if (open) keep();
    if (state === "refused") look(); // if that is since the sign-in has ended, the look finds out and says so
  };
  const own = () => {
    const script = document.createElement("script");
    script.onload = () => hotlineStream(events, hear);
    script.src = stream;
    document.head.append(script);
  };
  if (window.SharedWorker) {
    const worker = new SharedWorker(stream, events); // another visitor's is another one
    worker.onerror = own;
    worker.port.onmessage = hear;
    worker.port.postMessage(events);
    addEventListener("pagehide", () => worker.port.postMessage(""));
    addEventListener("pageshow", ({ persisted }) => persisted && worker.port.postMessage(events));
  } else own();
  // Without a network a stream may stand for minutes before it breaks. What was missed meanwhile is looked up.
  window.ononline = () => {
    if (open) lost(false);
    look();
  };
  window.onoffline = () => lost(true);
  // A link would then lead to the browser's own page and away from what is in hand.
  document.addEventListener(
    "click",
    (event) => {
      if (navigator.onLine || !event.target.closest("a[href]")) return;
      event.preventDefault();
      document.getElementById("lost").hidden = false;
    },
    true,
  );

  function lost(gone) {
    if (!gone) {
      clearTimeout(away);
      clearInterval(asking);
      away = asking = undefined;
      document.getElementById("lost").hidden = true;
    } else if (!away) {
      // A moment's absence is nobody's worry.
      away = setTimeout(() => (document.getElementById("lost").hidden = false), 1500);
      asking = setInterval(() => look(), 10000);
    }
  }

  announce();
  say();
  addEventListener("load", read); // htmx knows the page by then
  begun = true;
})();
