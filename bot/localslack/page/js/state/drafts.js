// Unsent texts, by person and place. They outlive a reload where the browser allows it.

const PREFIX = "draft:";

function storage() {
  try {
    return window.sessionStorage;
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
    return null; // a browser that forbids storage: drafts then live as long as the page
  }
}

export function createDrafts(me) {
  const kept = storage();
  const memory = new Map();
  const keyOf = (place) => `${PREFIX}${me}:${place}`;
  return {
    get: (place) => memory.get(place) ?? kept?.getItem(keyOf(place)) ?? "",
    set(place, text) {
      memory.set(place, text);
      if (text) kept?.setItem(keyOf(place), text);
      else kept?.removeItem(keyOf(place));
    },
  };
}

export function forgetDrafts() {
  const kept = storage();
  if (!kept) return;
  for (const key of Object.keys(kept)) {
    if (key.startsWith(PREFIX)) kept.removeItem(key);
  }
}
