// BLOCK[type](block, ctx): one function a type. What cannot be drawn is named, never silently dropped.
//
// ctx: {s, reader, surface: "message" | "modal" | "home", where, values, changed?(block_id),
//       act(block_id, action_id, value), suggest(block_id, action_id, text), confirm(object)}

import { h } from "../dom.js";
import { plan, taskCard } from "./agent.js";
import {
  actions,
  alert,
  context,
  contextActions,
  divider,
  file,
  header,
  image,
  input,
  markdown,
  section,
  video,
} from "./basic.js";
import { card, carousel, container } from "./cards.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";

export const BLOCK = {
  actions,
  alert,
  card,
  carousel,
  container: (block, ctx) => container(block, ctx, renderBlock),
  context,
  context_actions: contextActions,
  data_table: dataTable,
  divider,
  file,
  header,
  image,
  input,
  markdown,
  plan,
  rich_text: richText,
  section,
  table,
  task_card: taskCard,
  video,
};

export function renderBlock(block, ctx) {
  return h(
    "div",
    { class: `block block-of-${block?.type}`, "data-block-id": block?.block_id, "data-problem-place": "" },
    drawn(block, ctx),
  );
}

function drawn(block, ctx) {
  const type = block?.type ?? "?";
  if (!Object.hasOwn(BLOCK, type)) return h("p", { class: "not-drawn" }, ctx.s.notDrawn(type));
  try {
    return BLOCK[type](block, ctx);
  } catch (error) {
    // One broken block must not take the other messages with it; the console keeps the cause.
    if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) throw error;
    console.error(`a ${type} block could not be drawn`, error);
    return h("p", { class: "not-drawn" }, ctx.s.brokenBlock(type));
  }
}

export function renderBlocks(blocks, ctx) {
  return (blocks ?? []).map((block) => renderBlock(block, ctx));
}
