// One message: who, when, what it says, its reactions, its thread, and what can be done with it.

import { h } from "./dom.js";
import { renderBlocks } from "./blocks/index.js";
import { clearProblem, showProblem, showWorking } from "./elements/interaction.js";
import { openMenu } from "./elements/choices.js";
import { icon } from "./icons.js";
import { openEmojiPicker, reactButton, reactionRow } from "./reactions.js";
import { permalinkOf } from "./state/route.js";
import { statusLine } from "./status.js";
import { failureSentence } from "./strings.js";
import { linkNode } from "./text/inline.js";
import { markdownNodes } from "./text/markdown.js";
import { mrkdwnNodes } from "./text/mrkdwn.js";
import { momentText, partsOf, shortMomentText, timeText } from "./text/time.js";

/** `item`: {message, compact, status, inThread, channel}. */
export function renderMessage(item, ui) {
  const { message, compact, inThread } = item;
  if (message.subtype === "channel_join" || message.subtype === "channel_leave") return quietLine(message, ui);
  const author = authorOf(message, ui);
  const time = timeText(partsOf(Number(message.ts), ui.reader.zone), ui.s);
  const classes = [
    "message",
    compact && "is-compact",
    message.ephemeral && "is-ephemeral",
    message.deleted && "is-deleted",
  ];
  const content = h(
    "div",
    { class: "message-content", "data-problem-place": "" },
    message.ephemeral && h("p", { class: "message-mark" }, icon("info"), ui.s.onlyYou),
    message.subtype === "thread_broadcast" && !inThread && broadcastMark(item, ui),
    compact
      ? null
      : h(
          "header",
          { class: "message-head" },
          h("span", { class: "message-author" }, author.name),
          author.isApp && h("span", { class: "app-badge" }, ui.s.appBadge),
          timeLink(item, ui, time),
        ),
    h("div", { class: "message-body" }, body(item, ui)),
    foot(item, ui),
  );
  return h(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      role: "article",
      "data-ts": message.ts,
      tabindex: "-1",
      "aria-label": ui.s.messageBy(author.name, time),
    },
    h("div", { class: "message-side" }, compact ? timeLink(item, ui, time) : ui.people.avatar(message.user, "m")),
    content,
    message.deleted ? null : toolbar(item, ui, content),
  );
}

function authorOf(message, ui) {
  const isApp = Boolean(message.bot_id) || ui.people.isApp(message.user);
  const name = message.username || ui.people.nameOf(message.user) || (isApp ? message.bot_profile?.name : null);
  return { isApp, name: name ?? ui.s.unknownPerson };
}

function quietLine(message, ui) {
  const name = ui.people.nameOf(message.user) ?? ui.s.unknownPerson;
  const inviter = message.inviter && ui.people.nameOf(message.inviter);
  const isApp = ui.people.isApp(message.user);
  const [joined, joinedBy] = isApp ? [ui.s.appJoined, ui.s.appJoinedBy] : [ui.s.joined, ui.s.joinedBy];
  const sentence = inviter ? joinedBy(name, inviter) : joined(name);
  return h(
    "article",
    { class: "message message-quiet", role: "article", "data-ts": message.ts, tabindex: "-1" },
    message.subtype === "channel_leave" ? ui.s.left(name) : sentence,
  );
}

