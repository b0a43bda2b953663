// Questions inside a video: at a stop the picture waits, the question is asked once, then right or wrong and why.
import { openDialog } from './dialog.js';
import { ask } from './server.js';

const MULTIPLE = /multi/;
const BLANK = /_{2,}|（\s*）|\(\s*\)/g;
const PATIENCE_MS = 10000; // before a question that could not be fetched is asked again

export function askAtStops(player) {
  const { media, watch } = player;
  const put = new Set(); // asked in this page already, answered or put off
  let busy = false;
  let last = 0;
  let quietUntil = 0;
  media.addEventListener('timeupdate', async () => {
    const now = media.currentTime * 1000;
    const from = last;
    last = now;
    if (busy || media.seeking || Date.now() < quietUntil) return;
    const crossed = (one) => one.at_ms > from && one.at_ms <= now && now - from < 3000;
    // nothing behind it counts, so one that was left unanswered another day is asked again at once
    const owed = (one) => one.must_answer && !watch.state.may_seek && one.at_ms <= now;
    const stop = watch.state.stops.find((one) => !one.is_answered && !put.has(one.id) && (crossed(one) || owed(one)));
    if (!stop) return;
    busy = true;
    const wasPlaying = !media.paused;
    media.pause();
    const done = await putQuestion(player, stop);
    if (done) put.add(stop.id);
    else quietUntil = Date.now() + PATIENCE_MS;
    busy = false;
    if (wasPlaying) media.play();
  });
}

// True when it was answered or put off; false when the question could not be fetched, so that it is asked again.
async function putQuestion(player, stop) {
  const { root, watch, words } = player;
  const url = `/api/v1/watch-sessions/${watch.state.id}/stops/${stop.id}`;
  const answer = await ask(root, 'GET', url);
  if (!answer.ok) { words.say('视频里的题目暂时取不到，稍后再问您'); return false; }
  if (answer.data.is_answered) return true;
  return new Promise((resolve) => {
    const form = formFor(answer.data, stop.must_answer && !watch.state.may_seek);
    const dialog = openDialog({ title: '想一想', content: form, extra: 'ask-question' });
    const finish = () => { dialog.close(); resolve(true); };
    form.querySelectorAll('[data-later]').forEach((button) => button.addEventListener('click', finish));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const given = read(form);
      const result = form.querySelector('[data-result]');
      if (!given.length) { result.textContent = '请先选择或填写答案'; return; }
      const reply = await ask(root, 'POST', url, { answer: given });
      if (!reply.ok) { result.textContent = reply.data.message || '没有送到，请检查网络后再交一次'; return; }
      showResult(form, reply.data, finish);
    });
  });
}

function read(form) {
  const ticked = [...form.querySelectorAll('input:checked')].map((input) => input.value);
  const texts = [...form.querySelectorAll('input[type=text]')].map((input) => input.value.trim());
  return texts.some((text) => text) ? texts : ticked;
}

function element(name, css, text = '') {
  const made = document.createElement(name);
  made.className = css;
  made.textContent = text;
  return made;
}

function formFor(question, must) {
  const form = element('form', 'ask-form');
  form.append(element('p', 'ask-stem', question.stem));
  (question.options || []).forEach((option) => {
    const label = element('label', 'choice');
    const input = document.createElement('input');
    input.type = MULTIPLE.test(question.kind) ? 'checkbox' : 'radio';
    input.name = 'answer';
    input.value = option.id;
    label.append(input, element('span', '', option.text));
    form.append(label);
  });
  const blanks = (question.options || []).length ? 0 : Math.max(1, (question.stem.match(BLANK) || []).length);
  for (let n = 1; n <= blanks; n += 1) {
    const input = element('input', 'input');
    input.type = 'text';
    input.setAttribute('aria-label', blanks === 1 ? '答案' : `第 ${n} 空`);
    form.append(input);
  }
  const result = element('p', 'ask-result');
  result.dataset.result = '';
  result.setAttribute('role', 'status');
  const row = element('div', 'ask-row');
  row.append(element('button', 'btn btn-main', '提交'));
  if (!must) {
    const later = element('button', 'btn', '跳过');
    later.type = 'button';
    later.dataset.later = '';
    row.append(later);
  }
  form.append(result, row);
  return form;
}

function showResult(form, reply, finish) {
  const key = (reply.key || []).map((one) => (Array.isArray(one) ? one.join(' 或 ') : String(one)));
  form.querySelectorAll('.choice').forEach((label) => {
    const input = label.querySelector('input');
    input.disabled = true;
    if (key.includes(input.value)) label.classList.add('right');
    else if (input.checked) label.classList.add('wrong');
  });
  const right = key.map((id) => {
    const input = [...form.querySelectorAll('.choice input')].find((one) => one.value === id);
    return input ? input.parentElement.textContent : id;
  });
  const verdict = reply.is_right ? '答对了。' : `答错了。正确答案：${right.join('、')}。`;
  form.querySelector('[data-result]').textContent = `${verdict}${reply.explanation || ''}`;
  const row = form.querySelector('.ask-row');
  row.textContent = '';
  const go = element('button', 'btn btn-main', '继续观看');
  go.type = 'button';
  go.addEventListener('click', finish);
  row.append(go);
  go.focus();
}
