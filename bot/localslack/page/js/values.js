// What a person has put into the inputs of one message or view: state.values as Slack sends it.

export class FormValues {
  constructor() {
    this.entries = new Map();
  }

  static key(blockId, actionId) {
    return `${blockId}\u0000${actionId}`;
  }

  /**
   * Declares an input that is drawn. What was put in before is kept, unless the app has changed the initial value.
   * Returns the value to show, such as {selected_option: {...}} or {value: null}.
   */
  register(blockId, element, initial) {
    const key = FormValues.key(blockId, element.action_id);
    const sign = JSON.stringify([element.type, initial]);
    const known = this.entries.get(key);
    if (known?.sign === sign) return known.value;
    this.entries.set(key, { blockId, actionId: element.action_id, type: element.type, sign, value: initial });
    return initial;
  }

  set(blockId, element, value) {
    const key = FormValues.key(blockId, element.action_id);
    const known = this.entries.get(key) ?? { blockId, actionId: element.action_id, type: element.type, sign: "" };
    this.entries.set(key, { ...known, value });
  }

  get(blockId, actionId) {
    return this.entries.get(FormValues.key(blockId, actionId))?.value ?? null;
  }

  /** {block_id: {action_id: {type, ...}}} of those inputs that `blocks` still hold. */
  collect(blocks) {
    const present = new Set(blockIdsOf(blocks));
    const values = {};
    for (const { blockId, actionId, type, value } of this.entries.values()) {
      if (present.has(blockId)) (values[blockId] ??= {})[actionId] = { type, ...value };
    }
    return values;
  }
}

/** The block_ids in a list of blocks, those inside containers, cards and carousels included. */
export function blockIdsOf(blocks) {
  return (blocks ?? []).flatMap((block) => [
    block.block_id,
    ...blockIdsOf(block.child_blocks),
    ...(block.type === "carousel" ? blockIdsOf(block.elements) : []),
  ]);
}
