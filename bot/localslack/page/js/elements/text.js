// Text inputs: one line, many lines, number, mail address, web address, rich text. And the file input, which is named.

import { freshId, h } from "../dom.js";
import { choose, identity } from "./interaction.js";

const CHARACTER_PAUSE_MS = 400;

function remember(ctx, block, element, value) {
  ctx.values.set(block.block_id, element, value);
  ctx.changed?.(block.block_id);
}

function sendsOn(block, element, trigger) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return block.dispatch_action === true && triggers.includes(trigger);
}

function attachDispatch(input, block, element, ctx, valueOf) {
  const dispatch = () => choose(ctx, block, element, valueOf(), input);
  if (sendsOn(block, element, "on_enter_pressed")) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      dispatch();
    });
  }
  if (sendsOn(block, element, "on_character_entered")) {
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(dispatch, CHARACTER_PAUSE_MS);
    });
  }
}

function textField(block, element, ctx, naming, { tag = "input", attributes = {} } = {}) {
  const initial = { value: element.initial_value === undefined ? null : String(element.initial_value) };
  const shown = ctx.values.register(block.block_id, element, initial).value;
  const max = element.max_length;
  const counter = max && h("span", { class: "counter", id: freshId("counter"), "aria-live": "off" });
  const input = h(tag, {
    class: "text-input",
    value: shown ?? "",
    placeholder: element.placeholder?.text,
    autocomplete: "off",
    ...attributes,
    ...naming(element.placeholder?.text ?? ""),
    ...identity(block, element),
  });
  const count = () => {
    if (!counter) return;
    counter.textContent = ctx.s.charactersLeft(input.value.length, max);
    counter.classList.toggle("is-over", input.value.length > max);
  };
  const valueOf = () => ({ value: input.value === "" ? null : input.value });
  input.addEventListener("input", () => {
    count();
    remember(ctx, block, element, valueOf());
  });
  attachDispatch(input, block, element, ctx, valueOf);
  count();
  if (element.focus_on_load) input.setAttribute("data-focus-on-load", "");
  return counter ? h("div", { class: "counted" }, input, counter) : input;
}

export function plainTextInput(block, element, ctx, naming) {
  const lines = element.min_lines ?? 3;
  const many = element.multiline ? { tag: "textarea", attributes: { rows: Math.min(Math.max(lines, 3), 12) } } : {};
  return textField(block, element, ctx, naming, many);
}

export function numberInput(block, element, ctx, naming) {
  return textField(block, element, ctx, naming, {
    attributes: { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" },
  });
}

export function emailInput(block, element, ctx, naming) {
  return textField(block, element, ctx, naming, { attributes: { inputmode: "email" } });
}

export function urlInput(block, element, ctx, naming) {
  return textField(block, element, ctx, naming, { attributes: { inputmode: "url" } });
}

/** A plain text area whose lines are sent as one rich_text section. */
export function richTextInput(block, element, ctx, naming) {
  const shown = ctx.values.register(block.block_id, element, { rich_text_value: element.initial_value ?? null });
  const input = h("textarea", {
    class: "text-input",
    rows: 4,
    value: plainOf(shown.rich_text_value),
    placeholder: element.placeholder?.text,
    ...naming(element.placeholder?.text ?? ""),
    ...identity(block, element),
  });
  input.addEventListener("input", () => remember(ctx, block, element, { rich_text_value: richOf(input.value) }));
  return input;
}

function richOf(text) {
  if (!text) return null;
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}

function plainOf(rich) {
  const words = (node) => node.text ?? (node.elements ?? []).map(words).join(node.type === "rich_text" ? "\n" : "");
  return rich ? words(rich) : "";
}

export function fileInput(block, element, ctx) {
  ctx.values.register(block.block_id, element, { files: [] });
  return h("p", { class: "not-drawn", ...identity(block, element) }, ctx.s.fileInput);
}
