// Rate, volume and captions as last chosen on this device.

const NAME = 'school:player';

function read() {
  try { return JSON.parse(localStorage.getItem(NAME)) || {}; } catch (error) { return {}; }
}

function keep(choice) {
  try { localStorage.setItem(NAME, JSON.stringify(Object.assign(read(), choice))); } catch (error) { return false; }
  return true;
}

const isCaption = (track) => track.kind === 'captions' || track.kind === 'subtitles';

export function remember(player) {
  const { media, watch } = player;
  const last = read();
  if (typeof last.volume === 'number') media.volume = last.volume;
  if (last.muted) media.muted = true;
  media.addEventListener('loadedmetadata', () => {
    if (last.rate) media.playbackRate = Math.min(last.rate, watch.state.max_rate);
    const tracks = [...(media.textTracks || [])].filter(isCaption);
    const wanted = tracks.find((track) => track.language === last.captions);
    if (wanted) wanted.mode = 'showing';
    media.addEventListener('ratechange', () => keep({ rate: media.playbackRate }));
    media.addEventListener('volumechange', () => keep({ volume: media.volume, muted: media.muted }));
    media.textTracks.addEventListener('change', () => {
      const shown = [...media.textTracks].find((track) => isCaption(track) && track.mode === 'showing');
      keep({ captions: shown ? shown.language : '' });
    });
  }, { once: true });
}
