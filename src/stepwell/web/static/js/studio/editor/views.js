// How the editor shows what is not plain text: pictures, formulas, videos, code with its language,
// and Markdown that it can't express. Each can be changed in place.
import { pm } from "../../../django_prose_editor/editor.js";
import { ask } from "./ask.js";
import { describe } from "./pictures.js";
import { draw } from "./rendered.js";

const { NodeSelection } = pm.state;
const words = () => document.querySelector("[data-editor]").dataset;
const element = (tag, className, text = "") => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

const change = ({ editor, getPos, node }, attrs) => editor
  .chain().command(({ tr }) => {
    tr.setNodeMarkup(getPos(), undefined, { ...node.attrs, ...attrs });
    if (node.isAtom) tr.setSelection(NodeSelection.create(tr.doc, getPos())); // it stays selected
    return true;
  }).run();

// A piece that is shown as a whole and asks for its attributes on click and Enter.
function piece(view, className, show, question) {
  const dom = element(view.node.isInline ? "span" : "div", `piece ${className}`);
  dom.tabIndex = 0;
  dom.setAttribute("role", "button");
  const edit = async () => {
    view.editor.commands.setNodeSelection(view.getPos());
    const answer = await question(view.node);
    if (answer) change(view, answer);
    view.editor.commands.focus();
  };
  dom.addEventListener("click", (event) => { event.preventDefault(); edit(); });
  dom.addEventListener("edit-piece", edit);
  dom.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); edit(); } });
  show(dom, view.node);
  return {
    dom,
    ignoreMutation: () => true,
    stopEvent: (event) => event.type === "keydown" && event.key === "Enter" && event.target === dom,
    update: (node) => {
      if (node.type !== view.node.type) return false;
      if (node !== view.node) show(dom, node);
      view = { ...view, node };
      return true;
    },
  };
}

const named = (dom, kind, text) => dom.setAttribute("aria-label", `${kind}: ${text}`);

export const FormulaView = (view) => piece(view, `formula-piece formula-${view.node.isInline ? "inline" : "block"}`, (dom, node) => {
  draw(node, dom, node.attrs.tex);
  named(dom, words().formula, node.attrs.tex);
}, async (node) => {
  const answer = await ask("formula", { value: node.attrs.tex });
  return answer && { tex: answer.value };
});

export const VideoView = (view) => piece(view, "video-piece", (dom, node) => {
  draw(node, dom, node.attrs.src);
  named(dom, words().video, node.attrs.title || node.attrs.src);
}, async (node) => {
  const answer = await ask("video", { value: node.attrs.src, title: node.attrs.title });
  return answer && { src: answer.value, title: answer.title };
});

export const InlineMarkdownView = (view) => piece(view, "source-piece", (dom, node) => {
  dom.textContent = node.attrs.source;
  named(dom, "Markdown", node.attrs.source);
}, async (node) => {
  const answer = await ask("piece", { value: node.attrs.source });
  return answer && { source: answer.value };
});

// Pictures of other sites aren't loaded; they and videos in a line show what learners see.
export const PictureView = (view) => piece(view, "picture-piece", (dom, node) => {
  const { address, src, alt, title, width, height } = node.attrs;
  const isOwn = address?.startsWith("/files/") && !/\.(mp4|webm|ogv|mov)([?#]|$)/i.test(address);
  if (isOwn) {
    const image = document.createElement("img");
    Object.assign(image, { src: address, alt, title, draggable: false });
    if (width) Object.assign(image, { width, height });
    dom.replaceChildren(image);
  } else draw(node, dom, alt || src);
  if (isOwn && !alt) dom.append(element("span", "picture-note", words().undescribed));
  named(dom, words().picture, alt || words().undescribed);
}, (node) => describe(node.attrs));

// A block of code: its language is a field above it.
export function CodeView(view) {
  const dom = element("div", "code-piece");
  const language = element("input", "code-language");
  language.value = view.node.attrs.language ?? "";
  language.placeholder = words().language;
  language.setAttribute("aria-label", words().language);
  language.addEventListener("change", () => change(view, { language: language.value.trim() }));
  const pre = element("pre", "");
  const contentDOM = element("code", "");
  pre.append(contentDOM);
  dom.append(language, pre);
  return {
    dom,
    contentDOM,
    stopEvent: (event) => event.target === language,
    ignoreMutation: (mutation) => !contentDOM.contains(mutation.target),
    update: (node) => {
      if (node.type !== view.node.type) return false;
      view = { ...view, node };
      if (document.activeElement !== language) language.value = node.attrs.language ?? "";
      return true;
    },
  };
}

// What only Markdown can say is shown as learners see it, and changed as Markdown.
export function MarkdownView(view) {
  const dom = element("div", "markdown-piece");
  const shown = element("div", "markdown-shown");
  const button = element("button", "button button-quiet button-small", words().markdown);
  button.type = "button";
  const edit = () => dom.dispatchEvent(new CustomEvent("edit-markdown", { bubbles: true, detail: view }));
  button.addEventListener("click", edit);
  dom.addEventListener("edit-piece", edit);
  draw(view.node, shown, view.node.attrs.source.trim()).then(() => {
    if (!shown.textContent.trim() && !shown.querySelector("img, video, math")) {
      shown.replaceChildren(element("code", "source-piece", view.node.attrs.source.trim()));
    }
  });
  dom.append(shown, button);
  return { dom, ignoreMutation: () => true, stopEvent: (event) => button.contains(event.target) };
}
