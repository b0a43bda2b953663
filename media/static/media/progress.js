// Refreshes the states of videos that are still on their way; a page of one video loads anew when it has arrived.

import './confirm.js';

const WAITING = ['uploaded', 'queued', 'transcoding'];

function show(place, video) {
  const before = place.dataset.state;
  place.dataset.state = video.state;
  place.querySelector('[data-label]').textContent = video.label;
  place.querySelector('[data-error]').textContent = video.error;
  let bar = place.querySelector('[data-progress]');
  if (video.state === 'transcoding' && !bar) {
    bar = document.createElement('progress');
    bar.max = 100;
    bar.className = 'media-progress';
    bar.dataset.progress = '';
    bar.setAttribute('aria-label', '转码进度');
    place.append(bar);
  }
  if (bar) {
    bar.value = video.progress;
    bar.hidden = video.state !== 'transcoding';
  }
  if (place.dataset.reload && before !== video.state && !WAITING.includes(video.state)) window.location.reload();
}

async function refresh(place) {
  const response = await fetch(place.dataset.video, { credentials: 'same-origin' });
  if (response.ok) show(place, await response.json());
}

setInterval(() => {
  if (document.hidden) return;
  document.querySelectorAll('[data-video]').forEach((place) => {
    if (WAITING.includes(place.dataset.state)) refresh(place).catch(() => null); // no line: the next turn asks again
  });
}, 2000);
