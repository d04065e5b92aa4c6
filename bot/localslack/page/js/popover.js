// Floating panels: completion lists, select menus, calendars, emoji. A bottom sheet on narrow windows. A panel opened
// from inside another stands on it; any other opening closes what was open.

import { h } from "./dom.js";

const panels = []; // the open panels of this document, the innermost last

const GAP = 6;
const MARGIN = 8;

/**
 * Opens `content` beside `anchor`. Returns {element, close}. It closes on Escape, on a press outside, and when the
 * anchor leaves the page; focus then goes back to the anchor unless it was moved elsewhere on purpose.
 */
export function openPopover(
  anchor,
  content,
  { label, role = "dialog", className = "", onClose, takesFocus = true } = {},
) {
  closeWhile((panel) => !panel.element.contains(anchor));
  const element = h("div", { class: `popover ${className}`, role, "aria-label": label, tabindex: "-1" }, content);
  const host = anchor.closest("dialog") ?? document.body;
  host.append(element);
  const place = () => position(element, anchor);
  const watcher = new ResizeObserver(place);
  watcher.observe(element);
  const panel = { element, anchor, close, place };

  function close({ refocus = true } = {}) {
    if (!panels.includes(panel)) return;
    closeWhile((inner) => inner !== panel);
    panels.pop();
    watcher.disconnect();
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    anchor.removeAttribute("data-open");
    if (anchor.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "false");
    onClose?.();
    if (refocus && hadFocus && takesFocus) anchor.focus({ preventScroll: true });
  }

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    close();
  });
  panels.push(panel);
  anchor.setAttribute("data-open", "");
  if (anchor.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "true");
  place();
  return panel;
}

/** Closes panels from the innermost on, as long as `wanted(panel)` says so. */
function closeWhile(wanted) {
  while (panels.length && wanted(panels.at(-1))) panels.at(-1).close({ refocus: false });
}

/** Closes the innermost panel, if any is open. */
export function closePopover(options) {
  panels.at(-1)?.close(options);
}

export function closeAllPopovers() {
  closeWhile(() => true);
}

export function isPopoverOpen() {
  return panels.length > 0;
}

export function isPopoverOpenFor(anchor) {
  return panels.at(-1)?.anchor === anchor;
}

function position(element, anchor) {
  if (!anchor.isConnected) {
    closeWhile(() => panels.some((panel) => panel.anchor === anchor));
    return;
  }
  const box = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - GAP;
  const upwards = below < height && box.top > below;
  const top = upwards ? box.top - height - GAP : box.bottom + GAP;
  const left = Math.min(box.left, window.innerWidth - width - MARGIN);
  element.style.setProperty(
    "--popover-top",
    `${Math.max(MARGIN, Math.min(top, window.innerHeight - height - MARGIN))}px`,
  );
  element.style.setProperty("--popover-left", `${Math.max(MARGIN, left)}px`);
  element.style.setProperty("--popover-anchor-width", `${box.width}px`);
}

/** Installs what closes the open panel from outside; called once, when the page starts. */
export function watchPopovers() {
  document.addEventListener("pointerdown", (event) => {
    closeWhile((panel) => !panel.element.contains(event.target) && !panel.anchor.contains(event.target));
  });
  document.addEventListener(
    "scroll",
    (event) => {
      for (const panel of [...panels]) if (!panel.element.contains(event.target)) panel.place();
    },
    { capture: true, passive: true },
  );
  window.addEventListener("resize", () => [...panels].forEach((panel) => panel.place()));
}

/** Arrow keys, Home, End and Enter over the options of a list; `items()` are its elements in order. */
export function listKeys(event, items, active, { move, pick }) {
  if (event.isComposing) return false;
  const count = items.length;
  const steps = { ArrowDown: active + 1, ArrowUp: active - 1 };
  if (event.key in steps && count) {
    move((steps[event.key] + count) % count);
  } else if (event.key === "Enter" && active >= 0 && active < count) {
    pick(active);
  } else {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}
