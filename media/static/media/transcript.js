// The transcript beside the player: follows playback, leads the player, finds words. Chapters behave like its lines.
// It talks to the player by two events on the document only: school:seek asks, school:time tells.
const LANGUAGE = 'transcript-language';

function say(seconds) {
  document.dispatchEvent(new CustomEvent('school:seek', { detail: { seconds } }));
}

// The buttons of a list in order of time, and which of them is being said.
function follower(list) {
  const buttons = Array.from(list.querySelectorAll('[data-seek]'));
  const starts = buttons.map((button) => Number(button.dataset.seek));
  let now = null;
  return {
    // Marks the last line that has begun; returns it when it is another one than before.
    mark(seconds) {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= seconds + 0.05) low = middle + 1; else high = middle;
      }
      const next = low ? buttons[low - 1].parentElement : null;
      if (next === now) return null;
      if (now) now.removeAttribute('aria-current');
      if (next) next.setAttribute('aria-current', 'true');
      now = next;
      return next;
    },
    current: () => now,
  };
}

// Scrolls the box, never the page: the reader may be anywhere else on it.
function bring(box, item) {
  const place = item.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (place.top >= frame.top + 40 && place.bottom <= frame.bottom - 60) return;
  box.scrollTop += place.top - frame.top - frame.height / 3;
}

