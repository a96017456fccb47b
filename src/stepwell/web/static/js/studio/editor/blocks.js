// Which blocks are as they were written: those are sent as their source, the others as nodes.
export class Blocks {
  constructor(editor) {
    this.editor = editor;
    this.forget();
  }

  forget() {
    this.originals = new Map(); // a block's source → its JSON
    this.neighbors = new Set(); // pairs of sources that follow each other in the stored text
  }

  // Call it right after the stored text was loaded into the editor.
  remember() {
    this.forget();
    let last = null;
    this.editor.state.doc.forEach((node) => {
      const { source } = node.attrs;
      if (source === null) return;
      this.originals.set(source, JSON.stringify(node.toJSON()));
      if (last !== null) this.neighbors.add(JSON.stringify([last, source]));
      last = source;
    });
    this.end = last;
  }

  // Blocks that another lesson's editor copied keep their source where it says the same here. The
  // server reads it, since references of the other lesson aren't known in this one.
  async adopt(slice, draft) {
    const sources = new Set();
    slice.content.forEach(({ attrs: { source } }) => { if (source && !this.originals.has(source)) sources.add(source); });
    if (!sources.size) return;
    const answer = await draft({ markdown: [...sources].join("\n\n") });
    if (!answer.ok) return;
    const read = new Map(answer.data.document.content.map((block) => [block.attrs.source?.trimEnd(), block]));
    for (const source of sources) {
      const block = read.get(source.trimEnd());
      if (!block) continue;
      const node = this.editor.schema.nodeFromJSON({ ...block, attrs: { ...block.attrs, source } });
      this.originals.set(source, JSON.stringify(node.toJSON()));
    }
  }

  toSend() {
    const sent = [];
    let last = null;
    this.editor.state.doc.forEach((node) => {
      const json = node.toJSON();
      const { source } = node.attrs;
      const isKept = source !== null && this.originals.get(source) === JSON.stringify(json);
      const isNext = last === null || this.neighbors.has(JSON.stringify([last, source]));
      sent.push(isKept ? { kept: source, ...(isNext ? {} : { moved: true }) } : json);
      last = isKept ? source : null;
    });
    // The blank lines that set a block apart from the next one go when it becomes the last.
    const end = sent.findLast((each) => each.kept !== undefined || each.content);
    if (end?.kept !== undefined && end.kept !== this.end) end.kept = end.kept.replace(/\n+$/, "\n");
    return sent;
  }
}