function timeLink({ message, channel }, ui, time) {
  const href = permalinkOf(channel, message.ts, message.thread_ts);
  const full = momentText(Number(message.ts), ui.reader.zone, ui.s, ui.reader.now());
  const go = (event) => ui.reader.openLink(href, event);
  return h(
    "a",
    { class: "message-time", href, title: full, tabindex: "-1", on: { click: go } },
    h("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, time),
  );
}

function broadcastMark({ message, channel }, ui) {
  return h(
    "button",
    {
      class: "message-mark link-button",
      type: "button",
      on: {
        click: () => ui.go({ channel, thread: message.thread_ts, panel: null }),
      },
    },
    icon("thread"),
    ui.s.broadcast,
  );
}

function body(item, ui) {
  const { message } = item;
  if (message.deleted) return h("p", { class: "message-gone" }, ui.s.deletedMessage);
  const blocks = message.blocks ?? [];
  const ctx = ui.blockContext({ surface: "message", where: { channel: item.channel, ts: message.ts }, blocks });
  const text = textOf(message, ui);
  return [
    text.length > 0 && !blocks.length && h("div", { class: "text" }, text),
    renderBlocks(blocks, ctx),
    (message.attachments ?? []).map((attachment) => attachmentNode(attachment, ctx)),
    (message.files ?? []).map((file) => fileNode(file, ui)),
    message.edited && h("span", { class: "message-edited" }, ui.s.edited),
    message.streaming &&
      h(
        "p",
        { class: "message-streaming" },
        h("span", { class: "caret", "aria-hidden": "true" }),
        ui.s.streaming,
        h(
          "button",
          {
            class: "button button-small",
            type: "button",
            "data-part": "stop-stream",
            on: {
              click: () => ui.api.stop(item.channel, message.ts),
            },
          },
          ui.s.stopStream,
        ),
      ),
  ];
}

/** A stream's text is standard Markdown; every other message's is mrkdwn. */
function textOf(message, ui) {
  if (!message.text) return [];
  if (message.streaming_state) return markdownNodes(message.text, ui.reader);
  return mrkdwnNodes(message.text, ui.reader);
}

function attachmentNode(attachment, ctx) {
  const { reader } = ctx;
  const title =
    attachment.title &&
    (attachment.title_link
      ? linkNode(attachment.title_link, [attachment.title], reader)
      : h("strong", {}, attachment.title));
  const fields = (attachment.fields ?? []).map((field) =>
    h("div", {}, h("strong", {}, field.title), h("div", {}, mrkdwnNodes(field.value, reader))),
  );
  const colour = /^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")
    ? `#${attachment.color.replace("#", "")}`
    : "var(--line-strong)";
  return h(
    "div",
    { class: "attachment", style: { "--bar": colour } },
    attachment.pretext && h("div", { class: "text" }, mrkdwnNodes(attachment.pretext, reader)),
    title,
    attachment.text && h("div", { class: "text" }, mrkdwnNodes(attachment.text, reader)),
    fields.length ? h("div", { class: "section-fields" }, fields) : null,
    renderBlocks(attachment.blocks, ctx),
    attachment.footer && h("small", {}, attachment.footer),
  );
}

function fileNode(file, ui) {
  const name = file.title || file.name;
  const href = file.url_private ? new URL(file.url_private, window.location.href).href : null;
  const size = file.size ? ` (${Math.max(1, Math.round(file.size / 1024)).toLocaleString()} KB)` : "";
  const line = h("p", { class: "message-file" }, icon("file"), href ? linkNode(href, [name], ui.reader) : name, size);
  if (!href || !file.mimetype?.startsWith("image/")) return line;
  const picture = h("img", { class: "message-picture", src: href, alt: file.alt_txt || name, loading: "lazy" });
  return h("div", {}, line, h("a", { href, target: "_blank", rel: "noreferrer" }, picture));
}

function foot(item, ui) {
  const { message, channel, status, inThread } = item;
  const react = async (name, remove, control) =>
    report(ui, control, ui.api.react({ channel, ts: message.ts, name, remove }));
  const row = reactionRow(message, ui, react);
  row?.append(reactButton(ui.s, "reaction reaction-add", (name, control) => react(name, false, control)));
  return [
    row,
    !inThread && message.reply_count ? threadSummary(item, ui) : null,
    status ? statusLine(status, ui) : null,
    message.hidden_unheard && h("p", { class: "message-unheard" }, icon("warning"), ui.s.unheard),
    message.error && h("p", { class: "problem" }, message.error),
  ];
}

function threadSummary({ message, channel }, ui) {
  const { s, reader } = ui;
  const avatars = (message.reply_users ?? []).slice(0, 3).map((id) => ui.people.avatar(id, "xs"));
  const last =
    message.latest_reply && s.lastReply(shortMomentText(Number(message.latest_reply), reader.zone, s, reader.now()));
  return h(
    "button",
    {
      class: "thread-summary",
      type: "button",
      "data-part": "thread-summary",
      on: { click: () => ui.go({ channel, thread: message.ts, panel: null }) },
    },
    avatars,
    h("span", { class: "thread-count" }, s.replies(message.reply_count)),
    last && h("span", { class: "thread-last" }, last),
  );
}

function toolbar(item, ui, content) {
  const { message, channel, inThread } = item;
  const { s } = ui;
  const tool = (name, mark, click, extra = {}) =>
    h(
      "button",
      {
        class: "tool",
        type: "button",
        title: name,
        "aria-label": name,
        on: { click },
        ...extra,
      },
      icon(mark),
    );
  const react = (name) => report(ui, content, ui.api.react({ channel, ts: message.ts, name }));
  const more = tool(s.moreActions, "more", () => openMenu(more, menuItems(item, ui, more), s.messageActions), {
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "data-part": "more",
  });
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": s.messageActions },
    message.ephemeral ? null : reactButton(s, "tool", react),
    message.ephemeral || inThread
      ? null
      : tool(
          s.reply,
          "thread",
          () =>
            ui.go({
              channel,
              thread: message.thread_ts ?? message.ts,
              panel: null,
            }),
          { "data-part": "thread" },
        ),
    more,
  );
}

function menuItems({ message, channel, inThread }, ui, control) {
  const { s } = ui;
  const react = (name) => report(ui, control, ui.api.react({ channel, ts: message.ts, name }));
  const entry = (name, note, click) =>
    h(
      "button",
      {
        class: "menu-item",
        type: "button",
        role: "menuitem",
        on: {
          click: () => {
            ui.closePopover();
            click();
          },
        },
      },
      h("span", {}, name),
      note && h("span", { class: "option-note" }, note),
    );
  const shortcuts = message.ephemeral
    ? []
    : ui.store.get().snapshot.app.shortcuts.filter((each) => each.type === "message");
  return [
    message.ephemeral || inThread
      ? null
      : entry(s.reply, "", () => ui.go({ channel, thread: message.thread_ts ?? message.ts, panel: null })),
    message.ephemeral ? null : entry(s.react, "", () => openEmojiPicker(control, s, react)),
    entry(s.copyLink, "", () => ui.copy(permalinkOf(channel, message.ts, message.thread_ts))),
    shortcuts.length ? h("p", { class: "menu-heading" }, s.messageShortcuts) : null,
    shortcuts.map((each) =>
      entry(each.name, each.description, () =>
        report(
          ui,
          control,
          ui.api.shortcut({
            callback_id: each.callback_id,
            channel,
            ts: message.ts,
          }),
        ),
      ),
    ),
  ]
    .flat()
    .filter(Boolean);
}

/** Shows that something was sent, and under the message why it failed. */
async function report(ui, control, request) {
  clearProblem(control);
  const busy = showWorking(control, ui.s);
  const answer = await request;
  busy.end();
  if (!answer.ok) showProblem(control, failureSentence(ui.s, answer));
  else if (answer.handled === false) showProblem(control, answer.message || ui.s.sentButUnheard);
  ui.refresh();
}
