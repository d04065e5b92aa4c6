// The box in which one writes: drafts, commands, mentions, Korean composition, and what went wrong, said beside it.

import { fill, freshId, h } from "./dom.js";
import { completionFor, encodeMentions, parseCommand } from "./completion.js";
import { icon } from "./icons.js";
import { closePopover, listKeys, openPopover } from "./popover.js";
import { openEmojiPicker } from "./reactions.js";
import { failureSentence } from "./strings.js";
import { emojiFor } from "./text/emoji.js";

const MAX_HEIGHT = 220;

export function createComposer(app, { inThread = false } = {}) {
  const { s } = app;
  let target = null; // {channel, thread, label, channelLabel}
  let list = null; // the open completion list
  const box = h("textarea", { class: "composer-box", rows: 1, "aria-autocomplete": "list", spellcheck: "false", maxlength: 40000 });
  const problem = h("p", { class: "composer-problem problem", role: "alert" });
  const hint = h("p", { class: "composer-hint" }, inThread ? s.threadHint : s.composerHint);
  const broadcast = h("input", { type: "checkbox", id: freshId("broadcast") });
  const broadcastLabel = h("label", { for: broadcast.id });
  const broadcastRow = h("div", { class: "composer-broadcast", hidden: true }, broadcast, broadcastLabel);
  const sendButton = h("button", { class: "composer-send", type: "submit", "aria-label": s.send, title: s.send }, icon("send"));
  const emoji = h("button", { class: "tool", type: "button", "aria-label": s.emojiPicker, title: s.emojiPicker, on: {
    click: () => openEmojiPicker(emoji, s, (name) => insert(emojiFor(name))),
  } }, icon("react"));
  const shortcuts = h("button", { class: "tool", type: "button", "aria-label": s.globalShortcuts, title: s.globalShortcuts,
    "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => app.openShortcuts(shortcuts) } }, icon("bolt"));
  const tools = h("div", { class: "composer-tools" }, shortcuts, emoji, sendButton);
  const form = h("form", { class: "composer" }, h("div", { class: "composer-frame" }, box, tools), broadcastRow, problem, hint);

  const place = () => (target ? `${target.channel}:${target.thread ?? ""}` : "");
  const say = (sentence) => { problem.textContent = sentence; };

  function fit() {
    box.style.setProperty("height", "auto");
    // a box that is not shown yet has no height to fit
    if (box.scrollHeight) box.style.setProperty("height", `${Math.min(box.scrollHeight, MAX_HEIGHT)}px`);
    sendButton.disabled = !box.value.trim();
  }

  function setText(text) {
    box.value = text;
    app.drafts.set(place(), text);
    fit();
  }

  function insert(text) {
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    setText(box.value);
  }

  async function submit() {
    const text = box.value;
    if (!text.trim() || !target) return;
    say("");
    const command = parseCommand(text);
    const refusal = command && refusalOf(command);
    if (refusal) {
      say(refusal);
      return;
    }
    const sentFrom = place();
    setText("");
    closeList();
    const answer = await (command ? sendCommand(command) : sendMessage(text));
    if (answer.ok) {
      app.sent?.({ ...target, ts: answer.ts, command: Boolean(command) });
    } else {
      if (!app.drafts.get(sentFrom)) restore(sentFrom, text);
      say(failureSentence(s, answer));
    }
    app.refresh();
  }

  function restore(sentFrom, text) {
    if (sentFrom === place()) setText(text);
    else app.drafts.set(sentFrom, text);
  }

  function refusalOf({ command }) {
    if (inThread) return s.slashInThread;
    const commands = app.store.get().snapshot.app.commands.map((each) => each.command);
    if (commands.some((each) => each.normalize("NFC") === command)) return null;
    return commands.length ? s.unknownCommand(command, commands.join(", ")) : s.noCommands;
  }

  const encode = (text) => encodeMentions(text, app.mentionable(), app.mentionableChannels());

  function sendCommand({ command, text }) {
    return app.api.command({ channel: target.channel, command, text: encode(text) });
  }

  function sendMessage(text) {
    const body = { channel: target.channel, text: encode(text) };
    if (target.thread) Object.assign(body, { thread_ts: target.thread, thread_broadcast: broadcast.checked });
    broadcast.checked = false;
    return app.api.say(body);
  }

  // ---- completion ----

  function offer() {
    const { snapshot } = app.store.get();
    const found = completionFor(box.value, box.selectionStart, {
      commands: snapshot.app.commands, words: snapshot.app.command_words ?? {}, people: app.mentionable(), allowCommands: !inThread,
    });
    if (!found) {
      closeList();
      return;
    }
    showOffers(found);
  }

  function closeList() {
    if (list) closePopover({ refocus: false });
  }

  function showOffers(found) {
    const id = freshId("offers");
    const nodes = found.options.map((option, index) => h("li", {
      class: "option", role: "option", id: `${id}-${index}`, "aria-selected": "false",
      on: { pointerdown: (event) => { event.preventDefault(); accept(index); } },
    }, option.person && app.people.avatar(option.person.id, "xs"),
    h("span", { class: "option-text" }, option.text, option.hint && h("span", { class: "option-hint" }, ` ${option.hint}`),
      option.note && h("span", { class: "option-note" }, option.note))));
    openPopover(box, h("ul", { class: "options", role: "listbox", id, "aria-label": s.completions }, nodes), {
      label: s.completions, role: "group", className: "popover-completion", takesFocus: false,
      onClose: () => {
        list = null;
        box.removeAttribute("aria-activedescendant");
      },
    });
    list = { found, nodes, active: found.active };
    if (found.active >= 0) mark(found.active);
  }

  function mark(active) {
    list.active = active;
    list.nodes.forEach((node, index) => {
      node.classList.toggle("is-active", index === active);
      node.setAttribute("aria-selected", String(index === active));
    });
    box.setAttribute("aria-activedescendant", list.nodes[active].id);
    list.nodes[active].scrollIntoView({ block: "nearest" });
  }

  function accept(index) {
    const { found } = list;
    box.setRangeText(found.options[index].insert, found.from, box.selectionStart, "end");
    closeList();
    setText(box.value);
    box.focus();
    offer();
  }

  function listKey(event) {
    if (!list) return false;
    if (event.key === "Escape") {
      event.preventDefault();
      closeList();
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      accept(Math.max(0, list.active));
      return true;
    }
    // Enter on a word that is already typed in full sends; a list must never stand in the way of sending.
    if (event.key === "Enter" && (event.shiftKey || list.found.options[list.active]?.text === list.found.query)) return false;
    return listKeys(event, list.nodes, list.active, { move: mark, pick: accept });
  }

  box.addEventListener("keydown", (event) => {
    // While Hangul is being composed, Enter only ends the syllable (keyCode 229 is how some input methods say so).
    if (event.isComposing || event.keyCode === 229) return;
    if (listKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  box.addEventListener("input", () => {
    app.drafts.set(place(), box.value);
    say("");
    fit();
    offer();
  });
  box.addEventListener("click", () => list && offer());
  box.addEventListener("blur", closeList);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    box.focus();
  });

  /** Points the box at a channel or thread; its draft comes back when the place is another one. */
  function update(next) {
    const before = place();
    target = next;
    box.setAttribute("aria-label", next.label);
    box.placeholder = next.label;
    broadcastRow.hidden = !inThread || !next.channelLabel;
    if (inThread && next.channelLabel) fill(broadcastLabel, s.alsoToChannel(next.channelLabel));
    shortcuts.hidden = inThread || !app.store.get().snapshot.app.shortcuts.some((each) => each.type === "global");
    if (place() === before) return;
    say("");
    box.value = app.drafts.get(place());
    fit();
  }

  return { element: form, update, insert: (text) => { insert(text); offer(); }, focus: () => box.focus(), say, sendText: (text) => { setText(text); return submit(); } };
}
