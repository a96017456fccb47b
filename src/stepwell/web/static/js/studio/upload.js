// A large file says how far it is on its way; dropping it on the form chooses it.
const MIB = 1024 * 1024;

function watch(form) {
  const state = form.querySelector("[data-upload-state]");
  const inputs = [...form.querySelectorAll("[type=file]")];
  const bar = document.createElement("progress");

  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) inputs[0].files = event.dataTransfer.files;
  });

  form.addEventListener("submit", (event) => {
    const size = inputs.reduce((sum, input) => sum + (input.files[0]?.size ?? 0), 0);
    if (!size || event.submitter?.formAction !== location.href) return;
    event.preventDefault();
    if (size > form.dataset.most * MIB) return state.replaceChildren(form.dataset.large);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      const percent = Math.floor((100 * loaded) / total);
      state.replaceChildren(bar, " ", form.dataset.sending.replace("%(n)s", percent).replace("%%", "%"));
    });
    request.addEventListener("load", () => {
      if (request.responseURL !== location.href) return location.assign(request.responseURL);
      const main = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (!main) return state.replaceChildren(form.dataset.failure);
      document.querySelector("main").replaceWith(main);
      main.querySelectorAll("[data-upload]").forEach(watch);
      main.querySelector(".has-errors :is(input, select, textarea)")?.focus();
    });
    request.addEventListener("error", () => state.replaceChildren(form.dataset.failure));
    request.open("POST", location.href);
    request.send(new FormData(form, event.submitter));
  });
}

document.querySelectorAll("[data-upload]").forEach(watch);
