// n next, p previous, c complete, ? lists the keys. Learners can switch them off: WCAG 2.1.4.
const list = document.getElementById("lesson-keys");
const MODIFIERS = ["Control", "Alt", "AltGraph", "Meta", "OS", "Fn", "Hyper", "Super"];
const TYPED = "input, textarea, select, video, audio, dialog, [role='textbox']";

const areOn = () => list.querySelector("[data-keys]").dataset.keys === "on";

function isTyped({ target }) {
  return target.isContentEditable || target.closest?.(TYPED);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (MODIFIERS.some((name) => event.getModifierState(name))) return;
  if (!areOn() || isTyped(event)) return;
  // Keyboards have "?" with Shift; "n" with Shift is what Caps Lock makes of "N".
  if (event.key === "?") list.showModal();
  else if (!event.shiftKey && ["n", "p", "c"].includes(event.key)) {
    document.querySelector(`[data-key="${event.key}"]`)?.click();
  }
});

for (const button of document.querySelectorAll("[data-keys-list]")) {
  button.hidden = false;
  button.addEventListener("click", () => list.showModal());
}
