// Every sentence of the page's own chrome, in Korean and English. What apps and people write is never here.

import { en } from "./strings/en.js";
import { ko } from "./strings/ko.js";

const SETS = { ko, en };

/** The strings for a Slack locale such as "ko-KR" or "en-US"; Korean when it is not known. */
export function stringsFor(locale) {
  const language = String(locale ?? "")
    .toLowerCase()
    .split(/[-_]/)[0];
  return Object.hasOwn(SETS, language) ? SETS[language] : language ? en : ko;
}

/** The sentence for a refused request: the server's own, or ours for its error code. */
export function failureSentence(s, answer) {
  if (answer.error === "unreachable") return answer.message || s.unreachable;
  return answer.message || s.errors[answer.error] || s.failed(answer.error ?? "unknown_error");
}
