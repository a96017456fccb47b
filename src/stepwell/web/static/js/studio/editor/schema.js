// What a lesson can hold while it is written visually. The names are those that
// core/markdown/visual reads and writes.
import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Extension, Gapcursor,
  HardBreak, Heading, HorizontalRule, Italic, Link, ListItem, Node, OrderedList, Paragraph,
  Placeholder, Strike, Table, TableCell, TableHeader, TableRow, Text, TrailingNode, UndoRedo,
} from "../../../django_prose_editor/editor.js";
import { CodeView, FormulaView, InlineMarkdownView, MarkdownView, PictureView, VideoView } from "./views.js";

const kept = (value) => ({ default: value, rendered: false });

// Each block remembers what it was written as, so that one that nobody touches stays as it is.
const Source = Extension.create({
  name: "source",
  addGlobalAttributes: () => [{
    types: [
      "blockquote", "bulletList", "callout", "codeBlock", "heading", "horizontalRule", "markdown",
      "mathBlock", "orderedList", "paragraph", "table", "taskList", "video",
    ],
    attributes: { source: { ...kept(null), keepOnSplit: false } },
  }],
});

// What a paste was cleaned to names its node and its attributes; see pasting/clean.js.
const pasted = (name, rule = {}) => () => [{
  tag: `[data-node="${name}"]`, getAttrs: ({ dataset }) => JSON.parse(dataset.attrs ?? "{}"), ...rule,
}];

const atom = (name, attributes, view, { text, ...more } = {}) => Node.create({
  name,
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => attributes,
  parseHTML: pasted(name),
  renderHTML: ({ node }) => [node.isInline ? "span" : "div", text(node.attrs)],
  renderText: ({ node }) => text(node.attrs),
  addNodeView: () => view,
  ...more,
});
const inline = { group: "inline", inline: true };

const Picture = atom("image", {
  src: kept(""), address: kept(""), alt: kept(""), title: kept(""), width: kept(null), height: kept(null),
}, PictureView, {
  ...inline,
  text: ({ alt }) => alt,
  renderHTML: ({ node: { attrs } }) => ["img", {
    src: attrs.address || attrs.src, alt: attrs.alt, title: attrs.title || null, width: attrs.width, height: attrs.height,
  }],
});

const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ kind: kept("note"), title: kept(""), isAlert: kept(false) }),
  parseHTML: pasted("callout"),
  renderHTML: ({ node: { attrs } }) => ["aside", { class: `callout callout-${attrs.kind}` },
    ["p", { class: "callout-title", contenteditable: "false" }, attrs.title || attrs.kind[0].toUpperCase() + attrs.kind.slice(1)],
    ["div", 0]],
});

// Enter changes the piece that is selected, as a click on it does.
const EditPiece = Extension.create({
  name: "editPiece",
  priority: 1000,
  addKeyboardShortcuts: () => ({
    Enter: ({ editor: { state: { selection: { node, from } }, view } }) => Boolean(node?.isAtom && node.type.name !== "horizontalRule"
      && view.nodeDOM(from)?.dispatchEvent(new CustomEvent("edit-piece"))),
  }),
});

const cell = (Kind) => Kind.extend({
  content: "paragraph",
  addAttributes: () => ({
    align: { default: null, renderHTML: ({ align }) => (align ? { class: `align-${align}` } : {}) },
    colspan: kept(1), rowspan: kept(1), colwidth: kept(null),
  }),
});

const TaskList = Node.create({
  name: "taskList", group: "block", content: "taskItem+",
  addAttributes: () => ({ tight: kept(true) }),
  parseHTML: pasted("taskList", { priority: 60 }),
  renderHTML: () => ["ul", { class: "task-list" }, 0],
});
const TaskItem = Node.create({
  name: "taskItem", content: "paragraph block*", defining: true,
  addAttributes: () => ({ checked: kept(false) }),
  parseHTML: pasted("taskItem", { priority: 60 }),
  renderHTML: ({ node }) => ["li", { class: node.attrs.checked ? "task is-checked" : "task" }, 0],
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      Tab: () => this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

export const extensions = (words) => [
  Document, Paragraph, Text, HardBreak, Heading, Blockquote, HorizontalRule, ListItem,
  BulletList.extend({ addAttributes: () => ({ tight: kept(true) }) }),
  OrderedList.extend({
    addAttributes: () => ({ start: { default: 1 }, tight: kept(true) }),
    addNodeView: null, // the package's writes a list style that Markdown can't keep
  }),
  CodeBlock.extend({ addNodeView: () => CodeView }),
  Table.extend({ addNodeView: null, renderHTML: () => ["table", ["tbody", 0]] }), TableRow, cell(TableHeader), cell(TableCell),
  Bold, Italic, Strike, Code.extend({ excludes: "" }),
  Link.extend({
    inclusive: false,
    addAttributes: () => ({ href: { default: "" }, title: { default: "", renderHTML: ({ title }) => (title ? { title } : {}) } }),
  }).configure({ openOnClick: false, autolink: false, linkOnPaste: true, isAllowedUri: () => true }),
  Picture, Callout, TaskList, TaskItem,
  atom("markdown", { source: kept("") }, MarkdownView, { text: ({ source }) => source }),
  atom("mathBlock", { tex: kept("") }, FormulaView, { text: ({ tex }) => `$$${tex}$$` }),
  atom("mathInline", { tex: kept("") }, FormulaView, { ...inline, text: ({ tex }) => `$${tex}$` }),
  atom("markdownInline", { source: kept("") }, InlineMarkdownView, { ...inline, text: ({ source }) => source }),
  atom("video", { src: kept(""), title: kept("") }, VideoView, { text: ({ src }) => src }),
  EditPiece,
  Source, Dropcursor.configure({ class: "drop-cursor", color: false }), Gapcursor, UndoRedo, TrailingNode.configure?.({}) ?? TrailingNode,
  Placeholder.configure({ placeholder: words.placeholder }),
];
