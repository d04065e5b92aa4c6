// Short sentences that something went wrong or was done: this window's own and the server's, in one place.

import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN = 3;
const INFO_MS = 6000;

export function createNotices(ui) {
  const { s } = ui;
  const list = h("div", { class: "notices" });
  const lost = h("div", { class: "connection-lost", role: "alert", hidden: true });
  const element = h("div", { class: "notice-place" }, list);
  const dismissed = new Set();
  let own = [];
  let firstSeen = null; // notices older than this window are in the log, not in one's face
  let nextId = 1;

  function tell(sentence, kind = "info") {
    const notice = { id: `own-${nextId}`, kind, message: sentence };
    nextId += 1;
    own = [...own.filter((other) => other.kind === "error"), notice].slice(-SHOWN); // one piece of news at a time
    if (kind === "info") setTimeout(() => dismiss(notice.id), INFO_MS);
    ui.store.set({});
  }

  function dismiss(id) {
    dismissed.add(id);
    own = own.filter((notice) => notice.id !== id);
    ui.store.set({});
  }

  function update({ snapshot, connected }) {
    const newest = snapshot.notices.at(-1)?.id ?? 0;
    if (firstSeen === null) firstSeen = newest;
    if (newest < firstSeen) firstSeen = 0; // a server that started anew counts anew
    const fromServer = snapshot.notices.filter((notice) => notice.id > firstSeen);
    const shown = [...fromServer, ...own].filter((notice) => !dismissed.has(notice.id)).slice(-SHOWN);
    patchList(list, shown, { key: (notice) => notice.id, signature: (notice) => notice.message, render: noticeNode });
    lost.hidden = connected;
    if (!connected && !lost.firstChild) {
      fill(
        lost,
        icon("warning"),
        h("span", {}, s.connectionLost),
        h("button", { class: "button button-small", type: "button", on: { click: () => ui.reconnect() } }, s.reconnect),
      );
    }
    if (connected) fill(lost);
  }

  function noticeNode(notice) {
    const isError = notice.kind === "error";
    return h(
      "div",
      { class: `notice notice-${notice.kind}`, role: isError ? "alert" : "status" },
      icon(isError ? "warning" : "info"),
      h("p", {}, notice.message),
      h(
        "button",
        { class: "tool", type: "button", "aria-label": s.dismiss, on: { click: () => dismiss(notice.id) } },
        icon("close"),
      ),
    );
  }

  return { element, lost, update, tell };
}
