// Loading, a slow line, no network, a broken or expired address: always words, and a way on.

const SLOW_MS = 8000;

export function watchNetwork(player) {
  const { root, media, words } = player;
  let slow = null;
  const calm = () => { clearTimeout(slow); words.unbox('slow'); };
  media.addEventListener('waiting', () => {
    clearTimeout(slow);
    slow = setTimeout(() => words.state(navigator.onLine ? '网络较慢，正在缓冲' : '网络断开，记录存在本机'), SLOW_MS);
  });
  ['playing', 'pause', 'seeked'].forEach((name) => media.addEventListener(name, calm));
  media.addEventListener('playing', () => words.unbox('broken'));
  window.addEventListener('offline', () => words.state('网络断开，记录存在本机'));
  media.addEventListener('error', () => { if (!player.engine()) broken(player); });
  setTimeout(() => wire(player), 0);
  root.addEventListener('player:again', () => setTimeout(() => wire(player), 0));
}

function wire(player) {
  const hls = player.engine();
  if (!hls) return;
  const { Hls } = window.SchoolMedia;
  let mended = 0;
  const online = () => hls.startLoad(player.media.currentTime);
  window.addEventListener('online', online);
  hls.on(Hls.Events.DESTROYING, () => window.removeEventListener('online', online));
  hls.on(Hls.Events.ERROR, (event, data) => {
    if (!data.fatal) return;
    const code = data.response ? data.response.code : 0;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mended < 2) { mended += 1; hls.recoverMediaError(); return; }
    if (code === 401 || code === 403 || code === 404 || code === 410) { expired(player); return; }
    broken(player);
  });
}

function expired(player) {
  player.words.box({ key: 'broken', text: '播放地址已失效，请刷新页面。看过的部分不会丢。', action: '刷新页面', run: () => location.reload() });
}

function broken(player) {
  const { words, media } = player;
  const text = navigator.onLine ? '视频没有加载出来，请重试。一直不行请换个网络，或联系管理员。' : '网络断开了，联网后点“重试”接着看。';
  words.box({ key: 'broken', text, action: '重试', run: () => again(player, media.currentTime) });
}

function again(player, at) {
  const { media, root, words } = player;
  words.unbox('broken');
  const hls = player.engine();
  media.addEventListener('loadedmetadata', () => { media.currentTime = at; }, { once: true });
  if (player.framed) {
    media.load();
    root.dispatchEvent(new CustomEvent('player:again'));
  } else if (hls) { hls.loadSource(root.dataset.manifest); hls.startLoad(at); } else media.load();
  const played = media.play();
  if (played) played.catch(() => words.state('点播放继续'));
}
