// The app's own place: the Home tab it publishes and the Messages tab.

import { fill, h, patchList } from "./dom.js";
import { renderBlock } from "./blocks/index.js";

/** Draws the published Home view; unchanged blocks keep their nodes, and with them focus and what was typed. */
export function createHome(ui) {
  const { s } = ui;
  const blocks = h("div", { class: "home-blocks" });
  const empty = h("div", { class: "empty", hidden: true });
  const element = h("div", { class: "home", tabindex: "0", role: "tabpanel", "aria-label": s.home }, empty, blocks);

  function update(state) {
    const { home, app: about } = state.snapshot;
    empty.hidden = Boolean(home);
    blocks.hidden = !home;
    if (!home) {
      const sentence = about.connected ? s.homeEmpty(about.name) : s.appDown(about.name);
      fill(empty, ui.people.avatar(about.bot_user_id, "l"), h("h2", {}, s.homeEmptyTitle), h("p", {}, sentence));
      return;
    }
    const ctx = ui.blockContext({ surface: "home", where: { view: home.id }, blocks: home.blocks });
    patchList(blocks, home.blocks, {
      key: (block) => block.block_id,
      signature: (block) => JSON.stringify(block),
      render: (block) => renderBlock(block, ctx),
    });
  }

  return { element, update };
}

/** Suggested questions as chips above the composer. */
export function promptChips(prompts, s, press) {
  if (!prompts?.prompts?.length) return null;
  return h(
    "div",
    { class: "prompts", role: "group", "aria-label": prompts.title || s.prompts },
    h("p", { class: "prompts-title" }, prompts.title || s.prompts),
    h(
      "div",
      { class: "prompts-row" },
      prompts.prompts.map((prompt) =>
        h(
          "button",
          {
            class: "prompt",
            type: "button",
            title: prompt.message,
            on: { click: (event) => press(prompt.message, event.currentTarget) },
          },
          prompt.title,
        ),
      ),
    ),
  );
}
