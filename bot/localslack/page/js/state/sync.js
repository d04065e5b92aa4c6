// Keeps the store equal to the server: every "changed" leads to one fetch of what is open, never two at a time.

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

export function startSync({ api, store, signal }) {
  let running = false;
  let again = false;
  let source = null;
  let retryMs = FIRST_RETRY_MS;
  let retryTimer = 0;

  async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await fetchOpen();
      } while (again && !signal.aborted);
    } finally {
      running = false;
    }
  }

  async function fetchOpen() {
    const { route, log } = store.get();
    const wanted = [api.state()];
    wanted.push(route.channel ? api.messages(route.channel) : null);
    wanted.push(route.channel && route.thread ? api.messages(route.channel, route.thread) : null);
    wanted.push(route.panel === "wire" ? api.log(log.at(-1)?.n ?? 0) : null);
    const [state, messages, thread, lines] = await Promise.all(wanted);
    if (signal.aborted) return;
    if (state.error === "unreachable") {
      lose();
      return;
    }
    store.set({ ...patchOf(route, state, messages, thread), ...logPatch(lines) });
  }

  function patchOf(route, state, messages, thread) {
    const patch = {};
    if (state.ok) Object.assign(patch, { snapshot: state, fetchedAt: performance.now() });
    const now = store.get();
    if (messages?.ok) patch.messages = { ...now.messages, [route.channel]: messages.messages };
    if (thread)
      patch.threads = { ...now.threads, [`${route.channel}:${route.thread}`]: thread.ok ? thread.messages : [] };
    return patch;
  }

  function logPatch(lines) {
    if (!lines?.ok || !lines.lines.length) return {};
    const known = store.get().log;
    const last = known.at(-1)?.n ?? 0;
    return { log: [...known, ...lines.lines.filter((line) => line.n > last)].slice(-500) };
  }

  function listen() {
    clearTimeout(retryTimer);
    source?.close();
    source = new EventSource("/ui/events");
    source.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      store.set({ connected: true, log: [] }); // a server that started anew numbers its lines anew
      refresh();
    });
    source.addEventListener("message", refresh);
    source.addEventListener("error", lose);
  }

  function lose() {
    if (signal.aborted) return;
    source?.close();
    store.set({ connected: false });
    clearTimeout(retryTimer);
    retryTimer = setTimeout(listen, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }

  signal.addEventListener("abort", () => {
    clearTimeout(retryTimer);
    source?.close();
  });
  listen();
  return { refresh, reconnect: listen };
}
