// The pieces that mrkdwn, Markdown and rich text share: links, people, channels, emoji, dates.
// `reader` is who reads: {s, zone, now(), personName(id), channelName(id), openChannel(id), openLink(url, event)}.

import { h } from "../dom.js";
import { emojiFor } from "./emoji.js";
import { formatDateTokens } from "./time.js";

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "slack:"]);

/** The address when a person may safely press it, otherwise null. Relative addresses are refused. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url));
    return SAFE_SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** A link, or its plain text (named as unsafe) when its address may not be opened. */
export function linkNode(url, content, reader) {
  const href = safeUrl(url);
  const shown = content.length ? content : [String(url)];
  if (!href) return h("span", { class: "link-refused", title: reader.s.unsafeLink }, shown);
  return h(
    "a",
    {
      class: "link",
      href,
      target: "_blank",
      rel: "noopener noreferrer nofollow",
      on: { click: (event) => reader.openLink(href, event) },
    },
    shown,
  );
}

export function personNode(id, reader) {
  const name = reader.personName(id);
  const mine = id === reader.me;
  return h(
    "span",
    { class: mine ? "mention mention-me" : "mention", "data-user": id },
    `@${name ?? reader.s.unknownPerson}`,
  );
}

export function channelNode(id, reader, fallback = "") {
  const name = reader.channelName(id) ?? fallback;
  if (!name) return h("span", { class: "mention" }, reader.s.unknownChannel);
  return h(
    "button",
    {
      class: "mention mention-channel",
      type: "button",
      on: { click: () => reader.openChannel(id) },
    },
    `#${name}`,
  );
}

export function broadcastNode(range, reader) {
  return h("span", { class: "mention mention-me" }, reader.s.everyoneMention[range] ?? `@${range}`);
}

export function emojiNode(name, unicode = null) {
  const character = emojiFor(name) ?? (unicode ? fromCodePoints(unicode) : null);
  if (!character) return h("span", { class: "emoji-unknown" }, `:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, character);
}

function fromCodePoints(unicode) {
  const points = unicode.split("-").map((part) => Number.parseInt(part, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

export function dateNode(epoch, format, url, fallback, reader) {
  const text = formatDateTokens(format, Number(epoch), { zone: reader.zone, s: reader.s, now: reader.now() });
  const shown = text ?? fallback;
  return url ? linkNode(url, [shown], reader) : h("time", { class: "date", title: fallback }, shown);
}

const SHORTCODE = /:([a-z0-9+_'-]+(?:::skin-tone-[2-6])?):/gi;

/** Plain text with its known shortcodes as emoji. Line ends become <br> when `breaks` is set. */
export function plainNodes(text, { emoji = true, breaks = true } = {}) {
  const nodes = [];
  let from = 0;
  const push = (piece) => {
    const lines = breaks ? piece.split("\n") : [piece];
    lines.forEach((line, index) => {
      if (index) nodes.push(h("br"));
      if (line) nodes.push(document.createTextNode(line));
    });
  };
  if (emoji) {
    for (const match of text.matchAll(SHORTCODE)) {
      if (!emojiFor(match[1])) continue;
      push(text.slice(from, match.index));
      nodes.push(emojiNode(match[1]));
      from = match.index + match[0].length;
    }
  }
  push(text.slice(from));
  return nodes;
}

const BARE_URL = /\bhttps?:\/\/[^\s<>|"'`]+/gi;
const CLOSING_PUNCTUATION = /[.,;:!?)\]}'"…。、]+$/u;
const KOREAN_PARTICLE = /(?<=[A-Za-z0-9])[가-힣]{1,4}$/u;

/** Plain text in which bare web addresses are links too; closing punctuation and Korean particles stay outside. */
export function plainWithLinks(text, reader, options = {}) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(BARE_URL)) {
    const url = trimUrl(match[0]);
    nodes.push(...plainNodes(text.slice(from, match.index), options), linkNode(url, [url], reader));
    from = match.index + url.length;
  }
  nodes.push(...plainNodes(text.slice(from), options));
  return nodes;
}

function trimUrl(url) {
  const punctuation = (text) => text.replace(CLOSING_PUNCTUATION, "");
  const trimmed = punctuation(punctuation(url).replace(KOREAN_PARTICLE, ""));
  const opened = (trimmed.match(/\(/g) ?? []).length;
  const closed = (trimmed.match(/\)/g) ?? []).length;
  return opened > closed && url[trimmed.length] === ")" ? `${trimmed})` : trimmed;
}
