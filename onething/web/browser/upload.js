/* Files are sent by themselves and tell how far they are; what is too large is refused before it is sent. Without scripts
   the form is sent as any other. */
"use strict";
(function () {
  var form = document.querySelector("form[data-upload]");
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  if (!form || !window.FormData || !window.DOMParser) { return; }
  var input = form.querySelector("input[type=file]"), bar = document.getElementById("file-progress");
  var mistake = document.getElementById("file-mistake"), state = document.getElementById("file-state");
  var button = form.querySelector("button"), words = button.textContent;
  var KEPT_PIXELS = 8700000, QUALITY = 0.92, SMALL = 1024 * 1024;
  var chosen = Array.from(input.files), ready = null; /* those to be sent; a promise while they are made smaller */
  var most = Number(form.dataset.most), many = Number(form.dataset.files), together = Number(form.dataset.together);

  function refuse(text, again) {
    mistake.textContent = text;
    mistake.hidden = !text;
    bar.hidden = true;
    state.textContent = "";
    button.removeAttribute("aria-busy");
    button.textContent = again ? "重试" : words;
    delete form.dataset.sent;
    if (text) { input.focus(); }
  }

  function too_large(file) {
    return file.size > most * 1024 * 1024 ? "“" + file.name + "”有 " + Math.ceil(file.size / 1024 / 1024) + " MB，超过 " + most + " MB，没有上传。请压缩，或降低拍照、扫描的清晰度。" : "";
  }

  /* photos (JPEG) of more pixels than anybody needs are sent with fewer; which way up they are stays as it is seen. What
     nobody can read here, or is no smaller by it, is sent as it is. The server does the same without scripts */
  function smaller(file) {
    if (file.type !== "image/jpeg" || file.size <= SMALL || !HTMLCanvasElement.prototype.toBlob) { return Promise.resolve(file); }
    return new Promise(function (done) {
      var seen = new Image(), address = URL.createObjectURL(file);
      function end(made) { URL.revokeObjectURL(address); done(made); }
      seen.onerror = function () { end(file); };
      seen.onload = function () {
        var factor = Math.sqrt(KEPT_PIXELS / (seen.naturalWidth * seen.naturalHeight)), canvas = document.createElement("canvas");
        if (!(factor < 1)) { end(file); return; }
        canvas.width = Math.floor(seen.naturalWidth * factor);
        canvas.height = Math.floor(seen.naturalHeight * factor);
        canvas.getContext("2d").drawImage(seen, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (made) {
          end(made && made.size < file.size ? new File([made], file.name, { type: "image/jpeg" }) : file);
        }, "image/jpeg", QUALITY);
      };
      seen.src = address;
    });
  }

  function fault() {
    var files = chosen, wrong = files.map(too_large).filter(Boolean)[0];
    var size = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    if (wrong) { return wrong; }
    if (many && files.length > many) { return "选了 " + files.length + " 个文件，一次至多 " + many + " 张照片，没有上传。请少选几张，或先合成一份 PDF。"; }
    if (together && size > together * 1024 * 1024) { return "所选文件合计 " + Math.ceil(size / 1024 / 1024) + " MB，超过 " + together + " MB，没有上传。请降低拍照的清晰度，或少选几张。"; }
    return "";
  }

  function tell() {
    var names = chosen.map(function (file, at) { return at + 1 + ". " + file.name; });
    refuse(fault(), false);
    if (mistake.hidden && names.length > 1) { state.textContent = "将按这个顺序合成一份 PDF：" + names.join("；"); }
  }

  input.addEventListener("change", function () {
    var files = Array.from(input.files);
    chosen = files;
    ready = null;
    if (!files.some(function (file) { return file.type === "image/jpeg" && file.size > SMALL; })) { tell(); return; }
    refuse("", false);
    state.textContent = "正在缩小照片…";
    var made = files.reduce(function (before, file) { /* one after the other: a phone has little room */
      return before.then(function (done) { return smaller(file).then(function (one) { return done.concat(one); }); });
    }, Promise.resolve([])).then(function (done) {
      if (ready !== made) { return; } /* others were chosen meanwhile */
      chosen = done;
      ready = null;
      tell();
    });
    ready = made;
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (ready) { ready.then(function () { if (!ready) { send(); } }); return; }
    send();
  });

  function send() {
    var wrong = chosen[0] ? fault() : "请先选择文件。";
    if (wrong) { refuse(wrong, false); return; }
    if (button.getAttribute("aria-busy")) { return; }
    var body = new FormData(form);
    body.delete("file");
    chosen.forEach(function (file) { body.append("file", file, file.name); });
    var request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.onprogress = function (sent) {
      if (sent.lengthComputable) { bar.value = Math.round(100 * sent.loaded / sent.total); }
    };
    request.onload = function () {
      if (request.status < 400) { window.location.assign(request.responseURL); return; }
      var page = new DOMParser().parseFromString(request.responseText, "text/html");
      var told = page.querySelector("#file-mistake:not([hidden]), .mistakes h2, .lead");
      refuse(told ? told.textContent : "没有上传成功，请重试。", request.status >= 500 || request.status === 429);
    };
    request.onerror = function () { refuse("网络断开，没有上传成功。其他内容都已保存，请重试。", true); };
    refuse("", false);
    bar.value = 0;
    bar.hidden = false;
    button.setAttribute("aria-busy", "true");
    state.textContent = "正在上传…";
    request.send(body);
  }
})();
