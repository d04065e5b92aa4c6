// Buttons: plain, with an address, rating buttons under an answer, and icon buttons.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { plainNodes, safeUrl } from "../text/inline.js";
import { identity, send } from "./interaction.js";

/** The text of a plain_text object with its emoji drawn. */
export function label(object) {
  return plainNodes(object?.text ?? "", { emoji: object?.emoji !== false, breaks: false });
}

export function button(block, element, ctx) {
  const href = element.url ? safeUrl(element.url) : null;
  const common = {
    class: `button ${element.style ? `button-${element.style}` : ""}`,
    "aria-label": element.accessibility_label || null,
    ...identity(block, element),
  };
  const value = element.value === undefined ? {} : { value: element.value };
  const press = (event) => send(ctx, block, element, value, event.currentTarget);
  if (!href) return h("button", { ...common, type: "button", on: { click: press } }, label(element.text));
  const open = (event) => {
    ctx.reader.openLink(href, event);
    press(event);
  };
  return h(
    "a",
    { ...common, href, role: "button", target: "_blank", rel: "noopener noreferrer", on: { click: open } },
    label(element.text),
    h("span", { class: "sr-only" }, ` (${ctx.s.opensOutside})`),
  );
}

export function feedbackButtons(block, element, ctx) {
  const draw = (name, mark) => {
    const choice = element[name];
    if (!choice) return null;
    const press = (event) => {
      for (const other of event.currentTarget.parentElement.children) {
        other.setAttribute("aria-pressed", String(other === event.currentTarget));
      }
      send(ctx, block, element, { value: choice.value, text: choice.text }, event.currentTarget);
    };
    return h(
      "button",
      {
        class: "feedback-button",
        type: "button",
        "aria-pressed": "false",
        title: choice.text?.text,
        "aria-label": choice.accessibility_label || choice.text?.text,
        "data-part": name,
        ...identity(block, element),
        on: { click: press },
      },
      h("span", { "aria-hidden": "true" }, mark),
      h("span", {}, label(choice.text)),
    );
  };
  return h(
    "div",
    { class: "feedback", role: "group", "aria-label": ctx.s.feedback },
    draw("positive_button", "👍"),
    draw("negative_button", "👎"),
  );
}

const ICON_MARKS = { trash: "🗑️" };

export function iconButton(block, element, ctx) {
  const name = element.accessibility_label || element.text?.text || element.icon;
  const mark = ICON_MARKS[element.icon] ?? icon("more");
  const value = element.value === undefined ? {} : { value: element.value };
  return h(
    "button",
    {
      class: "feedback-button",
      type: "button",
      title: name,
      "aria-label": name,
      ...identity(block, element),
      on: { click: (event) => send(ctx, block, element, value, event.currentTarget) },
    },
    h("span", { "aria-hidden": "true" }, mark),
    h("span", {}, label(element.text)),
  );
}
