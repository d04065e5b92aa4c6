// The box in which one writes: drafts, commands, mentions, Korean composition, and what went wrong, said beside it.

import { fill, freshId, h } from "./dom.js";
import { encodeMentions, parseCommand } from "./completion.js";
import { createCompletionList } from "./completion_list.js";
import { icon } from "./icons.js";
import { openEmojiPicker } from "./reactions.js";
import { failureSentence } from "./strings.js";
import { emojiFor } from "./text/emoji.js";

const MAX_HEIGHT = 220;

export function createComposer(ui, { inThread = false } = {}) {
  const { s } = ui;
  let target = null; // {channel, thread, label, channelLabel}
  const box = h("textarea", {
    class: "composer-box",
    rows: 1,
    "aria-autocomplete": "list",
    spellcheck: "false",
    maxlength: 40000,
  });
  const problem = h("p", { class: "composer-problem problem", role: "alert" });
  const hint = h("p", { class: "composer-hint" }, inThread ? s.threadHint : s.composerHint);
  const broadcast = h("input", { type: "checkbox", id: freshId("broadcast") });
  const broadcastLabel = h("label", { for: broadcast.id });
  const broadcastRow = h("div", { class: "composer-broadcast", hidden: true }, broadcast, broadcastLabel);
  const sendButton = h(
    "button",
    { class: "composer-send", type: "submit", "aria-label": s.send, title: s.send },
    icon("send"),
  );
  const emoji = h(
    "button",
    {
      class: "tool",
      type: "button",
      "aria-label": s.emojiPicker,
      title: s.emojiPicker,
      on: {
        click: () => openEmojiPicker(emoji, s, (name) => insert(emojiFor(name))),
      },
    },
    icon("react"),
  );
  const shortcuts = h(
    "button",
    {
      class: "tool",
      type: "button",
      "aria-label": s.globalShortcuts,
      title: s.globalShortcuts,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: () => ui.openShortcuts(shortcuts) },
    },
    icon("bolt"),
  );
  const tools = h("div", { class: "composer-tools" }, shortcuts, emoji, sendButton);
  const form = h(
    "form",
    { class: "composer" },
    h("div", { class: "composer-frame" }, box, tools),
    broadcastRow,
    problem,
    hint,
  );

  const completion = createCompletionList(box, ui, { allowCommands: !inThread, changed: () => setText(box.value) });

  const place = () => (target ? `${target.channel}:${target.thread ?? ""}` : "");
  const say = (sentence) => {
    problem.textContent = sentence;
  };

  function fit() {
    box.style.setProperty("height", "auto");
    // a box that is not shown yet has no height to fit
    if (box.scrollHeight) box.style.setProperty("height", `${Math.min(box.scrollHeight, MAX_HEIGHT)}px`);
    sendButton.disabled = !box.value.trim();
  }

  function setText(text) {
    box.value = text;
    ui.drafts.set(place(), text);
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
    const refusal = refusalOf(parseCommand(text));
    say(refusal);
    if (refusal) return;
    const sentFrom = place();
    setText("");
    completion.close();
    if (!(await send(text)) && !ui.drafts.get(sentFrom)) restore(sentFrom, text);
  }

  /** Sends a text from where the composer stands now; what goes wrong is said under the box. */
  async function send(text) {
    const sentTo = target;
    const command = parseCommand(text);
    const answer = await (command ? sendCommand(command) : sendMessage(text));
    if (answer.ok) ui.sent?.({ ...sentTo, ts: answer.ts, command: Boolean(command) });
    else say(failureSentence(s, answer));
    ui.refresh();
    return answer.ok;
  }

  function restore(sentFrom, text) {
    if (sentFrom === place()) setText(text);
    else ui.drafts.set(sentFrom, text);
  }

  /** Why a command cannot be sent from here, or "". */
  function refusalOf(typed) {
    if (!typed) return "";
    if (inThread) return s.slashInThread;
    const commands = ui.store.get().snapshot.app.commands.map((each) => each.command);
    if (commands.some((each) => each.normalize("NFC") === typed.command)) return "";
    return commands.length ? s.unknownCommand(typed.command, commands.join(", ")) : s.noCommands;
  }

  const encode = (text) => encodeMentions(text, ui.mentionable(), ui.mentionableChannels());

  function sendCommand({ command, text }) {
    return ui.api.command({ channel: target.channel, command, text: encode(text) });
  }

  function sendMessage(text) {
    const body = { channel: target.channel, text: encode(text) };
    if (target.thread) Object.assign(body, { thread_ts: target.thread, thread_broadcast: broadcast.checked });
    broadcast.checked = false;
    return ui.api.say(body);
  }

  box.addEventListener("keydown", (event) => {
    // While Hangul is being composed, Enter only ends the syllable (keyCode 229 is how some input methods say so).
    if (event.isComposing || event.keyCode === 229) return;
    if (completion.keys(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  box.addEventListener("input", () => {
    ui.drafts.set(place(), box.value);
    say("");
    fit();
    completion.offer();
  });
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
    shortcuts.hidden = inThread || !ui.store.get().snapshot.app.shortcuts.some((each) => each.type === "global");
    if (place() === before) return;
    say("");
    box.value = ui.drafts.get(place());
    fit();
  }

  return {
    element: form,
    update,
    insert: (text) => {
      insert(text);
      completion.offer();
    },
    focus: () => box.focus(),
    say,
    send,
  };
}
