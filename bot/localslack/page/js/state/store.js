// One state for the window; whoever shows something subscribes. Changes of one turn are told once.

export function createStore(initial) {
  let state = initial;
  let told = true;
  const listeners = new Set();
  const tell = () => {
    told = true;
    for (const listener of listeners) listener(state);
  };
  return {
    get: () => state,
    set(patch) {
      state = { ...state, ...patch };
      if (!told) return;
      told = false;
      queueMicrotask(tell);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
