// Standard Markdown, as `markdown` blocks and streams use it, to DOM nodes: its blocks. See also markdown_inline.js.

import { h } from "../dom.js";
import { markdownInline } from "./markdown_inline.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(?:\s+(.*)|\s*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function markdownNodes(text, reader) {
  return blocksOf(
    String(text ?? "")
      .replaceAll("\r\n", "\n")
      .split("\n"),
    reader,
  );
}

function blocksOf(lines, reader) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const reading = [fence, heading, rule, quote, table, list, paragraph];
    for (const read of reading) {
      const found = read(lines, at, reader);
      if (!found) continue;
      nodes.push(found.node);
      at = found.next;
      break;
    }
  }
  return nodes;
}

function fence(lines, at) {
  const open = FENCE.exec(lines[at]);
  if (!open) return null;
  let end = at + 1;
  const closes = (line) => line.trim().startsWith(open[1]) && line.trim().replaceAll(open[1][0], "") === "";
  while (end < lines.length && !closes(lines[end])) end += 1;
  const code = lines.slice(at + 1, end).join("\n");
  return { node: h("pre", { class: "code-block" }, h("code", {}, code)), next: end + 1 };
}

function heading(lines, at, reader) {
  const match = HEADING.exec(lines[at]);
  if (!match) return null;
  const level = Math.min(match[1].length + 2, 6);
  const node = h(`h${level}`, { class: `markdown-heading level-${match[1].length}` }, markdownInline(match[2], reader));
  return { node, next: at + 1 };
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? { node: h("hr", { class: "divider" }), next: at + 1 } : null;
}

function quote(lines, at, reader) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at;
  const inner = [];
  while (end < lines.length && lines[end].trim() && (QUOTE.test(lines[end]) || !startsBlock(lines, end))) {
    inner.push(lines[end].replace(QUOTE, ""));
    end += 1;
  }
  return { node: h("blockquote", {}, blocksOf(inner, reader)), next: end };
}

function table(lines, at, reader) {
  if (!lines[at].includes("|") || !TABLE_RULE.test(lines[at + 1] ?? "") || !lines[at + 1].includes("-")) return null;
  const head = cells(lines[at]);
  const align = cells(lines[at + 1]).map((cell) => alignment(cell));
  if (align.length !== head.length) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].trim() && lines[end].includes("|")) end += 1;
  const row = (tag, line) =>
    h(
      "tr",
      {},
      head.map((_, column) =>
        h(
          tag,
          { class: `align-${align[column]}`, scope: tag === "th" ? "col" : null },
          markdownInline(cells(line)[column] ?? "", reader),
        ),
      ),
    );
  const body = lines.slice(at + 2, end).map((line) => row("td", line));
  const node = h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h("table", {}, h("thead", {}, row("th", lines[at])), h("tbody", {}, body)),
  );
  return { node, next: end };
}

function cells(line) {
  const trimmed = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return trimmed.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function alignment(cell) {
  if (cell.startsWith(":") && cell.endsWith(":")) return "center";
  return cell.endsWith(":") ? "right" : "left";
}

function list(lines, at, reader) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const match = ITEM.exec(lines[end]);
    const sibling = match && match[1].length < first[1].length + 2 && /\d/.test(match[2]) === ordered;
    if (sibling && match[1].length >= first[1].length && !RULE.test(lines[end])) {
      items.push([match[3] ?? ""]);
    } else if (items.length && belongsToItem(lines, end, first[1].length)) {
      items.at(-1).push(lines[end].replace(new RegExp(`^\\s{0,${first[1].length + first[2].length + 1}}`), ""));
    } else {
      break;
    }
    end += 1;
  }
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  const node = h(
    ordered ? "ol" : "ul",
    { start: start !== 1 ? start : null },
    items.map((item) => itemNode(item, reader)),
  );
  return { node, next: end };
}

function belongsToItem(lines, at, indent) {
  const line = lines[at];
  const depth = line.search(/\S/);
  if (depth < 0) return (lines[at + 1] ?? "").search(/\S/) > indent;
  return depth > indent || !(startsBlock(lines, at) || !lines[at - 1].trim());
}

function itemNode(lines, reader) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(lines[0]);
  const content = task ? [task[2], ...lines.slice(1)] : lines;
  const nodes = blocksOf(content, reader);
  const tight = nodes.flatMap((node, index) => (index === 0 && node.tagName === "P" ? [...node.childNodes] : [node]));
  const box = task && h("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-hidden": "true" });
  return h("li", { class: task ? "task-item" : null }, box, tight);
}

function startsBlock(lines, at) {
  const line = lines[at];
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

function paragraph(lines, at, reader) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !startsBlock(lines, end)) end += 1;
  const text = lines
    .slice(at, end)
    .map((line) => line.trimStart())
    .join("\n");
  return { node: h("p", {}, markdownInline(text, reader)), next: end };
}
