// A large file says how far it is on its way; dropping it on the form is as good as choosing it.
for (const form of document.querySelectorAll("[data-upload]")) {
  const state = form.querySelector("[data-upload-state]");
  const input = form.querySelector("[type=file]");

  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files[0]?.size > form.dataset.most * 1024 * 1024) {
      state.textContent = form.dataset.large;
      return;
    }
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      state.textContent = form.dataset.sending.replace("%(n)s", Math.floor((100 * loaded) / total)).replace("%%", "%");
    });
    request.addEventListener("load", () => {
      if (request.responseURL !== location.href) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      state.textContent = page.querySelector(".field-errors")?.textContent ?? form.dataset.failure;
    });
    request.addEventListener("error", () => { state.textContent = form.dataset.failure; });
    request.open("POST", location.href);
    request.send(new FormData(form));
  });
}
