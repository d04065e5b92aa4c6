// Draws with the page's own functions for a reader in Seoul, and writes down what is sent to the app.

import { renderBlocks } from "/static/js/blocks/index.js";
import { completionFor, encodeMentions } from "/static/js/completion.js";
import { closeAllPopovers, watchPopovers } from "/static/js/popover.js";
import { stringsFor } from "/static/js/strings.js";
import { markdownNodes } from "/static/js/text/markdown.js";
import { mrkdwnNodes } from "/static/js/text/mrkdwn.js";
import { parseDate, parseTime } from "/static/js/text/time.js";
import { fieldErrors } from "/static/js/validation.js";
import { FormValues } from "/static/js/values.js";

const PEOPLE = [
  { id: "U1", name: "minji", real_name: "김민지" },
  { id: "U2", name: "junho", real_name: "박준호" },
];
const CHANNELS = [{ id: "C1", name: "pg-계약", kind: "channel" }];
const NOW = Date.UTC(2026, 10, 24, 0, 30) / 1000;
const place = document.getElementById("place");
const s = stringsFor("ko");

const reader = {
  s,
  me: "U1",
  zone: "Asia/Seoul",
  now: () => NOW,
  personName: (id) => PEOPLE.find((person) => person.id === id)?.real_name ?? null,
  channelName: (id) => CHANNELS.find((channel) => channel.id === id)?.name ?? null,
  people: () => PEOPLE,
  channels: () => CHANNELS,
  openChannel() {},
  openLink: (href, event) => event.preventDefault(),
};

window.startOver = () => {
  closeAllPopovers();
  place.replaceChildren();
  Object.assign(window, { sent: [], values: new FormValues(), confirmed: true });
};
window.startOver();

function contextOf(answer = { ok: true, handled: true }) {
  return {
    s,
    reader,
    surface: "message",
    where: { channel: "C1", ts: "1.0" },
    values: window.values,
    act: async (block, action, value) => {
      window.sent.push({ block, action, value });
      return answer;
    },
    suggest: async (block, action, typed) => ({
      ok: true,
      options: [{ text: { type: "plain_text", text: `${typed} 상점` }, value: "s1" }],
    }),
    confirm: async () => window.confirmed,
  };
}

function shown(nodes) {
  place.replaceChildren(...nodes);
  return place.innerHTML;
}

watchPopovers();
window.draw = {
  mrkdwn: (text) => shown(mrkdwnNodes(text, reader)),
  markdown: (text) => shown(markdownNodes(text, reader)),
  both: (texts) => texts.flatMap((text) => [shown(mrkdwnNodes(text, reader)), shown(markdownNodes(text, reader))]),
  blocks: (blocks, answer) => shown(renderBlocks(blocks, contextOf(answer ?? undefined))),
  state: (blocks) => JSON.stringify(window.values.collect(blocks)),
  errors: (blocks) => JSON.stringify(fieldErrors(blocks, window.values, s)),
  encoded: (text) =>
    encodeMentions(
      text,
      [
        { id: "U1", name: "김민지", handle: "minji" },
        { id: "U3", name: "김민지수", handle: "x" },
        { id: "U9", name: "계약 길잡이", handle: "guide" },
      ],
      CHANNELS,
    ),
  completion: ([text, options]) => JSON.stringify(completionFor(text, text.length, options)),
  date: (text) => String(parseDate(text, { year: 2026, month: 11, day: 24 })),
  time: (text) => String(parseTime(text)),
};
