// The toolbar above a lesson: what its buttons do, which are on, and arrows between them.
import { ask } from "./ask.js";

async function link(editor) {
  const before = editor.getAttributes("link");
  const answer = await ask("link", before);
  if (!answer) return;
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!answer.href) chain.unsetLink().run();
  else if (editor.state.selection.empty && !before.href) {
    chain.insertContent({ type: "text", text: answer.title || answer.href, marks: [{ type: "link", attrs: { href: answer.href } }] }).run();
  } else chain.setMark("link", { href: answer.href, title: answer.title }).run();
}

async function insert(editor, type, name) {
  const answer = await ask(type);
  if (!answer?.value) return;
  const attrs = { [name]: answer.value, ...(type === "video" ? { title: answer.title } : {}) };
  editor.chain().focus().insertContent({ type, attrs }).run();
}

async function callout(editor) {
  if (editor.isActive("callout")) {
    const answer = await ask("callout", editor.getAttributes("callout"));
    if (answer) editor.chain().focus().updateAttributes("callout", answer).run();
    return;
  }
  const answer = await ask("callout");
  if (answer) editor.chain().focus().wrapIn("callout", answer).run();
}

const heading = (level) => (editor) => editor.chain().focus().toggleHeading({ level }).run();

export const COMMANDS = {
  bold: (editor) => editor.chain().focus().toggleBold().run(),
  italic: (editor) => editor.chain().focus().toggleItalic().run(),
  strike: (editor) => editor.chain().focus().toggleStrike().run(),
  code: (editor) => editor.chain().focus().toggleCode().run(),
  link,
  heading2: heading(2),
  heading3: heading(3),
  bulletList: (editor) => editor.chain().focus().toggleBulletList().run(),
  orderedList: (editor) => editor.chain().focus().toggleOrderedList().run(),
  blockquote: (editor) => editor.chain().focus().toggleBlockquote().run(),
  callout,
  codeBlock: (editor) => editor.chain().focus().toggleCodeBlock().run(),
  table: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
  rowAfter: (editor) => editor.chain().focus().addRowAfter().run(),
  columnAfter: (editor) => editor.chain().focus().addColumnAfter().run(),
  deleteRow: (editor) => editor.chain().focus().deleteRow().run(),
  deleteColumn: (editor) => editor.chain().focus().deleteColumn().run(),
  mathInline: (editor) => insert(editor, "mathInline", "tex"),
  mathBlock: (editor) => insert(editor, "mathBlock", "tex"),
  video: (editor) => insert(editor, "video", "src"),
  horizontalRule: (editor) => editor.chain().focus().setHorizontalRule().run(),
  undo: (editor) => editor.chain().focus().undo().run(),
  redo: (editor) => editor.chain().focus().redo().run(),
};

const isOn = (editor, name) => (name.startsWith("heading") ? editor.isActive("heading", { level: Number(name.at(-1)) }) : editor.isActive(name));

export function connect(toolbar, editor) {
  const buttons = [...toolbar.querySelectorAll("[data-command]")];
  toolbar.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-command]")?.dataset.command;
    COMMANDS[name]?.(editor);
  });
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = buttons.filter((button) => !button.hidden);
    const place = shown.indexOf(document.activeElement);
    shown[(place + step + shown.length) % shown.length].focus();
    event.preventDefault();
  });
  editor.on("transaction", () => {
    for (const button of buttons) {
      const name = button.dataset.command;
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(isOn(editor, name)));
      if (button.dataset.within) button.hidden = !editor.isActive(button.dataset.within);
    }
  });
}
