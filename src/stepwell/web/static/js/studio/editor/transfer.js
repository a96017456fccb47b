// What is pasted and dropped, in both forms of the text: what an editor of this site copied, HTML of
// other programs, files, and cells of spreadsheets.
import { pm } from "../../../django_prose_editor/editor.js";
import { attach, files } from "./attach.js";
import { apart, copiedLast, readCarried } from "./clipboard.js";
import { cleaned } from "./pasting/clean.js";
import { say } from "./pasting/note.js";
import { bring, isForeign } from "./pasting/bring.js";
import { describe } from "./pictures.js";

const { DOMParser: Reader, Slice } = pm.model;
const { Selection } = pm.state;
const MARKDOWN = "text/markdown";
const htmlOf = (transfer) => transfer?.getData("text/html") ?? "";
const hasText = (html) => Boolean(new DOMParser().parseFromString(html, "text/html").body.textContent.trim());

export class Transfers {
  // `saver.say` tells faults; `draft` turns one form into the other; `isVisual` tells which is shown.
  constructor({ form, editor, source, saver, draft, isVisual, blocks }) {
    Object.assign(this, { form, editor, source, saver, draft, isVisual, blocks });
    this.site = { files: form.dataset.files };
    this.read = null; // what the HTML of this paste or drop holds
    editor.setOptions({ editorProps: { ...editor.options.editorProps, ...this.properties() } });
    editor.on("transaction", ({ transaction }) => this.rememberCut(transaction));
    source.addEventListener("paste", (event) => this.intoSource(event, event.clipboardData));
    source.addEventListener("drop", (event) => this.intoSource(event, event.dataTransfer));
    for (const name of ["copy", "cut"]) source.addEventListener(name, (event) => this.fromSource(event));
  }

  properties() {
    return {
      // Called for each paste and drop with HTML, right before the handlers below.
      transformPastedHTML: (html) => {
        if (this.isCleaned) return html;
        const carried = readCarried(html, this.editor.schema);
        this.read = carried ? { carried } : cleaned(html, this.site);
        return carried ? html : this.read.html;
      },
      transformPasted: (slice, view) => (this.read ? apart(this.read.carried?.slice ?? slice, this.read.carried, view.state.selection.$from) : slice),
      handlePaste: (_view, event) => this.intoVisual(event, event.clipboardData),
      handleDrop: (view, event, _slice, isMoved) => {
        if (isMoved) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
        return this.intoVisual(event, event.dataTransfer, at);
      },
    };
  }

  // Returns whether this took the event; else the editor inserts what was read.
  intoVisual(_event, transfer, at) {
    const { read } = this;
    this.read = null;
    if (read?.carried) return this.insertCarried(read.carried, at);
    if (this.editor.isActive("codeBlock") && this.isCutWithCode(transfer)) return true;
    const found = files(transfer);
    // Programs send a picture of what was copied beside its HTML; browsers the HTML of one picture.
    if (found.length && !hasText(read?.html ?? "")) {
      this.insertFiles(found, at);
      return true;
    }
    const markdown = read || this.editor.isActive("codeBlock") ? "" : (transfer?.getData?.(MARKDOWN) ?? "");
    if (markdown) {
      this.insertMarkdown(markdown, at);
      return true;
    }
    if (!read) return false;
    say(this.form, read.left);
    if (!isForeign(read.html)) return false;
    this.insertForeign(read, at);
    return true;
  }

  // A code block takes text alone, but gets back what was cut from it together with more.
  isCutWithCode(transfer) {
    const carried = readCarried(htmlOf(transfer), this.editor.schema);
    const { childCount, firstChild } = carried?.slice.content ?? {};
    if (!(childCount > 1) || firstChild.type.name !== "codeBlock" || carried.course !== this.site.files) return false;
    this.put(carried.slice);
    return true;
  }

  insertCarried({ course, slice }, at) {
    if (course === this.site.files) {
      this.blocks.adopt(slice, this.draft);
      return at === undefined && this.putBack(slice);
    }
    bring.slice(slice, course, (file) => this.attach(file)).then(({ slice: own, left }) => {
      this.put(own, at);
      say(this.form, left);
    });
    return true;
  }

  // A cut can join what was apart, such as a paragraph and a list, and pasting can't part it again.
  rememberCut(transaction) {
    if (!transaction.docChanged) return;
    const { doc: after, selection } = this.editor.state;
    const isCut = transaction.getMeta("uiEvent") === "cut";
    this.cut = isCut ? { before: transaction.before, after, at: selection.head, ...copiedLast() } : null;
  }

