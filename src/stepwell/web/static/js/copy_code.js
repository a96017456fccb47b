// Every block of code gets a button that copies it.
const words = document.querySelector(".prose")?.dataset ?? {};
for (const figure of document.querySelectorAll(".prose figure.code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = words.copy ?? "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(figure.querySelector("pre").textContent);
    button.textContent = words.copied ?? "Copied";
  });
  figure.append(button);
}
