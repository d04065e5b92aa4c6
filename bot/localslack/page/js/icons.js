// Line icons on a 20 x 20 grid, drawn for this page.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  add: "M10 4v12M4 10h12",
  back: "M12 4.5 6.5 10l5.5 5.5",
  bolt: "M11 2.8 5.2 11H10l-1 6.2L14.8 9H10z",
  calendar: "M3.5 5.5h13v11h-13zM3.5 8.8h13M7 3.3v3.4M13 3.3v3.4",
  check: "M4.5 10.5 8.3 14.3 15.5 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.2l2.8 1.8",
  close: "M5 5l10 10M15 5 5 15",
  down: "M5.5 8l4.5 4.5L14.5 8",
  file: "M5 2.8h6.5L15 6.3v10.9H5zM11.3 3v3.5H15",
  forward: "M8 4.5 13.5 10 8 15.5",
  hash: "M7.6 3.5 6.2 16.5M13.8 3.5l-1.4 13M3.8 7.3h13M3.2 12.7h13",
  home: "M3.5 9.3 10 3.5l6.5 5.8M5.3 8v8.3h9.4V8",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9v4.6M10 6.3v.2",
  lock: "M5 9h10v7.5H5zM7 9V6.6a3 3 0 0 1 6 0V9",
  log: "M4 5h12M4 10h8M4 15h10",
  more: "M4.8 10h.1M10 10h.1M15.2 10h.1",
  people:
    "M7.5 9.3a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.6 16.3c.3-3 2.2-4.6 4.9-4.6s4.6 1.6 4.9 4.6" +
    "M12.6 4.3a2.5 2.5 0 0 1 0 4.7M14.3 12c1.8.5 2.9 2 3.1 4.3",
  react: "M9 3.2a7 7 0 1 0 7.6 8.3M7 12.2c.7 1.2 1.7 1.8 3 1.8s2.3-.6 3-1.8M7.6 7.8v.4M12.2 7.8v.4M15.5 2.5v5M13 5h5",
  reset: "M4.5 10a5.5 5.5 0 1 0 1.8-4.1M4 3.5l2.2 2.6L9 4.5",
  search: "M9 3.7a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 9 3.7M13 13l3.7 3.7",
  send: "M3.5 3.8 17 10 3.5 16.2l1.7-6.2zM5.2 10H11",
  thread: "M3.5 4h13v9H9.2L5.8 16v-3H3.5zM6.8 7.3h6.4M6.8 9.9h4",
  warning: "M10 3.2 17.5 16.3h-15zM10 8v4M10 14v.2",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
