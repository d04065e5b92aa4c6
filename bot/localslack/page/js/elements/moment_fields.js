// Date and time fields that take typing as well as picking. Used by the elements and by the workspace's clock.

import { freshId, h } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, isPopoverOpenFor, listKeys, openPopover } from "../popover.js";
import { fieldsOfIso, parseDate, parseTime, timeText } from "../text/time.js";
import { openCalendar, weekdayOf } from "./calendar.js";

/**
 * A text field for a date with a calendar button. `change(iso or null)` is called for every real day that is typed or
 * picked and for an emptied field; what is no date is said under the field.
 */
export function dateField({ value, placeholder, today, s, naming, attributes = {}, change }) {
  let current = value;
  const note = h("span", { class: "field-note", "aria-hidden": "true" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true }, s.badDate);
  const input = h("input", {
    class: "text-input",
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    value: value ?? "",
    placeholder: placeholder || s.datePlaceholder,
    ...attributes,
    ...naming(placeholder || s.datePlaceholder),
  });
  const calendar = h(
    "button",
    {
      class: "button button-icon field-button",
      type: "button",
      "aria-label": s.openCalendar,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    },
    icon("calendar"),
  );
  const show = () => {
    note.textContent = current ? s.weekdaysLong[weekdayOf(fieldsOfIso(current))] : "";
  };
  const set = (iso) => {
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
    if (iso === current) return;
    current = iso;
    show();
    change(iso);
  };
  const commit = () => {
    const typed = input.value.trim();
    const iso = typed ? parseDate(typed, today) : null;
    if (typed && !iso) {
      problem.hidden = false;
      input.setAttribute("aria-invalid", "true");
      return;
    }
    input.value = iso ?? "";
    set(iso);
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) commit();
  });
  calendar.addEventListener("click", () =>
    openCalendar(calendar, {
      selected: current,
      today,
      s,
      pick: (iso) => {
        input.value = iso;
        set(iso);
      },
    }),
  );
  show();
  return h("div", { class: "field field-date" }, h("div", { class: "field-row" }, input, note, calendar), problem);
}

const HALF_HOURS = Array.from({ length: 48 }, (_, index) => ({
  hour: Math.floor(index / 2),
  minute: (index % 2) * 30,
}));

/** A text field for a time of day with a list of half hours; `change` gets "HH:mm" or null. */
export function timeField({ value, placeholder, s, naming, attributes = {}, change }) {
  let current = value;
  const listId = freshId("times");
  const textOf = (time) => (time ? timeText(fieldsOfIso("2000-01-01", time), s) : "");
  const problem = h("p", { class: "problem", role: "alert", hidden: true }, s.badTime);
  const input = h("input", {
    class: "text-input",
    type: "text",
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-controls": listId,
    autocomplete: "off",
    value: textOf(value),
    placeholder: placeholder || s.timePlaceholder,
    ...attributes,
    ...naming(placeholder || s.timePlaceholder),
  });
  const set = (time) => {
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
    input.value = textOf(time);
    if (time === current) return;
    current = time;
    change(time);
  };
  const commit = () => {
    const typed = input.value.trim();
    const time = typed ? parseTime(typed) : null;
    if (typed && !time) {
      problem.hidden = false;
      input.setAttribute("aria-invalid", "true");
      return;
    }
    set(time);
  };
  const open = () => openTimes(input, { listId, s, current, textOf, pick: set });
  input.addEventListener("change", commit);
  input.addEventListener("click", open);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !isPopoverOpenFor(input)) open();
    if (event.key === "Enter" && !event.isComposing && !isPopoverOpenFor(input)) commit();
  });
  input.addEventListener("input", () => isPopoverOpenFor(input) && closePopover({ refocus: false }));
  input.addEventListener("blur", () => isPopoverOpenFor(input) && closePopover({ refocus: false }));
  return h("div", { class: "field field-time" }, h("div", { class: "field-row" }, input), problem);
}

function openTimes(input, { listId, s, current, textOf, pick }) {
  if (isPopoverOpenFor(input)) return;
  const times = HALF_HOURS.map(
    (fields) => `${String(fields.hour).padStart(2, "0")}:${String(fields.minute).padStart(2, "0")}`,
  );
  let active = Math.max(
    0,
    times.findIndex((time) => time >= (current ?? "09:00")),
  );
  const choose = (index) => {
    pick(times[index]);
    closePopover({ refocus: false });
  };
  const options = times.map((time, index) =>
    h(
      "li",
      {
        class: "option",
        role: "option",
        id: `${listId}-${index}`,
        "aria-selected": String(time === current),
        "data-option": time,
        // pointerdown, because the field's blur closes the list before a click would come
        on: {
          pointerdown: (event) => {
            event.preventDefault();
            choose(index);
          },
        },
      },
      textOf(time),
    ),
  );
  const list = h("ul", { class: "options", role: "listbox", id: listId, "aria-label": s.timePlaceholder }, options);
  const mark = () => {
    options.forEach((node, index) => node.classList.toggle("is-active", index === active));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };
  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      closePopover({ refocus: false });
      return;
    }
    listKeys(event, options, active, {
      move: (index) => {
        active = index;
        mark();
      },
      pick: choose,
    });
  };
  input.addEventListener("keydown", keys);
  openPopover(input, list, {
    label: s.timePlaceholder,
    role: "group",
    className: "popover-select",
    takesFocus: false,
    onClose: () => {
      input.removeEventListener("keydown", keys);
      input.removeAttribute("aria-activedescendant");
    },
  });
  mark();
}
