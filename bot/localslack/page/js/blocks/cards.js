// card, carousel and container.

import { freshId, h } from "../dom.js";
import { renderElement } from "../elements/index.js";
import { icon } from "../icons.js";
import { label } from "../elements/button.js";
import { picture, textNodes } from "./basic.js";
import { richText } from "./rich_text.js";

export function card(block, ctx) {
  const naming = (fallback) => ({ "aria-label": fallback });
  const heading =
    (block.title || block.subtitle || block.icon) &&
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, ctx, "card-icon"),
      h(
        "div",
        {},
        block.title && h("div", { class: "card-title" }, textNodes(block.title, ctx)),
        block.subtitle && h("div", { class: "card-subtitle" }, textNodes(block.subtitle, ctx)),
      ),
    );
  return h(
    "article",
    { class: "card", "data-block-root": "" },
    block.hero_image && picture(block.hero_image, ctx, "card-hero"),
    heading,
    block.body && h("div", { class: "card-body text" }, textNodes(block.body, ctx)),
    block.actions?.length &&
      h(
        "div",
        { class: "block-actions" },
        block.actions.map((element) => renderElement(block, element, ctx, naming)),
      ),
  );
}

export function carousel(block, ctx) {
  return h(
    "div",
    { class: "carousel", role: "list", tabindex: "0" },
    (block.elements ?? []).map((each) => h("div", { role: "listitem", "data-problem-place": "" }, card(each, ctx))),
  );
}

export function container(block, ctx, renderBlock) {
  const title = block.rich_text_title ? richText(block.rich_text_title, ctx) : label(block.title);
  const bodyId = freshId("container");
  const body = h(
    "div",
    { class: "container-body", id: bodyId, hidden: Boolean(block.is_collapsible && block.default_collapsed) },
    (block.child_blocks ?? []).map((child) => renderBlock(child, ctx)),
  );
  const toggle =
    block.is_collapsible &&
    h(
      "button",
      {
        class: "button button-icon",
        type: "button",
        "aria-controls": bodyId,
        "aria-expanded": String(!body.hidden),
        "aria-label": body.hidden ? ctx.s.show : ctx.s.hide,
        on: {
          click: () => {
            body.hidden = !body.hidden;
            toggle.setAttribute("aria-expanded", String(!body.hidden));
            toggle.setAttribute("aria-label", body.hidden ? ctx.s.show : ctx.s.hide);
          },
        },
      },
      icon("down"),
    );
  return h(
    "section",
    { class: `container container-${block.width ?? "standard"}` },
    h(
      "div",
      { class: block.has_header_divider ? "container-head has-divider" : "container-head" },
      block.icon && picture(block.icon, ctx, "card-icon"),
      h(
        "div",
        { class: "container-titles" },
        h("div", { class: "card-title" }, title),
        block.subtitle && h("div", { class: "card-subtitle" }, textNodes(block.subtitle, ctx)),
      ),
      toggle,
    ),
    body,
  );
}
