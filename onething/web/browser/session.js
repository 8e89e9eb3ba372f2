/* A session that nobody uses ends: said once, three minutes before, with one button to go on. Several tabs are one session:
   whether it ends is asked of the server, and asking does not keep it alive. */
"use strict";
(function () {
  var WARN_S = 180;
  var dialog = document.getElementById("session-ends");
  if (!dialog || !dialog.showModal) { return; }
  var form = dialog.querySelector("form");
  var left = dialog.querySelector("[data-left]");
  var timer = null;

  function wait(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, Math.max(1, seconds) * 1000);
  }

  function look() {
    fetch("/session", { headers: { "X-Script": "1" } })
      .then(function (answer) { return answer.json(); })
      .then(function (said) { follow(said.seconds_left); })
      .catch(function () { wait(30); });
  }

  function follow(seconds) {
    if (seconds > WARN_S) {
      if (dialog.open) { dialog.close(); }
      wait(seconds - WARN_S);
    } else if (seconds > 0) {
      left.textContent = seconds >= 60 ? Math.floor(seconds / 60) + " 分钟" : seconds + " 秒";
      if (!dialog.open) { dialog.showModal(); }
      wait(seconds + 1);
    } else {
      if (dialog.open) { dialog.close(); }
      window.onething.say("登录已到期。您填的内容还在这一页上，提交时会请您重新登录。", "soon");
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    fetch("/session", { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Script": "1" } })
      .then(function (answer) { return answer.json(); })
      .then(function (said) { dialog.close(); follow(said.seconds_left); })
      .catch(function () { wait(5); });
  });

  wait(Number(document.body.dataset.secondsLeft) - WARN_S);
})();
