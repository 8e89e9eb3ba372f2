/* What every page does beyond plain HTML: focus on what is wrong, one press is one act, a line that is cut is told. */
"use strict";
(function () {
  var parts = window.onethingParts;

  function focusOnMistakes(root) {
    var found = root.querySelector("[data-focus]");
    if (found) { found.focus(); }
  }

  function say(text, look) {
    var place = document.getElementById("notices");
    if (!place) { return; }
    place.textContent = "";
    if (!text) { return; }
    var line = document.createElement("p");
    line.className = "notice " + look;
    line.textContent = text;
    place.appendChild(line);
  }

  /* a second press while the first is under way does nothing; coming back to the page makes it usable again */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    var button = event.submitter;
    if (!button || button.classList.contains("link")) { return; }
    window.setTimeout(function () {
      button.setAttribute("aria-busy", "true");
      button.dataset.words = button.textContent;
      button.textContent = button.dataset.busy || "正在提交…";
    }, 300);
  });
  window.addEventListener("pageshow", function (event) {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
    document.querySelectorAll("[aria-busy]").forEach(function (button) {
      button.removeAttribute("aria-busy");
      if (button.dataset.words) { button.textContent = button.dataset.words; }
    });
    /* signed in pages are not to be had back from memory after signing out */
    if (event.persisted && document.getElementById("sign-out")) { window.location.reload(); }
  });

  /* a link to a field brings its label into view, too */
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".mistakes a[href^='#']") : null;
    if (!link) { return; }
    var field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) { return; }
    event.preventDefault();
    (field.closest(".field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });

  /* `window.onething.cut_off`: what a page knows to do beside, put into the notice */
  function cut(words) {
    say(words, "soon");
    var notice = document.querySelector("#notices .notice");
    if (notice && window.onething.cut_off) { window.onething.cut_off(notice); }
  }

  window.addEventListener("offline", function () { cut("网络断开，您可以继续填写，恢复后自动保存。"); });
  window.addEventListener("online", function () { say("", ""); });

  if (parts) {
    parts.placed(focusOnMistakes);
    parts.began(function (element) { element.setAttribute("aria-busy", "true"); });
    parts.ended(function (element) { element.removeAttribute("aria-busy"); });
    parts.cut(function () { cut("网络断开，您填的内容还在，恢复后再试一次。"); });
  }
  focusOnMistakes(document);
  window.onething = { say: say };
})();
