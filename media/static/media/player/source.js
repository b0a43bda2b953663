// Which way the picture comes: hls.js first, then the browser's own HLS, then one MP4, else words on what to do.

const HLS = 'application/vnd.apple.mpegurl';

// True when something can play.
export function chooseMedia(player) {
  const { root, media, framed } = player;
  const { manifest, progressive } = root.dataset;
  const { Hls } = window.SchoolMedia || {};
  if (framed) {
    media.src = manifest;
    player.engine = () => media.api;
    return true;
  }
  if (Hls && Hls.isSupported()) {
    const hls = new Hls({ enableWorker: false });
    hls.loadSource(manifest);
    hls.attachMedia(media);
    player.engine = () => hls;
    return true;
  }
  player.engine = () => null;
  if (media.canPlayType && media.canPlayType(HLS)) media.src = manifest;
  else if (progressive && media.canPlayType && media.canPlayType('video/mp4')) media.src = progressive;
  else {
    root.querySelector('[data-old]').hidden = false;
    media.remove();
    return false;
  }
  return true;
}
