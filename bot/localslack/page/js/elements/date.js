// Date, time and date-time pickers: ISO values for the app, words for people.

import { h } from "../dom.js";
import { epochOf, fieldsOfIso, isoDate, isoTime, partsOf } from "../text/time.js";
import { dateField, timeField } from "./moment_fields.js";
import { choose, identity } from "./interaction.js";

const todayFor = (ctx) => partsOf(ctx.reader.now(), ctx.reader.zone);

export function datePicker(block, element, ctx, naming) {
  const initial = { selected_date: element.initial_date ?? null };
  const value = ctx.values.register(block.block_id, element, initial).selected_date;
  const field = dateField({
    value,
    placeholder: element.placeholder?.text,
    today: todayFor(ctx),
    s: ctx.s,
    naming,
    attributes: identity(block, element),
    change: (iso) => choose(ctx, block, element, { selected_date: iso }, field.querySelector("input")),
  });
  return field;
}

export function timePicker(block, element, ctx, naming) {
  const initial = { selected_time: element.initial_time ?? null };
  const value = ctx.values.register(block.block_id, element, initial).selected_time;
  const field = timeField({
    value,
    placeholder: element.placeholder?.text,
    s: ctx.s,
    naming,
    attributes: identity(block, element),
    change: (time) => choose(ctx, block, element, { selected_time: time }, field.querySelector("input")),
  });
  return field;
}

export function dateTimePicker(block, element, ctx, naming) {
  const zone = ctx.reader.zone;
  const initial = { selected_date_time: element.initial_date_time ?? null };
  const epoch = ctx.values.register(block.block_id, element, initial).selected_date_time;
  const shown = epoch ? partsOf(epoch, zone) : null;
  let date = shown && isoDate(shown);
  let time = shown && isoTime(shown);
  const update = () => {
    if (Boolean(date) !== Boolean(time)) return;
    const value = date ? epochOf(fieldsOfIso(date, time), zone) : null;
    choose(ctx, block, element, { selected_date_time: value }, field.querySelector("input"));
  };
  const dated = dateField({
    value: date,
    today: todayFor(ctx),
    s: ctx.s,
    naming,
    attributes: identity(block, element),
    change: (iso) => {
      date = iso;
      update();
    },
  });
  const timed = timeField({
    value: time,
    s: ctx.s,
    naming: () => ({ "aria-label": ctx.s.timePlaceholder }),
    attributes: { ...identity(block, element), "data-part": "time" },
    change: (next) => {
      time = next;
      update();
    },
  });
  const field = h("div", { class: "field-pair" }, dated, timed);
  return field;
}
