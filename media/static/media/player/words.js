// All that the player says: a line below the picture, a short message, and a box over the picture with one action.

export class Words {
  constructor(root) {
    this.root = root;
    this.line = root.querySelector('[data-state]');
    this.note = root.querySelector('[data-say]');
    this.panel = root.querySelector('[data-box]');
    this.key = null;
  }

  state(text) { if (this.line.textContent !== text) this.line.textContent = text; }

  say(text) {
    this.note.textContent = text;
    this.note.hidden = false;
    document.getElementById('say').textContent = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.note.hidden = true; }, 6000);
  }

  // Shows what happened and what to do: a button that runs, or a link. One box at a time; the newest wins.
  box({ key, text, action, run, href }) {
    this.key = key;
    this.panel.querySelector('p').textContent = text;
    const button = this.panel.querySelector('button');
    const link = this.panel.querySelector('a');
    button.hidden = !run;
    link.hidden = !href;
    if (run) { button.textContent = action; button.onclick = run; }
    if (href) { link.textContent = action; link.href = href; }
    this.panel.hidden = false;
    document.getElementById('say').textContent = text;
    if (run && this.root.contains(document.activeElement)) button.focus();
  }

  unbox(key) { if (this.key === key) { this.panel.hidden = true; this.key = null; } }
}
