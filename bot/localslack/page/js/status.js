// The line that says that the agent is at work in a thread: its status with loading messages in turn, and the stop
// button of its session.

import { h } from "./dom.js";

const TURN_MS = 2500;

/** What the app is doing, by `channel:thread_ts`. A session that is at work stands for a status that says nothing. */
export function signsOf(snapshot) {
  const signs = { ...snapshot.statuses };
  for (const [key, session] of Object.entries(snapshot.sessions)) {
    if (session.status !== "processing") continue;
    signs[key] = { ...signs[key], place: key, can_be_stopped: session.can_be_stopped };
  }
  return signs;
}

export function statusLine(status, ui) {
  const { s } = ui;
  const appName = ui.store.get().snapshot.app.name;
  const said = status.status ? s.agentStatus(appName, status.status) : s.agentWorks(appName);
  const messages = status.loading_messages?.length ? status.loading_messages : [said];
  const words = h("span", { class: "status-words" }, messages[0]);
  const line = h(
    "div",
    { class: "agent-status", role: "status" },
    h("span", { class: "status-dots", "aria-hidden": "true" }, h("i", {}), h("i", {}), h("i", {})),
    words,
    status.can_be_stopped && stopButton(status.place, ui),
  );
  if (messages.length > 1) {
    let at = 0;
    let shown = false;
    const timer = setInterval(() => {
      if (shown && !line.isConnected) {
        clearInterval(timer);
        return;
      }
      shown ||= line.isConnected;
      at = (at + 1) % messages.length;
      words.textContent = messages[at];
    }, TURN_MS);
  }
  return line;
}

function stopButton(place, ui) {
  const [channel, ts] = place.split(":");
  return h(
    "button",
    { class: "button button-small", type: "button", on: { click: () => ui.api.stop(channel, ts).then(ui.refresh) } },
    ui.s.stopWork,
  );
}
