// The record of what went between the workspace and the app, and the buttons that cause trouble on purpose.

import { fill, h, patchList } from "./dom.js";
import { field, textInput } from "./dialogs.js";
import { showWorking } from "./elements/interaction.js";
import { icon } from "./icons.js";
import { failureSentence } from "./strings.js";

const DEADLINE_MS = 3000;
const SLOW_MS = 1500;
const KINDS = ["event", "command", "interactive", "ack", "api", "refused", "unheard", "socket"];
const METHODS = [
  "chat.postMessage",
  "chat.update",
  "chat.postEphemeral",
  "views.open",
  "views.publish",
  "views.update",
  "users.info",
  "conversations.members",
  "assistant.threads.setStatus",
];
const ERRORS = [
  "ratelimited",
  "internal_error",
  "channel_not_found",
  "not_in_channel",
  "fatal_error",
  "hang",
  "connection_reset",
  "http_500",
];

export function createWire(ui) {
  const { s } = ui;
  let filter = "all";
  const filters = h("div", { class: "wire-filters", role: "radiogroup", "aria-label": s.wireFilter });
  const list = h("ol", { class: "wire-list" });
  const empty = h("p", { class: "options-note" }, s.wireEmpty);
  const scroller = h(
    "div",
    { class: "wire-scroll", tabindex: "0", role: "log", "aria-live": "off", "aria-label": s.wireTitle },
    empty,
    list,
  );
  const active = h("p", { class: "trouble-active", hidden: true });
  const trouble = h(
    "details",
    { class: "trouble" },
    h("summary", {}, s.trouble),
    h("p", { class: "input-hint" }, s.troubleIntro),
    active,
    troubleForm(),
  );
  const close = (className, mark, name) =>
    h(
      "button",
      { class: `tool ${className}`, type: "button", "aria-label": name, on: { click: () => ui.go({ panel: null }) } },
      icon(mark),
    );
  const element = h(
    "aside",
    { class: "pane wire", "aria-label": s.wire },
    h(
      "header",
      { class: "pane-head" },
      close("pane-back", "back", s.back),
      h("div", { class: "pane-titles" }, h("h2", { class: "pane-title" }, s.wireTitle)),
      close("pane-close", "close", s.close),
    ),
    filters,
    scroller,
    trouble,
  );
  let sticking = true;
  scroller.addEventListener(
    "scroll",
    () => {
      sticking = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    },
    { passive: true },
  );

  function update({ route, log, snapshot }) {
    element.hidden = route.panel !== "wire";
    if (element.hidden) return;
    drawFilters();
    const shown = log.filter(
      (line) => filter === "all" || (filter === "problems" ? isProblem(line) : line.kind === filter),
    );
    empty.hidden = shown.length > 0;
    patchList(list, shown, { key: (line) => line.n, signature: () => "", render: (line) => lineNode(line, ui) });
    if (sticking) scroller.scrollTop = scroller.scrollHeight;
    const failing = JSON.stringify(snapshot.failing ?? {});
    active.hidden = failing === "{}" || failing === "[]";
    active.textContent = `${s.troubleActive}: ${failing}`;
  }

  function drawFilters() {
    if (filters.dataset.filter === filter) return;
    filters.dataset.filter = filter;
    const choices = [
      ["all", s.wireAll],
      ["problems", s.wireProblems],
      ...KINDS.map((kind) => [kind, s.wireKinds[kind]]),
    ];
    fill(
      filters,
      choices.map(([value, name]) =>
        h(
          "button",
          {
            class: "filter",
            type: "button",
            role: "radio",
            "aria-checked": String(filter === value),
            on: {
              click: () => {
                filter = value;
                sticking = true;
                ui.store.set({});
              },
            },
          },
          name,
        ),
      ),
    );
  }

  async function order(body, control) {
    const busy = showWorking(control, s);
    const answer = await ui.api.trouble(body);
    busy.end();
    if (!answer.ok) ui.tell(failureSentence(s, answer), "error");
    ui.refresh();
  }

  function troubleForm() {
    const option = (value) => h("option", { value }, value);
    const method = h("select", { class: "text-input" }, METHODS.map(option));
    const error = h("select", { class: "text-input" }, ERRORS.map(option));
    const times = textInput({ inputmode: "numeric", value: "1" });
    const retry = textInput({ inputmode: "numeric", value: "1" });
    const button = (name, body, className = "") =>
      h(
        "button",
        {
          class: `button button-small ${className}`,
          type: "button",
          on: { click: (event) => order(body(), event.currentTarget) },
        },
        name,
      );
    const number = (input) => Math.max(1, Number.parseInt(input.value, 10) || 1);
    return h(
      "div",
      { class: "trouble-form" },
      field({ name: s.troubleMethod, input: method }),
      field({ name: s.troubleError, input: error }),
      field({ name: s.troubleTimes, input: times }),
      field({ name: s.troubleRetryAfter, input: retry }),
      h(
        "div",
        { class: "trouble-buttons" },
        button(s.troubleApply, () => ({
          method: method.value,
          error: error.value,
          times: number(times),
          retry_after: number(retry),
        })),
        button(s.troubleRefresh, () => ({ refresh: true })),
        button(s.troubleRedeliver, () => ({ redeliver: true })),
        button(s.troubleOff, () => ({ off: true })),
      ),
    );
  }

  return { element, update };
}

const isProblem = (line) => !line.ok || line.kind === "refused" || line.kind === "unheard";

function lineNode(line, ui) {
  const { s } = ui;
  const classes = ["wire-line", `wire-${line.kind}`, isProblem(line) && "is-problem"].filter(Boolean).join(" ");
  const summary = h(
    "summary",
    {},
    h("span", { class: "wire-kind" }, s.wireKinds[line.kind] ?? line.kind),
    h("span", { class: "wire-title" }, line.title),
    timing(line, s),
  );
  const details = h("details", { class: classes, "data-n": line.n }, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(detailNode(line, ui));
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  return h("li", {}, details);
}

function timing(line, s) {
  if (line.ms === null || line.ms === undefined) return null;
  if (line.kind !== "ack") return h("span", { class: "wire-ms" }, s.wireMs(line.ms));
  const share = Math.min(1, line.ms / DEADLINE_MS);
  return h(
    "span",
    {
      class: line.ms > SLOW_MS ? "wire-ms wire-gauge is-slow" : "wire-ms wire-gauge",
      title: s.wireOfDeadline(line.ms),
      style: { "--share": `${share * 100}%` },
    },
    s.wireMs(line.ms),
  );
}

function detailNode(line, ui) {
  const { s } = ui;
  const text = line.detail?.truncated ?? JSON.stringify(line.detail, null, 2) ?? "";
  const when = new Date(line.at * 1000).toLocaleTimeString(s.locale, { hour12: false });
  return h(
    "div",
    { class: "wire-detail" },
    h(
      "p",
      { class: "wire-meta" },
      `#${line.n} · ${when}`,
      h("button", { class: "button button-small", type: "button", on: { click: () => ui.copy(text) } }, s.wireCopy),
    ),
    line.detail === null || line.detail === undefined
      ? null
      : h("pre", { class: "code-block", tabindex: "0" }, h("code", {}, text)),
  );
}
