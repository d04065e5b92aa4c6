// What a form refuses before it is sent: empty required fields and values of the wrong shape. {block_id: sentence}.

const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function fieldErrors(blocks, values, s) {
  const errors = {};
  for (const block of blocks ?? []) {
    if (block.type !== "input" || block.element?.type === "file_input") continue;
    const sentence = problemOf(block, values.get(block.block_id, block.element.action_id), s);
    if (sentence) errors[block.block_id] = sentence;
  }
  return errors;
}

function problemOf(block, value, s) {
  const chosen = Object.values(value ?? {})[0] ?? null;
  const empty =
    chosen === null || (typeof chosen === "string" && !chosen.trim()) || (Array.isArray(chosen) && !chosen.length);
  if (empty) return block.optional ? null : requiredSentence(block.element.type, s);
  return shapeProblem(block.element, chosen, s);
}

function requiredSentence(type, s) {
  return type.endsWith("_input") || type.endsWith("picker") ? s.required : s.requiredChoice;
}

function shapeProblem(element, value, s) {
  switch (element.type) {
    case "email_text_input":
      return MAIL.test(value.trim()) ? null : s.badEmail;
    case "url_text_input":
      return isWebAddress(value) ? null : s.badUrl;
    case "number_input":
      return numberProblem(element, value.trim(), s);
    case "plain_text_input":
      return lengthProblem(element, value, s);
    default:
      return null;
  }
}

function isWebAddress(value) {
  try {
    return ["http:", "https:"].includes(new URL(value.trim()).protocol);
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function numberProblem(element, value, s) {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return s.badNumber;
  if (!element.is_decimal_allowed && value.includes(".")) return s.wholeNumber;
  const bound = (limit) => (limit === undefined ? undefined : Number(limit));
  const [min, max] = [bound(element.min_value), bound(element.max_value)];
  const outside = (min !== undefined && Number(value) < min) || (max !== undefined && Number(value) > max);
  return outside ? s.numberRange(min, max) : null;
}

function lengthProblem(element, value, s) {
  if (element.min_length && value.length < element.min_length) return s.tooShort(element.min_length);
  return element.max_length && value.length > element.max_length ? s.tooLong(element.max_length) : null;
}
