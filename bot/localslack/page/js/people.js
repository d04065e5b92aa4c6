// Who somebody is: names and avatars (two syllables of a Korean given name, or an initial, on the person's colour).

import { h } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;

export function createPeople(store) {
  const snapshot = () => store.get().snapshot;
  const find = (id) => snapshot().people.find((person) => person.id === id);
  const isApp = (id) => id === snapshot().app.bot_user_id;
  const nameOf = (id) => {
    if (isApp(id)) return snapshot().app.name;
    const person = find(id);
    return person ? person.real_name || person.name : null;
  };
  return {
    find,
    isApp,
    nameOf,
    humans: () => snapshot().people.filter((person) => !person.is_bot && !person.deleted),
    all: () => snapshot().people.filter((person) => !person.deleted),
    avatar: (id, size) => (isApp(id) ? appAvatar(size) : personAvatar(id, nameOf(id) ?? "?", size)),
  };
}

function initialsOf(name) {
  const letters = [...name.trim()];
  const hangul = letters.every((letter) => /[가-힣]/.test(letter));
  return hangul && letters.length > 2 ? letters.slice(-2).join("") : (letters[0] ?? "?").toUpperCase();
}

function personAvatar(id, name, size) {
  const colour = [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLOURS;
  return h("span", { class: `avatar avatar-${size} avatar-colour-${colour}`, "aria-hidden": "true" }, initialsOf(name));
}

function appAvatar(size) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  const shapes = [
    ["path", { d: "M9 23c0-6 14-5 14-11", class: "mark-road" }],
    ["circle", { cx: 9, cy: 23, r: 2.8, class: "mark-start" }],
    ["circle", { cx: 23, cy: 10, r: 2.8, class: "mark-goal" }],
  ];
  for (const [name, attributes] of shapes) {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return h("span", { class: `avatar avatar-${size} avatar-app`, "aria-hidden": "true" }, svg);
}
