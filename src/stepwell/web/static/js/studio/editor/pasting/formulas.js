// Formulas of web pages keep their TeX: KaTeX, MathJax, Wikipedia and our own write it beside them.
const OUTER = ".katex, .katex-display, mjx-container, .MathJax, .mwe-math-element, math";

export const isFormula = (element) => element.matches(OUTER) || Boolean(element.closest(".katex-mathml"));

// Returns {tex, isBlock}; `tex` is null where nobody wrote it down.
export function formulaOf(element) {
  const math = element.matches("math") ? element : element.querySelector("math");
  const tex = element.querySelector('annotation[encoding*="tex" i]')?.textContent
    ?? math?.getAttribute("alttext") ?? element.querySelector("img[alt]")?.alt ?? element.dataset.tex ?? null;
  const isBlock = element.matches(".katex-display, [display=true], .mwe-math-element-block") || math?.getAttribute("display") === "block";
  return { tex: tex && tex.trim().replace(/^\{\\(display|text)style\s*([^]*)\}$/, "$2").trim(), isBlock };
}
