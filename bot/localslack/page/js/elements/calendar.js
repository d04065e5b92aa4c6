// A month to choose a day from, in a floating panel.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, isPopoverOpenFor, openPopover } from "../popover.js";
import { fieldsOfIso, isoDate } from "../text/time.js";

const shift = ({ year, month, day }, days) => {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
};

export const weekdayOf = ({ year, month, day }) => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
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
  const arrow = (months, name, mark) =>
    h(
      "button",
      {
        class: "button button-icon",
        type: "button",
        "aria-label": name,
        on: { click: () => go(shiftMonth(focused, months), false) },
      },
      icon(mark),
    );
  const header = h(
    "div",
    { class: "calendar-head" },
    arrow(-1, s.previousMonth, "back"),
    title,
    arrow(1, s.nextMonth, "forward"),
  );
  const footer = h(
    "div",
    { class: "popover-footer" },
    h("button", { class: "button", type: "button", on: { click: () => choose(isoDate(today)) } }, s.today),
  );
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const months = { PageUp: -1, PageDown: 1 };
  grid.addEventListener("keydown", (event) => {
    if (!(event.key in days) && !(event.key in months)) return;
    event.preventDefault();
    go(event.key in days ? shift(focused, days[event.key]) : shiftMonth(focused, months[event.key]));
  });
  openPopover(anchor, h("div", { class: "calendar" }, header, grid, footer), {
    label: s.calendar,
    className: "popover-calendar",
  });
  go(focused);
}

function weekdayRow(s) {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      s.weekdays.map((name, index) =>
        h(
          "th",
          {
            scope: "col",
            abbr: s.weekdaysLong[index],
          },
          name,
        ),
      ),
    ),
  );
}

function weeksOf(focused, context) {
  const first = { ...focused, day: 1 };
  const lead = weekdayOf(first);
  const count = daysIn(focused.year, focused.month);
  const cells = [
    ...Array(lead).fill(null),
    ...Array.from({ length: count }, (_, index) => ({ ...first, day: index + 1 })),
  ];
  const weeks = [];
  for (let at = 0; at < cells.length; at += 7) {
    weeks.push(
      h(
        "tr",
        {},
        Array.from({ length: 7 }, (_, column) => dayCell(cells[at + column], focused, context)),
      ),
    );
  }
  return weeks;
}

function dayCell(day, focused, { selected, today, s, choose }) {
  if (!day) return h("td", {});
  const iso = isoDate(day);
  const weekday = weekdayOf(day);
  const classes = [
    "calendar-day",
    iso === isoDate(today) && "is-today",
    weekday === 0 && "is-sunday",
    weekday === 6 && "is-saturday",
  ];
  return h(
    "td",
    { role: "gridcell", "aria-selected": String(iso === selected) },
    h(
      "button",
      {
        class: classes.filter(Boolean).join(" "),
        type: "button",
        "data-option": iso,
        tabindex: day.day === focused.day ? "0" : "-1",
        "aria-label": s.withWeekday(s.date(day.year, day.month, day.day), s.weekdays[weekday]),
        "aria-current": iso === isoDate(today) ? "date" : null,
        on: { click: () => choose(iso) },
      },
      String(day.day),
    ),
  );
}
