// The queue page: asks each second while a video is on its way, rarely otherwise; rows are redrawn only when they change.

import './confirm.js';

const box = document.querySelector('[data-queue]');
const BUSY = 1000;
const IDLE = 15000;

function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

function show(row, run) {
  row.querySelector('[data-progress]').value = run.progress;
  row.querySelector('[data-percent]').textContent = `${run.progress}%`;
  row.querySelector('[data-left]').textContent = run.left === null ? '—' : clock(run.left);
}

async function turn() {
  let isBusy = false;
  try {
    const query = new URLSearchParams({ signature: box.dataset.signature });
    const response = await fetch(`${box.dataset.queue}?${query}`, { credentials: 'same-origin' });
    if (response.ok) {
      const state = await response.json();
      if (state.html) box.innerHTML = state.html;
      box.dataset.signature = state.signature;
      state.running.forEach((run) => {
        const row = box.querySelector(`[data-run="${run.id}"]`);
        if (row) show(row, run);
      });
      isBusy = state.running.length > 0 || state.signature[0] !== ';';
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no line: the next turn asks again
  }
  setTimeout(turn, isBusy && !document.hidden ? BUSY : IDLE);
}

turn();
