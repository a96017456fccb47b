// A video's link becomes its player when clicked; before that no other host is asked for anything.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".video-link");
  const figure = link?.closest("[data-video]");
  if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  const address = new URL(figure.dataset.video);
  address.searchParams.set("autoplay", "1");
  player.src = address;
  player.title = link.textContent;
  player.allow = "autoplay; fullscreen; picture-in-picture";
  player.allowFullscreen = true;
  player.referrerPolicy = "strict-origin-when-cross-origin";
  link.replaceWith(player);
  player.focus();
});
