/* Devices of a counter, by their vendor's service on this computer: a closed list of verbs, each asked by a press and
   answered once. Where none is there, or one fails, one sentence says so and everything goes on by hand. */
"use strict";
(function () {
  var place = document.querySelector("[data-devices]");
  if (!place || !window.fetch || !window.AbortController || !window.DataTransfer) { return; }
  var origin = place.dataset.devices, state = document.getElementById("device-state");
  var PATIENCE_MS = 30000;
  var AWAY = "没有连上这台电脑的设备，请看设备和它的服务程序是否开着。可以照常手工填写、选择文件，什么也没有丢。";
  var VERBS = { read_card: readCard, capture: takePicture, sign: takePicture, rate: sendRating };

  function tell(text, look) {
    state.className = look ? "tag " + look : "saved";
    state.textContent = text;
  }

  /* the port: {ok: true, …} or a sentence of why not */
  function ask(verb) {
    var abort = new AbortController();
    var timer = window.setTimeout(function () { abort.abort(); }, PATIENCE_MS);
    var how = { method: "POST", mode: "cors", credentials: "omit", cache: "no-store", body: "{}", signal: abort.signal };
    how.headers = { "Content-Type": "application/json" };
    return window.fetch(origin + "/" + verb, how).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { throw new Error(typeof told.detail === "string" ? told.detail.slice(0, 100) : AWAY); }
        return told;
      });
    }).catch(function (error) {
      throw error instanceof TypeError || error instanceof SyntaxError || error.name === "AbortError" ? new Error(AWAY) : error;
    }).finally(function () { window.clearTimeout(timer); });
  }

  function field(pointer) { return document.getElementById("f" + pointer.replace(/\//g, "-")); }
  function plain(text) { return String(text || "").replace(/[\s-]/g, "").toUpperCase(); }

  function readCard(told) {
    var number = field("/applicant/id_number"), chip = field("/seen/0/chip_number");
    var read = plain(told.id_number);
    if (!read) { throw new Error("卡上没有读到号码，请重新放卡再读，或手工填写。"); }
    if (plain(number.value) && plain(number.value) !== read) {
      chip.value = "";
      throw new Error("从卡上读到的号码（尾号 " + read.slice(-4) + "）和填写的不一致，没有改动填写的。请核对是不是同一个人；要以卡为准，请清空号码后再读。");
    }
    number.value = read;
    put(field("/applicant/name"), told.name);
    put(field("/applicant/id_type"), told.document);
    put(field("/seen/0/document"), told.document);
    chip.value = read;
    number.dispatchEvent(new Event("change", { bubbles: true }));
    tell("✓ 已读芯片，号码和填写的一致。请核对人和照片。", "done");
  }

  function put(target, value) {
    if (target && value && (target.tagName !== "SELECT" || target.querySelector("option[value='" + value + "']"))) { target.value = value; }
  }

  /* what was typed over, or said of another paper, was not read */
  document.addEventListener("change", function (event) {
    var chip = field("/seen/0/chip_number");
    if (!chip || !chip.value || !event.target.name) { return; }
    var other = event.target.name === "/applicant/id_number" && plain(event.target.value) !== chip.value;
    if (other || event.target.name === "/seen/0/document") {
      chip.value = "";
      tell("改了号码或证件，刚才的读卡不算数了；请重新读卡，或按人工核对收件。", "soon");
    }
  });

  function takePicture(told) {
    var input = document.getElementById("file"), kept = new DataTransfer(), bytes, content, at;
    try { bytes = window.atob(told.data || ""); } catch (error) { bytes = ""; }
    if (!bytes) { throw new Error("设备没有给出照片，请再试一次，或选择文件。"); }
    content = new Uint8Array(bytes.length);
    for (at = 0; at < bytes.length; at += 1) { content[at] = bytes.charCodeAt(at); }
    if (input.multiple) { Array.from(input.files).forEach(function (file) { kept.items.add(file); }); }
    var kind = told.media_type === "image/png" ? "png" : "jpeg";
    kept.items.add(new File([content], "page-" + (kept.files.length + 1) + "." + kind, { type: "image/" + kind }));
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    tell("已有 " + kept.files.length + " 张，" + (input.multiple ? "可以接着拍，" : "") + "按“上传”保存。", "done");
  }

  /* pressed by whom the clerk served, on the pad: what it was is sent on and shown nowhere here */
  function sendRating(told, button) {
    var said = new URLSearchParams({ "/code": button.dataset.code, "/grade": String(told.grade || "") });
    (Array.isArray(told.tags) ? told.tags : []).forEach(function (tag) { said.append("/tags", String(tag)); });
    return window.fetch("/rate", { method: "POST", body: said, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error("没有记下：这次可能已经评价过，或者过了期限。来人还可以扫回执上的码。"); }
      button.remove();
      tell("✓ 评价已经记下。", "done");
    }, function () { throw new Error("网络断了，评价没有记下。来人可以扫回执上的码。"); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-device]") : null;
    if (!button || button.getAttribute("aria-busy")) { return; }
    button.setAttribute("aria-busy", "true");
    tell("正在等设备…", "");
    ask(button.dataset.device).then(function (told) { return VERBS[button.dataset.device](told, button); }).catch(function (error) {
      tell(error.message || AWAY, "late");
    }).finally(function () { button.removeAttribute("aria-busy"); });
  });
  document.addEventListener("keydown", function (event) {
    var button = document.querySelector("[data-device='read_card']");
    if (event.key === "F3" && button && !event.isComposing) { event.preventDefault(); button.click(); }
  });
  Array.from(document.querySelectorAll("[data-device]")).forEach(function (button) { button.hidden = false; });
})();
