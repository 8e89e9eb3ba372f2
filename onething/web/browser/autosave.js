/* What is typed in an application is kept while it is typed: two seconds after the last change, one request at a time.
   Failing is told and tried again; the button 保存 works all the same. */
"use strict";
(function () {
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch || !window.URLSearchParams) { return; }
  var IDLE_MS = 2000, AGAIN_MS = 10000;
  var place = document.getElementById("saved"), timer = null, under_way = false, changed = false, over = false;

  function say(words) { if (place && place.textContent !== words) { place.textContent = words; } }

  function later(ms) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, ms);
  }

  function ask_to_sign_in() {
    say("");
    var line = document.createElement("span"), link = document.createElement("a");
    line.textContent = "登录已到期，您填的内容还在这一页。";
    link.textContent = "在新窗口登录";
    link.href = "/sign-in?return_to=" + encodeURIComponent(window.location.pathname);
    link.target = "_blank";
    link.rel = "noopener";
    place.appendChild(line);
    place.appendChild(link);
  }

  function post() {
    return fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  }

  /* who has signed in again in another window has a session of another token */
  function renewed() {
    return fetch(window.location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var token = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-autosave] input[name=_token]");
        if (token) { form.elements.namedItem("_token").value = token.value; }
      });
  }

  function send() {
    if (under_way || over || !changed) { return; }
    changed = false;
    under_way = true;
    post()
      .then(function (answer) { return answer.status === 403 ? renewed().then(post) : answer; })
      .then(function (answer) {
        var type = answer.headers.get("content-type") || "";
        if (type.indexOf("json") < 0) {
          if (answer.redirected) { ask_to_sign_in(); changed = true; return null; }
          throw new Error("not saved");
        }
        return answer.json();
      })
      .then(function (told) {
        under_way = false;
        if (!told) { return; }
        if (told.clash) { over = true; say(told.clash); return; }
        form.elements.namedItem("_version").value = told.version;
        form.elements.namedItem("_was").value = told.was;
        say(told.saved);
        if (changed) { later(IDLE_MS); }
      })
      .catch(function () {
        under_way = false;
        changed = true;
        say("还没有保存，正在重试…您填的内容还在这一页。");
        later(AGAIN_MS);
      });
  }

  form.addEventListener("input", function () { changed = true; later(IDLE_MS); });
  form.addEventListener("change", function () { changed = true; later(IDLE_MS); });
  form.addEventListener("submit", function () { over = true; window.clearTimeout(timer); });
  window.addEventListener("pageshow", function () { over = false; });
  window.addEventListener("online", function () { later(0); });
  window.addEventListener("focus", function () { if (changed) { later(0); } });
})();
