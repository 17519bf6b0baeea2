// The desk: its keys, what a change leaves alone, when to look, the stream of events, and where the focus goes on.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  const title = document.title;
  const known = new Set();

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

  // A change is morphed into the page: what stays the same is the same element, with its focus, its marked text, its
  // press. Beside that a form in which somebody has written or chosen is theirs until it is sent, and so is what they
  // opened; a button that waits for its answer goes on waiting.
  const NOT_SAID = new Set(["open", "disabled"]); // by the server, ever
  const ENTERED = new Set(["value", "checked", "selected"]);
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (node) => {
      if (node instanceof HTMLFormElement) node.isTheirs = [...node.elements].some(isEntered);
      return !node.matches?.("[data-stays]");
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

  // What is done answers with the desk as it stands then; so while it is under way nobody looks, and a look that began
  // before it is given up. Of a look, too, there is one at a time. What the stream tells meanwhile is looked up after
  // it, unless that is what is shown by now.
  const asked = new Set();
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
  document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig, xhr } }) => {
    if (requestConfig.verb !== "get") htmx.trigger("#parts", "htmx:abort");
    asked.add(xhr);
    told = undefined;
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful, xhr } }) => {
    asked.delete(xhr);
    if (requestConfig.verb !== "get" && !successful) told = "whatever it is";
    lookIfNew();
  });

  // Say a new offer aloud and in the title.
  function announce() {
    const offers = [...desk.querySelectorAll("[data-offer]")];
    for (const offer of offers) {
      if (!known.has(offer.id)) document.getElementById("announcement").textContent = offer.dataset.announce;
      known.add(offer.id);
    }
    document.title = offers.length ? `(${offers.length}) ${desk.dataset.offerOne} · Hotline` : title;
  }

  // Whoever has taken, ended or passed on something goes on at the next thing to do.
  document.addEventListener("htmx:afterSettle", ({ target, detail: { requestConfig } }) => {
    announce();
    if (!requestConfig || requestConfig.verb === "get") return;
    if (target.matches("[data-stays]")) target.focus();
    if (target.id !== "parts" || requestConfig.elt.isConnected) return;
    if (document.activeElement?.matches("textarea, select, input")) return;
    // A finger on a phone wants to read first; a focus in the field would bring up its keyboard.
    const next = matchMedia("(pointer: coarse)").matches ? ".inquiry h2" : ".inquiry textarea";
    (document.querySelector(next) ?? document.getElementById("main")).focus();
  });

  // Whoever writes a note sees what they will press after it.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".closure textarea")) target.form.scrollIntoView({ block: "nearest" });
  });

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
})();
