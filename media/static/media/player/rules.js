// The rules of a first viewing and of the rate, held at the media element itself: bar, keys, picture-in-picture, media
// keys of the system and scripts all pass here. The server holds them as well; this only spares the disappointment.
import { offerRates } from './frame.js';

const SLACK_S = 2;

export function guard(player) {
  const { media, root, watch, words } = player;
  const limits = () => { offerRates(root, watch.state.max_rate); slow(); };
  const slow = () => {
    if (media.playbackRate <= watch.state.max_rate) return;
    media.playbackRate = watch.state.max_rate;
    words.say(`这门课最快 ${watch.state.max_rate} 倍速`);
  };
  media.addEventListener('seeking', () => {
    if (watch.state.may_seek || media.currentTime <= watch.furthest + SLACK_S) return;
    media.currentTime = watch.furthest;
    words.say('第一次观看请按顺序看，不能跳到没看过的地方');
  });
  media.addEventListener('ratechange', slow);
  root.addEventListener('watch:updated', limits);
  limits();
  document.addEventListener('school:seek', (event) => { media.currentTime = event.detail.seconds; });
  let told = 0;
  const tell = () => {
    const now = Date.now();
    if (now - told < 240) return;
    told = now;
    document.dispatchEvent(new CustomEvent('school:time', { detail: { seconds: media.currentTime } }));
  };
  media.addEventListener('timeupdate', tell);
  media.addEventListener('seeked', () => { told = 0; tell(); });
}
