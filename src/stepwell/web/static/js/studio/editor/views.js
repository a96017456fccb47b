// How the editor shows what is not plain text: code with its language, formulas, and Markdown that
// it can't express. Each can be changed where it stands.
import { ask } from "./ask.js";

const element = (tag, className, text = "") => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

const change = ({ editor, getPos, node }, attrs) => editor
  .chain().command(({ tr }) => {
    tr.setNodeMarkup(getPos(), undefined, { ...node.attrs, ...attrs });
    return true;
  }).run();

// Formulas, videos and inline Markdown: one line of source, shown as such.
export function TexView(view) {
  const [name] = ["tex", "source", "src"].filter((each) => each in view.node.attrs && view.node.attrs[each] !== null);
  const dom = element(view.node.isInline ? "span" : "div", `source-piece source-${view.node.type.name}`, view.node.attrs[name]);
  dom.tabIndex = 0;
  dom.setAttribute("role", "button");
  const edit = async () => {
    const answer = await ask(view.node.type.name, { value: view.node.attrs[name] });
    if (answer) change(view, { [name]: answer.value });
    view.editor.commands.focus();
  };
  dom.addEventListener("dblclick", edit);
  dom.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); edit(); } });
  return {
    dom,
    update: (node) => {
      if (node.type !== view.node.type) return false;
      view = { ...view, node };
      dom.textContent = node.attrs[name];
      return true;
    },
  };
}

// A block of code: its language is a field above it.
export function CodeView(view) {
  const dom = element("div", "code-piece");
  const language = element("input", "code-language");
  language.value = view.node.attrs.language ?? "";
  const form = document.querySelector("[data-editor]");
  language.placeholder = form.dataset.language;
  language.setAttribute("aria-label", form.dataset.language);
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
  shown.innerHTML = view.node.attrs.html; // sanitized by the server, as every lesson is
  const button = element("button", "button button-quiet button-small", document.querySelector("[data-editor]").dataset.markdown);
  button.type = "button";
  button.addEventListener("click", () => dom.dispatchEvent(new CustomEvent("edit-markdown", { bubbles: true, detail: view })));
  if (!shown.textContent.trim() && !shown.querySelector("img, video, math")) {
    shown.append(element("code", "source-piece", view.node.attrs.source.trim()));
  }
  dom.append(shown, button);
  return { dom, stopEvent: (event) => button.contains(event.target) };
}
