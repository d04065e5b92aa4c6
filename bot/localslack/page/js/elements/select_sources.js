// Where the choices of a select menu come from: the element itself, the app, the people, the channels.

import { label } from "./button.js";

/** Where a menu's choices come from: field names in the payload, and `load(query)` to groups of choices. */
export function sourceOf(block, element, ctx) {
  const type = element.type.replace(/^multi_/, "");
  if (type === "static_select") return fixedSource(element);
  if (type === "external_select") return externalSource(block, element, ctx);
  if (type === "users_select") return listSource("user", () => peopleChoices(ctx), ctx.s.choosePerson);
  const onlyChannels = type === "channels_select";
  const field = onlyChannels ? "channel" : "conversation";
  return listSource(field, () => channelChoices(ctx, element, onlyChannels), ctx.s.chooseChannel);
}

const optionChoice = (option) => ({
  id: option.value,
  text: option.text?.text ?? "",
  label: () => label(option.text),
  note: option.description?.text,
  raw: option,
});

function fixedSource(element) {
  const groups = (element.option_groups ?? [{ options: element.options ?? [] }]).map((group) => ({
    label: group.label?.text ?? "",
    choices: (group.options ?? []).map(optionChoice),
  }));
  return {
    one: "selected_option",
    many: "selected_options",
    initial: ["initial_option", "initial_options"],
    load: async (query) => matching(groups, query),
    known: groups.flatMap((group) => group.choices),
    toChoice: optionChoice,
  };
}

function externalSource(block, element, ctx) {
  const load = async (query) => {
    const answer = await ctx.suggest(block.block_id, element.action_id, query);
    if (!answer.ok) throw new OptionsFailed(answer.message);
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    return groups.map((group) => ({
      label: group.label?.text ?? "",
      choices: (group.options ?? []).map(optionChoice),
    }));
  };
  return {
    one: "selected_option",
    many: "selected_options",
    initial: ["initial_option", "initial_options"],
    load,
    minimum: element.min_query_length ?? 3,
    searches: true,
    known: [],
    toChoice: optionChoice,
  };
}

/** The app gave no options; the message says why where that is known. */
export class OptionsFailed extends Error {}

function listSource(field, list, placeholder) {
  const all = list();
  return {
    one: `selected_${field}`,
    many: `selected_${field}s`,
    initial: [`initial_${field}`, `initial_${field}s`],
    load: async (query) => matching([{ label: "", choices: list() }], query),
    known: all,
    placeholder,
    toChoice: (id) => all.find((choice) => choice.id === id) ?? { id, text: id, label: () => id, raw: id },
  };
}

function peopleChoices(ctx) {
  return ctx.reader.people().map((person) => {
    const name = person.real_name || person.name;
    return { id: person.id, text: name, label: () => name, note: person.title, raw: person.id };
  });
}

function channelChoices(ctx, element, onlyChannels) {
  const include = element.filter?.include;
  const kinds = { channel: "public", group: "private", im: "im" };
  return ctx.reader
    .channels()
    .filter((channel) =>
      onlyChannels ? channel.kind === "channel" : !include || include.includes(kinds[channel.kind]),
    )
    .map((channel) => {
      const name = channel.kind === "im" ? channel.name : `#${channel.name}`;
      return { id: channel.id, text: name, label: () => name, raw: channel.id };
    });
}

function matching(groups, query) {
  const wanted = query.trim().normalize("NFC").toLocaleLowerCase();
  return groups
    .map((group) => ({
      ...group,
      choices: group.choices.filter((choice) => choice.text.toLocaleLowerCase().includes(wanted)),
    }))
    .filter((group) => group.choices.length);
}
