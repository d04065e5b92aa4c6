// What agents show of their work: task_card and plan.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { label } from "../elements/button.js";
import { linkNode } from "../text/inline.js";
import { richText } from "./rich_text.js";

const words = (text) => (typeof text === "string" ? text : label(text));
const richOrPlain = (part, ctx) => (typeof part === "string" ? h("div", { class: "text" }, part) : richText(part, ctx));

function statusMark(status, s) {
  const drawn = { complete: icon("check"), error: icon("warning") }[status] ?? h("span", { class: "task-dot" });
  return h(
    "span",
    { class: `task-mark task-${status}`, role: "img", "aria-label": s.taskStatus[status] ?? status },
    drawn,
  );
}

export function taskCard(block, ctx) {
  const body = [
    block.details && richOrPlain(block.details, ctx),
    block.output && h("div", { class: "task-output" }, richOrPlain(block.output, ctx)),
    block.sources?.length &&
      h(
        "p",
        { class: "task-sources" },
        h("span", {}, `${ctx.s.sources}: `),
        block.sources.map((source, index) => [
          index ? ", " : "",
          linkNode(source.url, [source.text || source.url], ctx.reader),
        ]),
      ),
  ].filter(Boolean);
  return h(
    "div",
    { class: `task-card is-${block.status}` },
    h(
      "div",
      { class: "task-head" },
      statusMark(block.status, ctx.s),
      h("span", { class: "task-title" }, words(block.title)),
      h("span", { class: "task-status" }, ctx.s.taskStatus[block.status] ?? block.status),
    ),
    body.length ? h("div", { class: "task-body" }, body) : null,
  );
}

export function plan(block, ctx) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  return h(
    "section",
    { class: "block-plan" },
    h(
      "div",
      { class: "plan-head" },
      h("span", { class: "plan-title" }, words(block.title)),
      tasks.length ? h("span", { class: "plan-count" }, `${done} / ${tasks.length}`) : null,
    ),
    h(
      "ol",
      { class: "plan-tasks" },
      tasks.map((task) => h("li", {}, taskCard(task, ctx))),
    ),
  );
}
