// A scrolling list of messages, for channels and threads alike: days, groups, what is new, and where one was reading.

import { fill, forgetList, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { renderMessage } from "./message.js";
import { dayHeading, dayNumber, partsOf } from "./text/time.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 48;
const TALL_MARGIN = 24;

/** Turns messages into list items: day headings, the line above what is new, and messages with their grouping. */
export function itemsOf(messages, { channel, inThread, unreadFrom, zone, now, statuses, s }) {
  const today = partsOf(now, zone);
  const items = [];
  let previous = null;
  for (const message of messages) {
    const fields = partsOf(Number(message.ts), zone);
    const day = dayNumber(fields);
    const newDay = !inThread && previous?.day !== day;
    if (newDay) items.push({ key: `day-${day}`, kind: "day", text: dayHeading(fields, s, today) });
    const firstUnread = unreadFrom !== null && message.ts === unreadFrom;
    if (firstUnread) items.push({ key: "unread", kind: "unread", text: s.unreadLine });
    items.push({
      key: message.ts,
      kind: "message",
      message,
      channel,
      inThread,
      today: dayNumber(today),
      compact: !newDay && !firstUnread && !startsGroup(message, previous?.message, inThread && items.length <= 2),
      status: inThread ? null : (statuses[`${channel}:${message.ts}`] ?? null),
    });
    previous = { day, message };
    if (inThread && items.length === 1 && messages.length > 1) {
      items.push({ key: "replies", kind: "day", text: s.replies(messages.length - 1) });
    }
  }
  return items;
}

function startsGroup(message, before, forced) {
  if (forced || !before || before.subtype?.startsWith("channel_") || before.deleted) return true;
  const apart = Number(message.ts) - Number(before.ts);
  if (drawsBlocks(message)) return true;
  return (
    before.user !== message.user ||
    before.username !== message.username ||
    apart > GROUP_SECONDS ||
    Boolean(before.ephemeral) !== Boolean(message.ephemeral) ||
    message.subtype === "thread_broadcast"
  );
}

/** Whether an app drew something: such a message stands on its own, under its author's name. */
function drawsBlocks(message) {
  return (message.blocks ?? []).some((block) => block.type !== "rich_text");
}

function renderItem(item, ui) {
  if (item.kind === "message") return renderMessage(item, ui);
  return h(
    "div",
    { class: `list-line list-line-${item.kind}`, role: "separator", "aria-label": item.text },
    h("span", {}, item.text),
  );
}

const signatureOf = (item) =>
  JSON.stringify(item.kind === "message" ? [item.message, item.compact, item.status, item.today] : item.text);

export function createMessageList(ui, { className = "" } = {}) {
  const content = h("div", { class: "message-items" });
  const intro = h("div", { class: "list-intro" });
  const log = h(
    "div",
    {
      class: `message-log ${className}`,
      role: "log",
      tabindex: "0",
      "aria-live": "polite",
      "aria-relevant": "additions",
    },
    intro,
    content,
  );
  const pill = h("button", { class: "new-pill", type: "button", hidden: true, on: { click: () => toBottom(true) } });
  const element = h("div", { class: "message-area" }, log, pill);
  let shownKey = null;
  let sticking = true;
  let arriving = true; // until the first fetched messages of a place have been shown
  let seen = new Set();
  let missed = 0;

  const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;

  /** To the end; but a last message that is taller than the list is shown from its beginning. */
  function toBottom(smooth = false) {
    const last = content.lastElementChild;
    const tall = Boolean(last) && last.offsetHeight > log.clientHeight - TALL_MARGIN;
    sticking = !tall;
    const top = tall ? last.offsetTop - TALL_MARGIN / 2 : log.scrollHeight;
    log.scrollTo({ top, behavior: smooth && !ui.calm() ? "smooth" : "instant" });
    hidePill();
  }

  function hidePill() {
    missed = 0;
    pill.hidden = true;
  }

  log.addEventListener(
    "scroll",
    () => {
      sticking = atBottom();
      if (sticking) hidePill();
    },
    { passive: true },
  );
  new ResizeObserver(() => sticking && toBottom()).observe(content);
  new ResizeObserver(() => sticking && toBottom()).observe(log);

  function countMissed(messages) {
    const fresh = messages.filter((message) => !seen.has(message.ts));
    if (fresh.some((message) => message.user === ui.me && !message.ephemeral)) toBottom();
    else if (!sticking) missed += fresh.length;
    pill.hidden = missed === 0;
    if (missed) fill(pill, icon("down"), ui.s.newMessages(missed));
  }

  /** `key` names the place shown; another key starts at the bottom, or at `unreadFrom` once `settled`. */
  function update({ key, name, messages, introNodes, settled = true, ...options }) {
    if (key !== shownKey) {
      forgetList(content);
      hidePill();
      sticking = true;
      arriving = true;
      shownKey = key;
    }
    log.setAttribute("aria-label", name);
    log.setAttribute("aria-busy", String(messages === null));
    fill(intro, messages === null ? h("p", { class: "loading" }, ui.s.loading) : introNodes);
    if (messages === null) return;
    const items = itemsOf(messages, options);
    patchList(content, items, {
      key: (item) => item.key,
      signature: signatureOf,
      render: (item) => renderItem(item, ui),
    });
    if (!arriving) countMissed(messages);
    else if (settled) start(content.querySelector(".list-line-unread"));
    arriving &&= !settled;
    seen = new Set(messages.map((message) => message.ts));
    if (sticking) toBottom();
  }

  function start(unreadLine) {
    toBottom();
    if (!unreadLine || unreadLine.offsetTop > log.scrollHeight - log.clientHeight) return;
    sticking = false;
    log.scrollTop = unreadLine.offsetTop - 24;
  }

  /** Scrolls to a message and marks it for a moment. Returns whether it is there. */
  function show(ts) {
    const node = content.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return false;
    sticking = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("is-pointed-at");
    node.addEventListener("animationend", () => node.classList.remove("is-pointed-at"), { once: true });
    node.focus({ preventScroll: true });
    return true;
  }

  return { element, update, show, toBottom };
}
