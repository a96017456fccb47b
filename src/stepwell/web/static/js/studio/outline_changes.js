// What is done in the outline's tree is posted without leaving the page; the answer is the tree.
const inTree = { target: "#tree", swap: "outerHTML", source: "#note" };

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-change]")) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form, event.submitter));
  const address = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  htmx.ajax("POST", address, { ...inTree, values });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-in-tree]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { ...inTree, select: "#tree" });
});

// An input that was just used is there again, for the next lesson or module.
let returnTo = null;
document.addEventListener("htmx:beforeSwap", () => { returnTo = document.activeElement?.id; });
document.addEventListener("htmx:afterSwap", () => {
  const next = document.getElementById("tree").dataset.focus;
  const wanted = document.querySelector("#rename, #move-to") ?? document.getElementById(next || returnTo);
  if (wanted && wanted !== document.activeElement) wanted.focus({ preventScroll: true });
});

for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, () => {
    const note = document.getElementById("note");
    note.textContent = note.dataset.failure;
  });
}

// Of several menus one is open at a time, and Escape or a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".tree-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".tree-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
