// The page 上传视频: chosen and unfinished files as rows, one file on its way at a time, and what became of each.

import { Refused, Transfer, call } from "./transfer.js";

const root = document.querySelector("[data-uploads]");
const settings = {
  csrf: root.dataset.csrf,
  url: root.dataset.url,
  partBytes: Number(root.dataset.partBytes),
};
const maxBytes = Number(root.dataset.maxBytes);
const list = root.querySelector("[data-list]");
const pattern = root.querySelector("template").content.firstElementChild;
const voice = root.querySelector("[data-say]");
const moving = ["uploaded", "queued", "transcoding"];
const rows = [];
const POLL = 2500;
let timer = null;

function megabytes(bytes) {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(2)} GB`;
  if (bytes >= 1024 ** 2) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1024)} KB`;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} 秒`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} 分钟`;
  return `${Math.floor(seconds / 3600)} 小时 ${Math.round((seconds % 3600) / 60)} 分钟`;
}

class Row {
  constructor({ file = null, upload = null }) {
    this.file = file;
    this.upload = upload;
    this.twin = null;
    this.note = "";
    this.transfer = null;
    this.spoken = 0;
    this.isHeld = false;
    this.element = pattern.cloneNode(true);
    this.title = this.part("title");
    this.title.value = upload ? upload.title : file.name.replace(/\.[^.]+$/, "");
    this.title.id = `upload-title-${rows.length}`;
    this.part("label").htmlFor = this.title.id;
    this.title.addEventListener("change", () => this.rename());
    this.on("pause", () => this.hold());
    this.on("go", () => this.goOn());
    this.on("drop", () => this.giveUp());
    this.on("nevertheless", () => this.begin(true));
    this.on("forget", () => this.remove());
    const input = this.part("again");
    input.addEventListener("change", () => this.chosenAgain(input.files[0]));
    list.append(this.element);
    rows.push(this);
    this.show();
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  on(name, act) {
    this.part(name).addEventListener("click", act);
  }

  get state() {
    return this.upload ? this.upload.state : "new";
  }

  get isBusy() {
    return Boolean(this.transfer && this.transfer.isRunning);
  }

  get isReady() {
    return this.state === "receiving" && this.transfer && !this.isBusy && !this.isHeld && this.transfer.wantsToRun;
  }

  get isMoving() {
    if (this.state === "checking") return true;
    const { video } = this.upload || {};
    return this.state === "done" && Boolean(video) && moving.includes(video.state);
  }

  // Tell the server of the file; it names an upload to go on with, or a video that makes it needless.
  async begin(isCopyWanted = false) {
    this.twin = null;
    if (this.file.size > maxBytes) return this.fail("文件超过 4 GB。请用转换工具压缩，或剪成几段分别上传。");
    if (this.file.size === 0) return this.fail("这个文件是空的（0 字节），请重新导出或重新选择。");
    this.say("正在读取文件……");
    this.transfer = new Transfer(this.file, settings, () => this.moved());
    try {
      const wanted = await this.transfer.describe();
      const chosen = new FormData(root.querySelector("form") || undefined);
      const sent = { ...wanted, title: this.title.value, is_copy_wanted: isCopyWanted };
      ["collection", "organisation"].forEach((name) => {
        if (chosen.get(name)) sent[name] = chosen.get(name);
      });
      if (root.dataset.replaces) sent.replaces = root.dataset.replaces;
      const begun = await call(settings.csrf, "POST", settings.url, JSON.stringify(sent));
      this.begun(begun);
    } catch (error) {
      this.transfer = null;
      this.fail(error.message);
    }
    return undefined;
  }

  begun({ upload, twin, is_certain: isCertain }) {
    this.say("");
    if (twin) {
      this.twin = { ...twin, isCertain };
      announce(`${this.file.name}：这个视频已在库中。`);
      this.show();
      return;
    }
    const known = rows.find((row) => row !== this && row.upload && row.upload.id === upload.id);
    if (known) {
      known.adopt(this.file, upload);
      this.remove();
      return;
    }
    this.take(upload);
  }

  adopt(file, upload) {
    if (this.isBusy) return;
    this.file = file;
    this.transfer = new Transfer(file, settings, () => this.moved());
    this.isHeld = false;
    this.note = "";
    this.take(upload);
  }

  take(upload) {
    this.upload = upload;
    this.transfer.upload = upload;
    if (this.title.value && this.title.value !== upload.title) this.rename();
    if (upload.bytes_received) announce(`${upload.file_name}：接着上次的进度上传。`);
    this.show();
    next();
  }

  // The rest of an upload that was left: only by the very file it began with.
  async chosenAgain(file) {
    if (!file) return;
    const { size, fingerprint } = this.upload;
    if (file.size !== size) {
      this.fail(`这不是同一个文件：原文件是 ${megabytes(size)}，您选的是 ${megabytes(file.size)}。`);
      return;
    }
    this.say("正在读取文件……");
    try {
      const found = await new Transfer(file, settings, () => {}).describe();
      if (fingerprint && found.fingerprint !== fingerprint) {
        this.fail("这不是同一个文件：大小相同，内容不同。");
        return;
      }
      this.adopt(file, await call(settings.csrf, "GET", `${settings.url}${this.upload.id}/`));
    } catch (error) {
      this.fail(error.message);
    }
  }

  moved() {
    if (this.transfer.upload) this.upload = this.transfer.upload;
    const percent = Math.floor((100 * this.transfer.sentBytes) / this.file.size);
    if (this.state === "receiving" && percent >= this.spoken + 25 && percent < 100) {
      this.spoken = percent - (percent % 25);
      announce(`${this.upload.file_name}：已上传 ${this.spoken}%。`);
    }
    this.show();
    if (!this.transfer.isRunning) {
      if (!this.transfer.wantsToRun && this.transfer.message) announce(this.transfer.message);
      if (this.state === "checking") announce(`${this.upload.file_name}：上传完成，正在检查。`);
      next();
    }
  }

  hold() {
    this.isHeld = true;
    this.transfer.stop();
    this.show();
    next();
  }

  goOn() {
    this.isHeld = false;
    this.transfer.wantsToRun = true;
    this.show();
    next();
  }

  async giveUp() {
    if (!window.confirm(`放弃上传“${this.title.value}”？已传的内容会被删除。`)) return;
    if (this.transfer) this.transfer.stop();
    try {
      if (this.upload) await call(settings.csrf, "POST", `${settings.url}${this.upload.id}/give-up/`);
      this.remove();
      next();
    } catch (error) {
      this.fail(error.message);
    }
  }

  async rename() {
    if (!this.upload) return;
    const body = JSON.stringify({ title: this.title.value });
    try {
      const answered = await call(settings.csrf, "POST", `${settings.url}${this.upload.id}/title/`, body);
      this.upload.title = answered.title;
      this.say("");
    } catch (error) {
      this.say(error.message);
    }
  }

  remove() {
    const place = rows.indexOf(this);
    if (place >= 0) rows.splice(place, 1);
    this.element.remove();
    document.querySelector("[data-empty]").hidden = rows.length > 0;
  }

  // News from the server; while parts travel, the transfer knows better.
  update(upload) {
    if (this.isBusy || this.isReady) return;
    const before = this.words();
    this.upload = upload;
    if (this.transfer) this.transfer.upload = upload;
    this.show();
    const ended = upload.state === "refused" || (upload.video && !moving.includes(upload.video.state));
    if (ended && before !== this.words()) announce(`${upload.file_name}：${this.words()}`);
  }

  say(words) {
    this.note = words;
    this.show();
  }

  fail(words) {
    this.note = words;
    announce(`${this.file ? this.file.name : this.upload.file_name}：${words}`);
    this.show();
  }

  words() {
    if (this.twin && this.twin.isCertain) return "这个视频已在库中，不必再传：";
    if (this.twin) return "库里有一个视频，大小、开头和结尾都与它相同，很可能是同一个：";
    if (this.note) return this.note;
    if (!this.upload) return "";
    const { state, video, error, ahead } = this.upload;
    if (state === "receiving") return this.wordsWhileReceiving(error);
    if (state === "checking") return ahead ? `已传完，排队等待检查（前面还有 ${ahead} 项）` : "已传完，检查中";
    if (state === "refused") return `未通过检查：${error}`;
    if (!video) return this.upload.label;
    if (video.is_twin) return "这个视频已在库中，没有重复入库：";
    if (video.state === "queued" || video.state === "uploaded") return "已入库，等待转码：";
    if (video.state === "transcoding") return `已入库，转码中 ${video.progress}%：`;
    if (video.state === "failed") return `转码失败：${video.error}`;
    return `${video.label}：`;
  }

  wordsWhileReceiving(error) {
    if (!this.transfer) return error || "没有传完。请选择同一个文件，接着传剩下的部分。";
    if (this.transfer.message) return this.transfer.message;
    if (this.isHeld) return "已暂停";
    if (!this.isBusy) return this.transfer.wantsToRun ? "等待前面的文件传完" : "已暂停";
    const { speed } = this.transfer;
    if (!speed) return "上传中";
    const left = (this.file.size - this.transfer.sentBytes) / speed;
    return `${megabytes(speed)}/秒，约剩 ${duration(left)}`;
  }

  show() {
    const size = this.upload ? this.upload.size : this.file.size;
    const isReceiving = this.state === "receiving";
    let done = size;
    if (isReceiving) done = this.transfer ? this.transfer.sentBytes : this.upload.bytes_received;
    if (!this.upload) done = 0;
    const percent = size ? Math.floor((100 * done) / size) : 0;
    this.part("name").textContent = this.upload ? this.upload.file_name : this.file.name;
    this.part("bytes").textContent = `${megabytes(done)} / ${megabytes(size)}`;
    this.part("percent").textContent = `${percent}%`;
    this.part("bar").value = percent;
    const hasStarted = Boolean(this.upload);
    this.part("meter").hidden = !hasStarted || !isReceiving;
    this.part("state").textContent = this.words();
    const isBad = this.state === "refused" || (this.note && this.note.slice(-2) !== "……");
    this.element.classList.toggle("is-bad", Boolean(isBad));
    this.showLink();
    const canGo = isReceiving && this.transfer && !this.isBusy && (this.isHeld || !this.transfer.wantsToRun);
    this.part("pause").hidden = !(isReceiving && this.transfer && !canGo);
    this.part("go").hidden = !canGo;
    this.part("choose").hidden = !(isReceiving && !this.transfer);
    this.part("drop").hidden = !isReceiving;
    this.part("nevertheless").hidden = !(this.twin && !this.twin.isCertain);
    this.part("forget").hidden = isReceiving || this.state === "checking";
    this.part("sum").textContent = this.upload && this.upload.sha256 ? `SHA-256 ${this.upload.sha256}` : "";
  }

  showLink() {
    const link = this.part("video");
    const video = this.twin || (this.upload && this.upload.video);
    link.hidden = !video;
    if (!video) return;
    link.href = video.url;
    link.textContent = `《${video.title}》`;
  }
}

// Sparse and polite: milestones only, never each percent.
function announce(words) {
  voice.textContent = words;
}

// One file at a time, in the order of the list.
function next() {
  document.querySelector("[data-empty]").hidden = rows.length > 0;
  if (!rows.some((row) => row.isBusy)) {
    const row = rows.find((each) => each.isReady);
    if (row) row.transfer.run();
  }
  poll();
}

function poll() {
  if (timer || !rows.some((row) => row.isMoving)) return;
  timer = setTimeout(async () => {
    await refresh();
    timer = null;
    poll();
  }, POLL);
}

async function refresh() {
  try {
    const { uploads } = await call(settings.csrf, "GET", settings.url);
    uploads.forEach((upload) => {
      const row = rows.find((each) => each.upload && each.upload.id === upload.id);
      if (row) row.update(upload);
    });
    return uploads;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return []; // the line is down; the next turn asks again
  }
}

function choose(files) {
  let chosen = Array.from(files);
  if (root.dataset.replaces) chosen = chosen.slice(0, 1);
  chosen.forEach((file) => new Row({ file }).begin());
}

async function start() {
  const input = root.querySelector("[data-files]");
  const zone = root.querySelector("[data-zone]");
  input.addEventListener("change", () => {
    choose(input.files);
    input.value = "";
  });
  ["dragenter", "dragover"].forEach((name) =>
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    }),
  );
  ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("is-over")));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    choose(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!rows.some((row) => row.isBusy)) return;
    event.preventDefault();
    event.returnValue = "";
  });
  const uploads = await refresh();
  const replaces = root.dataset.replaces ? Number(root.dataset.replaces) : null;
  uploads
    .filter((upload) => upload.replaces === replaces || ["receiving", "checking"].includes(upload.state))
    .filter((upload) => !rows.some((row) => row.upload && row.upload.id === upload.id))
    .forEach((upload) => new Row({ upload }));
  root.dataset.ready = "yes";
  next();
}

start();
