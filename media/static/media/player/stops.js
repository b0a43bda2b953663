// Questions inside a video: at a stop the picture waits, the question is asked once, then right or wrong and why.
import { openDialog } from './dialog.js';
import { ask } from './server.js';

const MULTIPLE = /multi/;

export function askAtStops(player) {
  const { media, watch } = player;
  const put = new Set(); // asked in this page already, answered or put off
  let busy = false;
  let last = 0;
  media.addEventListener('timeupdate', async () => {
    const now = media.currentTime * 1000;
    const from = last;
    last = now;
    if (busy || media.seeking || now < from || now - from > 3000) return;
    const stop = watch.state.stops.find((one) => !one.is_answered && !put.has(one.id) && one.at_ms > from && one.at_ms <= now);
    if (!stop) return;
    busy = true;
    const wasPlaying = !media.paused;
    media.pause();
    const done = await putQuestion(player, stop);
    if (done) put.add(stop.id);
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
  const text = form.querySelector('input[type=text]');
  return text && text.value.trim() ? [text.value.trim()] : ticked;
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
  if (!(question.options || []).length) {
    const input = element('input', 'input');
    input.type = 'text';
    input.setAttribute('aria-label', '答案');
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
  const key = (reply.key || []).map(String);
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
