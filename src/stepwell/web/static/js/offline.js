// Registers the service worker, and says where htmx had no connection that nothing was recorded.
const offline = document.currentScript.dataset;

navigator.serviceWorker?.register(offline.worker);

document.addEventListener("htmx:sendError", ({ target }) => {
  // Completing says so itself, beside its button.
  if (target.dataset.completion) return;
  const message = document.createElement("p");
  message.className = "message message-error";
  message.setAttribute("role", "alert");
  message.textContent = offline.failure;
  (target.closest("dialog, form, section") ?? document.getElementById("content")).append(message);
  document.addEventListener("htmx:beforeRequest", () => message.remove(), { once: true });
});
