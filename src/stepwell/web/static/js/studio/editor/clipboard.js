// Text that is copied in one editor and pasted in another, or moved within one, keeps everything:
// the clipboard's HTML carries the document's own JSON, which HTML alone can't express.
import { pm } from "../../../django_prose_editor/editor.js";

const { DOMSerializer, Slice } = pm.model;
const CARRIER = "data-stepwell";
let copied = null; // the slice that was copied, cut or dragged last, and where it ended

export const copiedLast = () => copied;

// Editor properties that add the JSON to what is copied, cut or dragged.
export function carryJson(course) {
  let carried = null;
  return {
    transformCopied: (slice, view) => {
      const isWhole = view.state.selection.$from.parentOffset === 0;
      copied = { slice, end: view.state.selection.to };
      carried = JSON.stringify({ course, isWhole, slice: slice.toJSON() });
      return slice;
    },
    clipboardSerializer: {
      serializeFragment(fragment, options) {
        const { schema } = fragment.firstChild.type;
        const dom = DOMSerializer.fromSchema(schema).serializeFragment(fragment, options);
        dom.firstElementChild?.setAttribute(CARRIER, carried);
        return dom;
      },
    },
  };
}

// Returns {course, isWhole, slice} of what an editor of this site copied, or null. No HTML is taken from it:
// another site may have written it.
export function readCarried(html, schema) {
  if (!html.includes(CARRIER)) return null;
  const page = new DOMParser().parseFromString(html, "text/html");
  try {
    const { course, isWhole, slice } = JSON.parse(page.querySelector(`[${CARRIER}]`).getAttribute(CARRIER));
    return { course, isWhole, slice: Slice.fromJSON(schema, slice) };
  } catch {
    return null;
  }
}

const isOneLine = ({ content }) => content.childCount === 1 && (content.firstChild.inlineContent || content.firstChild.isInline || isOneLine(content.firstChild));

// A heading, list or table that is pasted behind words stays one, unless only words of it were copied.
export function apart(slice, carried, $from) {
  const { content: { firstChild: first, lastChild: last }, openStart, openEnd } = slice;
  if (!first || $from.parentOffset === 0 || isOneLine(slice)) return slice;
  if (carried) {
    const isBegun = carried.isWhole && first !== last && openStart === 1 && first.type.name !== "paragraph";
    return isBegun ? new Slice(slice.content, 0, openEnd) : slice;
  }
  const [start, end] = [first, last].map((node) => node.isInline || node.type.name === "paragraph");
  return new Slice(slice.content, start ? openStart : 0, end ? openEnd : 0);
}
