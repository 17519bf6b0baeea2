// The desk's stream of events. As a shared worker it is one for all tabs of a browser; as a script each tab's own.
"use strict";
const hotlineStream = (events, hear) => {
  let source, again;
  const begin = () => {
    source = new EventSource(events);
    for (const name of ["offer", "offer_gone", "inquiry", "presence"]) {
      source.addEventListener(name, ({ lastEventId }) => hear({ data: { version: lastEventId } }));
    }
    source.onopen = () => hear({ data: { state: "open" } });
    source.onerror = () => {
      const refused = source.readyState === EventSource.CLOSED; // else the browser itself tries again
      hear({ data: { state: refused ? "refused" : "lost" } });
      if (refused) again = setTimeout(begin, 1000);
    };
  };
  begin();
  return {
    isOpen: () => source.readyState === EventSource.OPEN,
    end: () => {
      clearTimeout(again);
      source.close();
    },
  };
};

// What a tab sends is the address of its events, or nothing when it goes away. The stream ends with the last of them.
if (typeof SharedWorkerGlobalScope !== "undefined") {
  const tabs = new Set();
  let stream, last;
  const tell = ({ data }) => {
    last = data.version ?? last;
    tabs.forEach((tab) => tab.postMessage(data));
  };
  self.onconnect = ({ ports: [tab] }) => {
    tab.onmessage = ({ data: events }) => {
      if (events) tabs.add(tab);
      else tabs.delete(tab);
      if (!tabs.size) {
        stream?.end();
        stream = undefined;
      } else if (!stream) stream = hotlineStream(events, tell);
      else if (events && stream.isOpen()) tab.postMessage({ state: "open", version: last }); // what was told before it came
    };
  };
}
