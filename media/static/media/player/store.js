// The set that the server has not acknowledged, kept on this device for one member and one lesson.
// Every change reads first, so that two tabs do not overwrite each other; a browser without storage keeps it in memory.
import { subtract, union } from './ranges.js';

export class Store {
  constructor(name) {
    this.name = `school:watched:${name}`;
    this.inMemory = [];
  }

  get pieces() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) || '[]');
      return Array.isArray(kept) ? union(kept, this.inMemory) : this.inMemory;
    } catch (error) {
      return this.inMemory;
    }
  }

  add(pieces) { if (pieces.length) this.write(union(this.pieces, pieces)); }

  drop(acknowledged) { this.write(subtract(this.pieces, acknowledged)); }

  write(pieces) {
    this.inMemory = pieces;
    try {
      if (pieces.length) localStorage.setItem(this.name, JSON.stringify(pieces));
      else localStorage.removeItem(this.name);
      this.inMemory = [];
    } catch (error) {
      this.inMemory = pieces; // storage full or forbidden: it lasts as long as this page
    }
  }
}
