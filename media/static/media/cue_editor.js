// Edits the cues of a caption track, or the chapters of a video, as a table beside a preview of the video.
// What is typed is kept in this browser until it is saved; a save that somebody overtook changes nothing and loses nothing.
const CHINESE = { '：': ':', '．': '.', '。': '.', '，': ',' };

function parse(text) {
  const plain = text.normalize('NFKC').replace(/[：．。，]/g, (sign) => CHINESE[sign]).replace(/\s/g, '');
  const found = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?$/.exec(plain);
  if (!found || Number(found[3]) > 59 || (found[1] && Number(found[2]) > 59)) return null;
  const seconds = (Number(found[1] || 0) * 60 + Number(found[2])) * 60 + Number(found[3]);
  return seconds * 1000 + Number((found[4] || '0').padEnd(3, '0'));
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${String(Math.round(ms) % 1000).padStart(3, '0')}`;
  return hours ? `${hours}:${rest}` : rest;
}

const pad = (number) => String(number).padStart(2, '0');

class Editor {
  constructor(root) {
    this.root = root;
    this.isChapters = root.hasAttribute('data-chapters');
    this.list = root.querySelector('[data-list]');
    this.template = root.querySelector('template[data-row]');
    this.video = root.querySelector('[data-preview]');
    this.says = root.querySelector('[data-say]');
    this.version = root.dataset.version;
    this.duration = Number(root.dataset.duration);
    this.limit = Number(root.dataset.maxText);
    this.past = [];
    this.isDirty = false;
    const rows = JSON.parse(document.getElementById('rows').textContent);
    this.show(rows.map((row) => ({ ...row, start: clock(parse(row.start)), end: row.end && clock(parse(row.end)) })));
    this.listen();
    this.offerKept();
  }

  listen() {
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-act]');
      if (button) this.act(button.dataset.act, button.closest('.cue-row'));
    });
    this.list.addEventListener('focusin', (event) => { this.row = event.target.closest('.cue-row'); });
    this.list.addEventListener('input', (event) => this.changed(event.target.closest('.cue-row')));
    this.list.addEventListener('focusout', (event) => this.settle(event.target));
    this.root.addEventListener('keydown', (event) => this.key(event));
    window.addEventListener('beforeunload', (event) => { if (this.isDirty) event.preventDefault(); });
    if (this.video) this.video.addEventListener('timeupdate', () => this.follow());
  }

  key(event) {
    const row = event.target.closest('.cue-row');
    const alone = { KeyP: 'play' };
    const ofRow = { KeyJ: 'seek', BracketLeft: 'from', BracketRight: 'to', KeyM: 'merge', KeyN: 'add', ArrowDown: 'below', ArrowUp: 'above' };
    let act = null;
    if (event.altKey) act = alone[event.code] || (row && ofRow[event.code]);
    if (event.ctrlKey || event.metaKey) {
      if (event.code === 'KeyS') act = 'save';
      if (event.key === 'Enter' && row) act = 'split';
    }
    if (!act) return;
    event.preventDefault();
    this.act(act, row);
  }

  act(act, row) {
    const acts = {
      save: () => this.save(),
      undo: () => this.undo(),
      append: () => this.insert(this.list.lastElementChild),
      add: () => this.insert(row),
      remove: () => this.change(() => { const next = row.nextElementSibling || row.previousElementSibling; row.remove(); this.focus(next); }),
      split: () => this.split(row),
      merge: () => this.merge(row),
      seek: () => this.seek(row),
      from: () => this.take(row, '[data-start]'),
      to: () => this.take(row, '[data-end]'),
      below: () => this.focus(row.nextElementSibling),
      above: () => this.focus(row.previousElementSibling),
      play: () => this.play(),
      shift: () => this.shift(),
      paste: () => this.paste(),
      copy: () => this.copy(),
      restore: () => this.restore(),
      discard: () => this.forget(),
    };
    if (this.isChapters && ['split', 'merge', 'to', 'shift'].includes(act)) return;
    acts[act]();
  }

  rows() {
    return Array.from(this.list.children).map((row) => this.valuesOf(row));
  }

  valuesOf(row) {
    const value = (name) => { const field = row.querySelector(`[data-${name}]`); return field ? field.value : ''; };
    return { start: value('start'), end: value('end'), text: value('text') };
  }

  make(values) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    ['start', 'end', 'text'].forEach((name) => {
      const field = row.querySelector(`[data-${name}]`);
      if (field) field.value = values[name] || '';
    });
    return row;
  }

  show(rows) {
    this.list.textContent = '';
    rows.forEach((values) => this.list.append(this.make(values)));
    this.number();
  }

  number() {
    Array.from(this.list.children).forEach((row, place) => {
      row.querySelector('[data-number]').textContent = place + 1;
      this.judge(row);
    });
  }

  // A fault beside the row, in words; true when there is none.
  judge(row, told = '') {
    const values = this.valuesOf(row);
    const [start, end] = [parse(values.start), this.isChapters ? null : parse(values.end)];
    const before = row.previousElementSibling && parse(this.valuesOf(row.previousElementSibling)[this.isChapters ? 'start' : 'end']);
    let words = told;
    if (!words && start === null) words = '开始时间写法不对。请写成“01:23.400”的样子。';
    if (!words && !this.isChapters && end === null) words = '结束时间写法不对。请写成“01:23.400”的样子。';
    if (!words && !this.isChapters && end <= start) words = '结束时间不晚于开始时间。请检查这两个时间。';
    if (!words && !values.text.trim()) words = `没有${this.isChapters ? '章节名' : '文字'}。请填写，或删去这一行。`;
    if (!words && values.text.length > this.limit) words = `超过 ${this.limit} 字。请${this.isChapters ? '写短一些' : '拆成几条'}。`;
    if (!words && this.duration && start >= this.duration) words = `开始时间在视频结束（${clock(this.duration)}）之后。请改正。`;
    const overlap = !words && !this.isChapters && before !== null && before > start;
    const note = row.querySelector('[data-fault]');
    note.textContent = words || (overlap ? '与上一条在时间上重叠，播放时会同时显示。' : '');
    note.hidden = !note.textContent;
    note.classList.toggle('is-hint', overlap);
    row.querySelectorAll('input, textarea').forEach((field) => {
      if (words) field.setAttribute('aria-invalid', 'true'); else field.removeAttribute('aria-invalid');
    });
    return !words;
  }

  changed(row) {
    if (row) { this.judge(row); if (row.nextElementSibling) this.judge(row.nextElementSibling); }
    this.isDirty = true;
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), 1000);
  }

  // A structural change, which can be taken back.
  change(act) {
    this.past.push(this.rows());
    if (this.past.length > 50) this.past.shift();
    act();
    this.number();
    this.changed(null);
    this.root.querySelector('[data-act="undo"]').disabled = false;
  }

  undo() {
    if (!this.past.length) return;
    this.show(this.past.pop());
    this.changed(null);
    this.root.querySelector('[data-act="undo"]').disabled = !this.past.length;
    this.say('已撤销。');
  }

  insert(row) {
    const values = row ? this.valuesOf(row) : {};
    const begin = row ? (parse(this.isChapters ? values.start : values.end) || 0) + (this.isChapters ? 1000 : 0) : 0;
    this.change(() => {
      const made = this.make({ start: clock(begin), end: clock(begin + 2000), text: '' });
      if (row) row.after(made); else this.list.append(made);
      this.focus(made);
    });
  }

  // At the cursor, or in the middle; the time is shared by the number of characters.
  split(row) {
    const field = row.querySelector('[data-text]');
    const [start, end, text] = [parse(this.valuesOf(row).start), parse(this.valuesOf(row).end), field.value];
    if (start === null || end === null || end - start < 2) { this.say('请先改正这一条的时间，再拆分。', true); return; }
    const inside = field.selectionStart > 0 && field.selectionStart < text.length;
    const place = inside ? field.selectionStart : Math.ceil(text.length / 2);
    const middle = Math.min(end - 1, Math.max(start + 1, Math.round(start + ((end - start) * place) / Math.max(1, text.length))));
    this.change(() => {
      field.value = text.slice(0, place).trim();
      row.querySelector('[data-end]').value = clock(middle);
      const made = this.make({ start: clock(middle), end: clock(end), text: text.slice(place).trim() });
      row.after(made);
      this.focus(made);
    });
  }

  merge(row) {
    const next = row.nextElementSibling;
    if (!next) { this.say('这是最后一条，没有可以合并的下一条。', true); return; }
    const [own, other] = [this.valuesOf(row), this.valuesOf(next)];
    this.change(() => {
      row.querySelector('[data-text]').value = `${own.text.trim()}\n${other.text.trim()}`.trim();
      row.querySelector('[data-end]').value = other.end;
      next.remove();
      this.focus(row);
    });
  }

  shift() {
    const by = Math.round(Number(this.root.querySelector('[data-shift-by]').value));
    const times = this.rows().map((values) => [parse(values.start), parse(values.end)]);
    if (!by || times.some(([start, end]) => start === null || end === null)) { this.say('请先填写毫秒数，并改正有问题的时间。', true); return; }
    if (times.some(([start]) => start + by < 0)) { this.say('平移后有字幕早于 00:00，没有平移。请减小数值。', true); return; }
    this.change(() => {
      Array.from(this.list.children).forEach((row, place) => {
        row.querySelector('[data-start]').value = clock(times[place][0] + by);
        row.querySelector('[data-end]').value = clock(times[place][1] + by);
      });
    });
    this.say(`${times.length} 条已${by < 0 ? '提前' : '推后'} ${Math.abs(by)} 毫秒，保存后生效。`);
  }

  async paste() {
    const field = this.root.querySelector('[data-paste]');
    const answer = await this.post({ list: field.value });
    if (!answer.ok) { this.say(answer.body.faults ? answer.body.faults.map((n) => `第 ${n.row} 行：${n.message}`).join(' ') : answer.body.message, true); return; }
    this.past.push(this.rows());
    this.show(answer.body.rows.map((row) => ({ start: clock(parse(row.start)), text: row.text })));
    this.changed(null);
    this.root.querySelector('[data-act="undo"]').disabled = false;
    this.say(`已填入 ${answer.body.rows.length} 章，保存后生效。`);
  }

  settle(field) {
    if (!field.matches('[data-start], [data-end]')) return;
    const ms = parse(field.value);
    if (ms !== null) field.value = clock(ms);
  }

  focus(row) {
    if (row) row.querySelector('[data-text]').focus();
  }

  seek(row) {
    const start = parse(this.valuesOf(row).start);
    if (this.video && start !== null) this.video.currentTime = start / 1000;
  }

  take(row, name) {
    if (!this.video) { this.say('视频还不能预览，请直接填写时间。', true); return; }
    this.change(() => { row.querySelector(name).value = clock(this.video.currentTime * 1000); });
  }

  play() {
    if (!this.video) return;
    if (this.video.paused) this.video.play(); else this.video.pause();
  }

  follow() {
    const now = this.video.currentTime * 1000;
    this.root.querySelector('[data-now]').textContent = clock(now);
    const rows = Array.from(this.list.children);
    const starts = rows.map((row) => parse(this.valuesOf(row).start));
    const place = starts.reduce((found, start, index) => (start !== null && start <= now ? index : found), -1);
    if (this.marked) this.marked.classList.remove('is-now');
    this.marked = rows[place];
    if (this.marked) this.marked.classList.add('is-now');
  }

  async save() {
    const rows = Array.from(this.list.children);
    const bad = rows.find((row) => !this.judge(row));
    if (bad) { this.say('有几行需要改正，已跳到第一处。', true); bad.querySelector('[aria-invalid]').focus(); return; }
    const sent = JSON.stringify(this.rows());
    this.say('正在保存…');
    const answer = await this.post({ version: this.version, cues: JSON.parse(sent) });
    if (answer.ok) {
      this.version = String(answer.body.version);
      this.isDirty = JSON.stringify(this.rows()) !== sent; // typed while it was on its way
      if (!this.isDirty) this.forget();
      this.say(answer.body.message);
      return;
    }
    (answer.body.faults || []).filter((fault) => fault.row).forEach((fault) => this.judge(rows[fault.row - 1], fault.message));
    if (answer.body.code === 'changed_meanwhile') this.root.querySelector('[data-act="copy"]').hidden = false;
    this.keep();
    this.say(answer.body.message, true);
  }

  async post(content) {
    try {
      const response = await fetch(location.pathname, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.root.dataset.csrf },
        body: JSON.stringify(content),
      });
      const isJson = (response.headers.get('Content-Type') || '').includes('json');
      const body = isJson ? await response.json() : { message: '没有保存：登录可能已过期。请在另一个窗口登录后再保存。' };
      return { ok: response.ok && isJson, body };
    } catch (error) {
      return { ok: false, body: { message: '网络不通，没有保存。您的修改还在这个页面上，请稍后再保存。' } };
    }
  }

  async copy() {
    const text = this.rows().map((row) => [row.start, row.end, row.text].filter(Boolean).join('\t')).join('\n');
    await navigator.clipboard.writeText(text);
    this.say('已复制。刷新页面后，可以对照着再改。');
  }

  say(words, isBad = false) {
    this.says.textContent = words;
    this.says.classList.toggle('is-bad', isBad);
  }

  keep() {
    if (this.isDirty) localStorage.setItem(this.root.dataset.kept, JSON.stringify({ version: this.version, rows: this.rows() }));
  }

  forget() {
    clearTimeout(this.keeping);
    localStorage.removeItem(this.root.dataset.kept);
    this.root.querySelector('[data-restore]').hidden = true;
  }

  offerKept() {
    const kept = localStorage.getItem(this.root.dataset.kept);
    if (kept) this.root.querySelector('[data-restore]').hidden = false;
  }

  restore() {
    const kept = JSON.parse(localStorage.getItem(this.root.dataset.kept));
    this.change(() => this.show(kept.rows));
    this.root.querySelector('[data-restore]').hidden = true;
    this.say(kept.version === this.version ? '已恢复，请保存。' : '已恢复您的修改；这期间别人也改过，请核对后再保存。');
  }
}

document.querySelectorAll('[data-cues]').forEach((root) => new Editor(root));
