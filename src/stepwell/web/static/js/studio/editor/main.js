// Writing a lesson: visually or as Markdown, on the same stored Markdown, saved while one writes.
import { Editor, pm } from "../../../django_prose_editor/editor.js";
import { ask } from "./ask.js";
import { Blocks } from "./blocks.js";
import { carryJson } from "./clipboard.js";
import { post } from "./post.js";
import { askWith, remember } from "./rendered.js";
import { Saver } from "./save.js";
import { extensions } from "./schema.js";
import { connect } from "./toolbar.js";
import { Transfers } from "./transfer.js";

const { EditorState } = pm.state;
const form = document.querySelector("[data-editor]");
const source = form.elements.body;
const visual = form.querySelector("[data-visual]");
// In a long outline the lesson that is open would else be out of sight.
document.querySelector(".editor-side [aria-current]")?.scrollIntoView({ block: "nearest" });
const MODE = "stepwell-editor-mode";
let mode = "markdown";

const written = () => (mode === "visual" ? { blocks: blocks.toSend() } : { markdown: source.value });
const sitting = crypto.randomUUID?.() ?? String(Math.random());
const saver = new Saver(form, () => ({ sitting, title: form.elements.title.value, ...written() }), post);

// Turns one form of the text into the other; nothing is saved.
async function draft(sent) {
  const answer = await post(form.dataset.draft, sent);
  remember(answer.data.document);
  return answer;
}
askWith(draft);

const editor = new Editor({
  element: visual,
  extensions: extensions({ placeholder: form.dataset.placeholder }),
  injectCSS: false,
  editorProps: {
    attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": form.dataset.label },
    ...carryJson(form.dataset.files),
  },
  enablePasteRules: ["link"], // text that is pasted stays as it is
  onUpdate: () => { if (mode === "visual") saver.changed(); },
});
connect(form.querySelector("[data-toolbar]"), editor);
const blocks = new Blocks(editor);
const arriving = (sent) => saver.arrival(draft(sent));
const transfers = new Transfers({ form, editor, source, saver, draft: arriving, blocks, isVisual: () => mode === "visual" });

function load(shown) {
  remember(shown);
  editor.commands.setContent(shown, { emitUpdate: false });
  // Undoing ends at the text that was loaded: what was here before is older than it.
  const { doc, plugins } = editor.state;
  editor.view.updateState(EditorState.create({ doc, plugins }));
  blocks.remember();
  editor.commands.setTextSelection(1);
}

function show(wanted) {
  mode = wanted;
  visual.hidden = source.hidden = form.querySelector("[data-toolbar]").hidden = true;
  (wanted === "visual" ? visual : source).hidden = false;
  form.querySelector("[data-toolbar]").hidden = wanted !== "visual";
  for (const button of form.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === wanted));
  localStorage.setItem(MODE, wanted);
}

// Turns the text into the other form. What is typed while the answer is on its way is asked for
// again; of several clicks the last one counts.
let wantedMode = null;
async function turn(wanted) {
  const isTurning = wantedMode !== null;
  wantedMode = wanted;
  if (isTurning) return;
  while (wantedMode !== mode) {
    const { count } = saver;
    const answer = await draft(written());
    if (wantedMode === mode) break;
    if (!answer.ok) {
      saver.say(answer.data.error ?? (answer.isLost ? form.dataset.offline : form.dataset.signedOut), "refused");
      break;
    }
    if (count !== saver.count) continue;
    if (wantedMode === "visual") load(answer.data.document);
    else source.value = answer.data.markdown;
    show(wantedMode);
  }
  wantedMode = null;
}

visual.addEventListener("edit-markdown", async ({ detail: { node, getPos } }) => {
  const answer = await ask("markdown", { value: node.attrs.source.trim() });
  if (!answer) return;
  const turned = await arriving({ markdown: `${answer.value}\n` });
  if (turned.ok && getPos() !== undefined) editor.chain().focus().insertContentAt({ from: getPos(), to: getPos() + node.nodeSize }, turned.data.document.content.map(({ attrs, ...rest }) => ({ ...rest, attrs: { ...attrs, ...(rest.type === "markdown" ? {} : { source: null }) } }))).run();
  else if (!turned.ok) saver.say(turned.data.error ?? form.dataset.offline, "refused");
});

source.addEventListener("input", () => saver.changed());
form.elements.title.addEventListener("input", () => saver.changed());
form.elements.files?.addEventListener("change", ({ target }) => { transfers.insertFiles([...target.files]); target.value = ""; });
form.addEventListener("submit", (event) => { event.preventDefault(); saver.save(); });
form.addEventListener("click", ({ target }) => {
  const wanted = target.closest("[data-mode]")?.dataset.mode;
  if (wanted) turn(wanted);
});
addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); saver.save(); }
});

// Links and other forms wait until the text is saved. If it can't be, the browser asks.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !saver.isUnsaved || event.ctrlKey || event.metaKey || event.shiftKey || link.closest("[data-visual]")) return;
  event.preventDefault();
  await saver.save();
  location.assign(link.href);
});
let leaving = null;
document.addEventListener("submit", async (event) => {
  const left = event.target;
  if (left === form || left === leaving || left.method === "dialog" || !saver.isUnsaved || conflict.contains(left)) return;
  event.preventDefault();
  await saver.save();
  leaving = left;
  left.requestSubmit(event.submitter);
  leaving = null;
});

// Somebody else has saved meanwhile: both texts are shown, and each choice keeps the other one.
const conflict = document.querySelector("[data-conflict]");
form.addEventListener("conflict", ({ detail }) => { conflict.innerHTML = detail.html; conflict.querySelector("h2")?.focus(); });
conflict.addEventListener("click", async ({ target }) => {
  const choice = target.closest("[data-choice]");
  if (!choice) return;
  saver.base = Number(choice.dataset.base);
  saver.isStopped = false;
  await saver.save();
  if (saver.isDirty) return;
  if (choice.dataset.choice === "theirs") choice.closest("form").submit();
  else conflict.replaceChildren();
});

const stored = JSON.parse(document.getElementById("document")?.textContent ?? "null");
form.querySelector("[data-tools]").hidden = false;
form.querySelector("[data-plain]").hidden = true;
if (stored) load(stored);
show(stored && localStorage.getItem(MODE) !== "markdown" ? "visual" : "markdown");
if (!source.value.trim()) (mode === "visual" ? editor.commands : source).focus();
