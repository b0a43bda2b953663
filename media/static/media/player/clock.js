// What was really played, by the player's own events. A jump of the position is never counted as time played.
import { union } from './ranges.js';

const LARGEST_STEP_S = 3; // between two timeupdate events, at any rate we allow; more is a jump or a sleep

export class Clock {
  constructor(media) {
    this.media = media;
    this.start = null;
    this.end = null;
    this.left = null; // where playing stopped or was asked for; a slow page hears of its start late
    this.pieces = [];
    media.addEventListener('play', () => { if (!media.seeking) this.left = media.currentTime; });
    media.addEventListener('playing', () => this.begin());
    media.addEventListener('timeupdate', () => this.step());
    ['pause', 'ended', 'waiting'].forEach((name) => media.addEventListener(name, () => { this.step(); this.close(); }));
    ['seeking', 'emptied'].forEach((name) => media.addEventListener(name, () => { this.close(); this.left = null; }));
    media.addEventListener('seeked', () => this.begin());
  }

  begin() {
    const { media } = this;
    if (media.paused || media.seeking || this.start !== null) return;
    const now = media.currentTime;
    const isContinued = this.left !== null && now >= this.left && now - this.left <= LARGEST_STEP_S;
    this.start = isContinued ? this.left : now; // no jump lies between: what passed meanwhile was played
    this.end = now;
  }

  step() {
    const { media } = this;
    if (media.seeking) return;
    if (this.start === null) { this.begin(); return; }
    const now = media.currentTime;
    if (now < this.end || now - this.end > LARGEST_STEP_S) { this.close(); this.begin(); return; }
    this.end = now;
  }

  close() {
    if (this.start !== null && this.end > this.start) this.pieces.push([Math.round(this.start * 1000), Math.round(this.end * 1000)]);
    if (this.start !== null) this.left = this.end;
    this.start = null;
  }

  // everything played since the last call
  take() {
    this.step();
    const open = this.start !== null ? this.end : null;
    this.close();
    if (open !== null && !this.media.paused) { this.start = open; this.end = open; }
    const taken = union(this.pieces);
    this.pieces = [];
    return taken;
  }

  // how far playing has come in the piece that is open
  get reached() { return this.start === null ? 0 : this.end; }
}
