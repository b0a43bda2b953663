// Where to begin: at #t= of the address, else where the member stopped last, on whichever device.
import { clock } from './ranges.js';

const WORTH_S = 5;

export function resume(player) {
  const { media, root } = player;
  const asked = location.hash.match(/^#t=(\d+(?:\.\d+)?)/);
  const last = Number(root.dataset.position) / 1000 || 0;
  const begin = () => {
    const end = media.duration || Number(root.dataset.duration) || 0;
    if (asked) media.currentTime = Number(asked[1]);
    else if (last > WORTH_S && last < end - WORTH_S) { media.currentTime = last; notice(player, last); }
  };
  if (media.readyState >= 1) begin(); else media.addEventListener('loadedmetadata', begin, { once: true });
  window.addEventListener('hashchange', () => {
    const now = location.hash.match(/^#t=(\d+(?:\.\d+)?)/);
    if (now) media.currentTime = Number(now[1]);
  });
}

function notice(player, seconds) {
  const chip = player.root.querySelector('[data-resume]');
  chip.querySelector('span').textContent = `从上次 ${clock(seconds * 1000)} 继续`;
  chip.hidden = false;
  chip.querySelector('button').addEventListener('click', () => { player.media.currentTime = 0; chip.hidden = true; });
  player.media.addEventListener('playing', () => setTimeout(() => { chip.hidden = true; }, 8000), { once: true });
}
