// Select menus of every source: fixed options, options the app suggests, people, channels, conversations.

import { append, fill, freshId, h } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, isPopoverOpenFor, listKeys, openPopover } from "../popover.js";
import { choose, clearProblem, identity, showProblem } from "./interaction.js";
import { OptionsFailed, sourceOf } from "./select_sources.js";

const SEARCH_FROM = 8;

export function selectMenu(block, element, ctx, naming) {
  const many = element.type.startsWith("multi_");
  const source = sourceOf(block, element, ctx);
  const field = many ? source.many : source.one;
  const initial =
    element[source.initial[many ? 1 : 0]] ?? currentConversation(element, ctx, source, many) ?? (many ? [] : null);
  const shown = ctx.values.register(block.block_id, element, { [field]: initial })[field];
  const chosen = (many ? (shown ?? []) : [shown].filter((value) => value !== null && value !== undefined)).map(
    (value) => source.toChoice(value),
  );
  return many
    ? manyMenu({ block, element, ctx, naming, source, field, chosen })
    : oneMenu({ block, element, ctx, naming, source, field, chosen });
}

/** The open conversation, where the element asks for it and offers it. */
function currentConversation(element, ctx, source, many) {
  if (!element.default_to_current_conversation || !source.known.some((each) => each.id === ctx.here)) return null;
  return many ? [ctx.here] : ctx.here;
}

function trigger({ block, element, ctx, naming, source }) {
  const placeholder = element.placeholder?.text || source.placeholder || ctx.s.chooseOne;
  return h("button", {
    class: "select",
    type: "button",
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    ...naming(placeholder),
    ...identity(block, element),
    "data-placeholder": placeholder,
  });
}

function drawValue(control, choice) {
  const text = h(
    "span",
    { class: choice ? "select-value" : "select-value is-placeholder" },
    choice ? choice.label() : control.dataset.placeholder,
  );
  fill(control, text, icon("down"));
}

function oneMenu(menu) {
  const { block, element, ctx, field } = menu;
  const control = trigger(menu);
  let [choice] = menu.chosen;
  drawValue(control, choice);
  const pick = (picked) => {
    choice = picked;
    drawValue(control, choice);
    closePopover();
    choose(ctx, block, element, { [field]: picked.raw }, control);
  };
  control.addEventListener("click", () =>
    openList(control, { ...menu, isChosen: (other) => other.id === choice?.id, pick }),
  );
  return control;
}

function manyMenu(menu) {
  const { block, element, ctx, field } = menu;
  const control = trigger(menu);
  const chips = h("ul", { class: "chips" });
  const limit = element.max_selected_items ?? Infinity;
  let chosen = menu.chosen;
  const wrapper = h("div", { class: "multi-select" }, chips, control);
  const redraw = () => {
    drawValue(control, null);
    fill(
      chips,
      chosen.map((choice) =>
        h(
          "li",
          { class: "chip" },
          choice.label(),
          h(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": ctx.s.remove(choice.text),
              on: { click: () => change(chosen.filter((other) => other.id !== choice.id)) },
            },
            icon("close"),
          ),
        ),
      ),
    );
    chips.hidden = chosen.length === 0;
  };
  const change = (next) => {
    if (next.length > limit) return;
    chosen = next;
    redraw();
    choose(ctx, block, element, { [field]: chosen.map((choice) => choice.raw) }, control);
  };
  const isChosen = (other) => chosen.some((choice) => choice.id === other.id);
  const pick = (picked) =>
    change(isChosen(picked) ? chosen.filter((choice) => choice.id !== picked.id) : [...chosen, picked]);
  redraw();
  control.addEventListener("click", () => openList(control, { ...menu, isChosen, pick, staysOpen: true }));
  return wrapper;
}

