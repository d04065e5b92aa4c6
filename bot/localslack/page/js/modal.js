// The app's modals: the top view of this person's stack in one dialog, with what was typed kept for each view.

import { fill, freshId, h, patchList } from "./dom.js";
import { showFieldErrors } from "./blocks/basic.js";
import { renderBlock } from "./blocks/index.js";
import { label } from "./elements/button.js";
import { showWorking } from "./elements/interaction.js";
import { icon } from "./icons.js";
import { closeAllPopovers, closePopover, isPopoverOpen } from "./popover.js";
import { failureSentence } from "./strings.js";
import { fieldErrors } from "./validation.js";

export function createModals(ui) {
  const { s } = ui;
  let view = null;
  let errors = {};
  let opener = null;
  const titleId = freshId("modal");
  const title = h("h2", { id: titleId, tabindex: "-1" });
  const back = h(
    "button",
    { class: "tool", type: "button", "aria-label": s.back_one, on: { click: () => close(false) } },
    icon("back"),
  );
  const cross = h(
    "button",
    { class: "tool", type: "button", "aria-label": s.close, on: { click: () => close(true) } },
    icon("close"),
  );
  const blocks = h("div", { class: "modal-blocks" });
  const problem = h("p", { class: "problem modal-problem", role: "alert" });
  const cancelButton = h("button", { class: "button", type: "button", on: { click: () => close(false) } });
  const submitButton = h("button", { class: "button button-primary", type: "submit" });
  const form = h(
    "form",
    { class: "dialog-frame", novalidate: true },
    h("header", { class: "dialog-head" }, back, title, cross),
    h("div", { class: "dialog-body" }, blocks, problem),
    h("footer", { class: "dialog-foot modal-foot" }, cancelButton, submitButton),
  );
  const dialog = h("dialog", { class: "dialog modal", "aria-labelledby": titleId }, form);
  document.body.append(dialog);

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (isPopoverOpen()) closePopover();
    else close(false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (view?.submit) submit();
  });

  function update(state) {
    const stack = state.snapshot.modals;
    const top = stack.at(-1) ?? null;
    if (!top) {
      hide();
      return;
    }
    const changedView = top.id !== view?.id;
    if (changedView) {
      errors = {};
      problem.textContent = "";
      closeAllPopovers();
    }
    view = top;
    fill(title, label(view.title));
    back.hidden = stack.length < 2;
    fill(cancelButton, label(view.close ?? { text: s.cancel }));
    submitButton.hidden = !view.submit;
    fill(submitButton, label(view.submit ?? { text: s.submit }));
    draw();
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    }
    if (changedView) focusFirst();
  }

  function hide() {
    if (!view) return;
    view = null;
    closeAllPopovers();
    dialog.close();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  function draw() {
    const shownView = view;
    const ctx = ui.blockContext({
      surface: "modal",
      where: { view: view.id },
      blocks: view.blocks,
      changed: (blockId) => clearError(shownView, blockId),
    });
    patchList(blocks, view.blocks, {
      key: (block) => `${shownView.id}:${block.block_id}`,
      signature: (block) => JSON.stringify(block),
      render: (block) => renderBlock(block, ctx),
    });
    showFieldErrors(blocks, errors);
  }

  /** A field's sentence goes away with its first change. */
  function clearError(shownView, blockId) {
    if (view?.id !== shownView.id || !errors[blockId]) return;
    errors = { ...errors, [blockId]: undefined };
    showFieldErrors(blocks, errors);
  }

  function focusFirst() {
    const wanted = blocks.querySelector("[data-focus-on-load]") ?? blocks.querySelector(".block-input [data-action]");
    (wanted ?? title).focus({ preventScroll: true });
    dialog.querySelector(".dialog-body").scrollTop = 0;
  }

  function showErrors(found) {
    errors = found;
    draw();
    const first = blocks.querySelector(".has-error");
    first?.scrollIntoView({ block: "nearest" });
    first?.querySelector("[data-action]")?.focus({ preventScroll: true });
    const known = new Set(view.blocks.map((block) => block.block_id));
    const elsewhere = Object.entries(found)
      .filter(([blockId]) => !known.has(blockId))
      .map(([, sentence]) => sentence);
    problem.textContent = elsewhere.join(" ");
  }

  async function submit() {
    if (submitButton.getAttribute("aria-busy") === "true") return;
    problem.textContent = "";
    const submitted = view;
    const values = ui.valuesOf({ view: view.id });
    const wrong = fieldErrors(view.blocks, values, s);
    if (Object.keys(wrong).length) {
      showErrors(wrong);
      return;
    }
    const busy = showWorking(submitButton, s);
    const answer = await ui.api.submit({ view: view.id, state: { values: values.collect(view.blocks) } });
    busy.end();
    if (!answer.ok && view?.id === submitted.id) {
      if (answer.errors) showErrors(answer.errors);
      else problem.textContent = failureSentence(s, answer);
    }
    ui.refresh();
  }

  async function close(whole) {
    if (!view) return;
    const answer = await ui.api.close({ view: view.id, clear: whole || Boolean(view.clear_on_close) });
    if (!answer.ok) problem.textContent = failureSentence(s, answer);
    ui.refresh();
  }

  return { element: dialog, update, remove: () => dialog.remove() };
}
