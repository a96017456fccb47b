// Lists as word processors write them become nested HTML lists.
import { SHEETS, styleOf } from "./styles.js";

const WORD = /mso-list:\s*(l\d+)\s+level(\d+)/i;
const NUMBERED = /^\(?(\d+|[a-z]{1,3}|[ivxlc]+)[.)]/i;

// A level that the sheets name without a format counts 1, 2, 3.
function isNumberedBySheet(level, sheets) {
  const format = new RegExp(`${level}\\s*{[^}]*?mso-level-number-format:\\s*(\\w+)`, "i").exec(sheets);
  return format ? format[1] !== "bullet" : sheets.includes(level);
}

function wordItem(element, sheets) {
  if (!/^(p|div)$/.test(element.localName)) return null;
  const found = WORD.exec(styleOf(element));
  if (!found) return null;
  const marker = [...element.querySelectorAll("span")].find((each) => /mso-list:\s*ignore/i.test(styleOf(each)));
  const text = marker?.textContent.trim() ?? "";
  marker?.remove();
  const level = `@list ${found[1]}:level${found[2]}`;
  const isNumbered = marker ? NUMBERED.test(text) : isNumberedBySheet(level, sheets);
  const start = Number.parseInt(text.replace("(", ""), 10) || 1;
  return { list: found[1], level: Number(found[2]), isNumbered, start, item: element };
}

// Word on the web: each item is a list of its own, with its level.
function webItems(element) {
  if (!element.matches(".ListContainerWrapper, .ListContainerWrapper *")) return null;
  const items = [...element.querySelectorAll("li[data-aria-level], li[aria-level]")];
  return items.length ? items.map((item) => ({
    list: item.getAttribute("data-listid") ?? "",
    level: Number(item.getAttribute("data-aria-level") ?? item.getAttribute("aria-level")),
    isNumbered: item.parentElement.localName === "ol",
    start: Number(item.parentElement.getAttribute("start")) || 1,
    item,
  })) : null;
}

function add(stack, found, before) {
  while (stack.length && stack.at(-1).level > found.level) stack.pop();
  const top = stack.at(-1);
  if (top?.level === found.level && (top.list !== found.list || top.isNumbered !== found.isNumbered)) stack.pop();
  let own = stack.at(-1);
  if (own?.level !== found.level) {
    const dom = before.ownerDocument.createElement(found.isNumbered ? "ol" : "ul");
    if (found.isNumbered && found.start !== 1) dom.setAttribute("start", found.start);
    if (own) own.dom.lastElementChild.append(dom);
    else before.before(dom);
    own = { ...found, dom };
    stack.push(own);
  }
  const item = before.ownerDocument.createElement("li");
  item.append(...found.item.childNodes);
  if (styleOf(found.item)) item.setAttribute("data-style", styleOf(found.item));
  own.dom.append(item);
}

function gather(parent, sheets) {
  const stack = [];
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === Node.COMMENT_NODE || (child.nodeType === Node.TEXT_NODE && !child.data.trim())) continue;
    const one = child.nodeType === Node.ELEMENT_NODE ? wordItem(child, sheets) : null;
    const found = one ? [one] : child.nodeType === Node.ELEMENT_NODE ? webItems(child) : null;
    if (!found) { stack.length = 0; continue; }
    for (const each of found) add(stack, each, child);
    child.remove();
  }
}

// Lists that pages make of other elements, by their roles.
function renameByRole(page) {
  for (const [role, tag] of [["list", "ul"], ["listitem", "li"]]) {
    for (const each of page.querySelectorAll(`div[role=${role}], span[role=${role}], section[role=${role}], p[role=${role}]`)) {
      const made = page.createElement(tag);
      made.append(...each.childNodes);
      if (styleOf(each)) made.setAttribute("data-style", styleOf(each));
      each.replaceWith(made);
    }
  }
}

export function mendLists(page) {
  renameByRole(page);
  const sheets = [...page.querySelectorAll(SHEETS)].map((each) => each.textContent).join("\n");
  for (const parent of [page.body, ...page.body.querySelectorAll("div, td, section, article, blockquote, b, span")]) gather(parent, sheets);
  // A list right inside a list, as Google Docs and old Word write it, belongs to the item before it.
  for (const inner of page.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    let item = inner.previousElementSibling;
    if (item?.localName !== "li") {
      item = page.createElement("li");
      inner.before(item);
    }
    item.append(inner);
  }
}
