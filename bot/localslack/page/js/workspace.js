// One person's window: puts the parts together and gives them what they share. Another person is another window.

import { append, h } from "./dom.js";
import { createApi } from "./api.js";
import { createSidebar } from "./channels.js";
import { createClock } from "./clock.js";
import { createConversation } from "./conversation.js";
import { ask } from "./dialogs.js";
import { openMenu } from "./elements/choices.js";
import { icon } from "./icons.js";
import { createModals } from "./modal.js";
import { createNotices } from "./notices.js";
import { createPeople } from "./people.js";
import { closeAllPopovers, closePopover } from "./popover.js";
import { createDrafts } from "./state/drafts.js";
import { permalinkTarget, routeAddress } from "./state/route.js";
import { createStore } from "./state/store.js";
import { startSync } from "./state/sync.js";
import { failureSentence, stringsFor } from "./strings.js";
import { textNodes } from "./blocks/basic.js";
import { createThread } from "./thread.js";
import { FormValues } from "./values.js";
import { createWire } from "./wire.js";

/** Draws the workspace into `root` for the person the `snapshot` was made for. Returns {close, show(route)}. */
export function openWorkspace(root, { snapshot, route, become, restart }) {
  const ending = new AbortController();
  const me = snapshot.me;
  const s = stringsFor(snapshot.people.find((person) => person.id === me)?.locale);
  const store = createStore({
    snapshot, fetchedAt: performance.now(), route: homeRoute(route, snapshot), messages: {}, threads: {}, log: [], connected: true,
  });
  const api = createApi(me, ending.signal);
  const sync = startSync({ api, store, signal: ending.signal });
  const app = { s, me, store, api, people: createPeople(store), drafts: createDrafts(me), refresh: sync.refresh,
    reconnect: sync.reconnect, become, restart, closePopover };
  const calmQuery = window.matchMedia("(prefers-reduced-motion: reduce)");
  app.calm = () => calmQuery.matches;
  app.reader = createReader(app);
  addForms(app);
  addNavigation(app);
  addWriting(app);

  const parts = drawParts(root, app);
  let opened = "";
  let followed = null; // the question whose answer is awaited
  let marking = false;
  app.sent = (sent) => { followed = sent; };

  store.subscribe((state) => {
    root.dataset.view = viewOf(state);
    for (const part of parts) part.update(state);
    document.documentElement.lang = s.locale;
    document.title = titleOf(state);
    openPlace(state);
    pointAtMessage(state);
    followAnswer(state);
    markRead(state);
  });
  store.set({});

  /** Tells the server which of the app's tabs is looked at, once each time one is opened. */
  function openPlace({ route: now, snapshot: shown }) {
    const place = now.channel === shown.app.dm ? `${now.channel}:${app.tab()}` : String(now.channel);
    if (place === opened) return;
    opened = place;
    if (now.channel === shown.app.dm) api.openTab(app.tab()).then(sync.refresh);
  }

  /** Someone asked the app in its Messages tab: the answer comes in the thread, so the thread opens with it. */
  function followAnswer({ snapshot: shown, route: now, messages }) {
    if (!followed || followed.command || followed.thread || followed.channel !== shown.app.dm) return;
    if (now.channel !== followed.channel || now.thread) {
      followed = null;
      return;
    }
    const root_ = messages[followed.channel]?.find((message) => message.ts === followed.ts);
    if (!root_?.reply_count && !shown.statuses[`${followed.channel}:${followed.ts}`]) return;
    app.go({ thread: followed.ts, panel: null });
    followed = null;
  }

  function pointAtMessage({ route: now, messages, threads }) {
    if (!now.message) return;
    const inThread = now.thread && now.thread !== now.message;
    const loaded = inThread ? threads[`${now.channel}:${now.thread}`] : messages[now.channel];
    if (!loaded) return;
    const place = inThread ? parts.thread : parts.conversation;
    if (!place.show(now.message)) app.tell(s.messageGone, "error");
    app.go({ message: null }, { replace: true });
  }

  function markRead({ route: now, snapshot: shown, messages }) {
    const channel = shown.channels.find((each) => each.id === now.channel);
    const visible = document.visibilityState === "visible" && messages[now.channel];
    const hidden = now.channel === shown.app.dm && app.tab() === "home";
    if (!channel?.unread || !visible || hidden || marking) return;
    marking = true;
    api.read(channel.id).then(sync.refresh).finally(() => { marking = false; });
  }

  function titleOf({ snapshot: shown }) {
    const unread = shown.channels.reduce((sum, channel) => sum + channel.unread, 0);
    return `${unread ? `(${unread}) ` : ""}${shown.workspace.name} · ${s.notSlack}`;
  }

  document.addEventListener("visibilitychange", () => store.set({}), { signal: ending.signal });
  return {
    me,
    close() {
      ending.abort();
      closeAllPopovers();
      parts.modals.remove();
      parts.clock.remove();
      root.replaceChildren();
    },
    show: (next) => {
      store.set({ route: homeRoute(next, store.get().snapshot) });
      sync.refresh();
    },
  };

  function drawParts(place, shared) {
    const notices = createNotices(shared);
    shared.tell = notices.tell;
    const named = {
      notices, sidebar: createSidebar(shared), conversation: createConversation(shared), thread: createThread(shared),
      wire: createWire(shared), clock: createClock(shared), modals: createModals(shared),
    };
    const wireButton = h("button", { class: "button button-small wire-toggle", type: "button", "aria-pressed": "false", on: {
      click: () => shared.go({ panel: store.get().route.panel === "wire" ? null : "wire" }),
    } }, icon("log"), s.wire);
    const skip = h("button", { class: "skip-link", type: "button", on: { click: named.conversation.focusComposer } }, s.skipToComposer);
    append(place, [skip, h("div", { class: "topbar" }, named.clock.element, wireButton), notices.lost, h("div", { class: "panes" },
      named.sidebar.element, named.conversation.element, named.thread.element, named.wire.element), notices.element]);
    const toggle = { update: ({ route: now }) => wireButton.setAttribute("aria-pressed", String(now.panel === "wire")) };
    return Object.assign([...Object.values(named), toggle], named);
  }
}

