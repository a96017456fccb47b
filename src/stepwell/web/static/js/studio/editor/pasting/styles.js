// What styles of pasted HTML mean: bold, italic, struck through, code, raised and lowered.
const FIXED = /^["']?(consolas|courier|menlo|monaco|monospace|roboto mono|sf ?mono|source code|sfmono|ui-monospace|fira (code|mono)|jetbrains mono|liberation mono|dejavu sans mono|lucida console|cascadia|ubuntu mono|andale mono)/i;
const TAGS = {
  b: { bold: true }, strong: { bold: true }, i: { italic: true }, em: { italic: true },
  cite: { italic: true }, dfn: { italic: true }, var: { italic: true },
  s: { strike: true }, strike: { strike: true }, del: { strike: true },
  code: { code: true }, tt: { code: true }, samp: { code: true },
  sup: { raised: true }, sub: { lowered: true }, kbd: { key: true }, mark: { marked: true },
};

export const SHEETS = "script[data-sheet]";

// Our Content-Security-Policy empties `element.style` and complains of each. So styles are parsed as
// data: attributes under another name, sheets as scripts that never run. So are event handlers.
export const withoutStyles = (html) => html
  .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/[\s"'](style|on\w+)(?=\s*=)/gi, " data-$1"))
  .replace(/<(\/?)style\b/gi, (_all, end) => (end ? "</script" : "<script data-sheet"));

export const styleOf = (element) => element.getAttribute("data-style") ?? "";

function declarations(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`x{${css}}`);
  return sheet.cssRules[0]?.style;
}

function meaning(style) {
  const found = {};
  const weight = style.fontWeight;
  if (weight && weight !== "inherit") found.bold = /^bold/.test(weight) || Number(weight) >= 600;
  if (style.fontStyle && style.fontStyle !== "inherit") found.italic = /italic|oblique/.test(style.fontStyle);
  if (/line-through/.test(style.textDecorationLine || style.textDecoration)) found.strike = true;
  if (style.verticalAlign) Object.assign(found, { raised: style.verticalAlign === "super", lowered: style.verticalAlign === "sub" });
  if (style.fontFamily) found.code = found.isFixed = FIXED.test(style.fontFamily);
  if (/^pre/.test(style.whiteSpace)) found.isPre = style.whiteSpace === "pre";
  if (style.display === "none" || style.visibility === "hidden") found.isHidden = true;
  if (/^(left|center|right)$/.test(style.textAlign)) found.align = style.textAlign;
  return found;
}

// Rules of pasted style sheets, as Word and spreadsheets write them, by the elements they name.
function ruled(page) {
  const found = new Map();
  for (const { textContent } of page.querySelectorAll(SHEETS)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(textContent.replace(/<!--|-->/g, ""));
    for (const rule of sheet.cssRules) {
      if (!rule.selectorText || rule.selectorText === "*") continue;
      for (const each of page.querySelectorAll(rule.selectorText.replace(/::?[\w-]+(\([^)]*\))?/g, "") || "none")) {
        found.set(each, { ...found.get(each), ...meaning(rule.style) });
      }
    }
  }
  return found;
}

// Returns a function that tells what an element itself says, by its tag, rules and style.
export function readStyles(page) {
  const rules = ruled(page);
  // A page that is set in one fixed width throughout says nothing by it.
  const isPlain = (text) => !text.trim();
  const says = (element) => {
    const own = { ...TAGS[element.localName], ...rules.get(element) };
    const written = styleOf(element);
    if (written) Object.assign(own, meaning(declarations(written) ?? {}));
    if (element.localName === "font" && FIXED.test(element.getAttribute("face") ?? "")) own.code = true;
    if (TAGS[element.localName]?.code) own.code = true;
    if (element.hidden || element.localName === "template") own.isHidden = true;
    const align = element.getAttribute("align");
    if (/^(left|center|right)$/i.test(align ?? "")) own.align = align.toLowerCase();
    return own;
  };
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const isFixed = (element) => {
    for (let each = element; each && each !== page; each = each.parentElement) {
      const { code } = says(each);
      if (code !== undefined) return code;
    }
    return false;
  };
  let allFixed = true;
  while (allFixed && walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!isPlain(data) && !parentElement.closest("style, script") && !isFixed(parentElement)) allFixed = false;
  }
  if (!allFixed || page.body.querySelector("code, pre, tt, samp")) return says;
  return (element) => {
    const { code: _code, ...own } = says(element);
    return own;
  };
}
