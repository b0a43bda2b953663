// The player of a lesson page: puts the parts of player/ together on every [data-player].
import { Clock } from './player/clock.js';
import { Watch } from './player/watch.js';
import { chooseMedia } from './player/source.js';
import { openFrame } from './player/frame.js';
import { guard } from './player/rules.js';
import { listenToKeys } from './player/keys.js';
import { watchNetwork } from './player/trouble.js';
import { paintBar } from './player/bar.js';
import { askPresence } from './player/presence.js';
import { askAtStops } from './player/stops.js';
import { mark } from './player/watermark.js';
import { remember } from './player/memory.js';
import { tellSystem } from './player/system.js';
import { drawWave } from './player/wave.js';
import { resume } from './player/resume.js';
import { Words } from './player/words.js';

function start(root) {
  const words = new Words(root);
  const framed = openFrame(root);
  const media = framed || root.querySelector('video');
  const player = { root, media, words, framed: Boolean(framed) };
  player.watch = new Watch(player, new Clock(media));
  if (!chooseMedia(player)) return;
  guard(player);
  watchNetwork(player);
  paintBar(player);
  remember(player);
  listenToKeys(player);
  askPresence(player);
  askAtStops(player);
  tellSystem(player);
  drawWave(player);
  mark(root);
  resume(player);
  root.dataset.ready = framed ? 'framed' : 'plain';
}

document.querySelectorAll('[data-player]').forEach(start);
