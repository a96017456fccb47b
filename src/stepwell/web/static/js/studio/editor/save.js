// Saves what is written soon after it is written, and says so. Nothing is overwritten unseen: the
// server refuses what was begun on an older revision, and shows both texts.
const SOON = 1200;
const AGAIN = 5000;

export class Saver {
  constructor(form, read, post) {
    Object.assign(this, { form, read, post, base: Number(form.dataset.base), count: 0, savedCount: 0 });
    this.state = form.querySelector("[data-state]");
    addEventListener("beforeunload", (event) => { if (this.isDirty) event.preventDefault(); });
    addEventListener("online", () => this.save());
  }

  get isDirty() { return this.count !== this.savedCount; }

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

  // One request at a time: what is written meanwhile goes with the next one.
  async save() {
    if (this.isSaving) { await this.isSaving; }
    if (!this.isDirty || this.isStopped) return;
    this.isSaving = this.send();
    await this.isSaving;
    this.isSaving = null;
    if (this.isDirty && !this.isStopped) this.later(SOON);
  }

  async send() {
    const { count } = this;
    this.say(this.form.dataset.saving, "saving");
    const answer = await this.post(this.form.dataset.text, { base: this.base, ...this.read() });
    if (answer.isOffline) {
      this.say(this.form.dataset.offline, "offline");
      return this.later(AGAIN);
    }
    if (answer.ok) {
      this.base = answer.data.revision;
      this.savedCount = count;
      return this.say(answer.data.saved, "saved");
    }
    this.isStopped = answer.status === 409;
    this.say(answer.data.error ?? this.form.dataset.signedOut, "refused");
    if (!answer.data.error) this.later(AGAIN);
    if (this.isStopped) this.form.dispatchEvent(new CustomEvent("conflict", { detail: answer.data }));
  }
}