class Transcript {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector('[data-box]');
    this.goBack = root.querySelector('[data-return]');
    this.scripts = Array.from(root.querySelectorAll('[data-script]'));
    this.followers = new Map(this.scripts.map((script) => [script, follower(script)]));
    this.seconds = 0;
    this.isAway = false;
    this.chooseLanguage();
    this.listen();
    new Finder(this);
  }

  chooseLanguage() {
    const select = this.root.querySelector('[data-language]');
    this.root.querySelectorAll('[data-name]').forEach((name) => { name.hidden = true; });
    if (select) {
      const kept = localStorage.getItem(LANGUAGE);
      if (this.scripts.some((script) => script.dataset.script === kept)) select.value = kept;
      select.addEventListener('change', () => {
        localStorage.setItem(LANGUAGE, select.value);
        this.show(select.value);
        this.root.dispatchEvent(new CustomEvent('script-changed'));
      });
    }
    this.show(select ? select.value : this.scripts[0].dataset.script);
  }

  show(language) {
    this.scripts.forEach((script) => { script.hidden = script.dataset.script !== language; });
    this.script = this.scripts.find((script) => !script.hidden);
    this.follow();
  }

  listen() {
    this.root.addEventListener('click', (event) => {
      if (event.target.closest('[data-seek]')) this.leave(false);
    });
    const scrolled = () => this.leave(true);
    this.box.addEventListener('wheel', scrolled, { passive: true });
    this.box.addEventListener('touchmove', scrolled, { passive: true });
    this.box.addEventListener('pointerdown', (event) => {
      if (event.target === this.box) this.leave(true); // the scroll bar
    });
    this.box.addEventListener('keydown', (event) => {
      if (['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'Tab'].includes(event.key)) this.leave(true);
    });
    this.goBack.addEventListener('click', () => {
      this.leave(false);
      const line = this.followers.get(this.script).current();
      if (line) line.querySelector('button').focus({ preventScroll: true });
    });
    document.addEventListener('school:time', (event) => {
      this.seconds = event.detail.seconds;
      this.follow();
    });
  }

  leave(isAway) {
    this.isAway = isAway;
    const line = this.followers.get(this.script).current();
    this.goBack.hidden = !isAway || !line;
    if (!isAway && line) bring(this.box, line);
  }

  follow() {
    const line = this.followers.get(this.script).mark(this.seconds);
    if (!line) return;
    if (this.isAway) this.goBack.hidden = false; else bring(this.box, line);
  }
}

class Finder {
  constructor(transcript) {
    this.transcript = transcript;
    const root = transcript.root;
    this.field = root.querySelector('[data-words]');
    this.hits = root.querySelector('[data-hits]');
    this.buttons = [root.querySelector('[data-previous]'), root.querySelector('[data-next]')];
    this.marks = [];
    this.place = -1;
    this.folds = foldsOf(root);
    root.querySelector('[data-find]').hidden = false;
    this.field.addEventListener('input', () => this.find());
    root.addEventListener('script-changed', () => this.find());
    this.field.addEventListener('keydown', (event) => {
      if (event.isComposing) return; // Enter ends the input of Chinese
      if (event.key === 'Enter') { event.preventDefault(); this.go(event.shiftKey ? -1 : 1); }
      if (event.key === 'Escape' && this.field.value) { event.preventDefault(); this.field.value = ''; this.find(); }
    });
    this.buttons[0].addEventListener('click', () => this.go(-1));
    this.buttons[1].addEventListener('click', () => this.go(1));
  }

  find() {
    this.clear();
    const words = Array.from(this.field.value.normalize('NFKC').trim().toLowerCase())
      .map((sign) => this.folds.get(sign) || sign).join('');
    if (words) {
      this.transcript.script.querySelectorAll('.l').forEach((line) => this.highlight(line, words));
    }
    this.buttons.forEach((button) => { button.disabled = !this.marks.length; });
    if (!words) this.hits.textContent = '';
    else if (!this.marks.length) this.hits.textContent = '没有找到';
    else this.go(this.first() + 1);
  }

  // The hit at or after the line that is being said; from the top when there is none.
  first() {
    const now = this.transcript.followers.get(this.transcript.script).current();
    if (!now) return 0;
    const found = this.marks.findIndex((mark) => now.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
    return Math.max(0, found);
  }

  highlight(line, words) {
    const text = line.textContent;
    const folded = line.dataset.folded || text;
    let place = folded.indexOf(words);
    if (place < 0) return;
    const parts = document.createDocumentFragment();
    let end = 0;
    while (place >= 0) {
      const mark = document.createElement('mark');
      mark.textContent = text.slice(place, place + words.length);
      parts.append(text.slice(end, place), mark);
      this.marks.push(mark);
      end = place + words.length;
      place = folded.indexOf(words, end);
    }
    parts.append(text.slice(end));
    line.textContent = '';
    line.append(parts);
  }

  clear() {
    new Set(this.marks.map((mark) => mark.parentElement)).forEach((line) => { line.textContent = line.textContent; });
    this.marks = [];
    this.place = -1;
  }

  go(step) {
    const count = this.marks.length;
    if (!count) return;
    if (this.place >= 0) this.marks[this.place].removeAttribute('data-now');
    this.place = (this.place + step + count) % count;
    const mark = this.marks[this.place];
    mark.setAttribute('data-now', '');
    this.transcript.leave(true);
    bring(this.transcript.box, mark.closest('li'));
    this.hits.textContent = `${this.place + 1} / ${count}`;
  }
}

// Which sign the server folds to which (traditional to simplified, full width to plain), learned from the lines.
function foldsOf(root) {
  const folds = new Map();
  root.querySelectorAll('[data-folded]').forEach((line) => {
    const signs = Array.from(line.textContent);
    Array.from(line.dataset.folded).forEach((fold, place) => {
      if (signs[place] !== fold) folds.set(signs[place].toLowerCase(), fold);
    });
  });
  return folds;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest && event.target.closest('[data-seek]');
  if (button) say(Number(button.dataset.seek));
});

document.querySelectorAll('[data-transcript]').forEach((root) => new Transcript(root));

document.querySelectorAll('[data-chapters]').forEach((root) => {
  const chapters = follower(root);
  document.addEventListener('school:time', (event) => chapters.mark(event.detail.seconds));
});

// A lesson opened at #t=83 shows the place even before the player has loaded.
const asked = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
if (asked) document.dispatchEvent(new CustomEvent('school:time', { detail: { seconds: Number(asked[1]) } }));
