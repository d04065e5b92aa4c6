// Making and changing the workspace: people, channels, members, starting over, and the page about it all.

import { append, fill, h } from "./dom.js";
import { ask, field, openDialog, openForm, textInput } from "./dialogs.js";
import { closePopover, openPopover } from "./popover.js";
import { forgetDrafts } from "./state/drafts.js";
import { failureSentence } from "./strings.js";
import { plainWithLinks } from "./text/inline.js";

const ZONES = [
  "Asia/Seoul",
  "Asia/Tokyo",
  "Asia/Singapore",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/Los_Angeles",
  "UTC",
];
const CHANNEL_NAME = /^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u;

export function createChannel(ui) {
  const { s } = ui;
  const name = textInput({ maxlength: 80 });
  const isPrivate = h("input", { type: "checkbox" });
  openForm({
    title: s.newChannel,
    s,
    confirm: s.create,
    fields: [field({ name: s.channelName, hint: s.channelNameHint, input: name }), checkRow(s.makePrivate, isPrivate)],
    check: () => (CHANNEL_NAME.test(cleanName(name.value)) ? null : s.channelNameBad),
    submit: () => ui.api.createChannel({ name: cleanName(name.value), private: isPrivate.checked }),
    done: (answer) => {
      ui.refresh();
      ui.go({ channel: answer.channel, thread: null, tab: null });
    },
  });
}

const cleanName = (name) => name.trim().replace(/^#/, "").normalize("NFC");

function checkRow(name, input) {
  input.id = `check-${name}`;
  return h("div", { class: "choice" }, input, h("label", { for: input.id }, name));
}

export function createPerson(ui) {
  const { s } = ui;
  const name = textInput({ maxlength: 60 });
  const title = textInput({ maxlength: 60, placeholder: s.personTitleExample });
  const option = (value, text) => h("option", { value }, text);
  const language = h("select", { class: "text-input" }, option("ko-KR", s.korean), option("en-US", s.english));
  const zone = h(
    "select",
    { class: "text-input" },
    ZONES.map((each) => option(each, each)),
  );
  openForm({
    title: s.newPerson,
    s,
    confirm: s.create,
    fields: [
      field({ name: s.personName, input: name }),
      field({ name: s.personTitle, input: title }),
      field({ name: s.personLanguage, input: language }),
      field({ name: s.personZone, input: zone }),
    ],
    check: () => (name.value.trim() ? null : s.required),
    submit: () =>
      ui.api.createPerson({
        name: name.value.trim(),
        real_name: name.value.trim(),
        title: title.value.trim(),
        locale: language.value,
        tz: zone.value,
      }),
    done: (answer) => ui.become(answer.user),
  });
}

/** The members of a channel, with inviting and leaving. */
export function openMembers(ui, channel, anchor) {
  const { s, people } = ui;
  const body = h("div", { class: "members" });
  openPopover(anchor, body, { label: s.membersTitle, className: "popover-members" });
  const outside = people.all().filter((person) => !channel.members.includes(person.id));
  const problem = h("p", { class: "problem", role: "alert" });
  const act = async (request) => {
    const answer = await request;
    if (answer.ok) closePopover();
    else fill(problem, failureSentence(s, answer));
    ui.refresh();
  };
  const row = (id, ...rest) =>
    h(
      "li",
      { class: "member" },
      people.avatar(id, "s"),
      h(
        "span",
        { class: "member-name" },
        people.nameOf(id) ?? s.unknownPerson,
        h("small", {}, people.isApp(id) ? s.app : people.find(id)?.title),
      ),
      rest,
    );
  const inviteRow = (person) =>
    row(
      person.id,
      h(
        "button",
        {
          class: "button button-small",
          type: "button",
          "aria-label": `${s.invite}: ${people.nameOf(person.id)}`,
          on: { click: () => act(ui.api.invite(channel.id, person.id)) },
        },
        s.invite,
      ),
    );
  append(body, [
    h("h3", {}, s.members(channel.members.length)),
    h(
      "ul",
      { class: "member-list" },
      channel.members.map((id) => row(id)),
    ),
    channel.is_member && outside.length
      ? [h("h3", {}, s.inviteWhom), h("ul", { class: "member-list" }, outside.map(inviteRow))]
      : null,
    channel.is_member &&
      h(
        "button",
        { class: "button button-small", type: "button", on: { click: () => act(ui.api.leave(channel.id)) } },
        s.leave,
      ),
    problem,
  ]);
  body.querySelector("button")?.focus();
}

export async function startOver(ui) {
  const { s } = ui;
  const sure = await ask({
    title: s.resetTitle,
    text: s.resetText,
    confirm: s.resetConfirm,
    deny: s.cancel,
    danger: true,
    s,
  });
  if (!sure) return;
  const answer = await ui.api.reset();
  if (!answer.ok) {
    ui.tell(failureSentence(s, answer), "error");
    return;
  }
  forgetDrafts();
  ui.restart();
}

export async function openAbout(ui) {
  const { s } = ui;
  const dialog = openDialog({ title: s.about, s, className: "dialog-wide" });
  fill(dialog.body, h("p", { class: "loading" }, s.loading));
  const about = await ui.api.about();
  if (!about.ok) {
    fill(dialog.body, h("p", { class: "problem" }, failureSentence(s, about)));
    return;
  }
  const items = (tag, list) =>
    h(
      tag,
      { class: "text" },
      list.map((item) => h("li", {}, plainWithLinks(item, ui.reader))),
    );
  const manifest = h(
    "pre",
    { class: "code-block manifest", tabindex: "0", "aria-label": s.aboutManifest },
    h("code", {}, about.manifest),
  );
  fill(
    dialog.body,
    h(
      "div",
      { class: "about" },
      h("p", { class: "about-banner" }, s.notSlack),
      h("section", {}, h("h3", {}, s.aboutImitated), items("ul", about.imitated)),
      h("section", {}, h("h3", {}, s.aboutNotImitated), items("ul", about.not_imitated)),
      h("section", {}, h("h3", {}, s.aboutLive), items("ol", about.how_to_go_live)),
      h(
        "section",
        {},
        h(
          "div",
          { class: "about-row" },
          h("h3", {}, s.aboutManifest),
          h(
            "button",
            { class: "button button-small", type: "button", on: { click: () => ui.copy(about.manifest) } },
            s.copy,
          ),
        ),
        h("p", { class: "input-hint" }, s.aboutManifestNote),
        manifest,
      ),
    ),
  );
}
