// Sends one file in parts: two at a time, again after a broken line, stoppable and taken up at what the server lacks.

import { digestOf } from "./sha256.js";

const MEGABYTE = 1024 * 1024;
const WHOLE_LIMIT = 64 * MEGABYTE; // up to here the whole digest is made first: a duplicate need not travel at all
const AT_ONCE = 2;
const LONGEST_WAIT = 30;
const REMEMBERED = 6000; // milliseconds over which the speed is measured
const SIGNED_OUT = "登录已过期。请在新窗口重新登录，再回到这里点“继续”。";
const UNREADABLE = "读取文件失败，文件可能被移动或修改过，请重新选择这个文件。";

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export function call(csrf, method, url, body, watch = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader("X-CSRFToken", csrf);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    Object.entries(watch.headers || {}).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (watch.progress) request.upload.onprogress = (event) => watch.progress(event.loaded);
    if (watch.signal) watch.signal.addEventListener("abort", () => request.abort());
    request.timeout = watch.timeout || 120000;
    request.onload = () => answer(request, resolve, reject);
    request.onerror = request.ontimeout = () => reject(new Refused("offline", "网络中断"));
    request.onabort = () => reject(new Refused("stopped", ""));
    request.send(body);
  });
}

function answer(request, resolve, reject) {
  let content = null;
  try {
    content = JSON.parse(request.responseText);
  } catch (error) {
    // not ours: a sign-in page, or a message of the proxy; told apart below
  }
  if (request.status < 300 && content) resolve(content);
  else if (content) reject(new Refused(content.code, content.message));
  else if (request.status >= 500 || request.status === 408 || request.status === 429)
    reject(new Refused("offline", "服务器暂时没有应答"));
  else if (request.status === 413) reject(new Refused("too_large", "服务器拒收这么大的分片，请联系系统管理员检查代理设置。"));
  else reject(new Refused("signed_out", SIGNED_OUT));
}

const AGAIN = ["offline", "part_damaged", "part_cut"];

export class Transfer {
  // `settings`: {csrf, url, partBytes}; `changed` is called whenever something worth showing has changed
  constructor(file, settings, changed) {
    this.file = file;
    this.settings = settings;
    this.changed = () => changed(this);
    this.upload = null;
    this.underWay = new Map(); // number of a part → bytes sent of it
    this.samples = [];
    this.message = "";
    this.isRunning = false;
    this.wantsToRun = true;
    this.stopper = null;
  }

  get sentBytes() {
    let sum = this.upload ? this.upload.bytes_received : 0;
    this.underWay.forEach((bytes) => {
      sum += bytes;
    });
    return Math.min(sum, this.file.size);
  }

  get speed() {
    const [first] = this.samples;
    const last = this.samples[this.samples.length - 1];
    if (!first || last.at - first.at < 500) return 0;
    return (Math.max(0, last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  async describe() {
    const { file } = this;
    try {
      const edges = [`${file.size}:`, file.slice(0, MEGABYTE), file.slice(Math.max(0, file.size - MEGABYTE))];
      const fingerprint = await digestOf(new Blob(edges));
      const sha256 = file.size <= WHOLE_LIMIT ? await digestOf(file) : "";
      return { file_name: file.name, size: file.size, fingerprint, sha256 };
    } catch (error) {
      throw new Refused("unreadable", UNREADABLE);
    }
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.wantsToRun = true;
    this.stopper = new AbortController();
    this.samples = [];
    this.say("");
    try {
      const left = this.upload.missing.slice();
      const workers = Array.from({ length: AT_ONCE }, () => this.work(left));
      await Promise.all(workers);
      if (this.wantsToRun) this.upload = await this.patiently(() => this.ask("POST", "finish/"));
    } catch (error) {
      this.stop();
      if (error.code !== "stopped") this.say(error.message);
    } finally {
      this.isRunning = false;
      this.underWay.clear();
      this.changed();
    }
  }

  stop() {
    this.wantsToRun = false;
    if (this.stopper) this.stopper.abort();
  }

  async work(left) {
    while (left.length && this.wantsToRun) {
      const number = left.shift();
      await this.patiently(() => this.sendPart(number)); // eslint-disable-line no-await-in-loop
    }
  }

  async sendPart(number) {
    const { part_bytes: length } = this.upload;
    const blob = this.file.slice(number * length, (number + 1) * length);
    let digest = "";
    try {
      digest = await digestOf(blob);
    } catch (error) {
      throw new Refused("unreadable", UNREADABLE);
    }
    try {
      const answered = await this.ask("PUT", `parts/${number}/`, blob, {
        headers: { "X-Part-SHA256": digest, "Content-Type": "application/octet-stream" },
        signal: this.stopper.signal,
        progress: (bytes) => this.note(number, bytes),
      });
      this.underWay.delete(number);
      if (answered.bytes_received >= this.upload.bytes_received) this.upload = answered;
    } finally {
      this.underWay.delete(number);
    }
    this.say("");
  }

  // Repeats what failed for want of a line, waiting 1, 2, 4 … 30 seconds, or until the browser is online again.
  async patiently(attempt) {
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt(); // eslint-disable-line no-await-in-loop
      } catch (error) {
        if (!AGAIN.includes(error.code) || !this.wantsToRun) throw error;
        const seconds = Math.min(LONGEST_WAIT, 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2);
        this.samples = [];
        this.say(`${error.message}，${Math.ceil(seconds)} 秒后自动重试（第 ${failures + 1} 次）`);
        await this.wait(seconds); // eslint-disable-line no-await-in-loop
        if (!this.wantsToRun) throw new Refused("stopped", "");
      }
    }
  }

  wait(seconds) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        window.removeEventListener("online", end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      window.addEventListener("online", end);
      this.stopper.signal.addEventListener("abort", end);
    });
  }

  note(number, bytes) {
    this.underWay.set(number, bytes);
    const now = Date.now();
    this.samples.push({ at: now, bytes: this.sentBytes });
    while (this.samples.length > 2 && now - this.samples[0].at > REMEMBERED) this.samples.shift();
    this.changed();
  }

  say(message) {
    this.message = message;
    this.changed();
  }

  ask(method, path, body, watch) {
    return call(this.settings.csrf, method, `${this.settings.url}${this.upload.id}/${path}`, body, watch);
  }
}
