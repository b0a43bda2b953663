// The sitting page: answers go to the server in small batches and count as saved only when it has said so.
// What is not yet acknowledged is kept in local storage and sent again after a reload or a lost connection.
const root = document.querySelector('[data-sitting]');
const SAVE_AFTER_MS = 800;
const RETRY_AFTER_MS = 5000;
const attempt = root.dataset.attempt;
const store = `attempt-${attempt}`;
const csrf = root.querySelector('[name=csrfmiddlewaretoken]').value;
const questions = [...root.querySelectorAll('[data-question]')];
const saveLabel = document.querySelector('[data-save]');
const acknowledged = new Map(questions.map((q) => [Number(q.dataset.slot), Number(q.dataset.seq)]));
let pending = new Map(readStore());
let timer = null;
let sending = false;
let sent = false;

function readStore() {
  try { return JSON.parse(localStorage.getItem(store) || '[]'); } catch (error) { return []; }
}

function keep() {
  try { localStorage.setItem(store, JSON.stringify([...pending])); } catch (error) { console.info('no local storage'); }
}

function call(path, method, body) {
  return fetch(`/api/v1/attempts/${attempt}${path}`, {
    method, credentials: 'same-origin', keepalive: true,
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function paint() {
  const saved = [...acknowledged].filter(([slot, seq]) => seq > 0 && !pending.has(slot)).length;
  root.querySelector('[data-saved]').textContent = saved;
}

function say(text) { if (saveLabel.textContent !== text) saveLabel.textContent = text; }

function chosen(question) {
  const blanks = [...question.querySelectorAll('input[type=text]')];
  if (blanks.length) return blanks.some((blank) => blank.value.trim()) ? blanks.map((blank) => blank.value) : [];
  return [...question.querySelectorAll('input:checked')].map((input) => input.value);
}

function noteAnswer(question) {
  const slot = Number(question.dataset.slot);
  const seq = Math.max(acknowledged.get(slot) || 0, (pending.get(slot) || { seq: 0 }).seq) + 1;
  pending.set(slot, { slot, seq, answer: chosen(question) });
  keep();
  say('正在保存…');
  clearTimeout(timer);
  timer = setTimeout(send, SAVE_AFTER_MS);
  paint();
}

async function send() {
  if (sending || pending.size === 0) return pending.size === 0;
  sending = true;
  const batch = [...pending.values()];
  try {
    const response = await call('/responses', 'PUT', batch);
    const body = await response.json();
    if (!response.ok) { refuse(response.status, body.message); return false; }
    body.stored.forEach(({ slot, seq }) => {
      acknowledged.set(slot, seq);
      if (pending.has(slot) && pending.get(slot).seq <= seq) pending.delete(slot);
    });
    keep();
    say(pending.size ? '正在保存…' : '已保存');
    return pending.size === 0;
  } catch (error) {
    say('网络中断，答案已存在本机，恢复后自动上传');
    return false;
  } finally {
    sending = false;
    paint();
    if (pending.size && !sent) { clearTimeout(timer); timer = setTimeout(send, RETRY_AFTER_MS); }
  }
}

function refuse(status, message) {
  say(message || '保存失败，请刷新页面');
  if (status === 409) { pending = new Map(); keep(); sent = true; }
}

function submitLabel() {
  const left = questions.filter((q) => chosen(q).length === 0).length;
  const note = root.querySelector('[data-left]');
  note.hidden = left === 0;
  const words = `还有 ${left} 题没有作答，再按一次“交卷”将直接提交。`;
  note.querySelector('span').textContent = words;
  document.getElementById('say').textContent = left ? words : '';
  return left;
}

async function submit(event, force) {
  const button = root.querySelector('[data-submit]');
  if (!force && submitLabel() > 0 && !button.dataset.asked) { button.dataset.asked = 'yes'; return; }
  button.disabled = true;
  say('正在交卷…');
  while (pending.size && !sent) {
    if (!(await send())) await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
  }
  try {
    const response = await call('/submit', 'POST');
    if (!response.ok) throw new Error(response.status);
    sent = true;
    localStorage.removeItem(store);
    location.assign(root.dataset.result);
  } catch (error) {
    button.disabled = false;
    button.focus(); // a disabled button loses the focus
    say('交卷没有成功，请再按一次');
  }
}

function runClock(element) {
  const end = performance.now() + Number(element.dataset.clock);
  const two = (n) => String(n).padStart(2, '0');
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    element.textContent = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    if ([600, 300, 60].includes(left)) document.getElementById('say').textContent = `距离交卷还有 ${left / 60} 分钟`;
    if (left === 0 && !sent) { clearInterval(handle); submit(null, true); }
  };
  const handle = setInterval(tick, 1000);
  tick();
}

root.addEventListener('change', (event) => {
  const question = event.target.closest('[data-question]');
  question.querySelectorAll('.choice').forEach((c) => c.classList.toggle('on', c.querySelector('input').checked));
  noteAnswer(question);
});
root.addEventListener('input', (event) => { // words count while they are written, not only when the field is left
  if (event.target.type === 'text') noteAnswer(event.target.closest('[data-question]'));
});
root.addEventListener('submit', (event) => event.preventDefault()); // Enter in a lone blank would reload the page
root.querySelector('[data-submit]').addEventListener('click', submit);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(); });
window.addEventListener('online', send);
document.querySelectorAll('[data-clock]').forEach(runClock);

// answers that an earlier page could not deliver are shown and sent again
pending.forEach(({ slot, answer }) => {
  const question = questions.find((q) => Number(q.dataset.slot) === slot);
  if (!question) { pending.delete(slot); return; }
  question.querySelectorAll('input[type=text]').forEach((blank, place) => { blank.value = answer[place] || ''; });
  question.querySelectorAll('.choice input').forEach((input) => {
    input.checked = answer.includes(input.value);
    input.closest('.choice').classList.toggle('on', input.checked);
  });
});
send();
paint();
