// One person's window: puts the parts together and gives them what they share. Another person is another window.

import { append, h } from "./dom.js";
import { createApi } from "./api.js";
import { createSidebar } from "./channels.js";
import { createClock } from "./clock.js";
import { createConversation } from "./conversation.js";
import { icon } from "./icons.js";
import { createModals } from "./modal.js";
import { createNotices } from "./notices.js";
import { createPeople } from "./people.js";
import { closeAllPopovers } from "./popover.js";
import { createDrafts } from "./state/drafts.js";
import { createStore } from "./state/store.js";
import { startSync } from "./state/sync.js";
import { signsOf } from "./status.js";
import { stringsFor } from "./strings.js";
import { createThread } from "./thread.js";
import { createServices, homeRoute } from "./services.js";
import { createWire } from "./wire.js";

/** Draws the workspace into `root` for the person the `snapshot` was made for. Returns {close, show(route)}. */
export function openWorkspace(root, { snapshot, route, become, restart }) {
  const ending = new AbortController();
  const me = snapshot.me;
  const s = stringsFor(snapshot.people.find((person) => person.id === me)?.locale);
  const store = createStore({
    snapshot,
    fetchedAt: performance.now(),
    route: homeRoute(route, snapshot),
    messages: {},
    threads: {},
    log: [],
    connected: true,
  });
  const api = createApi(me, ending.signal);
  const sync = startSync({ api, store, signal: ending.signal });
  const ui = createServices({
    s,
    me,
    store,
    api,
    people: createPeople(store),
    drafts: createDrafts(me),
    refresh: sync.refresh,
    reconnect: sync.reconnect,
    become,
    restart,
  });

  const parts = drawParts(root, ui);
  let opened = "";
  let followed = null; // the question whose answer is awaited
  let marking = false;
  ui.sent = (sent) => {
    followed = sent;
  };

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
    const place = now.channel === shown.app.dm ? `${now.channel}:${ui.tab()}` : String(now.channel);
    if (place === opened) return;
    opened = place;
    if (now.channel === shown.app.dm) api.openTab(ui.tab()).then(sync.refresh);
  }

  /** Someone asked the app in its Messages tab: the answer comes in the thread, so the thread opens with it. */
  function followAnswer({ snapshot: shown, route: now, messages }) {
    if (!followed || followed.command || followed.thread || followed.channel !== shown.app.dm) return;
    if (now.channel !== followed.channel || now.thread) {
      followed = null;
      return;
    }
    const root_ = messages[followed.channel]?.find((message) => message.ts === followed.ts);
    if (!root_?.reply_count && !signsOf(shown)[`${followed.channel}:${followed.ts}`]) return;
    ui.go({ thread: followed.ts, panel: null });
    followed = null;
  }

  function pointAtMessage({ route: now, messages, threads }) {
    if (!now.message) return;
    const inThread = now.thread && now.thread !== now.message;
    const loaded = inThread ? threads[`${now.channel}:${now.thread}`] : messages[now.channel];
    if (!loaded) return;
    const place = inThread ? parts.thread : parts.conversation;
    if (!place.show(now.message)) ui.tell(s.messageGone, "error");
    ui.go({ message: null }, { replace: true });
  }

  function markRead({ route: now, snapshot: shown, messages }) {
    const channel = shown.channels.find((each) => each.id === now.channel);
    const visible = document.visibilityState === "visible" && messages[now.channel];
    const hidden = now.channel === shown.app.dm && ui.tab() === "home";
    if (!channel?.unread || !visible || hidden || marking) return;
    marking = true;
    api
      .read(channel.id)
      .then(sync.refresh)
      .finally(() => {
        marking = false;
      });
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
      notices,
      sidebar: createSidebar(shared),
      conversation: createConversation(shared),
      thread: createThread(shared),
      wire: createWire(shared),
      clock: createClock(shared),
      modals: createModals(shared),
    };
    const wireButton = h(
      "button",
      {
        class: "button button-small wire-toggle",
        type: "button",
        "aria-pressed": "false",
        on: {
          click: () => shared.go({ panel: store.get().route.panel === "wire" ? null : "wire" }),
        },
      },
      icon("log"),
      s.wire,
    );
    const skip = h(
      "button",
      { class: "skip-link", type: "button", on: { click: named.conversation.focusComposer } },
      s.skipToComposer,
    );
    append(place, [
      skip,
      h("header", { class: "topbar" }, named.clock.element, wireButton),
      notices.lost,
      h(
        "div",
        { class: "panes" },
        named.sidebar.element,
        named.conversation.element,
        named.thread.element,
        named.wire.element,
      ),
      notices.element,
    ]);
    const toggle = {
      update: ({ route: now }) => wireButton.setAttribute("aria-pressed", String(now.panel === "wire")),
    };
    return Object.assign([...Object.values(named), toggle], named);
  }
}

function viewOf({ route }) {
  if (route.panel === "wire") return "wire";
  if (route.channel && route.thread) return "thread";
  return route.channel ? "conversation" : "list";
}
