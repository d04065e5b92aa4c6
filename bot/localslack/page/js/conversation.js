// The middle: one channel, or the app with its Home and Messages tabs.

import { fill, h } from "./dom.js";
import { createComposer } from "./composer.js";
import { showProblem, showWorking } from "./elements/interaction.js";
import { createHome, promptChips } from "./home.js";
import { icon } from "./icons.js";
import { createMessageList } from "./messages.js";
import { openMembers } from "./organise.js";
import { signsOf } from "./status.js";
import { failureSentence } from "./strings.js";

export function createConversation(ui) {
  const { s } = ui;
  const list = createMessageList(ui);
  const composer = createComposer(ui);
  const home = createHome(ui);
  const title = h("h2", { class: "pane-title", tabindex: "-1" });
  const topic = h("p", { class: "pane-topic" });
  const tools = h("div", { class: "pane-tools" });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": s.appTabs });
  const prompts = h("div", { class: "prompts-place" });
  const join = h("div", { class: "join-bar", hidden: true });
  const notice = h("p", { class: "pane-notice", role: "status", hidden: true });
  const back = h(
    "button",
    {
      class: "tool pane-back",
      type: "button",
      "aria-label": s.back,
      on: { click: () => ui.go({ channel: null, thread: null }) },
    },
    icon("back"),
  );
  const foot = h("div", { class: "pane-foot" }, prompts, join, composer.element);
  const element = h(
    "main",
    { class: "pane conversation" },
    h("header", { class: "pane-head" }, back, h("div", { class: "pane-titles" }, title, topic), tools),
    tabs,
    notice,
    home.element,
    list.element,
    foot,
  );
  let drawnPrompts = "";
  let visit = { channel: null }; // the channel that is open, since when, and what was unread in it then

  function update(state) {
    const { snapshot, route } = state;
    const channel = snapshot.channels.find((each) => each.id === route.channel);
    element.hidden = !channel;
    if (!channel) visit = { channel: null };
    if (!channel) return;
    const isApp = channel.id === snapshot.app.dm;
    const name = nameOf(channel);
    const showsHome = isApp && ui.tab() === "home";
    fill(title, channel.kind === "group" && icon("lock"), name);
    topic.textContent = isApp ? (snapshot.app.description ?? "") : channel.topic;
    drawTools(channel, isApp);
    drawTabs(isApp, snapshot.app);
    notice.hidden = !isApp || snapshot.app.connected;
    notice.textContent = s.appDown(snapshot.app.name);
    home.element.hidden = !showsHome;
    list.element.hidden = showsHome;
    foot.hidden = showsHome;
    if (showsHome) home.update(state);
    else drawMessages(state, channel, isApp, name);
  }

  const nameOf = (channel) =>
    channel.kind === "im" ? (ui.people.nameOf(channel.with) ?? channel.name) : `#${channel.name}`;

  function drawMessages(state, channel, isApp, name) {
    const { snapshot } = state;
    const messages = state.messages[channel.id] ?? null;
    attend(channel, messages);
    list.update({
      key: channel.id,
      name: s.messageList(name),
      messages,
      channel: channel.id,
      inThread: false,
      unreadFrom: visit.unreadFrom,
      settled: visit.fresh,
      zone: ui.reader.zone,
      now: ui.reader.now(),
      statuses: signsOf(snapshot),
      s,
      introNodes: intro(channel, isApp, name),
    });
    const readOnly = isApp && snapshot.app.read_only;
    composer.element.hidden = !channel.is_member || readOnly;
    composer.update({ channel: channel.id, thread: null, label: isApp ? s.messageToApp(name) : s.messageTo(name) });
    drawJoin(channel);
    drawPrompts(isApp ? snapshot.prompts[channel.id] : null);
  }

  /**
   * What was unread is counted when a channel is opened, and where it begins is decided by the first messages that
   * are fetched after that (those kept from an earlier visit may be old). Then the line stays while one reads.
   */
  function attend(channel, messages) {
    if (visit.channel !== channel.id)
      visit = { channel: channel.id, count: channel.unread, kept: messages, fresh: false, unreadFrom: null };
    if (visit.fresh || !messages || messages === visit.kept) return;
    const others = messages.filter((message) => message.user !== ui.me && !message.ephemeral);
    visit.fresh = true;
    visit.unreadFrom = visit.count ? ((others.at(-visit.count) ?? others[0])?.ts ?? null) : null;
  }

  function intro(channel, isApp, name) {
    const about = ui.store.get().snapshot.app;
    const [heading, text] = isApp ? [s.appEmptyTitle(name), s.appEmpty] : [s.channelEmptyTitle(name), s.channelEmpty];
    const mark = isApp
      ? ui.people.avatar(about.bot_user_id, "l")
      : h("span", { class: "intro-mark" }, icon(channel.kind === "group" ? "lock" : "hash"));
    return [mark, h("h3", {}, heading), h("p", {}, text), starters(channel, isApp)];
  }

  /** In a channel that is still empty: what one could type, put into the composer by a press. */
  function starters(channel, isApp) {
    const { messages, snapshot } = ui.store.get();
    if (isApp || !channel.bot_in || !channel.is_member || messages[channel.id]?.length) return null;
    const chip = (text, note) =>
      h(
        "button",
        { class: "prompt", type: "button", title: note, on: { click: () => composer.insert(text) } },
        text.trim(),
      );
    return h(
      "div",
      { class: "prompts-row list-starters" },
      chip(`@${snapshot.app.name} `, s.appBadge),
      snapshot.app.commands.map((command) => chip(`${command.command} `, command.description)),
    );
  }

  function drawTools(channel, isApp) {
    const sign = `${channel.id}:${channel.members.join()}:${channel.is_member}`;
    if (tools.dataset.sign === sign) return;
    tools.dataset.sign = sign;
    const members = h(
      "button",
      {
        class: "button button-small",
        type: "button",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        "aria-label": s.members(channel.members.length),
        on: {
          click: () => {
            const now = ui.store.get().snapshot.channels.find((each) => each.id === channel.id);
            openMembers(ui, now, members);
          },
        },
      },
      icon("people"),
      channel.members.length,
    );
    fill(tools, isApp ? null : members);
  }

  function drawTabs(isApp, about) {
    tabs.hidden = !isApp;
    if (!isApp) return;
    const shown = [about.home_tab && ["home", s.home], about.messages_tab && ["messages", s.messages]].filter(Boolean);
    const sign = `${ui.tab()}:${shown.length}`;
    if (tabs.dataset.sign === sign) return;
    tabs.dataset.sign = sign;
    const hadFocus = tabs.contains(document.activeElement);
    fill(
      tabs,
      shown.map(([tab, name]) =>
        h(
          "button",
          {
            class: "tab",
            type: "button",
            role: "tab",
            "aria-selected": String(ui.tab() === tab),
            tabindex: ui.tab() === tab ? "0" : "-1",
            on: { click: () => ui.go({ tab, thread: null }), keydown: (event) => switchTab(event, shown) },
          },
          name,
        ),
      ),
    );
    if (hadFocus) tabs.querySelector("[aria-selected=true]")?.focus();
  }

  function switchTab(event, shown) {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const other = shown.find(([tab]) => tab !== ui.tab());
    if (other) ui.go({ tab: other[0], thread: null });
  }

  function drawJoin(channel) {
    join.hidden = channel.is_member;
    if (channel.is_member || join.dataset.channel === channel.id) return;
    join.dataset.channel = channel.id;
    const button = h(
      "button",
      {
        class: "button button-primary",
        type: "button",
        on: {
          click: async () => {
            const busy = showWorking(button, s);
            const answer = await ui.api.join(channel.id);
            busy.end();
            if (!answer.ok) showProblem(button, failureSentence(s, answer));
            ui.refresh();
          },
        },
      },
      s.join,
    );
    fill(join, h("p", {}, s.joinToWrite), button);
  }

  function drawPrompts(shown) {
    const sign = JSON.stringify(shown ?? null);
    if (sign === drawnPrompts) return;
    drawnPrompts = sign;
    fill(
      prompts,
      promptChips(shown, s, (message) => composer.send(message)),
    );
  }

  return {
    element,
    update,
    show: list.show,
    focusComposer: composer.focus,
    focusTitle: () => title.focus({ preventScroll: true }),
  };
}
