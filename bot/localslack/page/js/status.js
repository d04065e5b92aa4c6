// The line that says what the agent is doing in a thread, with its loading messages in turn.

import { h } from "./dom.js";

const TURN_MS = 2500;

export function statusLine(status, appName, s) {
  const messages = status.loading_messages?.length ? status.loading_messages : [s.agentStatus(appName, status.status)];
  const words = h("span", { class: "status-words" }, messages[0]);
  const line = h(
    "div",
    { class: "agent-status", role: "status" },
    h("span", { class: "status-dots", "aria-hidden": "true" }, h("i", {}), h("i", {}), h("i", {})),
    words,
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
