// Reports which part of a text or document is on screen, while the page is visible and in use. The server decides
// what counts; the whole time of each part is sent each time, so that a lost report does no harm.
const TICK_MS = 1000;
const REPORT_MS = 10000;
const AWAY_MS = 60000; // without a key, touch or scroll for so long, nobody is reading

class Reading {
  constructor(root) {
    this.root = root;
    this.units = Array.from(document.querySelectorAll('[data-unit]'));
    this.spent = {};
    this.required = JSON.parse(root.dataset.required);
    Object.assign(this.spent, JSON.parse(root.dataset.spent));
    this.session = null;
    this.sent = 0;
    this.active = Date.now();
    this.stopped = false;
    ['scroll', 'keydown', 'pointerdown', 'pointermove', 'touchstart'].forEach((name) => {
      window.addEventListener(name, () => { this.active = Date.now(); }, { passive: true });
    });
    document.addEventListener('watch:updated', (event) => { this.session = event.detail.id; this.stopped = false; });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.report(); });
    setInterval(() => this.tick(), TICK_MS);
    this.paint();
  }

  isOpen() {
    return document.visibilityState === 'visible' && document.hasFocus() && Date.now() - this.active < AWAY_MS;
  }

  // the part that fills most of the window, among those not yet read
  current() {
    let best = null;
    let most = 0;
    this.units.forEach((unit) => {
      const key = unit.dataset.unit;
      if (!(key in this.required) || (this.spent[key] || 0) >= this.required[key]) return;
      const box = unit.getBoundingClientRect();
      const seen = Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0);
      if (box.height > 0 && seen > Math.min(box.height * 0.6, window.innerHeight * 0.3) && seen > most) { most = seen; best = key; }
    });
    return best;
  }

  tick() {
    const key = this.isOpen() && !this.stopped ? this.current() : null;
    if (key) this.spent[key] = Math.min(this.required[key], (this.spent[key] || 0) + TICK_MS);
    if (key && !this.session) this.open();
    const due = Date.now() - this.sent > REPORT_MS || (key && this.spent[key] >= this.required[key]);
    if (due && this.session && this.dirty) this.report();
    if (key) { this.dirty = true; this.paint(); }
  }

  send(method, url, body) {
    return fetch(url, {
      method, credentials: 'same-origin', keepalive: true,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.root.dataset.token },
      body: JSON.stringify(body),
    });
  }

  async open() {
    if (this.opening) return;
    this.opening = true;
    try {
      const answer = await this.send('POST', this.root.dataset.session, {});
      if (answer.ok) this.session = this.session || (await answer.json()).id;
    } catch (error) {
      this.say('网络中断，阅读记录会在恢复后补报');
    } finally {
      this.opening = false;
    }
  }

  async report() {
    if (!this.session) return;
    this.sent = Date.now();
    this.dirty = false;
    const spent = Object.keys(this.spent).map((unit) => ({ unit, ms: this.spent[unit] }));
    try {
      const answer = await this.send('PUT', `/api/v1/watch-sessions/${this.session}/reading`, { spent });
      const state = await answer.json();
      if (answer.status === 409) { this.session = null; this.stopped = true; this.say(state.message); return; }
      if (answer.ok) this.take(state);
    } catch (error) {
      this.dirty = true;
      this.say('网络中断，阅读记录会在恢复后补报');
    }
  }

  take(state) {
    this.credited = {};
    state.units.forEach((unit) => { this.credited[unit.unit] = unit.spent_ms; if (unit.spent_ms < unit.required_ms && this.spent[unit.unit] >= unit.required_ms) this.dirty = true; });
    document.querySelectorAll('[data-read-percent]').forEach((e) => { e.textContent = state.read ? '已读完' : `已读 ${state.percent}%`; });
    this.say(state.completed ? '全部读完，已计入' : '');
    this.paint();
  }

  paint() {
    this.units.forEach((unit) => {
      const key = unit.dataset.unit;
      const note = unit.querySelector('[data-unit-state]');
      if (!note || !(key in this.required)) return;
      const left = Math.ceil((this.required[key] - (this.spent[key] || 0)) / 1000);
      note.textContent = left > 0 ? `本页还需阅读约 ${left} 秒` : '本页已读够';
      if (left <= 0) note.dataset.done = 'yes';
    });
  }

  say(text) { this.root.querySelector('[data-reading-say]').textContent = text; }
}

// one page at a time, by buttons or the arrow keys
function turnPages(reader) {
  const pages = Array.from(reader.querySelectorAll('[data-page]'));
  const part = (name) => reader.querySelector(`[data-reader-${name}]`);
  if (pages.length === 0) return;
  let place = 0;
  const show = (next) => {
    place = Math.max(0, Math.min(pages.length - 1, next));
    pages.forEach((page, number) => { page.hidden = number !== place; });
    part('place').textContent = `${place + 1} / ${pages.length}`;
    part('back').disabled = place === 0;
    part('next').disabled = place === pages.length - 1;
  };
  part('back').addEventListener('click', () => show(place - 1));
  part('next').addEventListener('click', () => show(place + 1));
  reader.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(place - 1);
    if (event.key === 'ArrowRight') show(place + 1);
  });
}

document.querySelectorAll('[data-reader]').forEach(turnPages);
document.querySelectorAll('[data-reading]').forEach((root) => new Reading(root));
