// table and data_table. The first row is the header; a data_table can be sorted and leafed through.

import { fill, h } from "../dom.js";
import { richText } from "./rich_text.js";

function cellNode(cell, ctx) {
  if (cell?.type === "rich_text") return richText(cell, ctx);
  if (cell?.type === "raw_number") return cell.text ?? String(cell.value);
  return cell?.text ?? "";
}

function alignOf(settings, column, rows) {
  const align = settings?.[column]?.align;
  if (align) return align;
  return rows.length > 1 && rows.slice(1).every((row) => row[column]?.type === "raw_number") ? "right" : "left";
}

export function table(block, ctx) {
  const rows = block.rows ?? [];
  const classOf = (column) =>
    [
      `align-${alignOf(block.column_settings, column, rows)}`,
      block.column_settings?.[column]?.is_wrapped && "is-wrapped",
    ]
      .filter(Boolean)
      .join(" ");
  const cells = (row, tag) =>
    row.map((cell, column) =>
      h(
        tag,
        {
          class: classOf(column),
          scope: tag === "th" ? "col" : null,
        },
        cellNode(cell, ctx),
      ),
    );
  const [head = [], ...body] = rows;
  return h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, cells(head, "th"))),
      h(
        "tbody",
        {},
        body.map((row) => h("tr", {}, cells(row, "td"))),
      ),
    ),
  );
}

const sortValue = (cell) => (cell?.type === "raw_number" ? Number(cell.value) : (cell?.text ?? ""));

function compare(left, right) {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "ko", { numeric: true });
}

export function dataTable(block, ctx) {
  const [head = [], ...body] = block.rows ?? [];
  const size = block.page_size ?? 10;
  const state = { page: 0, column: -1, direction: 1 };
  const caption = block.caption ? h("figcaption", {}, block.caption.text ?? block.caption) : null;
  const content = h("div", {});
  const draw = () => {
    const pages = Math.max(1, Math.ceil(body.length / size));
    const sorted =
      state.column < 0
        ? body
        : [...body].sort(
            (left, right) => state.direction * compare(sortValue(left[state.column]), sortValue(right[state.column])),
          );
    const shown = sorted.slice(state.page * size, (state.page + 1) * size);
    fill(content, gridOf(shown), pages > 1 && pager(pages));
  };
  const sortBy = (column) => {
    state.direction = state.column === column ? -state.direction : 1;
    state.column = column;
    state.page = 0;
    draw();
    content.querySelectorAll("th button")[column]?.focus();
  };
  const gridOf = (shown) =>
    h(
      "div",
      { class: "table-scroll", tabindex: "0" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            head.map((cell, column) =>
              headCell({ cell, column, align: alignOf(null, column, [head, ...body]) }, state, sortBy, ctx),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          shown.map((row) =>
            h(
              "tr",
              {},
              row.map((cell, column) =>
                h(
                  column === block.row_header_column_index ? "th" : "td",
                  { class: `align-${alignOf(null, column, [head, ...body])}` },
                  cellNode(cell, ctx),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  const turn = (step, name) =>
    h(
      "button",
      {
        class: "button button-small",
        type: "button",
        disabled: !inRange(state.page + step, body.length, size),
        on: {
          click: () => {
            state.page += step;
            draw();
          },
        },
      },
      name,
    );
  const pager = (pages) =>
    h(
      "div",
      { class: "pager" },
      turn(-1, ctx.s.previousPage),
      h("span", { "aria-live": "polite" }, ctx.s.page(state.page + 1, pages)),
      turn(1, ctx.s.nextPage),
    );
  draw();
  return h("figure", { class: "block-data-table" }, caption, content);
}

const inRange = (page, count, size) => page >= 0 && page * size < count;

function headCell({ cell, column, align }, state, sortBy, ctx) {
  const sorted = state.column === column;
  const order = state.direction > 0 ? "ascending" : "descending";
  return h(
    "th",
    { scope: "col", class: `align-${align}`, "aria-sort": sorted ? order : "none" },
    h(
      "button",
      { class: "sort-button", type: "button", on: { click: () => sortBy(column) } },
      cellNode(cell, ctx),
      h("span", { "aria-hidden": "true", class: "sort-mark" }, sorted ? { 1: " ↑", "-1": " ↓" }[state.direction] : ""),
    ),
  );
}
