// Paints over the seek bar what is credited (gold), what waits for credit (pale gold) and how far one has come.
import { subtract } from './ranges.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 1000;

function strip(from, to, css) {
  const rect = document.createElementNS(SVG, 'rect');
  Object.entries({ x: from * WIDTH, width: Math.max(1, (to - from) * WIDTH), y: 0, height: 4, class: css })
    .forEach(([name, value]) => rect.setAttribute(name, value));
  return rect;
}

export function paintBar(player) {
  const { root, media, watch } = player;
  const svg = root.querySelector('[data-credited]');
  if (!svg) return;
  const paint = () => {
    const whole = (media.duration || Number(root.dataset.duration) || 0) * 1000;
    if (!whole) return;
    svg.textContent = '';
    const share = (ms) => Math.min(1, ms / whole);
    watch.state.ranges.forEach(([a, b]) => svg.append(strip(share(a), share(b), 'credited')));
    subtract(watch.pending, watch.state.ranges).forEach(([a, b]) => svg.append(strip(share(a), share(b), 'pending')));
    const furthest = share(watch.furthest * 1000);
    if (!watch.state.may_seek && furthest > 0) svg.append(strip(Math.max(0, furthest - 0.003), furthest, 'furthest'));
  };
  root.addEventListener('player:kept', paint);
  root.addEventListener('watch:updated', paint);
  media.addEventListener('loadedmetadata', paint);
  paint();
}
