// Alt with an arrow moves the lesson or module that has the focus, as the buttons of its menu do.
document.querySelector("[data-keys-hint]").hidden = false;
document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!way || !event.altKey) return;
  const item = event.target.closest?.("[data-lesson]") ?? event.target.closest?.("[data-module]");
  if (!item || event.target.matches("input")) return;
  event.preventDefault();
  const token = document.querySelector("#change [name=csrfmiddlewaretoken]").value;
  const values = { way, keys: "yes", csrfmiddlewaretoken: token };
  htmx.ajax("POST", item.dataset.move, { target: "#tree", swap: "outerHTML", source: "#note", values });
});
