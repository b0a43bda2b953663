// What the system shows and does: title on the lock screen, media keys, and a screen that stays on while playing.

export function tellSystem(player) {
  const { media, root } = player;
  const { mediaSession, wakeLock } = navigator;
  if (mediaSession && window.MediaMetadata) {
    const { title, artist, poster } = root.dataset;
    mediaSession.metadata = new MediaMetadata({ title, artist, artwork: poster ? [{ src: new URL(poster, location.href).href }] : [] });
    const handlers = {
      play: () => media.play(), pause: () => media.pause(),
      seekbackward: () => { media.currentTime = Math.max(0, media.currentTime - 10); },
      seekforward: () => { media.currentTime += 10; },
      seekto: (detail) => { media.currentTime = detail.seekTime; },
    };
    Object.keys(handlers).forEach((name) => {
      try { mediaSession.setActionHandler(name, handlers[name]); } catch (error) { root.dataset.withoutKey = name; }
    });
  }
  if (!wakeLock) return;
  let lock = null;
  const hold = async () => {
    if (lock || media.paused || document.visibilityState !== 'visible') return;
    try {
      lock = await wakeLock.request('screen');
      lock.addEventListener('release', () => { lock = null; });
    } catch (error) { lock = null; } // low battery: the system refuses, playing goes on
  };
  const release = () => { if (lock) lock.release(); };
  media.addEventListener('playing', hold);
  document.addEventListener('visibilitychange', hold);
  ['pause', 'ended'].forEach((name) => media.addEventListener(name, release));
}