/** What a window shows first: the place in its address, else the first channel the app is in; on narrow windows the list. */
function homeRoute(route, snapshot) {
  const wanted = route.channel?.startsWith("D") ? snapshot.app.dm : route.channel; // everybody has their own DM with the app
  const channel = snapshot.channels.find((each) => each.id === wanted);
  if (channel || window.matchMedia("(max-width: 760px)").matches) return { ...route, channel: channel?.id ?? null };
  const joined = snapshot.channels.filter((each) => each.is_member && each.kind !== "im");
  const first = joined.find((each) => each.bot_in) ?? joined[0];
  return { ...route, channel: first?.id ?? snapshot.app.dm, thread: null, message: null };
}

function viewOf({ route }) {
  if (route.panel === "wire") return "wire";
  if (route.channel && route.thread) return "thread";
  return route.channel ? "conversation" : "list";
}

function createReader(app) {
  const { store, people, s } = app;
  const channelOf = (id) => store.get().snapshot.channels.find((channel) => channel.id === id);
  return {
    s,
    me: app.me,
    get zone() {
      return people.find(app.me)?.tz ?? store.get().snapshot.clock.zone;
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
    openChannel: (id) => app.go({ channel: id, thread: null, tab: null }),
    /** A permalink opens in this window; every other address in a new one, as the browser does by itself. */
    openLink(href, event) {
      const url = new URL(href, window.location.href);
      const target = permalinkTarget(href);
      const known = target && channelOf(target.channel);
      const ours = url.origin === window.location.origin || url.hostname.endsWith(".slack.com");
      if (!ours || !known || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      app.go({ ...target, tab: "messages", panel: null });
    },
  };
}

function addForms(app) {
  const forms = new Map();
  const keyOf = (where) => where.view ?? `${where.channel}:${where.ts}`;
  app.valuesOf = (where) => {
    if (!forms.has(keyOf(where))) forms.set(keyOf(where), new FormValues());
    return forms.get(keyOf(where));
  };
  /** The ctx of blocks/index.js for one message, modal or home. */
  app.blockContext = ({ surface, where, blocks, changed }) => {
    const values = app.valuesOf(where);
    const reader = app.reader;
    return {
      s: app.s, reader, surface, where, values, changed,
      async act(blockId, actionId, value) {
        const state = { values: values.collect(blocks) };
        const answer = await app.api.action({ where, block_id: blockId, action_id: actionId, value, state });
        app.refresh();
        return answer;
      },
      suggest: (blockId, actionId, value) => app.api.suggest({ where, block_id: blockId, action_id: actionId, value }),
      confirm: (object) => ask({
        title: object.title?.text ?? app.s.areYouSure, text: textNodes(object.text, { s: app.s, reader }), s: app.s,
        confirm: object.confirm?.text ?? app.s.confirm, deny: object.deny?.text ?? app.s.cancel, danger: object.style === "danger",
      }),
    };
  };
}

function addNavigation(app) {
  const { store } = app;
  app.addressOf = (patch) => routeAddress({ ...store.get().route, as: app.me, ...patch });
  app.tab = () => {
    const { route, snapshot } = store.get();
    const usable = { home: snapshot.app.home_tab, messages: snapshot.app.messages_tab };
    if (usable[route.tab]) return route.tab;
    return usable.home && !route.thread && !route.message ? "home" : "messages";
  };
  app.go = (patch, { replace = false } = {}) => {
    const route = { ...store.get().route, as: app.me, ...patch };
    if (JSON.stringify(route) === JSON.stringify(store.get().route)) return;
    window.history[replace ? "replaceState" : "pushState"](null, "", routeAddress(route));
    closeAllPopovers();
    store.set({ route });
    if (!replace) app.refresh();
  };
  app.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      app.tell(app.s.copied);
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      app.tell(app.s.copyFailed, "error");
    }
  };
}

function addWriting(app) {
  const { store, people, s } = app;
  app.mentionable = () => people.all().map((person) => ({
    id: person.id, name: people.nameOf(person.id), handle: person.name, note: people.isApp(person.id) ? s.app : person.title,
  }));
  app.mentionableChannels = () => store.get().snapshot.channels.filter((channel) => channel.kind !== "im");
  app.openShortcuts = (anchor) => {
    const shortcuts = store.get().snapshot.app.shortcuts.filter((each) => each.type === "global");
    openMenu(anchor, shortcuts.map((each) => h("button", { class: "menu-item", type: "button", role: "menuitem", on: { click: async () => {
      closePopover();
      const answer = await app.api.shortcut({ callback_id: each.callback_id });
      if (!answer.ok) app.tell(failureSentence(s, answer), "error");
      app.refresh();
    } } }, h("span", {}, each.name), each.description && h("span", { class: "option-note" }, each.description))), s.globalShortcuts);
  };
}
