// Saves what is written soon after it is written, and says so. The server refuses a text that was
// begun on an older revision, and shows both texts.
const SOON = 1200;
const AGAIN = 5000;

export class Saver {
  constructor(form, read, post) {
    Object.assign(this, { form, read, post, base: Number(form.dataset.base), count: 0, savedCount: 0, arriving: 0 });
    this.state = form.querySelector("[data-state]");
    addEventListener("beforeunload", (event) => { if (this.isUnsaved) event.preventDefault(); });
    addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
  }

  get isDirty() { return this.count !== this.savedCount; }

  // What is on its way into the text, such as a picture, is not saved either.
  get isUnsaved() { return this.isDirty || this.arriving > 0; }

  async arrival(promise) {
    this.arriving += 1;
    try { return await promise; } finally { this.arriving -= 1; }
  }

  say(words, kind = "") {
    this.state.textContent = words;
    this.state.dataset.state = kind;
  }

  changed() {
    this.count += 1;
    this.say(this.form.dataset.unsaved, "unsaved");
    this.later(SOON);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  // Save until nothing is unsaved, or it can't be. There is one run at a time, and one request.
  save() {
    this.running ??= this.run().finally(() => { this.running = null; });
    return this.running;
  }

  async run() {
    while (this.isDirty && !this.isStopped && (await this.send())) clearTimeout(this.timer);
  }

  // A request whose answer was lost is sent again as it was: if the server has saved it already,
  // it recognizes the text and nobody meets their own save.
  async send() {
    this.sent ??= { count: this.count, body: { base: this.base, ...this.read() } };
    this.say(this.form.dataset.saving, "saving");
    const answer = await this.post(this.form.dataset.text, this.sent.body);
    if (answer.isLost) {
      // A text that the server breaks at twice must not keep a later one from being sent.
      if (answer.isBroken && this.sent.hasBroken) this.sent = null;
      else if (answer.isBroken) this.sent.hasBroken = true;
      this.say(this.form.dataset.offline, "offline");
      this.later(AGAIN);
      return false;
    }
    const { count } = this.sent;
    this.sent = null;
    if (answer.ok) {
      this.base = answer.data.revision;
      this.savedCount = count;
      if (!this.isDirty) this.say(answer.data.saved, "saved");
      return true;
    }
    this.isStopped = answer.status === 409;
    this.say(answer.data.error ?? this.form.dataset.signedOut, "refused");
    if (!answer.data.error) this.later(AGAIN);
    if (this.isStopped) this.form.dispatchEvent(new CustomEvent("conflict", { detail: answer.data }));
    return false;
  }
}
