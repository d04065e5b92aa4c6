// Reactions under a message, and the panel from which one is chosen.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { closePopover, isPopoverOpenFor, openPopover } from "./popover.js";
import { EMOJI, FREQUENT, emojiFor } from "./text/emoji.js";

const SHOWN = 96;

export function reactionRow(message, ui, react) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((reaction) => {
    const mine = reaction.users.includes(ui.me);
    const names = reaction.users.map((id) => ui.people.nameOf(id) ?? ui.s.unknownPerson).join(", ");
    return h(
      "button",
      {
        class: mine ? "reaction is-mine" : "reaction",
        type: "button",
        "aria-pressed": String(mine),
        title: names,
        "aria-label": ui.s.reactionLabel(reaction.name, reaction.count, names),
        "data-part": `reaction-${reaction.name}`,
        on: { click: (event) => react(reaction.name, mine, event.currentTarget) },
      },
      h("span", {}, emojiFor(reaction.name) ?? `:${reaction.name}:`),
      h("span", { class: "reaction-count" }, reaction.count),
    );
  });
  return h("div", { class: "reactions" }, chips);
}

/** Opens the emoji panel at `anchor`; `pick` gets a shortcode's name. */
export function openEmojiPicker(anchor, s, pick) {
  if (isPopoverOpenFor(anchor)) {
    closePopover();
    return;
  }
  const grid = h("div", { class: "emoji-grid" });
  const choose = (name) => {
    closePopover();
    pick(name);
  };
  const cell = (name) =>
    h(
      "button",
      {
        class: "emoji-cell",
        type: "button",
        title: `:${name}:`,
        "aria-label": `:${name}:`,
        on: { click: () => choose(name) },
      },
      emojiFor(name),
    );
  const show = (query) => {
    const names = [...EMOJI.keys()].filter((name) => name.includes(query.trim().toLowerCase().replaceAll(":", "")));
    fill(grid, names.slice(0, SHOWN).map(cell), names.length ? null : h("p", { class: "options-note" }, s.noMatches));
  };
  const search = h("input", {
    class: "text-input",
    type: "search",
    placeholder: s.emojiSearch,
    "aria-label": s.emojiSearch,
    on: { input: () => show(search.value) },
  });
  const frequent = h("div", { class: "emoji-frequent" }, FREQUENT.map(cell));
  openPopover(anchor, h("div", { class: "emoji-picker" }, search, frequent, grid), {
    label: s.emojiPicker,
    className: "popover-emoji",
  });
  show("");
  search.focus();
}

export function reactButton(s, className, pick) {
  const control = h(
    "button",
    {
      class: className,
      type: "button",
      title: s.react,
      "aria-label": s.react,
      "data-part": "react",
      "aria-expanded": "false",
      "aria-haspopup": "dialog",
      on: { click: () => openEmojiPicker(control, s, (name) => pick(name, control)) },
    },
    icon("react"),
  );
  return control;
}
