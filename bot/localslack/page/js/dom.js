// Builds and patches DOM nodes. Text always becomes a text node, never markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "readOnly", "selected", "indeterminate", "open"]);

export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    setAttribute(node, name, value);
  }
  append(node, children);
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "style") {
    for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
  } else if (PROPERTIES.has(name)) {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let lastId = 0;

export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

const keyedNodes = new WeakMap();

/**
 * Makes `parent` show `items` in order, touching only what differs: a node is kept as long as its
 * item's signature is the same, so focus, caret, selection and scroll survive.
 * Returns the number of nodes that were built.
 */
export function patchList(parent, items, { key, signature, render }) {
  const before = keyedNodes.get(parent) ?? new Map();
  const after = new Map();
  const wanted = new Set(items.map(key));
  for (const [id, { node }] of before) {
    if (!wanted.has(id)) node.remove(); // first, so that the nodes that stay need no move (a move drops focus)
  }
  let built = 0;
  let cursor = parent.firstChild;
  for (const item of items) {
    const id = key(item);
    const sign = signature(item);
    const known = before.get(id);
    let node = known?.node;
    if (known?.sign !== sign) {
      const replacement = render(item, known?.node);
      built += 1;
      if (node && replacement !== node) {
        if (cursor === node) cursor = replacement;
        keepingFocus(node, replacement, () => node.replaceWith(replacement));
      }
      node = replacement;
    }
    after.set(id, { node, sign });
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  keyedNodes.set(parent, after);
  return built;
}

export function forgetList(parent) {
  keyedNodes.delete(parent);
  parent.replaceChildren();
}

/** Runs `swap`, then puts focus and caret back on the same control if it went away with `before`. */
export function keepingFocus(before, after, swap) {
  const active = document.activeElement;
  const held = active && active !== document.body && before.contains(active) ? describeFocus(active) : null;
  swap();
  if (!held || document.activeElement === active) return;
  const target = after.querySelector(held.selector);
  if (!target) return;
  target.focus({ preventScroll: true });
  if (held.caret && target.setSelectionRange) target.setSelectionRange(...held.caret);
}

function describeFocus(element) {
  const named = ["data-block", "data-action", "data-part", "data-option", "aria-label"]
    .filter((name) => element.hasAttribute(name))
    .map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`)
    .join("");
  const hasCaret = typeof element.selectionStart === "number";
  return {
    selector: named || element.tagName.toLowerCase(),
    caret: hasCaret ? [element.selectionStart, element.selectionEnd] : null,
  };
}
