// Lessons and modules are dragged by their grip; where one is dropped is posted as a move.
let dragged = null;

const kindOf = (item) => (item.matches("[data-lesson]") ? "lesson" : "module");

function clear() {
  for (const item of document.querySelectorAll(".is-target, .is-dragged")) {
    item.classList.remove("is-target", "is-dragged");
  }
}

// What would come behind the dragged item if it was dropped here; null at the end of a list.
function following(items, y) {
  return items.find((item) => {
    const { top, height } = item.getBoundingClientRect();
    return item !== dragged && y < top + height / 2;
  }) ?? null;
}

function place(event) {
  if (kindOf(dragged) === "module") {
    const before = following([...document.querySelectorAll("[data-module]")], event.clientY);
    return { mark: before ?? document.querySelector(".tree-add-module"), before: before?.dataset.module ?? "" };
  }
  const module = event.target.closest("[data-module]");
  if (!module) return null;
  const before = following([...module.querySelectorAll("[data-lesson]")], event.clientY);
  const mark = before ?? module.querySelector(".tree-add");
  return { mark, module: module.dataset.module, before: before?.dataset.lesson ?? "" };
}

document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip) return;
  dragged = grip.closest("[data-lesson]") ?? grip.closest("[data-module]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  event.dataTransfer.setDragImage(dragged, 8, 8);
  requestAnimationFrame(() => dragged?.classList.add("is-dragged"));
});

document.addEventListener("dragover", (event) => {
  const spot = dragged && event.target.closest?.("[data-tree]") && place(event);
  if (!spot) return;
  event.preventDefault();
  document.querySelector(".is-target")?.classList.remove("is-target");
  spot.mark.classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const spot = dragged && place(event);
  if (!spot) return;
  event.preventDefault();
  const { mark: _mark, ...wish } = spot;
  const token = document.querySelector("#change [name=csrfmiddlewaretoken]").value;
  const values = { ...wish, csrfmiddlewaretoken: token };
  htmx.ajax("POST", dragged.dataset.move, { target: "#tree", swap: "outerHTML", source: "#note", values });
});

document.addEventListener("dragend", () => { clear(); dragged = null; });
