// The list above the composer: what completion.js finds, drawn, moved through by keyboard and taken by a press.

import { completionFor } from "./completion.js";
import { freshId, h } from "./dom.js";
import { closePopover, listKeys, openPopover } from "./popover.js";

/** `changed()` is called when the list has written into the box. */
export function createCompletionList(box, ui, { allowCommands, changed }) {
  const { s } = ui;
  let list = null; // {found, nodes, active} while it is open

  function offer() {
    const { app } = ui.store.get().snapshot;
    const words = app.command_words ?? {};
    const known = { commands: app.commands, words, people: ui.mentionable(), allowCommands };
    const found = completionFor(box.value, box.selectionStart, known);
    if (found) show(found);
    else close();
  }

  function close() {
    if (list) closePopover({ refocus: false });
  }

  function show(found) {
    const id = freshId("offers");
    const nodes = found.options.map((option, index) => optionNode(option, `${id}-${index}`, index));
    openPopover(box, h("ul", { class: "options", role: "listbox", id, "aria-label": s.completions }, nodes), {
      label: s.completions,
      role: "group",
      className: "popover-completion",
      takesFocus: false,
      onClose: () => {
        list = null;
        box.removeAttribute("aria-activedescendant");
      },
    });
    list = { found, nodes, active: found.active };
    if (found.active >= 0) mark(found.active);
  }

  function optionNode(option, id, index) {
    const take = (event) => {
      event.preventDefault(); // the box keeps the focus
      accept(index);
    };
    const hint = option.hint && h("span", { class: "option-hint" }, ` ${option.hint}`);
    const note = option.note && h("span", { class: "option-note" }, option.note);
    return h(
      "li",
      { class: "option", role: "option", id, "aria-selected": "false", on: { pointerdown: take } },
      option.person && ui.people.avatar(option.person.id, "xs"),
      h("span", { class: "option-text" }, option.text, hint, note),
    );
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
    close();
    changed();
    box.focus();
    offer();
  }

  /** Whether the list has used this key. */
  function keys(event) {
    if (!list) return false;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      accept(Math.max(0, list.active));
      return true;
    }
    // Enter on a word that is already typed in full sends: a list must never stand in the way of sending.
    const typedInFull = list.found.options[list.active]?.text === list.found.query;
    if (event.key === "Enter" && (event.shiftKey || typedInFull)) return false;
    return listKeys(event, list.nodes, list.active, { move: mark, pick: accept });
  }

  box.addEventListener("click", () => list && offer());
  box.addEventListener("blur", close);
  return { offer, close, keys };
}
