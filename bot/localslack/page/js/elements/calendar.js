// A month to choose a day from, and date and time fields that also take typing. Used by elements and by the clock.

import { fill, freshId, h } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, isPopoverOpenFor, listKeys, openPopover } from "../popover.js";
import { fieldsOfIso, isoDate, parseDate, parseTime, timeText } from "../text/time.js";

const shift = ({ year, month, day }, days) => {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
};

const weekdayOf = ({ year, month, day }) => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function shiftMonth({ year, month, day }, months) {
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  return { ...target, day: Math.min(day, daysIn(target.year, target.month)) };
}

/** Opens a calendar at `anchor`; `selected` is ISO or null, `today` are calendar fields; `pick` gets an ISO date. */
export function openCalendar(anchor, { selected, today, s, pick }) {
  if (isPopoverOpenFor(anchor)) {
    closePopover();
    return;
  }
  let focused = selected ? fieldsOfIso(selected) : today;
  const title = h("h3", { class: "calendar-title", "aria-live": "polite" });
  const grid = h("table", { class: "calendar-grid", role: "grid" });
  const go = (next, refocus = true) => {
    focused = next;
    title.textContent = s.monthTitle(focused.year, focused.month);
    fill(grid, weekdayRow(s), h("tbody", {}, weeksOf(focused, { selected, today, s, choose })));
    if (refocus) grid.querySelector("[tabindex='0']").focus();
  };
  const choose = (date) => {
    pick(date);
    closePopover();
  };
  const arrow = (months, name, mark) => h("button", {
    class: "button button-icon", type: "button", "aria-label": name, on: { click: () => go(shiftMonth(focused, months), false) },
  }, icon(mark));
  const header = h("div", { class: "calendar-head" },
    arrow(-1, s.previousMonth, "back"), title, arrow(1, s.nextMonth, "forward"));
  const footer = h("div", { class: "popover-footer" },
    h("button", { class: "button", type: "button", on: { click: () => choose(isoDate(today)) } }, s.today));
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const months = { PageUp: -1, PageDown: 1 };
  grid.addEventListener("keydown", (event) => {
    if (!(event.key in days) && !(event.key in months)) return;
    event.preventDefault();
    go(event.key in days ? shift(focused, days[event.key]) : shiftMonth(focused, months[event.key]));
  });
  openPopover(anchor, h("div", { class: "calendar" }, header, grid, footer), { label: s.calendar, className: "popover-calendar" });
  go(focused);
}

function weekdayRow(s) {
  return h("thead", {}, h("tr", {}, s.weekdays.map((name, index) => h("th", {
    scope: "col", abbr: s.weekdaysLong[index],
  }, name))));
}

function weeksOf(focused, context) {
  const first = { ...focused, day: 1 };
  const lead = weekdayOf(first);
  const count = daysIn(focused.year, focused.month);
  const cells = [...Array(lead).fill(null), ...Array.from({ length: count }, (_, index) => ({ ...first, day: index + 1 }))];
  const weeks = [];
  for (let at = 0; at < cells.length; at += 7) {
    weeks.push(h("tr", {}, Array.from({ length: 7 }, (_, column) => dayCell(cells[at + column], focused, context))));
  }
  return weeks;
}

function dayCell(day, focused, { selected, today, s, choose }) {
  if (!day) return h("td", {});
  const iso = isoDate(day);
  const weekday = weekdayOf(day);
  const classes = ["calendar-day", iso === isoDate(today) && "is-today", weekday === 0 && "is-sunday", weekday === 6 && "is-saturday"];
  return h("td", { role: "gridcell", "aria-selected": String(iso === selected) }, h("button", {
    class: classes.filter(Boolean).join(" "), type: "button", "data-option": iso,
    tabindex: day.day === focused.day ? "0" : "-1",
    "aria-label": s.withWeekday(s.date(day.year, day.month, day.day), s.weekdays[weekday]),
    "aria-current": iso === isoDate(today) ? "date" : null, on: { click: () => choose(iso) },
  }, String(day.day)));
}

/**
 * A text field for a date with a calendar button. `change(iso or null)` is called for every real day that is typed or
 * picked and for an emptied field; what is no date is said under the field.
 */
export function dateField({ value, placeholder, today, s, naming, attributes = {}, change }) {
  let current = value;
  const note = h("span", { class: "field-note", "aria-hidden": "true" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true }, s.badDate);
  const input = h("input", {
    class: "text-input", type: "text", inputmode: "numeric", autocomplete: "off", value: value ?? "",
    placeholder: placeholder || s.datePlaceholder, ...attributes, ...naming(placeholder || s.datePlaceholder),
  });
  const calendar = h("button", {
    class: "button button-icon field-button", type: "button", "aria-label": s.openCalendar, "aria-haspopup": "dialog",
    "aria-expanded": "false",
  }, icon("calendar"));
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
  calendar.addEventListener("click", () => openCalendar(calendar, { selected: current, today, s, pick: (iso) => {
    input.value = iso;
    set(iso);
  } }));
  show();
  return h("div", { class: "field field-date" }, h("div", { class: "field-row" }, input, note, calendar), problem);
}

const HALF_HOURS = Array.from({ length: 48 }, (_, index) => ({ hour: Math.floor(index / 2), minute: (index % 2) * 30 }));

/** A text field for a time of day with a list of half hours; `change` gets "HH:mm" or null. */
export function timeField({ value, placeholder, s, naming, attributes = {}, change }) {
  let current = value;
  const listId = freshId("times");
  const textOf = (time) => (time ? timeText(fieldsOfIso("2000-01-01", time), s) : "");
  const problem = h("p", { class: "problem", role: "alert", hidden: true }, s.badTime);
  const input = h("input", {
    class: "text-input", type: "text", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-controls": listId, autocomplete: "off", value: textOf(value), placeholder: placeholder || s.timePlaceholder,
    ...attributes, ...naming(placeholder || s.timePlaceholder),
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
  const times = HALF_HOURS.map((fields) => `${String(fields.hour).padStart(2, "0")}:${String(fields.minute).padStart(2, "0")}`);
  let active = Math.max(0, times.findIndex((time) => time >= (current ?? "09:00")));
  const choose = (index) => {
    pick(times[index]);
    closePopover({ refocus: false });
  };
  const options = times.map((time, index) => h("li", {
    class: "option", role: "option", id: `${listId}-${index}`, "aria-selected": String(time === current), "data-option": time,
    // pointerdown, because the field's blur closes the list before a click would come
    on: { pointerdown: (event) => { event.preventDefault(); choose(index); } },
  }, textOf(time)));
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
    listKeys(event, options, active, { move: (index) => { active = index; mark(); }, pick: choose });
  };
  input.addEventListener("keydown", keys);
  openPopover(input, list, { label: s.timePlaceholder, role: "group", className: "popover-select", takesFocus: false,
    onClose: () => {
      input.removeEventListener("keydown", keys);
      input.removeAttribute("aria-activedescendant");
    } });
  mark();
}