  // Pasted where it was cut, everything is as it was before. Returns whether it was so.
  putBack(slice) {
    const { cut, editor: { state, view } } = this;
    if (!cut?.slice?.eq(slice) || !cut.after.eq(state.doc) || !state.selection.empty || cut.at !== state.selection.head) return false;
    const tr = state.tr.replaceWith(0, state.doc.content.size, cut.before.content);
    view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(cut.end), -1)).scrollIntoView());
    return true;
  }

  async insertForeign(read, at) {
    const { html, left } = await bring.html(read.html, (file) => this.attach(file));
    this.place(at);
    this.isCleaned = true;
    this.editor.view.pasteHTML(html);
    this.isCleaned = false;
    say(this.form, [...read.left, ...left]);
  }

  async insertMarkdown(markdown, at) {
    const answer = await this.draft({ markdown });
    if (!answer.ok) return;
    const { content } = this.editor.schema.nodeFromJSON(answer.data.document);
    const isLine = content.childCount === 1 && content.firstChild.type.name === "paragraph";
    this.put(new Slice(content, Number(isLine), Number(isLine)), at);
  }

  put(slice, at) {
    this.place(at);
    const { view } = this.editor;
    view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView());
    this.blocks.adopt(slice, this.draft);
  }

  place(at) {
    if (at !== undefined) this.editor.commands.setTextSelection(at);
    this.editor.commands.focus();
  }

  async attach(file) {
    const stored = await this.saver.arrival(attach(this.form, file));
    if (stored.error) this.saver.say(stored.error, "refused");
    return stored;
  }

  // Pictures are inserted at once, so that nothing is lost, and their description is asked for then.
  async insertFiles(found, at) {
    if (this.isVisual()) this.place(at);
    const pictures = [];
    for (const file of found) {
      const stored = await this.attach(file);
      if (stored.error) continue;
      if (!this.isVisual()) await this.writeFile(stored);
      else if (this.insertStored(stored)) pictures.push(stored.target);
    }
    for (const src of pictures) await this.describeInserted(src);
  }

  async writeFile({ target: src, address, is_picture: isPicture, markdown }) {
    this.write(`${isPicture ? await this.markdownOf({ src, ...(await describe({ src, address })) }) : markdown}\n`);
  }

  // Returns whether it is a picture.
  insertStored({ target: src, address, name, width, height, is_picture: isPicture }) {
    this.editor.chain().focus().insertContent(isPicture
      ? { type: "image", attrs: { src, address, alt: "", width, height } }
      : { type: "text", text: name, marks: [{ type: "link", attrs: { href: src } }] }).run();
    return isPicture;
  }

  async describeInserted(src) {
    const isNew = ({ type, attrs }) => type.name === "image" && attrs.src === src && !attrs.alt;
    let found = null;
    this.editor.state.doc.descendants((node) => { if (isNew(node)) found ??= node; });
    const answer = found && (await describe(found.attrs));
    this.editor.commands.command(({ tr }) => {
      tr.doc.descendants((node, pos) => {
        if (answer?.alt && isNew(node)) tr.setNodeMarkup(pos, undefined, { ...node.attrs, ...answer });
      });
      return true;
    });
    this.editor.commands.focus();
  }

  async markdownOf(attrs) {
    const answer = await this.draft({ blocks: [{ type: "paragraph", content: [{ type: "image", attrs }] }] });
    return answer.ok ? answer.data.markdown.trim() : `![](${attrs.src})`;
  }

  // Typed as a person would, so that it can be undone.
  write(text) {
    this.source.focus();
    if (document.execCommand("insertText", false, text)) return;
    this.source.setRangeText(text, this.source.selectionStart, this.source.selectionEnd, "end");
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
  }

  intoSource(event, transfer) {
    const html = htmlOf(transfer);
    const carried = readCarried(html, this.editor.schema);
    const table = !carried && /<table/i.test(html) && transfer.getData("text/plain").includes("\t");
    if (carried || table) {
      event.preventDefault();
      return this.writeBlocks(carried, html, transfer.getData("text/plain"));
    }
    const found = files(transfer);
    if (!found.length || transfer.getData("text/plain").trim()) return;
    event.preventDefault();
    this.insertFiles(found);
  }

  async writeBlocks(carried, html, text) {
    let slice = carried?.slice;
    let left = [];
    if (carried && carried.course !== this.site.files) ({ slice, left } = await bring.slice(slice, carried.course, (file) => this.attach(file)));
    const read = carried ? null : cleaned(html, this.site);
    const content = (slice?.content ?? this.parsed(read.html)).toJSON() ?? [];
    const isInline = content[0] && this.editor.schema.nodes[content[0].type].isInline;
    const answer = await this.draft({ blocks: isInline ? [{ type: "paragraph", content }] : content });
    this.write(answer.ok ? (slice?.openStart || isInline ? answer.data.markdown.trimEnd() : answer.data.markdown) : text);
    say(this.form, read?.left ?? left);
  }

  parsed(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return Reader.fromSchema(this.editor.schema).parse(page.body).content;
  }

  // Markdown that is copied is known as such where it is pasted visually.
  fromSource(event) {
    const text = this.source.value.slice(this.source.selectionStart, this.source.selectionEnd);
    if (!text) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData(MARKDOWN, text);
    if (event.type === "cut") document.execCommand("delete");
  }
}
