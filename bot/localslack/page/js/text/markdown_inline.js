// Markdown's inline part, by CommonMark's rules for what may open and close emphasis: "**굵게**를" is bold,
// "snake_case_name" is not italic, and "**'따옴표'**를" keeps its asterisks because punctuation stands inside.

import { h } from "../dom.js";
import { linkNode, plainWithLinks } from "./inline.js";

const PUNCTUATION = /[\p{P}\p{S}]/u;
const SPACE = /\s/u;

export function markdownInline(text, reader) {
  return nodesOf(tokensOf(text, reader), reader);
}

/** Tokens: {node} | {text} | {marker, length, opens, closes}. */
function tokensOf(text, reader) {
  const tokens = [];
  let plain = "";
  const flush = () => {
    if (plain) tokens.push({ text: plain });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = tokenAt(text, at, reader);
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (found.text !== undefined) plain += found.text;
    else {
      flush();
      tokens.push(found);
    }
    at = found.end;
  }
  flush();
  return tokens;
}

function tokenAt(text, at, reader) {
  const character = text[at];
  if (character === "\\") return escapeAt(text, at);
  if (character === "`") return codeAt(text, at);
  if (character === "!" && text[at + 1] === "[") return linkAt(text, at + 1, reader, true);
  if (character === "[") return linkAt(text, at, reader, false);
  if (character === "<") return autolinkAt(text, at, reader);
  if (character === "\n") return { node: h("br"), end: at + 1 };
  if ("*_~".includes(character)) return markerAt(text, at, character);
  return null;
}

function escapeAt(text, at) {
  const next = text[at + 1];
  if (next === "\n") return { node: h("br"), end: at + 2 };
  return next && /[!-/:-@[-`{-~]/.test(next) ? { text: next, end: at + 2 } : null;
}

function codeAt(text, at) {
  const ticks = /^`+/.exec(text.slice(at))[0];
  let end = at + ticks.length;
  while (end < text.length) {
    const close = text.indexOf(ticks, end);
    if (close < 0) break;
    const run = /^`+/.exec(text.slice(close))[0].length;
    if (run === ticks.length) {
      const code = text
        .slice(at + ticks.length, close)
        .replaceAll("\n", " ")
        .replace(/^ (.*[^ ].*) $/, "$1");
      return { node: h("code", {}, code), end: close + ticks.length };
    }
    end = close + run;
  }
  return { text: ticks, end: at + ticks.length };
}

function linkAt(text, at, reader, image) {
  const close = matching(text, at);
  if (close < 0 || text[close + 1] !== "(") return null;
  const target = /^\(\s*(?:<([^<>\n]*)>|((?:[^\s()]|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(
    text.slice(close + 1),
  );
  if (!target) return null;
  const label = text.slice(at + 1, close);
  const url = target[1] ?? target[2];
  const content = image ? [label || url] : markdownInline(label, reader);
  return { node: linkNode(url, content, reader), end: close + 1 + target[0].length };
}

function matching(text, at) {
  let depth = 0;
  for (let end = at; end < text.length; end += 1) {
    if (text[end] === "\\") end += 1;
    else if (text[end] === "[") depth += 1;
    else if (text[end] === "]") {
      depth -= 1;
      if (depth === 0) return end;
    }
  }
  return -1;
}

function autolinkAt(text, at, reader) {
  const match = /^<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>/i.exec(text.slice(at));
  return match && { node: linkNode(match[1], [match[1]], reader), end: at + match[0].length };
}

function markerAt(text, at, character) {
  let end = at;
  while (text[end] === character) end += 1;
  const length = end - at;
  if (character === "~" && length !== 2) return { text: character.repeat(length), end };
  const before = at === 0 ? " " : lastCharacter(text.slice(Math.max(0, at - 2), at));
  const after = end < text.length ? String.fromCodePoint(text.codePointAt(end)) : " ";
  const left = !SPACE.test(after) && (!PUNCTUATION.test(after) || SPACE.test(before) || PUNCTUATION.test(before));
  const right = !SPACE.test(before) && (!PUNCTUATION.test(before) || SPACE.test(after) || PUNCTUATION.test(after));
  const inside = character === "_";
  return {
    marker: character,
    length,
    end,
    opens: left && (!inside || !right || PUNCTUATION.test(before)),
    closes: right && (!inside || !left || PUNCTUATION.test(after)),
  };
}

const lastCharacter = (text) => [...text].at(-1);

/** Pairs the markers, innermost first, and turns what is left of them into text. */
function nodesOf(tokens, reader) {
  const stack = [];
  for (const token of tokens) {
    if (!token.marker || !token.closes || !closeMarker(stack, token)) stack.push(token.marker ? { ...token } : token);
  }
  return stack.flatMap((token) => rendered(token, reader));
}

function closeMarker(stack, closer) {
  let left = closer.length;
  while (left > 0) {
    const from = lastOpener(stack, closer, left);
    if (from < 0) break;
    const opener = stack[from];
    const use = closer.marker === "~" ? 2 : Math.min(2, opener.length, left);
    const inner = stack.splice(from + 1);
    stack.splice(from, 1);
    if (opener.length > use) stack.push({ ...opener, length: opener.length - use });
    stack.push({ tag: closer.marker === "~" ? "s" : ["em", "strong"][use - 1], inner });
    left -= use;
  }
  if (left > 0 && left < closer.length) stack.push({ ...closer, length: left, closes: false });
  return left < closer.length;
}

function lastOpener(stack, closer, left) {
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const token = stack[index];
    if (token.marker !== closer.marker || !token.opens) continue;
    const ambiguous = token.closes || closer.opens;
    if (ambiguous && (token.length + left) % 3 === 0 && (token.length % 3 || left % 3)) continue;
    return index;
  }
  return -1;
}

function rendered(token, reader) {
  if (token.node) return [token.node];
  if (token.marker) return [document.createTextNode(token.marker.repeat(token.length))];
  if (token.tag)
    return [
      h(
        token.tag,
        {},
        token.inner.flatMap((inner) => rendered(inner, reader)),
      ),
    ];
  return plainWithLinks(token.text, reader, { breaks: false });
}
