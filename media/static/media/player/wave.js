// A lesson of sound alone shows its waveform, filled as far as it was played, where a film shows its picture.

const SVG = 'http://www.w3.org/2000/svg';
const BARS = 120;

export async function drawWave(player) {
  const { root, media } = player;
  const { waveform } = root.dataset;
  if (!waveform) return;
  const response = await fetch(waveform, { credentials: 'same-origin' });
  if (!response.ok) return;
  const { peaks } = await response.json();
  const svg = document.createElementNS(SVG, 'svg');
  const size = { viewBox: `0 0 ${BARS * 4} 100`, preserveAspectRatio: 'none', class: 'wave', 'aria-hidden': 'true' };
  Object.entries(size).forEach(([name, value]) => svg.setAttribute(name, value));
  const bars = [];
  for (let n = 0; n < BARS; n += 1) {
    const part = peaks.slice(Math.floor(n * peaks.length / BARS), Math.max(1, Math.ceil((n + 1) * peaks.length / BARS)));
    const height = Math.max(3, Math.max(0, ...part) / 255 * 90);
    const bar = document.createElementNS(SVG, 'rect');
    Object.entries({ x: n * 4, width: 2.4, y: 50 - height / 2, height, rx: 1 }).forEach(([name, value]) => bar.setAttribute(name, value));
    svg.append(bar);
    bars.push(bar);
  }
  root.querySelector('[data-stage]').append(svg);
  root.classList.add('player-audio');
  media.addEventListener('timeupdate', () => {
    const played = media.currentTime / (media.duration || 1) * BARS;
    bars.forEach((bar, n) => bar.classList.toggle('on', n < played));
  });
}
