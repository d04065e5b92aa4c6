// Starts the page: asks who is who, opens that person's window, and opens another one when somebody else looks.

import { fetchState } from "./api.js";
import { fill, h } from "./dom.js";
import { watchPopovers } from "./popover.js";
import { readRoute, routeAddress } from "./state/route.js";
import { failureSentence, stringsFor } from "./strings.js";
import { openWorkspace } from "./workspace.js";

const RETRY_MS = 1500;
const root = document.getElementById("workspace");
const s = stringsFor("ko");
let opened = null;

/** The state for `as`; for the first person when `as` is not known here any more. Waits for a server that is away. */
async function firstState(as) {
  for (;;) {
    const state = await fetchState(as);
    if (state.ok) return state;
    if (state.error !== "unreachable" && as) return firstState(null);
    fill(
      root,
      h(
        "p",
        { class: "opening", role: "alert" },
        failureSentence(s, { ...state, message: state.message ?? s.connectionLost }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function start(route) {
  opened?.close();
  fill(root, h("p", { class: "opening" }, s.opening));
  const snapshot = await firstState(route.as);
  const here = { ...route, as: snapshot.me };
  window.history.replaceState(null, "", routeAddress(here));
  root.replaceChildren();
  opened = openWorkspace(root, { snapshot, route: here, become, restart });
}

/** The same place as somebody else; what that person may not see falls back to what they can. */
async function become(as) {
  const route = { ...readRoute(window.location), as, thread: null, message: null };
  window.history.pushState(null, "", routeAddress(route));
  await start(route);
  document.querySelector(".persona[aria-checked=true]")?.focus({ preventScroll: true });
}

function restart() {
  start(readRoute(new URL("/", window.location.href)));
}

window.addEventListener("popstate", () => {
  const route = readRoute(window.location);
  if (opened?.me === route.as) opened.show(route);
  else start(route);
});
watchPopovers();
start(readRoute(window.location));
