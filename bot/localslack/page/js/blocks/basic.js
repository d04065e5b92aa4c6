// section, header, divider, context, actions, input, image, markdown, alert, and those that are only named.

import { freshId, h } from "../dom.js";
import { renderElement } from "../elements/index.js";
import { label } from "../elements/button.js";
import { icon } from "../icons.js";
import { safeUrl } from "../text/inline.js";
import { markdownNodes } from "../text/markdown.js";
import { mrkdwnNodes } from "../text/mrkdwn.js";

export function textNodes(object, ctx) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwnNodes(object.text, ctx.reader, { verbatim: object.verbatim });
  return label(object);
}

function textBox(tag, object, ctx, className) {
  return object ? h(tag, { class: className }, textNodes(object, ctx)) : null;
}

const TAG = /<[^>]*>|[*_~`]/g;

function plainNameOf(object) {
  return (object?.text ?? "").replace(TAG, "").split("\n")[0].slice(0, 80).trim();
}

export function section(block, ctx) {
  const about = plainNameOf(block.text ?? block.fields?.[0]);
  const naming = (fallback) => ({ "aria-label": [about, fallback].filter(Boolean).join(": ") });
  const accessory =
    block.accessory &&
    (block.accessory.type === "image"
      ? h("div", { class: "section-thumbnail" }, picture(block.accessory, ctx))
      : h("div", { class: "section-accessory" }, renderElement(block, block.accessory, ctx, naming)));
  const fields =
    block.fields &&
    h(
      "div",
      { class: "section-fields" },
      block.fields.map((field) => textBox("div", field, ctx, "text")),
    );
  return h(
    "div",
    { class: "block-section" },
    h("div", { class: "section-body" }, textBox("div", block.text, ctx, "text"), fields),
    accessory,
  );
}

export function header(block, ctx) {
  const level = Math.min((block.level ?? 1) + 2, 6);
  return h(`h${level}`, { class: `block-header level-${block.level ?? 1}` }, textNodes(block.text, ctx));
}

export function divider() {
  return h("hr", { class: "divider" });
}

export function context(block, ctx) {
  return h(
    "div",
    { class: "block-context" },
    (block.elements ?? []).map((element) =>
      element.type === "image" ? picture(element, ctx) : textBox("span", element, ctx, "text"),
    ),
  );
}

export function actions(block, ctx) {
  const naming = (fallback) => ({ "aria-label": fallback });
  return h(
    "div",
    { class: "block-actions" },
    (block.elements ?? []).map((element) => renderElement(block, element, ctx, naming)),
  );
}

export function contextActions(block, ctx) {
  const naming = (fallback) => ({ "aria-label": fallback });
  return h(
    "div",
    { class: "block-context-actions" },
    (block.elements ?? []).map((element) => renderElement(block, element, ctx, naming)),
  );
}

/** The sentence for a wrong value comes later, through showFieldErrors. */
export function input(block, ctx) {
  const ids = { field: freshId("field"), label: freshId("label"), hint: freshId("hint"), error: freshId("error") };
  const naming = () => ({
    id: ids.field,
    "aria-labelledby": ids.label,
    "aria-describedby": block.hint ? `${ids.error} ${ids.hint}` : ids.error,
    "aria-required": block.optional ? null : "true",
  });
  return h(
    "div",
    { class: "block-input" },
    h(
      "label",
      { class: "input-label", for: ids.field },
      h("span", { id: ids.label }, label(block.label)),
      block.optional && h("span", { class: "input-optional" }, ctx.s.optional),
    ),
    renderElement(block, block.element, ctx, naming),
    h("p", { class: "input-error", id: ids.error, role: "alert", hidden: true }),
    block.hint && h("p", { class: "input-hint", id: ids.hint }, label(block.hint)),
  );
}

/** Shows {block_id: sentence} under the input blocks within `root`, and nothing under the others. */
export function showFieldErrors(root, errors) {
  for (const field of root.querySelectorAll("[data-block-id] > .block-input")) {
    const sentence = errors[field.parentElement.dataset.blockId] ?? "";
    const place = field.querySelector(".input-error");
    if (place.textContent === sentence) continue;
    place.textContent = sentence;
    place.hidden = !sentence;
    field.classList.toggle("has-error", Boolean(sentence));
    const control = field.querySelector("[data-action]");
    if (sentence) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
}

/** An image, or an honest sentence where it cannot be shown. */
export function picture(element, ctx, className = "picture") {
  const address = element.image_url ?? (element.slack_file && element.slack_file.url);
  const source = address ? safeUrl(address) : null;
  const missing = (reason) =>
    h(
      "span",
      { class: `${className} picture-missing`, role: "img", "aria-label": element.alt_text },
      icon("file"),
      h("span", {}, element.alt_text),
      h("small", {}, reason),
    );
  if (!source || !source.startsWith("http")) return missing(element.slack_file ? ctx.s.slackFile : ctx.s.imageFailed);
  const image = h("img", {
    class: className,
    src: source,
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  image.addEventListener("error", () => image.replaceWith(missing(ctx.s.imageFailed)), { once: true });
  return image;
}

export function image(block, ctx) {
  return h(
    "figure",
    { class: "block-image" },
    block.title && h("figcaption", {}, label(block.title)),
    picture(block, ctx, "picture-large"),
  );
}

export function markdown(block, ctx) {
  return h("div", { class: "block-markdown text" }, markdownNodes(block.text, ctx.reader));
}

const ALERT_ICONS = { default: "info", info: "info", success: "check", warning: "warning", error: "warning" };

export function alert(block, ctx) {
  const level = block.level in ALERT_ICONS ? block.level : "default";
  return h(
    "div",
    { class: `block-alert alert-${level}`, role: "note", "aria-label": ctx.s.alertLevel[level] },
    icon(ALERT_ICONS[level]),
    h("div", { class: "text" }, textNodes(block.text, ctx)),
  );
}

export function video(block, ctx) {
  const href = block.title_url ? safeUrl(block.title_url) : null;
  const title = ctx.s.videoBlock(block.title?.text ?? block.alt_text ?? "");
  return h(
    "div",
    { class: "not-drawn" },
    href ? h("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer" }, title) : title,
    block.description && h("div", {}, label(block.description)),
  );
}

export function file(block, ctx) {
  return h("div", { class: "not-drawn" }, ctx.s.fileBlock(block.external_id ?? ""));
}
