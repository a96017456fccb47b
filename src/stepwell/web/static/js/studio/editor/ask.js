// Small questions in a dialog, named by what is asked for.
const NAMES = { mathInline: "formula", mathBlock: "formula", markdownInline: "piece" };

export function ask(name, values = {}) {
  const dialog = document.querySelector(`dialog[data-ask="${NAMES[name] ?? name}"]`);
  const form = dialog.querySelector("form");
  form.reset();
  for (const [field, value] of Object.entries(values)) {
    if (form.elements[field]) form.elements[field].value = value ?? "";
  }
  dialog.returnValue = "";
  dialog.showModal();
  form.querySelector("input, textarea, select")?.select?.();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(new FormData(form)) : null);
    }, { once: true });
  });
}
