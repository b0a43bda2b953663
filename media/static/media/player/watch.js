// Reports what was watched: the whole unacknowledged set each time, so that loss, doubles and disorder do no harm.
import { clock as words } from './ranges.js';
import { ask } from './server.js';
import { Store } from './store.js';

const FIRST_REPORT_MS = 5000; // a member soon sees that it is recorded
const REPORT_MS = 20000;
const LONGEST_WAIT_MS = 60000;
const MOST_RANGES = 500;

export class Watch {
  constructor(player, clock) {
    this.player = player;
    this.clock = clock;
    const { dataset } = player.root;
    this.store = new Store(`${dataset.member}:${dataset.lesson}`);
    this.state = {
      id: null, ranges: JSON.parse(dataset.ranges || '[]'), furthest_ms: Number(dataset.furthest) || 0,
      may_seek: dataset.watched === 'yes', max_rate: Number(dataset.maxPercent) / 100 || 1, prompt: null, stops: [],
    };
    this.seq = Date.now();
    this.failures = 0;
    this.busy = false;
    this.lost = false; // another tab holds the lease
    this.follow();
  }

  follow() {
    const { media } = this.player;
    media.addEventListener('play', () => this.onPlay());
    ['pause', 'ended'].forEach((name) => media.addEventListener(name, () => this.report()));
    media.addEventListener('timeupdate', () => this.keep());
    window.addEventListener('pagehide', () => this.report(true));
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.report(true); });
    window.addEventListener('online', () => { this.failures = 0; this.report(); });
    this.schedule(FIRST_REPORT_MS);
    // left over from a crash or an offline spell: sent with the next playing, lest another tab that plays now be stopped
    if (this.store.pieces.length) this.player.words.state('有记录还没报上去，点播放后自动补报');
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      if (!this.player.media.paused || this.failures) await this.report();
      this.schedule(this.failures ? Math.min(LONGEST_WAIT_MS, 2000 * 2 ** this.failures) : REPORT_MS * (0.8 + Math.random() * 0.4));
    }, wait);
  }

  // what was played goes to the device's store each second or so: a crash loses no more
  keep(force = false) {
    const now = Date.now();
    if (!force && now - (this.keptAt || 0) < 1000) return;
    this.keptAt = now;
    this.store.add(this.clock.take());
    this.player.root.dispatchEvent(new CustomEvent('player:kept'));
  }

  get pending() { return this.store.pieces; }

  // where a first viewing may go: credited, waiting for credit, or being played now
  get furthest() {
    const kept = this.pending.reduce((most, piece) => Math.max(most, piece[1]), 0);
    return Math.max(this.state.furthest_ms, kept, this.clock.reached * 1000) / 1000;
  }

  onPlay() {
    if (this.lost) { this.player.media.pause(); return; }
    if (!this.state.id) this.open();
  }

  async open() {
    if (this.opening) return this.opening;
    this.opening = this.request('POST', this.player.root.dataset.session).then((state) => {
      this.opening = null;
      if (state) { this.lost = false; this.receive(state); }
      return state;
    });
    return this.opening;
  }

  async report(leaving = false) {
    this.keep(true);
    const pieces = this.pending.slice(-MOST_RANGES);
    if (this.lost || (this.busy && !leaving)) return;
    if (!this.state.id) { if (!this.player.media.paused || (pieces.length && this.failures)) await this.open(); return; }
    if (!pieces.length && !this.state.prompt && !this.failures && this.player.media.paused) return;
    this.busy = true;
    this.seq += 1;
    const position = Math.round(this.player.media.currentTime * 1000);
    const state = await this.request('PUT', `/api/v1/watch-sessions/${this.state.id}`, { seq: this.seq, ranges: pieces, position }, leaving);
    this.busy = false;
    if (state) this.receive(state);
  }

  // the new state, or null after words for what went wrong
  async request(method, url, body, keepalive) {
    const answer = await ask(this.player.root, method, url, body, keepalive);
    if (answer.ok) { this.failures = 0; return answer.data; }
    this.refuse(answer);
    return null;
  }

  refuse(answer) {
    const { words: say, media, root } = this.player;
    if (answer.status === 409 && answer.data.code === 'taken_over') {
      this.lost = true;
      media.pause();
      say.box({ key: 'taken', text: answer.data.message || '您已在另一个窗口或设备上打开课程，这里已暂停。', action: '在这里继续', run: () => this.takeBack() });
    } else if (answer.status === 401 || answer.status === 403) {
      this.failures += 1;
      say.box({ key: 'expired', text: '登录已过期。看过的部分已存在本机，重新登录后自动补报。', action: '重新登录', href: root.dataset.login });
    } else if (answer.status === 404 || answer.status === 409) {
      this.state.id = null; // the session is gone: the next report opens another
      this.failures += 1;
    } else {
      this.failures += 1;
      say.state(answer.status === 0 ? '网络断开，记录存在本机' : '服务器忙，记录存在本机，稍后自动补报');
    }
  }

  async takeBack() {
    this.lost = false;
    this.state.id = null;
    if (await this.open()) {
      this.player.words.unbox('taken');
      this.player.media.play();
    } else this.lost = true;
  }

  receive(state) {
    this.state = Object.assign({}, this.state, { prompt: null }, state, { may_seek: 'may_seek' in state ? state.may_seek : state.watched });
    this.store.drop(state.ranges);
    // what the server will never credit (beyond a jump) is not claimed for ever
    const refused = (state.uncounted || []).filter((part) => part.reason === 'ahead').map((part) => [part.start_ms, part.end_ms]);
    if (refused.length) this.store.drop(refused);
    this.player.words.unbox('expired');
    this.player.words.state(this.state.credited_ms ? `已记到 ${words(this.state.furthest_ms)}` : '正在记录');
    document.querySelectorAll('[data-watch-percent]').forEach((e) => { e.textContent = `已看 ${state.percent}%`; });
    this.player.root.dispatchEvent(new CustomEvent('watch:updated', { bubbles: true, detail: this.state }));
  }
}
