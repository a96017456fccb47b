// Completing shows at once, before the server answers, and puts itself right if it refuses.
function show(state) {
  const item = document.querySelector("#lesson-outline a[aria-current]")?.closest("li");
  item?.classList.toggle("is-completed", state === "completed");
  const steps = document.getElementById("lesson-steps");
  if (steps.dataset.shown === state) return;
  steps.dataset.shown = state;
  // The template holds the steps and the count of the other state; both change places.
  const [now, { content: other }] = steps.children;
  const shown = [...now.childNodes];
  now.append(other);
  other.append(...shown);
}

// Beside the button that was pressed, in a region that screen readers listen to.
function say(form, ...messages) {
  form.closest(".completion").querySelector(".completion-failure").replaceChildren(...messages);
}

function failure(form) {
  const message = document.createElement("p");
  message.className = "message message-error";
  message.textContent = form.dataset.failure;
  return message;
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.dataset.completion) return;
  show(target.dataset.completion);
  say(target);
});

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!target.dataset.completion || detail.successful) return;
  show(target.dataset.completion === "completed" ? "open" : "completed");
  if (detail.xhr.status === 0) say(target, failure(target));
  // Posting the plain way shows the server's own words for what went wrong.
  else if (detail.failed) HTMLFormElement.prototype.submit.call(target);
});
