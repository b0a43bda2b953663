// The player: our own controls over hls.js, and the report of what was really watched.
// The whole unacknowledged set of watched pieces is sent each time, so that loss, doubles and disorder do no harm.
const REPORT_MS = 20000;
const JUMP_S = 2;
const RATES = [1, 1.25, 1.5];

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector('video');
    this.watched = root.dataset.watched === 'yes';
    this.pieces = [];
    this.start = null;
    this.furthest = 0;
    this.seq = 0;
    this.reportUrl = null;
    this.load();
    this.bind();
  }

  load() {
    const { manifest } = this.root.dataset;
    if (window.Hls && window.Hls.isSupported()) {
      this.hls = new window.Hls({ enableWorker: false });
      this.hls.loadSource(manifest);
      this.hls.attachMedia(this.video);
    } else {
      this.video.src = manifest;
    }
  }

  part(name) { return this.root.querySelector(`[data-${name}]`); }

  bind() {
    const v = this.video;
    this.part('play').addEventListener('click', () => this.toggle());
    this.part('play').disabled = false; // a press before this line would have been lost
    v.addEventListener('click', () => this.toggle());
    this.part('back').addEventListener('click', () => { v.currentTime = Math.max(0, v.currentTime - 10); });
    this.part('rate').addEventListener('click', () => this.nextRate());
    this.part('mute').addEventListener('click', () => this.mute());
    this.part('full').addEventListener('click', () => this.root.requestFullscreen && this.root.requestFullscreen());
    this.part('scrub').addEventListener('input', (event) => { v.currentTime = Number(event.target.value); });
    v.addEventListener('play', () => this.onPlay());
    v.addEventListener('pause', () => { this.close(); this.paint(); this.report(); });
    v.addEventListener('seeking', () => this.onSeeking());
    v.addEventListener('seeked', () => { if (!v.paused) this.start = v.currentTime; });
    v.addEventListener('timeupdate', () => this.onTime());
    v.addEventListener('ended', () => { this.close(); this.report(); });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') { this.split(); this.report(); } });
    window.addEventListener('pagehide', () => { this.split(); this.report(); });
    setInterval(() => { if (!v.paused) { this.split(); this.report(); } }, REPORT_MS * (0.8 + Math.random() * 0.4));
  }

  toggle() { if (this.video.paused) this.begin(); else this.video.pause(); }

  async begin() {
    if (!this.reportUrl) await this.openSession();
    await this.video.play();
  }

  async openSession() {
    const response = await fetch(this.root.dataset.session, { method: 'POST', credentials: 'same-origin', headers: { 'X-CSRFToken': this.root.dataset.token } });
    if (!response.ok) return;
    const state = await response.json();
    this.reportUrl = `/api/v1/watch-sessions/${state.id}`;
    this.furthest = state.furthest_ms / 1000;
    this.watched = this.watched || state.watched;
    if (!this.watched && state.position_ms > 0 && this.video.currentTime < 1) this.video.currentTime = Math.min(state.position_ms / 1000, this.furthest);
  }

  onPlay() { this.start = this.video.currentTime; this.paint(); }

  // a first viewing goes no further than what was watched; going back is free
  onSeeking() {
    this.close();
    if (!this.watched && this.video.currentTime > this.furthest + JUMP_S) {
      this.video.currentTime = this.furthest;
      this.say('第一次观看请按顺序看，不能跳到没看过的地方');
    }
  }

  onTime() {
    const now = this.video.currentTime;
    if (!this.video.seeking && this.start !== null) this.furthest = Math.max(this.furthest, now);
    this.part('scrub').value = Math.floor(now);
    this.part('time').textContent = `${String(Math.floor(now / 60)).padStart(2, '0')}:${String(Math.floor(now % 60)).padStart(2, '0')}`;
  }

  // ends the current piece at the last position that was really played
  close() {
    if (this.start === null) return;
    const end = this.video.seeking ? this.furthest : this.video.currentTime;
    if (end > this.start) this.pieces.push([Math.round(this.start * 1000), Math.round(end * 1000)]);
    this.start = null;
  }

  split() { if (this.start !== null) { this.close(); this.start = this.video.currentTime; } }

  async report() {
    if (!this.reportUrl || this.pieces.length === 0) return;
    this.seq += 1;
    const sent = this.pieces.slice(-500);
    try {
      const response = await fetch(this.reportUrl, {
        method: 'PUT', credentials: 'same-origin', keepalive: true,
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.root.dataset.token },
        body: JSON.stringify({ seq: this.seq, ranges: sent, position: Math.round(this.video.currentTime * 1000) }),
      });
      const state = await response.json();
      if (response.status === 409) { this.video.pause(); this.reportUrl = null; this.say(state.message); return; }
      if (response.ok) this.acknowledge(state);
    } catch (error) {
      this.say('网络中断，观看记录会在恢复后补报');
    }
  }

  acknowledge(state) {
    const inside = ([start, end]) => state.ranges.some(([a, b]) => a <= start && end <= b);
    this.pieces = this.pieces.filter((piece) => !inside(piece));
    this.watched = this.watched || state.watched;
    document.querySelectorAll('[data-watch-percent]').forEach((e) => { e.textContent = `已看 ${state.percent}%`; });
    this.root.dispatchEvent(new CustomEvent('watch:updated', { bubbles: true, detail: state }));
  }

  nextRate() {
    const rate = RATES[(RATES.indexOf(this.video.playbackRate) + 1) % RATES.length];
    this.video.playbackRate = rate;
    this.part('rate-label').textContent = `${rate === 1 ? '1.0' : rate}×`;
  }

  mute() {
    this.video.muted = !this.video.muted;
    this.part('mute').setAttribute('aria-pressed', String(this.video.muted));
  }

  paint() { this.part('play').setAttribute('aria-label', this.video.paused ? '播放' : '暂停'); }

  say(text) { this.part('say').textContent = text; document.getElementById('say').textContent = text; }
}

document.querySelectorAll('[data-player]').forEach((root) => new Player(root));
