// Pasted HTML of word processors and web pages becomes the few elements that a lesson is made of.
// Structure and emphasis stay, presentation goes, and what can't come is named.
import { formulaOf, isFormula } from "./formulas.js";
import { mendLists } from "./lists.js";
import { addressOf, pictureOf, videoOf } from "./media.js";
import { readStyles, styleOf, withoutStyles } from "./styles.js";
import { isFrame, table } from "./tables.js";

const DROPPED = new Set([
  "base", "button", "colgroup", "head", "link", "meta", "noscript", "rp", "script", "style", "template", "title",
]);
const BLOCKS = new Set(["address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "li", "main", "nav", "ol", "p", "section", "summary", "ul"]);
const EMBEDDED = new Set(["applet", "audio", "canvas", "embed", "iframe", "object", "video"]);
const SIGNS = { bold: "strong", italic: "em", strike: "s", code: "code" };
const PIECES = { raised: "sup", lowered: "sub", key: "kbd", marked: "mark" };
const BLOCK = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, pre, table, hr";
const ANCHOR = ":is(a.anchor, a.headerlink, a.header-anchor, a.anchor-link, .mw-editsection)";

// Returns {html, left}: `left` lists what can't come, as {kind, name}.
export function cleaned(html, site) {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  mendLists(page);
  const cleaner = new Cleaner(page, site);
  const made = page.createElement("div");
  cleaner.fill(page.body, made, {});
  cleaner.finish(made);
  return { html: made.innerHTML, left: cleaner.left };
}

class Cleaner {
  constructor(page, site) {
    Object.assign(this, { page, site, left: [], says: readStyles(page) });
  }

  make(tag, attributes = {}) {
    const made = this.page.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  // An element that becomes a node of the editor, with its attributes.
  node(name, attrs = {}, tag = "span") {
    return this.make(tag, { "data-node": name, "data-attrs": JSON.stringify(attrs) });
  }

  leave(kind, name) { this.left.push({ kind, name: name.trim().slice(0, 80) }); }

  fill(source, target, marks) {
    for (const child of source.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, target, marks);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, target, marks);
    }
    return target;
  }

  text(text, target, marks) {
    let inner = this.page.createTextNode(text.replace(/\r\n?/g, "\n"));
    if (text.trim()) {
      for (const [mark, tag] of Object.entries(SIGNS).reverse()) {
        if (!marks[mark]) continue;
        const sign = this.make(tag);
        sign.append(inner);
        inner = sign;
      }
    }
    target.append(inner);
  }

  element(source, target, before) {
    const tag = source.localName;
    const { isHidden, isPre, isFixed, align: _align, ...own } = this.says(source);
    if (isFormula(source)) return this.formula(source, target);
    if (isHidden || DROPPED.has(tag) || source.matches(ANCHOR)) return;
    const marks = { ...before, ...own };
    if (tag === "br") return target.append(this.make("br"));
    if (tag === "hr") return target.append(this.make("hr"));
    if (tag === "img") return this.picture(source, target);
    if (tag === "svg") return this.drawing(source);
    if (source.matches("[data-video]")) return this.player(source, target);
    if (EMBEDDED.has(tag)) return this.embedded(source, target);
    if (/^(input|select|textarea)$/.test(tag)) return this.field(source);
    if (tag === "pre" || (isPre && isFixed && source.querySelector("div, br"))) return this.code(source, target);
    if (tag === "table" && !isFrame(source)) return this.table(source, target);
    const level = this.levelOf(source);
    if (level) return target.append(this.fill(source, this.make(`h${level}`), { ...marks, bold: false, noBold: true }));
    if (marks.noBold) marks.bold = false;
    if (tag === "a") return this.link(source, target, marks);
    if (tag === "ul" || tag === "ol") return this.list(source, target, marks);
    if (tag === "details") return this.details(source, target, marks);
    if (source.matches("aside.callout, .callout[role=note]")) return this.callout(source, target, marks);
    if (tag === "blockquote" || source.matches("p[class^=MsoQuote], p[class^=MsoIntenseQuote]")) return this.quote(source, target, marks);
    if (tag === "li") return target.append(this.fill(source, this.make("li"), marks));
    const piece = Object.keys(PIECES).find((name) => own[name] && !before[name]);
    if (piece && source.textContent.trim() && !source.querySelector("p, div")) return this.piece(piece, source, target, marks);
    if (tag === "span" && source.textContent === "\u00a0") return this.text(" ", target, marks);
    if (/mso-spacerun/i.test(styleOf(source))) return this.text(" ", target, marks);
    // Links are underlined in many documents.
    if (tag === "u" && source.textContent.trim() && !source.closest("a") && !source.querySelector("a")) this.leave("underlines", source.textContent);
    if (tag === "dt") marks.bold = true;
    if (tag === "p" || tag === "dt" || tag === "figcaption") return target.append(this.fill(source, this.make("p"), marks));
    if (BLOCKS.has(tag) || /^t(able|body|head|foot|r|d|h)$/.test(tag)) return target.append(this.fill(source, this.make("div"), marks));
    this.fill(source, target, marks);
  }

  // Headings by tag, by role, and by the styles that Word knows.
  levelOf(source) {
    const tag = /^h([1-6])$/.exec(source.localName);
    if (tag) return source.textContent.trim() || source.querySelector("img") ? Number(tag[1]) : 0;
    if (source.getAttribute("role") === "heading") return Math.min(Number(source.getAttribute("aria-level")) || 2, 6);
    if (source.localName !== "p") return 0;
    if (/^(MsoTitle|title)$/.test(source.className)) return 1;
    const found = /mso-outline-level:\s*([1-6])/i.exec(styleOf(source)) ?? /^MsoHeading([1-6])$/.exec(source.className);
    return found ? Number(found[1]) : 0;
  }

  formula(source, target) {
    const found = formulaOf(source);
    if (!found) return;
    if (found.tex === null) this.leave("formulas", source.textContent.replace(/\s+/g, " "));
    else target.append(this.node(found.isBlock ? "mathBlock" : "mathInline", { tex: found.tex }, found.isBlock ? "div" : "span"));
  }

  picture(source, target) {
    const found = pictureOf(source, this.site);
    if (found.text) this.text(found.text, target, {});
    else if (found.attrs) target.append(this.node("image", found.attrs));
    else if (found.name !== undefined) this.leave("pictures", found.name);
  }

  drawing(source) {
    const size = Number.parseFloat(source.getAttribute("width") || "0");
    const isIcon = source.closest("a, button") || source.getAttribute("aria-hidden") === "true" || (size && size <= 32);
    if (!isIcon) this.leave("pictures", source.querySelector("title")?.textContent || source.getAttribute("aria-label") || "SVG");
  }

  embedded(source, target) {
    const address = source.getAttribute("src") ?? source.getAttribute("data") ?? source.querySelector("source")?.getAttribute("src") ?? "";
    const src = videoOf(address, source.localName);
    if (src) return target.append(this.node("video", { src, title: source.getAttribute("title") ?? "" }, "div"));
    this.leave("embeds", URL.canParse(address, location.href) && address ? new URL(address, location.href).host || source.localName : source.localName);
  }

  // A video of a lesson's own page.
  player(source, target) {
    const link = source.querySelector("a.video-link");
    if (link) target.append(this.node("video", { src: link.href, title: link.textContent.split(": ").slice(1).join(": ") }, "div"));
  }

  field(source) {
    if (!/^(hidden|checkbox|radio|submit|button)$/.test(source.type)) this.leave("fields", source.name || source.localName);
  }

  code(source, target) {
    const wrapper = source.closest("[class*=highlight-source-], [class*=language-], [class*=lang-]") ?? source.querySelector("[class*=language-], [class*=lang-]");
    const known = /(?:highlight-source-|language-|lang-)([\w+#.-]+)/.exec(`${source.className} ${wrapper?.className ?? ""}`);
    const language = known?.[1] ?? source.closest("[data-language]")?.dataset.language ?? source.getAttribute("lang") ?? "";
    for (const each of source.querySelectorAll("br")) each.replaceWith("\n");
    const lines = [...source.querySelectorAll("div, p")].filter((each) => !each.querySelector("div, p"));
    for (const each of lines) if (each.nextElementSibling || each.parentElement.nextElementSibling) each.append("\n");
    for (const each of source.querySelectorAll("button, .line-number, .lineno, .linenos, [data-line-number]:empty")) each.remove();
    const made = this.make("pre").appendChild(this.make("code", language ? { class: `language-${language}` } : {}));
    made.textContent = source.textContent.replace(/\r\n?/g, "\n").replaceAll("\u00a0", " ").replace(/^\n|\n+$/g, "");
    target.append(made.parentElement);
  }

  table(source, target) {
    for (const caption of source.querySelectorAll(":scope > caption")) this.element(caption, target, {});
    const made = table(source, this.page, (cell, paragraph, { isHeading }) => {
      const own = this.says(cell);
      this.fill(cell, paragraph, isHeading ? { noBold: true } : { bold: own.bold, italic: own.italic, strike: own.strike });
      this.flatten(paragraph);
    }, (cell) => this.says(cell).align);
    if (made) target.append(made);
  }

  // A cell holds one line, so blocks in it become inline.
  flatten(paragraph) {
    for (const each of paragraph.querySelectorAll("[data-node=mathBlock]")) each.dataset.node = "mathInline";
    for (const each of paragraph.querySelectorAll("[data-node=video]")) {
      const { src, title } = JSON.parse(each.dataset.attrs);
      const link = this.make("a", { href: src });
      link.textContent = title || src;
      each.replaceWith(link);
    }
    for (const each of paragraph.querySelectorAll("br")) each.replaceWith(" ");
    for (const each of [...paragraph.querySelectorAll("p, div:not([data-node=mathInline]), ul, ol, li, blockquote, h1, h2, h3, h4, h5, h6, pre, hr")].reverse()) {
      if (each.localName === "pre") each.replaceWith(" ", each.firstChild, " ");
      else each.replaceWith(" ", ...each.childNodes, " ");
    }
  }

  link(source, target, marks) {
    const found = addressOf(source.getAttribute("href"), this.site);
    if (found.isFile) this.leave("links", source.textContent || found.name);
    if (found.isLost && source.textContent.trim()) this.leave("addresses", source.textContent);
    if (!found.href) return this.fill(source, target, marks);
    target.append(this.fill(source, this.make("a", { href: found.href }), { ...marks, raised: false }));
  }

  list(source, target, marks) {
    const items = [...source.children].filter((each) => each.localName === "li");
    const boxes = new Map(items.map((item) => [item, this.box(item)]));
    const isTasks = [...boxes.values()].some((each) => each !== null);
    const start = Number(source.getAttribute("start"));
    const list = isTasks ? this.node("taskList", {}, "ul") : this.make(source.localName, source.localName === "ol" && start > 1 ? { start } : {});
    for (const item of items) {
      const own = { ...marks, ...this.says(item) };
      const made = isTasks ? this.node("taskItem", { checked: Boolean(boxes.get(item)) }, "li") : this.make("li");
      list.append(this.fill(item, made, { bold: own.bold, italic: own.italic, strike: own.strike, noBold: own.noBold }));
    }
    if (items.length) target.append(list);
  }

  // Whether a task is done; null for an item that is none.
  box(item) {
    const input = [...item.querySelectorAll("input[type=checkbox]")].find((each) => each.closest("li") === item);
    const role = item.getAttribute("role") === "checkbox" ? item : [...item.children].find((each) => each.getAttribute("role") === "checkbox");
    if (input) return input.hasAttribute("checked");
    if (role?.hasAttribute("aria-checked")) return role.getAttribute("aria-checked") === "true";
    return null;
  }

  details(source, target, marks) {
    const summary = [...source.children].find((each) => each.localName === "summary");
    const kind = /callout-(\w+)/.exec(source.className)?.[1] ?? "details";
    const made = this.node("callout", { kind, title: summary?.textContent.trim() ?? "" }, "div");
    summary?.remove();
    target.append(this.fill(source, made, marks));
  }

  callout(source, target, marks) {
    const kind = /callout-(\w+)/.exec(source.className)?.[1] ?? "note";
    const heading = source.querySelector(":scope > .callout-title");
    const made = this.node("callout", { kind, title: heading?.textContent.trim() ?? "" }, "div");
    heading?.remove();
    target.append(this.fill(source, made, marks));
  }

  quote(source, target, marks) {
    const last = target.lastElementChild;
    const isNext = source.localName === "p" && last?.localName === "blockquote";
    const made = isNext ? last : target.appendChild(this.make("blockquote"));
    if (source.localName === "p") made.append(this.fill(source, this.make("p"), { ...marks, italic: false }));
    else this.fill(source, made, { ...marks, italic: false });
  }

  // What has a meaning and no sign in Markdown is written as HTML there.
  piece(name, source, target, marks) {
    const tag = PIECES[name];
    target.append(this.node("markdownInline", { source: `<${tag}>` }));
    this.fill(source, target, { ...marks, code: false });
    target.append(this.node("markdownInline", { source: `</${tag}>` }));
  }

  // Mails and old pages end a paragraph by two line breaks or more.
  splitAtBreaks(made) {
    const next = (node) => {
      const after = node.nextSibling;
      return after?.nodeType === Node.TEXT_NODE && !after.data.trim() ? next(after) : after;
    };
    for (const first of made.querySelectorAll("br")) {
      if (!made.contains(first) || first.closest("h1, h2, h3, h4, h5, h6") || next(first)?.localName !== "br") continue;
      const paragraph = first.closest("p") ?? this.paragraphAround(first);
      while (next(first)?.localName === "br") next(first).remove();
      const rest = this.page.createRange();
      rest.setStartAfter(first);
      rest.setEndAfter(paragraph.lastChild);
      first.remove();
      const behind = this.make("p");
      behind.append(rest.extractContents());
      paragraph.after(behind);
    }
  }

  // Wraps the words that a node stands among, in a container without paragraphs.
  paragraphAround(node) {
    const isWord = (each) => each && !(each.nodeType === Node.ELEMENT_NODE && each.matches(BLOCK));
    while (!node.parentElement.matches(BLOCK)) node = node.parentElement;
    while (isWord(node.previousSibling)) node = node.previousSibling;
    const paragraph = this.make("p");
    node.before(paragraph);
    while (isWord(paragraph.nextSibling)) paragraph.append(paragraph.nextSibling);
    return paragraph;
  }

  finish(made) {
    this.splitAtBreaks(made);
    for (const each of made.querySelectorAll("br")) {
      const beside = [each.previousElementSibling, each.nextElementSibling];
      const isBetween = [...each.parentElement.children].some((other) => other.matches(BLOCK));
      const isLast = !each.nextSibling && each.parentElement.matches("p, li, h1, h2, h3, h4, h5, h6");
      if (isLast || (isBetween && beside.every((other) => !other || other.matches(`${BLOCK}, br`)))) each.remove();
    }
    for (const each of made.querySelectorAll("p, div:not([data-node])")) {
      if (!each.textContent.trim() && !each.querySelector("[data-node], hr, table") && !each.closest("td, th")) each.remove();
    }
    this.joinCode(made);
    // The lesson's title is the first level; a page's own goes below it.
    if (made.querySelector("h1")) {
      for (const each of made.querySelectorAll("h1, h2, h3, h4, h5")) {
        const lower = this.make(`h${Number(each.localName[1]) + 1}`);
        lower.append(...each.childNodes);
        each.replaceWith(lower);
      }
    }
  }

  // Two lines or more that are all code are a block of it.
  joinCode(made) {
    const isCode = (each) => each?.localName === "p" && each.textContent.trim() && !each.querySelector("[data-node], a") && [...each.childNodes].every((child) => child.localName === "code" || (child.nodeType === Node.TEXT_NODE && !child.data.trim()));
    for (const each of made.querySelectorAll("p")) {
      if (!each.isConnected && !made.contains(each)) continue;
      if (!isCode(each) || !isCode(each.nextElementSibling)) continue;
      const run = [each];
      while (isCode(run.at(-1).nextElementSibling)) run.push(run.at(-1).nextElementSibling);
      const pre = this.make("pre");
      pre.appendChild(this.make("code")).textContent = run.map((line) => line.textContent.replaceAll("\u00a0", " ").trimEnd()).join("\n");
      each.before(pre);
      for (const line of run) line.remove();
    }
  }
}
