// The page's own dialogs. The native <dialog> keeps focus inside and makes the rest inert.

import { append, fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { closeAllPopovers, closePopover, isPopoverOpen } from "./popover.js";
import { failureSentence } from "./strings.js";

/** Shows a dialog; returns {element, body, close}. `onClose` runs once, however it was closed. */
export function openDialog({ title, s, className = "", onClose, closeLabel }) {
  const titleId = freshId("dialog");
  const body = h("div", { class: "dialog-body" });
  const closeButton = h(
    "button",
    { class: "tool", type: "button", "aria-label": closeLabel ?? s.close, on: { click: () => close() } },
    icon("close"),
  );
  const element = h(
    "dialog",
    { class: `dialog ${className}`, "aria-labelledby": titleId },
    h(
      "div",
      { class: "dialog-frame" },
      h("header", { class: "dialog-head" }, h("h2", { id: titleId, tabindex: "-1" }, title), closeButton),
      body,
    ),
  );
  const opener = document.activeElement;
  let closed = false;

  function close() {
    if (closed) return;
    closed = true;
    closeAllPopovers();
    element.close();
    element.remove();
    onClose?.();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (isPopoverOpen()) closePopover();
    else close();
  });
  element.addEventListener("pointerdown", (event) => {
    if (event.target === element) element.dataset.outside = "";
  });
  element.addEventListener("click", (event) => {
    if (event.target === element && "outside" in element.dataset) close();
    delete element.dataset.outside;
  });
  document.body.append(element);
  element.showModal();
  return { element, body, close };
}

/** Asks; resolves to true or false. `danger` makes the confirming button red. */
export function ask({ title, text, confirm, deny, danger = false, s }) {
  return new Promise((resolve) => {
    const dialog = openDialog({ title, s, className: "dialog-small", onClose: () => resolve(false) });
    const yes = h(
      "button",
      {
        class: `button ${danger ? "button-danger" : "button-primary"}`,
        type: "button",
        on: {
          click: () => {
            resolve(true);
            dialog.close();
          },
        },
      },
      confirm,
    );
    const no = h("button", { class: "button", type: "button", on: { click: () => dialog.close() } }, deny);
    append(dialog.body, [
      h("div", { class: "dialog-text text" }, text),
      h("footer", { class: "dialog-foot" }, no, yes),
    ]);
    (danger ? no : yes).focus();
  });
}

/** A labelled field of one of the page's own forms: {row, input}. */
export function field({ name, hint, input }) {
  const id = freshId("form");
  input.id = id;
  return h(
    "div",
    { class: "form-field" },
    h("label", { for: id, class: "input-label" }, name),
    input,
    hint && h("p", { class: "input-hint" }, hint),
  );
}

export function textInput(attributes = {}) {
  return h("input", { class: "text-input", type: "text", autocomplete: "off", ...attributes });
}

/** A form in a dialog; `submit()` returns the server's answer, whose failure is said above the buttons. */
export function openForm({ title, s, fields, confirm, check, submit, done }) {
  const dialog = openDialog({ title, s, className: "dialog-small" });
  const problem = h("p", { class: "problem", role: "alert" });
  const yes = h("button", { class: "button button-primary", type: "submit" }, confirm);
  const no = h("button", { class: "button", type: "button", on: { click: () => dialog.close() } }, s.cancel);
  const form = h(
    "form",
    { class: "form", novalidate: true },
    fields,
    problem,
    h("footer", { class: "dialog-foot" }, no, yes),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = check?.();
    fill(problem, wrong ?? "");
    if (wrong) return;
    yes.disabled = true;
    const answer = await submit();
    yes.disabled = false;
    if (!answer.ok) {
      fill(problem, failureSentence(s, answer));
      return;
    }
    dialog.close();
    done?.(answer);
  });
  append(dialog.body, [form]);
  form.querySelector("input, select")?.focus();
  return dialog;
}
