// rich_text with its four containers: section, list, quote, preformatted.

import { h } from "../dom.js";
import { broadcastNode, channelNode, dateNode, emojiNode, linkNode, personNode, plainNodes } from "../text/inline.js";

const STYLES = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
];

function styled(nodes, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? [h(tag, {}, inner)] : inner), nodes);
}

const PART = {
  text: (part) => plainNodes(part.text, { emoji: false }),
  link: (part, { reader }) => [
    linkNode(part.url, part.text ? plainNodes(part.text, { emoji: false }) : [part.url], reader),
  ],
  user: (part, { reader }) => [personNode(part.user_id, reader)],
  usergroup: (part) => [h("span", { class: "mention" }, `@${part.usergroup_id}`)],
  team: (part) => [h("span", { class: "mention" }, `@${part.team_id}`)],
  channel: (part, { reader }) => [channelNode(part.channel_id, reader)],
  emoji: (part) => [emojiNode(part.name, part.unicode)],
  broadcast: (part, { reader }) => [broadcastNode(part.range, reader)],
  date: (part, { reader }) => [
    dateNode(part.timestamp, part.format ?? "{date_num}", part.url, part.fallback ?? "", reader),
  ],
  color: (part) => [h("span", { class: "color-chip", style: { "--chip": cssColor(part.value) } }), ` ${part.value}`],
};

function cssColor(value) {
  return /^#[0-9a-f]{3,8}$/i.test(value) ? value : "transparent";
}

function parts(elements, ctx) {
  return (elements ?? []).flatMap((part) => {
    if (Object.hasOwn(PART, part.type)) return styled(PART[part.type](part, ctx), part.style);
    return [h("span", { class: "not-drawn" }, ctx.s.notDrawnElement(part.type))];
  });
}

const LIST_MARKS = ["decimal", "lower-alpha", "lower-roman"];

/** Consecutive lists of growing indent are one list in Slack's editor; here each keeps its own indent and number. */
function list(element, ctx) {
  const indent = element.indent ?? 0;
  const ordered = element.style === "ordered";
  const items = (element.elements ?? []).map((item) => h("li", {}, parts(item.elements, ctx)));
  return h(
    ordered ? "ol" : "ul",
    {
      class: element.border ? "rich-list has-border" : "rich-list",
      start: ordered && element.offset ? element.offset + 1 : null,
      style: {
        "--indent": indent,
        "list-style-type": ordered ? LIST_MARKS[indent % 3] : ["disc", "circle", "square"][indent % 3],
      },
    },
    items,
  );
}

const CONTAINER = {
  rich_text_section: (element, ctx) => h("div", { class: "rich-section" }, parts(element.elements, ctx)),
  rich_text_list: list,
  rich_text_quote: (element, ctx) => h("blockquote", {}, parts(element.elements, ctx)),
  rich_text_preformatted: (element, ctx) =>
    h("pre", { class: "code-block" }, h("code", {}, parts(element.elements, ctx))),
};

export function richText(block, ctx) {
  const children = (block.elements ?? []).map((element) => {
    if (Object.hasOwn(CONTAINER, element.type)) return CONTAINER[element.type](element, ctx);
    return h("span", { class: "not-drawn" }, ctx.s.notDrawnElement(element.type));
  });
  return h("div", { class: "block-rich-text text" }, children);
}
