// The server's /ui API for one person. A refused or unreachable request is an answer too: {ok: false, error}.

const UNREACHABLE = { ok: false, error: "unreachable" };

async function answerOf(request) {
  try {
    const response = await request;
    return await response.json();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return UNREACHABLE; // no network, or not JSON
    if (error.name === "AbortError") return { ok: false, error: "aborted" };
    throw error;
  }
}

/** The state of the workspace for `as`, or for its first person when `as` is null. */
export function fetchState(as, signal) {
  return answerOf(fetch(as ? `/ui/state?as=${encodeURIComponent(as)}` : "/ui/state", { signal }));
}

export function createApi(as, signal) {
  const get = (path, parameters) => answerOf(fetch(`/ui/${path}?${new URLSearchParams(parameters)}`, { signal }));
  const post = (path, body) =>
    answerOf(
      fetch(`/ui/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ as, ...body }),
        signal,
      }),
    );
  return {
    state: () => fetchState(as, signal),
    messages: (channel, thread) => get("messages", { as, channel, ...(thread ? { thread } : {}) }),
    log: (after) => get("log", { after, limit: 200 }),
    about: () => get("about", {}),
    say: (body) => post("say", body),
    command: (body) => post("command", body),
    action: (body) => post("action", body),
    suggest: (body) => post("suggest", body),
    submit: (body) => post("submit", body),
    close: (body) => post("close", body),
    openTab: (tab) => post("home", { tab }),
    read: (channel) => post("read", { channel }),
    shortcut: (body) => post("shortcut", body),
    react: (body) => post("react", body),
    stop: (channel, ts) => post("stop", { channel, ts }),
    createChannel: (body) => post("channel", body),
    join: (channel) => post("join", { channel }),
    leave: (channel) => post("leave", { channel }),
    invite: (channel, user) => post("invite", { channel, user }),
    createPerson: (body) => post("person", body),
    moveClock: (body) => post("clock", body),
    trouble: (body) => post("trouble", body),
    reset: () => post("reset", {}),
  };
}
