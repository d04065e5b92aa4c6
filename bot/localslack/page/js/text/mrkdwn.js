// Slack's mrkdwn to DOM nodes, its faults included: an emphasis marker works only where a non-word character
// stands outside it, and Hangul counts as word characters, so "*굵게*를" keeps its asterisks as it does in Slack.

import { h } from "../dom.js";
import { broadcastNode, channelNode, dateNode, linkNode, personNode, plainNodes, plainWithLinks } from "./inline.js";

const EMPHASIS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

export function unescapeText(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A mrkdwn text to an array of nodes. With `verbatim` bare addresses stay plain text. */
export function mrkdwnNodes(text, reader, { verbatim = false } = {}) {
  const nodes = [];
  for (const piece of splitFences(String(text ?? ""))) {
    if (piece.code === undefined) nodes.push(...paragraphs(piece.text, reader, verbatim));
    else nodes.push(h("pre", { class: "code-block" }, h("code", {}, unescapeText(stripTargets(piece.code)))));
  }
  return nodes;
}

function splitFences(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(/```([\s\S]+?)```/g)) {
    const before = text.slice(from, match.index).replace(/\n$/, "");
    if (before) pieces.push({ text: before });
    pieces.push({ code: match[1].replace(/^\n/, "").replace(/\n$/, "") });
    from = match.index + match[0].length;
    if (text[from] === "\n") from += 1;
  }
  const rest = text.slice(from);
  if (rest || !pieces.length) pieces.push({ text: rest });
  return pieces;
}

const QUOTE_LINE = /^(?:&gt;|>)\s?/;
const QUOTE_REST = /^(?:(?:&gt;){3}|>>>)\s?/;

function paragraphs(text, reader, verbatim) {
  const nodes = [];
  const lines = text.split("\n");
  let plain = [];
  let quote = [];
  const inline = (some) => inlineNodes(some.join("\n"), reader, verbatim);
  const flush = () => {
    if (quote.length) nodes.push(h("blockquote", {}, inline(quote)));
    if (plain.length) nodes.push(...inline(plain));
    quote = [];
    plain = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (QUOTE_REST.test(line)) {
      flush();
      quote = [line.replace(QUOTE_REST, ""), ...lines.slice(index + 1)];
      break;
    }
    const quoted = QUOTE_LINE.test(line);
    if (quoted ? plain.length : quote.length) flush();
    (quoted ? quote : plain).push(quoted ? line.replace(QUOTE_LINE, "") : line);
  }
  flush();
  return nodes;
}

/** One run of text: code, <…> targets, emphasis, emoji and line breaks. */
function inlineNodes(text, reader, verbatim) {
  const nodes = [];
  let plainFrom = 0;
  const plainUntil = (end) => {
    const plain = unescapeText(text.slice(plainFrom, end));
    if (plain) nodes.push(...(verbatim ? plainNodes(plain) : plainWithLinks(plain, reader)));
  };
  let at = 0;
  while (at < text.length) {
    const found = pieceAt(text, at, reader, verbatim);
    if (!found) {
      at += 1;
      continue;
    }
    plainUntil(at);
    nodes.push(found.node);
    at = found.end;
    plainFrom = at;
  }
  plainUntil(text.length);
  return nodes;
}

function pieceAt(text, at, reader, verbatim) {
  const character = text[at];
  if (character === "<") return targetAt(text, at, reader);
  if (character === "`") return codeAt(text, at);
  if (character in EMPHASIS) return emphasisAt(text, at, reader, verbatim);
  return null;
}

function codeAt(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
  return { node: h("code", {}, unescapeText(stripTargets(text.slice(at + 1, end)))), end: end + 1 };
}

function emphasisAt(text, at, reader, verbatim) {
  const marker = text[at];
  const before = at > 0 ? characterBefore(text, at) : " ";
  const after = text[at + 1] ?? " ";
  if (WORD.test(before) || before === marker || after === marker || /\s/.test(after)) return null;
  const end = closingMarker(text, at, marker);
  if (end < 0) return null;
  const inner = inlineNodes(text.slice(at + 1, end), reader, verbatim);
  return { node: h(EMPHASIS[marker], {}, inner), end: end + 1 };
}

function closingMarker(text, at, marker) {
  for (let end = at + 1; end < text.length; end += 1) {
    const character = text[end];
    if (character === "\n") return -1;
    if (character === "<") {
      const close = text.indexOf(">", end);
      if (close > 0) end = close;
    } else if (character === "`") {
      const close = text.indexOf("`", end + 1);
      if (close > 0) end = close;
    } else if (character === marker && end > at + 1 && !/\s/.test(text[end - 1])) {
      const next = String.fromCodePoint(text.codePointAt(end + 1) ?? 32);
      if (!WORD.test(next) && next !== marker) return end;
    }
  }
  return -1;
}

function characterBefore(text, at) {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text[at - 1];
}

function targetAt(text, at, reader) {
  const close = text.indexOf(">", at);
  if (close < 0) return null;
  const inside = text.slice(at + 1, close);
  if (!inside || /[\n<]/.test(inside)) return null;
  const node = targetNode(inside, reader);
  return node && { node, end: close + 1 };
}

function targetNode(inside, reader) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescapeText(inside.slice(bar + 1));
  if (/^@[UWB]\w*$/.test(target)) return personNode(target.slice(1), reader);
  if (/^#[CGD]\w*$/.test(target)) return channelNode(target.slice(1), reader, label);
  if (target.startsWith("!")) return specialNode(target.slice(1), label, reader);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  return linkNode(unescapeText(target), label ? plainNodes(label) : [shownAddress(target)], reader);
}

function shownAddress(target) {
  return unescapeText(target).replace(/^(?:mailto|tel):/, "");
}

function specialNode(special, label, reader) {
  const [name, ...rest] = special.split("^");
  if (name === "date" && rest.length >= 2) {
    return dateNode(rest[0], unescapeText(rest[1]), rest[2] && unescapeText(rest[2]), label, reader);
  }
  if (name === "subteam") return h("span", { class: "mention" }, label || `@${rest[0] ?? ""}`);
  if (["here", "channel", "everyone"].includes(name)) return broadcastNode(name, reader);
  return h("span", {}, label || `<!${special}>`);
}

/** In code, a <url|label> is shown as its address, as Slack does. */
function stripTargets(code) {
  return code.replace(/<((?:https?|mailto|tel):[^>|\n]+)(?:\|[^>\n]*)?>/g, "$1");
}
