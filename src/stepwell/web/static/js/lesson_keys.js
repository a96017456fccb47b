// n next, p previous, c complete, ? lists the keys; never while typing or with a modifier.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable], video, dialog")) return;
  if (event.key === "?") {
    document.getElementById("lesson-keys").showModal();
    return;
  }
  if (["n", "p", "c"].includes(event.key)) {
    document.querySelector(`[data-key="${event.key}"]`)?.click();
  }
});
