// HTML of what the editor can't draw by itself (formulas, videos, Markdown without a node), as the
// server renders it. It comes with each document and is asked for when a piece is new.
const known = new Map();
let ask = async () => null;

const NAMES = { mathInline: ["tex"], mathBlock: ["tex"], video: ["src", "title"], image: ["src", "alt", "title"], markdown: ["source"] };
const keyOf = ({ type, attrs }) => [type, ...(NAMES[type] ?? []).map((name) => attrs[name] ?? "")].join("\n");

export function askWith(draft) { ask = draft; }

export function remember(node) {
  if (node?.attrs?.html !== undefined) known.set(keyOf(node), node.attrs.html);
  node?.content?.forEach(remember);
}

const first = (node) => node?.attrs?.html ?? node?.content?.map(first).find((html) => html !== undefined);

// Draws a node into an element: at once where its HTML is known, else when the server answers.
export async function draw(node, dom, fallback) {
  const key = keyOf({ type: node.type.name, attrs: node.attrs });
  dom.dataset.key = key;
  if (!known.has(key)) {
    dom.textContent = fallback;
    const json = node.toJSON();
    const block = node.isInline ? { type: "paragraph", content: [{ ...json, marks: [] }] } : json;
    const answer = await ask({ blocks: [block] });
    if (!answer?.ok) return;
    known.set(key, first(answer.data.document) ?? "");
    if (dom.dataset.key !== key) return;
  }
  const html = known.get(key);
  if (html) dom.innerHTML = html; // sanitized by the server, as every lesson is
  else dom.textContent = fallback;
  // A click belongs to the piece as a whole: nothing in it takes the focus or leads away.
  for (const inner of dom.querySelectorAll("a, [tabindex], video")) {
    for (const name of ["href", "tabindex", "controls"]) inner.removeAttribute(name);
    if (inner.matches("video")) inner.preload = "metadata";
  }
}
