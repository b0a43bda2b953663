// Refreshes the rows of videos that are still on their way.
const WAITING = ['uploaded', 'queued', 'transcoding'];

async function refresh(row) {
  const response = await fetch(row.dataset.video, { credentials: 'same-origin' });
  if (!response.ok) return;
  const video = await response.json();
  row.dataset.state = video.state;
  row.querySelector('progress').value = video.progress;
  row.querySelector('[data-label]').textContent = video.error ? `${video.label}：${video.error}` : video.label;
}

setInterval(() => {
  document.querySelectorAll('[data-video]').forEach((row) => { if (WAITING.includes(row.dataset.state)) refresh(row); });
}, 2000);
