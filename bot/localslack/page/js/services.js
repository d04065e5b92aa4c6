// What the parts of one window share, as one object `ui`: the store and the API, and how to read, go, write and ask.

import { textNodes } from "./blocks/basic.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { openMenu } from "./elements/choices.js";
import { closeAllPopovers, closePopover } from "./popover.js";
import { permalinkTarget, routeAddress } from "./state/route.js";
import { failureSentence } from "./strings.js";
import { FormValues } from "./values.js";

/** Completes {s, me, store, api, people, drafts, refresh, reconnect, become, restart} with what is built on them. */
export function createServices(basics) {
  const calmQuery = window.matchMedia("(prefers-reduced-motion: reduce)");
  const ui = { ...basics, closePopover, calm: () => calmQuery.matches };
  ui.reader = createReader(ui);
  addForms(ui);
  addNavigation(ui);
  addWriting(ui);
  return ui;
}

/** Where a window starts: the place in its address, else a channel with the app in it; on narrow windows the list. */
export function homeRoute(route, snapshot) {
  // everybody has a DM of their own with the app
  const wanted = route.channel?.startsWith("D") ? snapshot.app.dm : route.channel;
  const channel = snapshot.channels.find((each) => each.id === wanted);
  if (channel || window.matchMedia("(max-width: 760px)").matches) return { ...route, channel: channel?.id ?? null };
  const joined = snapshot.channels.filter((each) => each.is_member && each.kind !== "im");
  const first = joined.find((each) => each.bot_in) ?? joined[0];
  return { ...route, channel: first?.id ?? snapshot.app.dm, thread: null, message: null };
}

function createReader(ui) {
  const { store, people, s } = ui;
  const channelOf = (id) => store.get().snapshot.channels.find((channel) => channel.id === id);
  return {
    s,
    me: ui.me,
    get zone() {
      return people.find(ui.me)?.tz ?? store.get().snapshot.clock.zone;
    },
    now() {
      const { snapshot, fetchedAt } = store.get();
      const passed = snapshot.clock.flowing === false ? 0 : (performance.now() - fetchedAt) / 1000;
      return snapshot.clock.epoch + passed;
    },
    personName: people.nameOf,
    people: people.all,
    channels: () => store.get().snapshot.channels,
    channelName: (id) => channelOf(id)?.name ?? null,
    openChannel: (id) => ui.go({ channel: id, thread: null, tab: null }),
    /** A permalink opens in this window; every other address in a new one, as the browser does by itself. */
    openLink(href, event) {
      const url = new URL(href, window.location.href);
      const target = permalinkTarget(href);
      const known = target && channelOf(target.channel);
      const ours = url.origin === window.location.origin || url.hostname.endsWith(".slack.com");
      if (!ours || !known || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      ui.go({ ...target, tab: "messages", panel: null });
    },
  };
}

function addForms(ui) {
  const forms = new Map();
  const keyOf = (where) => where.view ?? `${where.channel}:${where.ts}`;
  ui.valuesOf = (where) => {
    if (!forms.has(keyOf(where))) forms.set(keyOf(where), new FormValues());
    return forms.get(keyOf(where));
  };
  /** The ctx of blocks/index.js for one message, modal or home. */
  ui.blockContext = ({ surface, where, blocks, changed }) => {
    const values = ui.valuesOf(where);
    const reader = ui.reader;
    return {
      s: ui.s,
      reader,
      surface,
      where,
      here: where.channel ?? ui.store.get().route.channel,
      values,
      changed,
      async act(blockId, actionId, value) {
        const state = { values: values.collect(blocks) };
        const answer = await ui.api.action({ where, block_id: blockId, action_id: actionId, value, state });
        ui.refresh();
        return answer;
      },
      suggest: (blockId, actionId, value) => ui.api.suggest({ where, block_id: blockId, action_id: actionId, value }),
      confirm: (object) =>
        ask({
          title: object.title?.text ?? ui.s.areYouSure,
          text: textNodes(object.text, { s: ui.s, reader }),
          s: ui.s,
          confirm: object.confirm?.text ?? ui.s.confirm,
          deny: object.deny?.text ?? ui.s.cancel,
          danger: object.style === "danger",
        }),
    };
  };
}

function addNavigation(ui) {
  const { store } = ui;
  ui.addressOf = (patch) => routeAddress({ ...store.get().route, as: ui.me, ...patch });
  ui.tab = () => {
    const { route, snapshot } = store.get();
    const usable = { home: snapshot.app.home_tab, messages: snapshot.app.messages_tab };
    if (usable[route.tab]) return route.tab;
    return usable.home && !route.thread && !route.message ? "home" : "messages";
  };
  ui.go = (patch, { replace = false } = {}) => {
    const route = { ...store.get().route, as: ui.me, ...patch };
    if (JSON.stringify(route) === JSON.stringify(store.get().route)) return;
    window.history[replace ? "replaceState" : "pushState"](null, "", routeAddress(route));
    closeAllPopovers();
    store.set({ route });
    if (!replace) ui.refresh();
  };
  ui.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      ui.tell(ui.s.copied);
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      ui.tell(ui.s.copyFailed, "error");
    }
  };
}

function addWriting(ui) {
  const { store, people, s } = ui;
  ui.mentionable = () =>
    people.all().map((person) => ({
      id: person.id,
      name: people.nameOf(person.id),
      handle: person.name,
      note: people.isApp(person.id) ? s.app : person.title,
    }));
  ui.mentionableChannels = () => store.get().snapshot.channels.filter((channel) => channel.kind !== "im");
  ui.openShortcuts = (anchor) => {
    const shortcuts = store.get().snapshot.app.shortcuts.filter((each) => each.type === "global");
    openMenu(
      anchor,
      shortcuts.map((each) =>
        h(
          "button",
          {
            class: "menu-item",
            type: "button",
            role: "menuitem",
            on: {
              click: async () => {
                closePopover();
                const answer = await ui.api.shortcut({ callback_id: each.callback_id });
                if (!answer.ok) ui.tell(failureSentence(s, answer), "error");
                ui.refresh();
              },
            },
          },
          h("span", {}, each.name),
          each.description && h("span", { class: "option-note" }, each.description),
        ),
      ),
      s.globalShortcuts,
    );
  };
}
