// The workspace's clock: what time it is there, what is queued, and the buttons that move it forward.

import { fill, h } from "./dom.js";
import { dateField, timeField } from "./elements/moment_fields.js";
import { showWorking } from "./elements/interaction.js";
import { icon } from "./icons.js";
import { closePopover, isPopoverOpenFor, openPopover } from "./popover.js";
import { failureSentence } from "./strings.js";
import { isoDate, isoTime, momentText, partsOf, shortMomentText } from "./text/time.js";

const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;
const QUEUE_SHOWN = 50;

export function createClock(ui) {
  const { s } = ui;
  let moving = false;
  const face = h("span", { class: "clock-face" });
  const now = h(
    "button",
    {
      class: "clock-now",
      type: "button",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      on: { click: openPanel },
    },
    icon("clock"),
    face,
    icon("down"),
  );
  const status = h("span", { class: "clock-status", role: "status" });
  const quick = h("div", { class: "clock-quick" }, quickButtons());
  const queueButton = h("button", {
    class: "button button-small clock-queue",
    type: "button",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
    on: { click: () => openPanel({ currentTarget: queueButton }) },
  });
  const element = h(
    "section",
    { class: "clock", role: "group", "aria-label": s.clock },
    now,
    status,
    quick,
    queueButton,
  );
  let drawn = "";
  let panelDraw = null;

  function quickButtons() {
    const move = (body) => (event) => go(body, event.currentTarget);
    const button = (part, text, body) =>
      h("button", { class: "button button-small", type: "button", "data-part": part, on: { click: move(body) } }, text);
    return [
      button("hour", s.plusHour, { by: HOUR }),
      button("tomorrow", s.tomorrowMorning, { to: "tomorrow 09:30" }),
      button("week", s.plusWeek, { by: WEEK }),
      button("next", s.toNext, { to: "next_due" }),
    ];
  }

  function shownMoment(epoch) {
    return momentText(epoch, zone(), s, ui.reader.now());
  }

  const zone = () => ui.store.get().snapshot.clock.zone;

  async function go(body, control) {
    if (moving) return;
    moving = true;
    drawMoving();
    const busy = showWorking(control, s);
    const answer = await ui.api.moveClock(body);
    busy.end();
    moving = false;
    drawMoving();
    if (!answer.ok) ui.tell(failureSentence(s, answer), "error");
    else if (answer.stuck) ui.tell(s.clockStuck, "error");
    else if (answer.stops) ui.tell(s.passed(answer.stops));
    ui.refresh();
  }

  function drawMoving() {
    const busy = moving || ui.store.get().snapshot.clock.moving;
    element.classList.toggle("is-moving", busy);
    status.textContent = busy ? s.clockMoving : "";
    for (const button of document.querySelectorAll(".clock-quick button, .clock-travel button[type=submit]")) {
      button.disabled = busy || (button.dataset.part === "next" && !ui.store.get().snapshot.clock.next_due);
    }
  }

  function update({ snapshot }) {
    const { clock } = snapshot;
    tick();
    drawMoving();
    const sign = JSON.stringify([clock.next_due, clock.queue, Math.floor(clock.epoch / 60)]);
    if (sign === drawn) return;
    drawn = sign;
    drawNext();
    fill(queueButton, s.queue(clock.queue.length));
    panelDraw?.();
  }

  function drawNext() {
    const { next_due: due } = ui.store.get().snapshot.clock;
    const text = due ? s.toNextAt(shortMomentText(due, zone(), s, ui.reader.now())) : s.nothingDue;
    for (const button of document.querySelectorAll(".clock-quick [data-part=next]")) button.textContent = text;
  }

  function tick() {
    const elsewhere = ui.reader.zone !== zone() ? ` · ${zone().split("/").at(-1).replaceAll("_", " ")}` : "";
    const text = shownMoment(ui.reader.now()) + elsewhere;
    if (face.textContent === text) return;
    face.textContent = text;
    now.setAttribute("aria-label", `${s.clockNow(text)}. ${s.openClock}`);
  }

  function openPanel(event) {
    const anchor = event.currentTarget;
    if (isPopoverOpenFor(anchor)) {
      closePopover();
      return;
    }
    const queue = h("ol", { class: "queue" });
    panelDraw = () => drawQueue(queue);
    const panel = h(
      "div",
      { class: "clock-panel" },
      h("div", { class: "clock-quick clock-quick-panel" }, quickButtons()),
      h("h3", {}, s.chooseTime),
      travelForm(),
      h("h3", {}, s.queueTitle),
      queue,
    );
    openPopover(anchor, panel, {
      label: s.clock,
      className: "popover-clock",
      onClose: () => {
        panelDraw = null;
      },
    });
    drawNext();
    drawMoving();
    panelDraw();
    panel.querySelector("button:not(:disabled)")?.focus();
  }

  function travelForm() {
    const fields = partsOf(ui.reader.now(), zone());
    let date = isoDate(fields);
    let time = isoTime({ hour: 9, minute: 30 });
    const problem = h("p", { class: "problem", role: "alert" });
    const submit = h("button", { class: "button button-primary", type: "submit" }, s.moveTo);
    const form = h(
      "form",
      { class: "clock-travel", novalidate: true },
      h(
        "div",
        { class: "field-pair" },
        dateField({
          value: date,
          today: fields,
          s,
          naming: () => ({ "aria-label": s.datePlaceholder }),
          change: (iso) => {
            date = iso;
          },
        }),
        timeField({
          value: time,
          s,
          naming: () => ({ "aria-label": s.timePlaceholder }),
          change: (next) => {
            time = next;
          },
        }),
        submit,
      ),
      problem,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const current = partsOf(ui.reader.now(), zone());
      const earlier = date && time && `${date}T${time}` < `${isoDate(current)}T${isoTime(current)}`;
      problem.textContent = earlier ? s.onlyForward : "";
      if (!date || !time || earlier) return;
      closePopover();
      go({ to: `${date}T${time}` }, now);
    });
    return form;
  }

  function drawQueue(queue) {
    const { clock, channels } = ui.store.get().snapshot;
    const nameOf = (id) => {
      const channel = channels.find((each) => each.id === id);
      return channel && channel.kind !== "im" ? `#${channel.name}` : "";
    };
    const row = (item) =>
      h(
        "li",
        {},
        h("time", {}, shortMomentText(item.at, clock.zone, s, ui.reader.now())),
        h("span", {}, item.what),
        h("small", {}, nameOf(item.channel)),
      );
    const known = clock.queue.length || !clock.next_due ? clock.queue : [{ at: clock.next_due, what: s.appsOwnWork }];
    fill(queue, known.length ? known.slice(0, QUEUE_SHOWN).map(row) : h("li", { class: "options-note" }, s.queueEmpty));
  }

  const timer = setInterval(tick, 1000);
  return { element, update, remove: () => clearInterval(timer) };
}
