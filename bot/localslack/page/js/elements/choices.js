// Radio buttons, checkboxes and the overflow menu.

import { freshId, h } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, isPopoverOpenFor, openPopover } from "../popover.js";
import { mrkdwnNodes } from "../text/mrkdwn.js";
import { safeUrl } from "../text/inline.js";
import { label } from "./button.js";
import { choose, identity, send } from "./interaction.js";

function optionText(object, ctx) {
  return object?.type === "mrkdwn" ? mrkdwnNodes(object.text, ctx.reader) : label(object);
}

function choiceRow(type, name, option, { block, element, ctx, checked, change }) {
  const id = freshId("choice");
  const input = h("input", {
    type,
    id,
    name,
    checked,
    value: option.value,
    ...identity(block, element),
    "data-option": option.value,
    on: { change },
  });
  return h(
    "div",
    { class: "choice" },
    input,
    h(
      "label",
      { for: id },
      h("span", {}, optionText(option.text, ctx)),
      option.description && h("span", { class: "option-note" }, optionText(option.description, ctx)),
    ),
  );
}

export function radioButtons(block, element, ctx, naming) {
  const name = freshId("radio");
  const initial = { selected_option: element.initial_option ?? null };
  const chosen = ctx.values.register(block.block_id, element, initial).selected_option;
  const group = h("div", { class: "choices", role: "radiogroup", ...naming(ctx.s.chooseOne) });
  group.append(
    ...(element.options ?? []).map((option) =>
      choiceRow("radio", name, option, {
        block,
        element,
        ctx,
        checked: option.value === chosen?.value,
        change: () => choose(ctx, block, element, { selected_option: option }, group),
      }),
    ),
  );
  return group;
}

export function checkboxes(block, element, ctx, naming) {
  const name = freshId("checkboxes");
  const initial = { selected_options: element.initial_options ?? [] };
  const chosen = new Set(
    ctx.values.register(block.block_id, element, initial).selected_options.map((each) => each.value),
  );
  const options = element.options ?? [];
  const group = h("div", { class: "choices", role: "group", ...naming(ctx.s.chooseOne) });
  group.append(
    ...options.map((option) =>
      choiceRow("checkbox", name, option, {
        block,
        element,
        ctx,
        checked: chosen.has(option.value),
        change: (event) => {
          if (event.currentTarget.checked) chosen.add(option.value);
          else chosen.delete(option.value);
          const selected = options.filter((each) => chosen.has(each.value));
          choose(ctx, block, element, { selected_options: selected }, group);
        },
      }),
    ),
  );
  return group;
}

export function overflow(block, element, ctx, naming) {
  const control = h(
    "button",
    {
      class: "button button-icon",
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      ...naming(ctx.s.moreChoices),
      ...identity(block, element),
    },
    icon("more"),
  );
  const press = (option, event) => {
    const href = option.url ? safeUrl(option.url) : null;
    if (href) ctx.reader.openLink(href, event);
    closePopover();
    send(ctx, block, element, { selected_option: option }, control);
  };
  const items = () =>
    (element.options ?? []).map((option) =>
      h(
        option.url && safeUrl(option.url) ? "a" : "button",
        {
          class: "menu-item",
          role: "menuitem",
          type: option.url ? null : "button",
          href: option.url ? safeUrl(option.url) : null,
          target: option.url ? "_blank" : null,
          rel: option.url ? "noopener noreferrer" : null,
          "data-option": option.value,
          on: { click: (event) => press(option, event) },
        },
        h("span", {}, label(option.text)),
        option.description && h("span", { class: "option-note" }, label(option.description)),
      ),
    );
  control.addEventListener("click", () => openMenu(control, items(), ctx.s.moreChoices));
  return control;
}

/** A menu of buttons with arrow-key movement. */
export function openMenu(anchor, items, name) {
  if (isPopoverOpenFor(anchor)) {
    closePopover();
    return;
  }
  const menu = h("div", { class: "menu" }, items);
  openPopover(anchor, menu, { role: "menu", label: name, className: "popover-menu" });
  const buttons = [...menu.querySelectorAll("[role=menuitem]")];
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  buttons[0]?.focus();
}
