// The left side: who one looks as, the app, channels with their unread marks, and what concerns the whole workspace.

import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { createChannel, createPerson, openAbout, startOver } from "./organise.js";

export function createSidebar(ui) {
  const { s } = ui;
  const name = h("h1", { class: "workspace-name" });
  const people = h("div", { class: "personas", role: "radiogroup", "aria-label": s.viewingAs });
  const current = h("p", { class: "persona-current" });
  const appList = h("ul", { class: "nav-list" });
  const channelList = h("ul", { class: "nav-list" });
  const otherList = h("ul", { class: "nav-list" });
  const otherHead = h("h2", { class: "nav-head" }, s.otherChannels);
  const add = (label, click) =>
    h("button", { class: "tool", type: "button", "aria-label": label, title: label, on: { click } }, icon("add"));
  const link = (label, mark, click) =>
    h("button", { class: "nav-foot-item", type: "button", on: { click } }, icon(mark), label);
  const element = h(
    "nav",
    { class: "sidebar", "aria-label": s.sidebar },
    h("div", { class: "sidebar-top" }, name, h("p", { class: "not-slack" }, s.notSlack)),
    h("section", { class: "persona-box" }, h("h2", { class: "nav-head" }, s.viewingAs), people, current),
    h(
      "div",
      { class: "nav-scroll" },
      h("h2", { class: "nav-head" }, s.app),
      appList,
      h(
        "div",
        { class: "nav-head-row" },
        h("h2", { class: "nav-head" }, s.channels),
        add(s.newChannel, () => createChannel(ui)),
      ),
      channelList,
      otherHead,
      otherList,
    ),
    h(
      "div",
      { class: "sidebar-foot" },
      link(s.about, "info", () => openAbout(ui)),
      link(s.reset, "reset", () => startOver(ui)),
    ),
  );

  people.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const radios = [...people.querySelectorAll("[role=radio]")];
    const at = radios.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    radios[(at + step + radios.length) % radios.length].focus();
  });

  function update({ snapshot, route }) {
    name.textContent = snapshot.workspace.name;
    drawPeople();
    const me = ui.people.find(ui.me);
    fill(current, h("strong", {}, ui.people.nameOf(ui.me)), me?.title ? h("span", {}, me.title) : null);
    const open = (id) => route.channel === id;
    const dm = snapshot.channels.find((channel) => channel.id === snapshot.app.dm);
    const entries = [
      {
        id: snapshot.app.dm,
        label: snapshot.app.name,
        unread: dm?.unread ?? 0,
        connected: snapshot.app.connected,
        open: open(snapshot.app.dm),
      },
    ];
    patch(appList, entries, appEntry);
    const channels = snapshot.channels
      .filter((channel) => channel.kind !== "im")
      .sort((left, right) => left.name.localeCompare(right.name, "ko"));
    const shown = channels.map((channel) => ({ ...channel, open: open(channel.id) }));
    patch(
      channelList,
      shown.filter((channel) => channel.is_member),
      channelEntry,
    );
    const others = shown.filter((channel) => !channel.is_member);
    patch(otherList, others, channelEntry);
    otherHead.hidden = others.length === 0;
  }

  const patch = (list, entries, render) =>
    patchList(list, entries, {
      key: (entry) => entry.id,
      signature: (entry) =>
        JSON.stringify([
          entry.name ?? entry.label,
          entry.kind,
          entry.unread,
          entry.open,
          entry.connected,
          entry.is_member,
        ]),
      render: (entry) => h("li", {}, render(entry)),
    });

  function drawPeople() {
    const entries = [...ui.people.humans(), { id: "add" }];
    patchList(people, entries, {
      key: (person) => person.id,
      signature: (person) => JSON.stringify([person.real_name, person.title]),
      render: (person) => (person.id === "add" ? addPerson() : personRadio(person)),
    });
  }

  const addPerson = () =>
    h(
      "button",
      {
        class: "persona persona-add",
        type: "button",
        "aria-label": s.newPerson,
        title: s.newPerson,
        on: { click: () => createPerson(ui) },
      },
      icon("add"),
    );

  function personRadio(person) {
    const chosen = person.id === ui.me;
    const label = s.personChoice(ui.people.nameOf(person.id), person.title);
    return h(
      "button",
      {
        class: "persona",
        type: "button",
        role: "radio",
        "aria-checked": String(chosen),
        tabindex: chosen ? "0" : "-1",
        "aria-label": label,
        title: label,
        "data-user": person.id,
        on: { click: () => ui.become(person.id) },
      },
      ui.people.avatar(person.id, "m"),
    );
  }

  function entryLink(entry, { label, shown = label, mark, target, tail }) {
    const accessible = entry.unread ? `${label}, ${s.unread(entry.unread)}` : label;
    return h(
      "a",
      {
        class: entry.unread ? "nav-item is-unread" : "nav-item",
        href: ui.addressOf(target),
        "aria-label": accessible,
        "aria-current": entry.open ? "page" : null,
        "data-channel": entry.id,
        on: {
          click: (event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            ui.go(target);
          },
        },
      },
      mark,
      h("span", { class: "nav-label" }, shown),
      tail,
      entry.unread ? h("span", { class: "unread" }, entry.unread) : null,
    );
  }

  function appEntry(entry) {
    const dot = h("span", {
      class: entry.connected ? "presence is-on" : "presence",
      title: entry.connected ? null : s.appDown(entry.label),
    });
    const mark = ui.people.avatar(ui.store.get().snapshot.app.bot_user_id, "xs");
    const target = { channel: entry.id, tab: null, thread: null, message: null };
    return entryLink(entry, { label: entry.label, mark, target, tail: dot });
  }

  function channelEntry(entry) {
    const mark = icon(entry.kind === "group" ? "lock" : "hash");
    const label = entry.kind === "group" ? `#${entry.name}, ${s.privateChannel}` : `#${entry.name}`;
    const target = { channel: entry.id, tab: null, thread: null, message: null };
    return entryLink(entry, { label, shown: entry.name, mark, target });
  }

  return { element, update };
}
