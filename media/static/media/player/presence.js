// "Are you there?": playing goes on while the question stands; unanswered, it pauses, with words, until it is answered.
import { openDialog } from './dialog.js';

function chime() {
  const Sound = window.AudioContext || window.webkitAudioContext;
  if (!Sound) return;
  const context = new Sound();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.05, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.5);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.5);
  tone.onended = () => context.close();
}

export function askPresence(player) {
  let shown = null;
  player.root.addEventListener('watch:updated', ({ detail }) => {
    if (shown && (!detail.prompt || detail.prompt.nonce !== shown.nonce)) { shown.end(); shown = null; }
    if (detail.prompt && !shown) shown = show(player, detail.prompt);
  });
}

function show(player, prompt) {
  const { media, watch, words } = player;
  const until = Date.now() + prompt.seconds_left * 1000;
  const content = document.createElement('div');
  content.innerHTML = '<p data-left></p><button class="btn btn-main" type="button">我在学习</button>';
  const left = content.querySelector('p');
  const button = content.querySelector('button');
  const dialog = openDialog({ title: '您还在学习吗？', content, kind: 'alertdialog', extra: 'ask-presence' });
  let pausedByUs = false;
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    left.textContent = seconds > 0 ? `请在 ${seconds} 秒内点一下按钮，后面的学习才能继续计入。` : '没有等到您的回答，播放已暂停。点一下按钮，接着学习。';
    if (seconds <= 0 && !media.paused) { pausedByUs = true; media.pause(); }
    if (seconds <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
  chime();
  const end = () => { clearInterval(timer); dialog.close(); };
  button.addEventListener('click', async () => {
    button.disabled = true;
    const state = await watch.request('POST', `/api/v1/watch-sessions/${watch.state.id}/presence`, { nonce: prompt.nonce });
    button.disabled = false;
    if (!state) { words.say('没有送到，请检查网络后再点一次'); return; }
    end();
    watch.receive(state);
    if (pausedByUs) media.play();
  });
  return { nonce: prompt.nonce, end };
}
