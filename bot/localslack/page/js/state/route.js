// Where the window is, in its address: /?as=U…&channel=C…&tab=home&thread=…&panel=wire, and permalinks /archives/C…/p….

const FIELDS = ["as", "channel", "tab", "thread", "panel", "message"];

/** A permalink's {channel, message, thread}, or null when the address is none. */
export function permalinkTarget(url) {
  const parsed = new URL(url, "http://workspace.invalid");
  const match = /^\/archives\/([CDG]\w+)(?:\/p(\d+)(\d{6}))?$/.exec(parsed.pathname);
  if (!match) return null;
  const message = match[2] ? `${match[2]}.${match[3]}` : null;
  return { channel: match[1], message, thread: parsed.searchParams.get("thread_ts") };
}

export function readRoute(location) {
  const parameters = new URLSearchParams(location.search);
  const route = Object.fromEntries(FIELDS.map((name) => [name, parameters.get(name)]));
  const target = permalinkTarget(location.href);
  return target ? { ...route, ...target } : route;
}

export function routeAddress(route) {
  const parameters = new URLSearchParams();
  for (const name of FIELDS) {
    if (route[name]) parameters.set(name, route[name]);
  }
  return `/?${parameters}`;
}

export function permalinkOf(channel, ts, thread) {
  const address = `${window.location.origin}/archives/${channel}/p${ts.replace(".", "")}`;
  return thread && thread !== ts ? `${address}?thread_ts=${thread}&cid=${channel}` : address;
}
