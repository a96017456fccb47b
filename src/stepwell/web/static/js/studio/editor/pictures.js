// Asks for the description of a picture, which those hear who don't see it.
import { ask } from "./ask.js";

export async function describe({ src, address, alt = "" }) {
  const dialog = document.querySelector('dialog[data-ask="picture"]');
  const preview = dialog.querySelector("img");
  const { alt: text, decoration } = dialog.querySelector("form").elements;
  const follow = () => { text.disabled = decoration.checked; };
  decoration.onchange = follow;
  text.disabled = false;
  preview.hidden = !address?.startsWith("/files/");
  if (!preview.hidden) preview.src = address;
  dialog.querySelector("[data-file]").textContent = src.replace(/^.*\//, "");
  const answer = await ask("picture", { alt });
  return answer && { alt: decoration.checked ? "" : answer.alt.trim() };
}
