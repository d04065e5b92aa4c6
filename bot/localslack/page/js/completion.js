// What the composer offers while somebody types: commands and their words after "/", people and the app after "@".
// The pure part; the list itself is drawn by composer.js.

const LIMIT = 12;

/** What to offer for the text before the caret, or null: {from, query, active, options: [{text, note, insert}]}. */
export function completionFor(text, caret, { commands, words, people, allowCommands }) {
  const before = text.slice(0, caret);
  return (allowCommands && commandCompletion(before, text, commands, words)) || mentionCompletion(before, people);
}

function commandCompletion(before, text, commands, words) {
  const name = /^\/\S*$/.exec(before);
  if (name && !/\s/.test(text.slice(before.length, before.length + 1).trim())) {
    const options = commands
      .filter((command) => startsWith(command.command, before))
      .map((command) => ({
        text: command.command,
        note: command.description,
        hint: command.usage_hint,
        insert: `${command.command} `,
      }));
    return offer(0, before, options);
  }
  const word = /^(\/\S+)\s+(\S*)$/.exec(before);
  if (!word) return null;
  const from = before.length - word[2].length;
  const options = (words[word[1]] ?? [])
    .filter((each) => startsWith(each.word, word[2]) && each.word !== word[2])
    .map((each) => ({ text: each.word, note: each.hint, insert: `${each.word} ` }));
  // With nothing typed yet no word is chosen, so that Enter sends the command as it stands.
  return offer(from, word[2], options, word[2] ? 0 : -1);
}

function mentionCompletion(before, people) {
  const match = /(^|[^\p{L}\p{N}_])@([^\s@]*)$/u.exec(before);
  if (!match) return null;
  const query = match[2];
  const options = people
    .filter((person) => [person.name, person.handle].some((name) => name && includes(name, query)))
    .map((person) => ({ text: person.name, note: person.note, person, insert: `@${person.name} ` }));
  return offer(before.length - query.length - 1, query, options);
}

function offer(from, query, options, active = 0) {
  return options.length ? { from, query, active, options: options.slice(0, LIMIT) } : null;
}

const fold = (text) => text.normalize("NFC").toLocaleLowerCase();
const startsWith = (text, start) => fold(text).startsWith(fold(start));
const includes = (text, part) => fold(text).includes(fold(part));

/** Typed "@이름" and "#채널" as Slack's tokens. The longest name wins; a name inside a mail address is left alone. */
export function encodeMentions(text, people, channels) {
  const targets = [
    ...people.flatMap((person) =>
      [person.name, person.handle].filter(Boolean).map((name) => [`@${name}`, `<@${person.id}>`]),
    ),
    ...channels.map((channel) => [`#${channel.name}`, `<#${channel.id}>`]),
    ["@here", "<!here>"],
    ["@channel", "<!channel>"],
    ["@everyone", "<!everyone>"],
  ].sort((left, right) => right[0].length - left[0].length);
  let encoded = "";
  let at = 0;
  while (at < text.length) {
    const found = /[@#]/.test(text[at]) && !/[\p{L}\p{N}_/]/u.test(text[at - 1] ?? "") && targetAt(text, at, targets);
    encoded += found ? found[1] : text[at];
    at += found ? found[0].length : 1;
  }
  return encoded;
}

function targetAt(text, at, targets) {
  return targets.find(([name]) => {
    if (fold(text.slice(at, at + name.length)) !== fold(name)) return false;
    const next = text[at + name.length] ?? "";
    return !/[a-z0-9_]/i.test(next) || !/[a-z0-9_]$/i.test(name);
  });
}

/** {command, text} when the typed text is a slash command, else null. */
export function parseCommand(text) {
  const match = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(text.trim());
  return match ? { command: `/${match[1].normalize("NFC")}`, text: (match[2] ?? "").trim() } : null;
}
