// The right side: one thread.

import { h } from "./dom.js";
import { createComposer } from "./composer.js";
import { icon } from "./icons.js";
import { createMessageList } from "./messages.js";
import { signsOf, statusLine } from "./status.js";

export function createThread(ui) {
  const { s } = ui;
  const list = createMessageList(ui, { className: "in-thread" });
  const composer = createComposer(ui, { inThread: true });
  const topic = h("p", { class: "pane-topic" });
  const status = h("div", { class: "status-place" });
  const closeButton = h(
    "button",
    {
      class: "tool pane-close",
      type: "button",
      "aria-label": s.close,
      on: { click: () => ui.go({ thread: null, message: null }) },
    },
    icon("close"),
  );
  const back = h(
    "button",
    {
      class: "tool pane-back",
      type: "button",
      "aria-label": s.back,
      on: { click: () => ui.go({ thread: null, message: null }) },
    },
    icon("back"),
  );
  const element = h(
    "aside",
    { class: "pane thread", "aria-label": s.thread },
    h(
      "header",
      { class: "pane-head" },
      back,
      h("div", { class: "pane-titles" }, h("h2", { class: "pane-title", tabindex: "-1" }, s.thread), topic),
      closeButton,
    ),
    list.element,
    status,
    h("div", { class: "pane-foot" }, composer.element),
  );
  let drawnStatus = "";

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) ui.go({ thread: null, message: null });
  });

  function update({ snapshot, route, threads }) {
    const channel = snapshot.channels.find((each) => each.id === route.channel);
    const open = Boolean(channel && route.thread && route.panel !== "wire");
    element.hidden = !open;
    if (!open) return;
    const isApp = channel.id === snapshot.app.dm;
    const channelLabel = isApp ? snapshot.app.name : `#${channel.name}`;
    const key = `${channel.id}:${route.thread}`;
    const messages = threads[key] ?? null;
    const signs = signsOf(snapshot);
    topic.textContent = channelLabel;
    list.update({
      key,
      name: s.threadList,
      messages,
      channel: channel.id,
      inThread: true,
      unreadFrom: null,
      zone: ui.reader.zone,
      now: ui.reader.now(),
      statuses: signs,
      s,
      introNodes: messages?.length === 0 ? h("p", { class: "loading" }, s.threadGone) : null,
    });
    drawStatus(signs[key] ?? null);
    composer.element.hidden = !channel.is_member || messages?.length === 0;
    composer.update({
      channel: channel.id,
      thread: route.thread,
      label: s.replyTo,
      channelLabel: isApp ? null : channelLabel,
    });
  }

  function drawStatus(shown) {
    const sign = JSON.stringify(shown);
    if (sign === drawnStatus) return;
    drawnStatus = sign;
    status.replaceChildren(...(shown ? [statusLine(shown, ui)] : []));
  }

  return { element, update, show: list.show, focusComposer: composer.focus };
}
