// Tells the app that somebody used an element, and shows that it is being worked on or why it failed.

import { h } from "../dom.js";
import { failureSentence } from "../strings.js";

/** Attributes by which tests and focus restoring find an element. */
export function identity(block, element) {
  return { "data-block": block.block_id, "data-action": element.action_id };
}

/** Keeps a chosen value and, where the block asks for it, sends the action. */
export function choose(ctx, block, element, value, control) {
  ctx.values.set(block.block_id, element, value);
  ctx.changed?.(block.block_id);
  const dispatches = block.type !== "input" || block.dispatch_action === true;
  return dispatches ? send(ctx, block, element, value, control) : Promise.resolve(null);
}

/** Sends a block_action after its confirmation dialog; the control shows that it is working until the answer. */
export async function send(ctx, block, element, value, control) {
  if (control.getAttribute("aria-busy") === "true") return null;
  if (element.confirm && !(await ctx.confirm(element.confirm))) return null;
  clearProblem(control);
  const busy = showWorking(control, ctx.s);
  const answer = await ctx.act(block.block_id, element.action_id, value);
  busy.end();
  const problem = problemOf(answer, ctx.s);
  if (problem) showProblem(control, problem);
  return answer;
}

function problemOf(answer, s) {
  if (!answer.ok) return failureSentence(s, answer);
  return answer.handled === false ? answer.message || s.sentButUnheard : null;
}

export function showWorking(control, s) {
  control.setAttribute("aria-busy", "true");
  control.classList.add("is-working");
  const title = control.getAttribute("title");
  control.setAttribute("title", s.working);
  return {
    end() {
      control.removeAttribute("aria-busy");
      control.classList.remove("is-working");
      if (title === null) control.removeAttribute("title");
      else control.setAttribute("title", title);
    },
  };
}

function placeOf(control) {
  return control.closest("[data-problem-place]") ?? control.parentElement;
}

export function showProblem(control, sentence) {
  clearProblem(control);
  placeOf(control)?.append(h("p", { class: "problem", role: "alert" }, sentence));
}

export function clearProblem(control) {
  placeOf(control)?.querySelector(":scope > .problem")?.remove();
}
