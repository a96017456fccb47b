// Passkey buttons show themselves where the browser can use them; one that was not used says so.
// Runs right behind them, so that what comes after has not been drawn yet and doesn't move.
const passkeyParts = (part) => document.querySelectorAll(`[data-passkey${part}]`);
const show = (elements, isShown) => elements.forEach((element) => { element.hidden = !isShown; });

if (window.PublicKeyCredential) {
  show(passkeyParts(""), true);
  show(passkeyParts("-missing"), false);
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-passkey]")) show(passkeyParts("-error"), false);
}, true);
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show(passkeyParts("-error"), true);
});
