// Keys for the whole page while nobody types: the same ones as in other players, and a table of them.
import { openDialog } from './dialog.js';

const STEP_S = 10;
const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

function press(root, name) {
  const part = root.querySelector(name);
  if (part && part.getClientRects().length) part.click();
}

function nextRate(player, direction) {
  const rates = RATES.filter((rate) => rate <= player.watch.state.max_rate);
  const now = rates.indexOf(player.media.playbackRate);
  const rate = rates[Math.min(rates.length - 1, Math.max(0, now + direction))];
  player.media.playbackRate = rate;
  player.words.say(`播放速度 ${rate} 倍`);
}

function louder(media, by) { media.muted = false; media.volume = Math.min(1, Math.max(0, media.volume + by)); }

function table(player) {
  const { media, root } = player;
  const go = (by) => { media.currentTime = Math.max(0, media.currentTime + by); };
  const toggle = () => { if (media.paused) media.play(); else media.pause(); };
  return {
    ' ': toggle, k: toggle, K: toggle,
    ArrowLeft: () => go(-STEP_S), j: () => go(-STEP_S), J: () => go(-STEP_S),
    ArrowRight: () => go(STEP_S), l: () => go(STEP_S), L: () => go(STEP_S),
    ArrowUp: () => louder(media, 0.1), ArrowDown: () => louder(media, -0.1),
    m: () => { media.muted = !media.muted; }, M: () => { media.muted = !media.muted; },
    c: () => captions(player), C: () => captions(player),
    f: () => press(root, 'media-fullscreen-button'), F: () => press(root, 'media-fullscreen-button'),
    i: () => press(root, 'media-pip-button'), I: () => press(root, 'media-pip-button'),
    '<': () => nextRate(player, -1), '>': () => nextRate(player, 1),
    '?': () => help(player),
  };
}

function captions(player) {
  const tracks = [...player.media.textTracks].filter((track) => track.kind === 'captions' || track.kind === 'subtitles');
  if (!tracks.length) { player.words.say('这段视频没有字幕'); return; }
  const shown = tracks.find((track) => track.mode === 'showing');
  if (shown) { player.lastCaption = shown; shown.mode = 'disabled'; } else (player.lastCaption || tracks[0]).mode = 'showing';
}

function help(player) {
  const rows = player.root.querySelector('template[data-shortcuts]');
  openDialog({ title: '快捷键', content: document.importNode(rows.content, true), close: '知道了' });
}

export function listenToKeys(player) {
  const { root, media } = player;
  const keys = table(player);
  const button = root.querySelector('[data-help]');
  if (button) button.addEventListener('click', () => help(player));
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const path = event.composedPath();
    const target = path[0];
    const inside = path.includes(root);
    if (!inside && document.activeElement !== document.body) return;
    if (!player.framed && target === media) return; // the browser's own controls answer
    if (path.some((e) => e.getAttribute && /^(dialog|alertdialog|menu)$/.test(e.getAttribute('role') || ''))) return;
    if (path.some((e) => e.localName === 'media-volume-range')) return;
    const isRange = target.type === 'range';
    if (!isRange && target.closest && target.closest('input, textarea, select, [contenteditable]')) return;
    const isButton = inside && path.some((e) => e.localName && (e.localName === 'button' || e.localName === 'a' || (e.getAttribute && e.getAttribute('role') === 'button')));
    if (isButton && (event.key === ' ' || event.key === 'Enter')) return;
    // up and down belong to the page unless the player has the focus
    if (!inside && /^Arrow(Up|Down)$/.test(event.key)) return;
    const digit = /^[0-9]$/.test(event.key);
    if (!digit && !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (digit) media.currentTime = (media.duration || 0) * Number(event.key) / 10;
    else keys[event.key]();
  }, true);
}
