// A lesson's own video resumes at the stored place, and stores where its learner is.
const EVERY = 10; // seconds
const NEAR_END = 10; // seconds; of short videos, a tenth

for (const player of document.querySelectorAll("video[data-position]")) {
  const address = player.dataset.position;
  // Null until the server has told it. Sending before that would overwrite it.
  let stored = null;
  let isAsking = false;
  let askedAt = 0; // seconds into the video
  let isChosen = false; // the learner moved to another place before the stored one was known
  const isOver = (seconds) => player.duration - seconds < Math.min(NEAR_END, player.duration / 10);

  const remember = () => {
    const seconds = Math.floor(player.currentTime);
    if (stored === null || seconds === stored) return;
    stored = seconds;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({
      seconds: isOver(seconds) ? 0 : seconds,
      csrfmiddlewaretoken: token,
    });
    navigator.sendBeacon(address, body);
  };

  const resume = async () => {
    if (stored !== null || isAsking || player.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    isAsking = true;
    askedAt = player.currentTime;
    try {
      const answer = await fetch(address, { cache: "no-store" });
      let { seconds } = await answer.json();
      // The video may have been replaced by a shorter one.
      if (isOver(seconds)) seconds = 0;
      // Who has come further meanwhile is not taken back.
      if (!isChosen && player.currentTime < seconds) player.currentTime = seconds;
      stored = seconds;
    } catch {
      // Without an answer nothing is stored. The next play asks again, or the next ten seconds.
    }
    isAsking = false;
  };

  resume();
  for (const event of ["loadedmetadata", "play"]) player.addEventListener(event, resume);
  player.addEventListener("seeking", () => { isChosen = true; });
  player.addEventListener("timeupdate", () => {
    const hasMoved = Math.abs(player.currentTime - (stored ?? askedAt)) >= EVERY;
    if (!hasMoved || player.paused) return;
    if (stored === null) resume();
    else remember();
  });
  player.addEventListener("pause", remember);
  // Phones may end a page in the background without a further event.
  document.addEventListener("visibilitychange", () => { if (document.hidden) remember(); });
  addEventListener("pagehide", remember);
}