function openList(control, { ctx, source, isChosen, pick, staysOpen = false }) {
  if (isPopoverOpenFor(control)) {
    closePopover();
    return;
  }
  clearProblem(control);
  const searches = source.searches || source.known.length >= SEARCH_FROM;
  const listId = freshId("options");
  const list = h("ul", {
    class: "options",
    role: "listbox",
    id: listId,
    "aria-multiselectable": staysOpen || null,
    "aria-label": control.dataset.placeholder,
    tabindex: searches ? null : "0",
  });
  const search = !searches
    ? null
    : h("input", {
        class: "text-input",
        type: "search",
        placeholder: ctx.s.searchOptions,
        "aria-label": ctx.s.searchOptions,
        "aria-controls": listId,
        autocomplete: "off",
      });
  const model = optionList({
    list,
    focus: search || list,
    isChosen,
    s: ctx.s,
    pick: (choice) => {
      pick(choice);
      if (staysOpen) model.redraw();
    },
  });
  const footer =
    staysOpen &&
    h(
      "div",
      { class: "popover-footer" },
      h("button", { class: "button", type: "button", on: { click: () => closePopover() } }, ctx.s.done),
    );
  const content = h(
    "div",
    { class: "select-panel" },
    search && h("div", { class: "options-search" }, search),
    list,
    footer,
  );
  control.setAttribute("aria-controls", listId);
  openPopover(control, content, { label: control.dataset.placeholder, className: "popover-select" });
  (search || list).focus();
  const load = () => loadOptions(model, source, search ? search.value : "", control, ctx.s);
  search?.addEventListener("input", (event) => {
    if (!event.isComposing || !source.minimum) load();
  });
  search?.addEventListener("compositionend", load);
  content.addEventListener("keydown", (event) => model.keys(event));
  load();
}

async function loadOptions(model, source, query, control, s) {
  if (source.minimum && query.length < source.minimum) {
    model.say(s.typeToSearch(source.minimum));
    return;
  }
  const turn = model.nextTurn();
  if (source.searches) model.say(s.loading);
  try {
    const groups = await source.load(query);
    if (model.isCurrent(turn)) model.show(groups);
  } catch (error) {
    if (!(error instanceof OptionsFailed)) throw error;
    if (model.isCurrent(turn)) model.say(s.optionsFailed);
    showProblem(control, error.message || s.optionsFailed);
  }
}

/** Draws groups of choices into a listbox and moves through them with the keyboard. */
function optionList({ list, focus, isChosen, pick, s }) {
  let groups = [];
  let active = -1;
  let turn = 0;
  const flat = () => groups.flatMap((group) => group.choices);
  const nodes = () => [...list.querySelectorAll("[role=option]")];
  const mark = () => {
    nodes().forEach((node, index) => node.classList.toggle("is-active", index === active));
    const node = nodes()[active];
    if (node) focus.setAttribute("aria-activedescendant", node.id);
    else focus.removeAttribute("aria-activedescendant");
    node?.scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    list.replaceChildren();
    for (const group of groups) {
      if (group.label) list.append(h("li", { class: "options-group", role: "presentation" }, group.label));
      for (const choice of group.choices) append(list, [optionNode(choice, isChosen(choice), pick)]);
    }
    if (!flat().length) list.append(h("li", { class: "options-note", role: "presentation" }, s.noMatches));
    mark();
  };
  return {
    show(next) {
      groups = next;
      active = Math.max(
        0,
        flat().findIndex((choice) => isChosen(choice)),
      );
      draw();
    },
    redraw: draw,
    say(sentence) {
      groups = [];
      active = -1;
      list.replaceChildren(h("li", { class: "options-note", role: "presentation" }, sentence));
    },
    nextTurn: () => (turn += 1),
    isCurrent: (asked) => asked === turn,
    keys: (event) => {
      if (event.target.closest("button")) return;
      const move = (index) => {
        active = index;
        mark();
      };
      listKeys(event, nodes(), active, { move, pick: (index) => pick(flat()[index]) });
    },
  };
}

function optionNode(choice, chosen, pick) {
  return h(
    "li",
    {
      class: "option",
      role: "option",
      id: freshId("option"),
      "aria-selected": String(chosen),
      "data-option": choice.id,
      on: { click: () => pick(choice) },
    },
    h(
      "span",
      { class: "option-text" },
      choice.label(),
      choice.note && h("span", { class: "option-note" }, choice.note),
    ),
    chosen && icon("check"),
  );
}
