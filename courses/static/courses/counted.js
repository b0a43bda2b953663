// Paints which parts of the video count, which do not (yet), and why, after each answer of the server.
const SVG = 'http://www.w3.org/2000/svg';

function clock(ms) {
  const s = Math.floor(ms / 1000);
  return `${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}

function rect(start, end, duration, css) {
  const piece = document.createElementNS(SVG, 'rect');
  const values = { class: css, x: (start * 1000) / duration, width: Math.max(1, ((end - start) * 1000) / duration), height: 12 };
  Object.keys(values).forEach((name) => piece.setAttribute(name, values[name]));
  return piece;
}

function item(text) {
  const line = document.createElement('li');
  line.textContent = text;
  return line;
}

function refill(parent, children) {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  children.forEach((child) => parent.appendChild(child));
}

function paint(root, state) {
  const duration = Number(root.dataset.duration);
  const part = (name) => root.querySelector(`[data-counted-${name}]`);
  const held = state.uncounted || [];
  const counted = state.ranges.map(([a, b]) => ({ start_ms: a, end_ms: b, words: '已计入' }));
  refill(part('pieces'), held.map((p) => rect(p.start_ms, p.end_ms, duration, 'counted-held'))
    .concat(state.ranges.map(([a, b]) => rect(a, b, duration, 'counted-yes'))));
  part('far').setAttribute('x', Math.min(996, (state.furthest_ms * 1000) / duration));
  part('sum').textContent = `${clock(state.credited_ms)} / ${clock(duration)}（${state.percent}%）`;
  const words = held.map((p) => p.words).filter((text, place, all) => all.indexOf(text) === place);
  refill(part('why'), words.map((text) => item(`有一部分还没有计入：${text}。`)));
  part('why').hidden = words.length === 0;
  const pieces = counted.concat(held).sort((a, b) => a.start_ms - b.start_ms);
  refill(part('list'), pieces.map((p) => item(`${clock(p.start_ms)}–${clock(p.end_ms)} ${p.words}`)));
}

document.addEventListener('watch:updated', (event) => {
  document.querySelectorAll('[data-counted]').forEach((root) => paint(root, event.detail));
});
