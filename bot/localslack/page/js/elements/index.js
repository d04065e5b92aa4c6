// ELEMENT[type](block, element, ctx, naming): one function a type. `naming(fallback)` gives what names it to people.

import { h } from "../dom.js";
import { button, feedbackButtons, iconButton } from "./button.js";
import { checkboxes, overflow, radioButtons } from "./choices.js";
import { datePicker, dateTimePicker, timePicker } from "./date.js";
import { selectMenu } from "./select.js";
import { emailInput, fileInput, numberInput, plainTextInput, richTextInput, urlInput } from "./text.js";

export const ELEMENT = {
  button,
  checkboxes,
  channels_select: selectMenu,
  conversations_select: selectMenu,
  datepicker: datePicker,
  datetimepicker: dateTimePicker,
  email_text_input: emailInput,
  external_select: selectMenu,
  feedback_buttons: feedbackButtons,
  file_input: fileInput,
  icon_button: iconButton,
  multi_channels_select: selectMenu,
  multi_conversations_select: selectMenu,
  multi_external_select: selectMenu,
  multi_static_select: selectMenu,
  multi_users_select: selectMenu,
  number_input: numberInput,
  overflow,
  plain_text_input: plainTextInput,
  radio_buttons: radioButtons,
  rich_text_input: richTextInput,
  static_select: selectMenu,
  timepicker: timePicker,
  url_text_input: urlInput,
  users_select: selectMenu,
};

export function renderElement(block, element, ctx, naming) {
  if (!Object.hasOwn(ELEMENT, element?.type ?? ""))
    return h("span", { class: "not-drawn" }, ctx.s.notDrawnElement(element?.type ?? "?"));
  const hidden = element.visible_to_user_ids && !element.visible_to_user_ids.includes(ctx.reader.me);
  return hidden ? null : ELEMENT[element.type](block, element, ctx, naming);
}
