/* Beside the forms of departments: time to think better of several decisions, notes that save themselves, copying. */
"use strict";
(function () {
  /* nothing is sent, and nothing recorded, before the time is over */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.countdown || form.dataset.counted) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.counting) { return; }
    form.dataset.counting = "1";
    var left = Number(form.dataset.countdown);
    var line = document.createElement("p");
    line.setAttribute("role", "status");
    line.className = "inset soon";
    var words = document.createElement("span");
    var cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "button second";
    cancel.textContent = "取消";
    line.appendChild(words);
    line.appendChild(document.createTextNode(" "));
    line.appendChild(cancel);
    form.appendChild(line);
    cancel.focus();
    function ask(leaving) { leaving.preventDefault(); leaving.returnValue = "还没有发出。"; }
    window.addEventListener("beforeunload", ask);
    function over() {
      window.clearInterval(timer);
      window.removeEventListener("beforeunload", ask);
      delete form.dataset.counting;
      line.remove();
    }
    function say() { words.textContent = form.dataset.countdownWords + "：还有 " + left + " 秒发出，现在还什么都没有记录。"; }
    var timer = window.setInterval(function () {
      left -= 1;
      if (left > 0) { say(); return; }
      over();
      form.dataset.counted = "1";
      form.submit();
    }, 1000);
    cancel.addEventListener("click", function () { over(); form.querySelector("button.button").focus(); });
    say();
  }, true);

  var note = document.querySelector("textarea[data-note]");
  if (note) {
    var timer = null;
    var under = false;
    var saved = document.getElementById("note-saved");
    var save = function () {
      window.clearTimeout(timer);
      var form = note.form;
      var was = form.elements["note/before"];
      if (under || note.value === was.value) { return; }
      var text = note.value;
      var body = new URLSearchParams();
      ["_token", "back", "note/version", "note/before"].forEach(function (name) { body.append(name, form.elements[name].value); });
      body.append("note/text", text);
      under = true;
      fetch(note.dataset.note, { method: "POST", body: body })
        .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error("refused")); })
        .then(function (page) {
          var now = new DOMParser().parseFromString(page, "text/html");
          form.elements["note/version"].value = now.querySelector("[name='note/version']").value;
          was.value = text;
          saved.textContent = now.getElementById("note-saved").textContent;
        })
        .catch(function () { saved.textContent = "备注还没有保存，提交时再试"; })
        .then(function () { under = false; });
    };
    note.addEventListener("input", function () { window.clearTimeout(timer); timer = window.setTimeout(save, 2000); });
    note.addEventListener("change", save);
  }

  /* a phrase goes where the writer is, and asks nobody */
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-phrases] button[value=insert]") : null;
    if (!button) { return; }
    var place = button.closest("[data-phrases]");
    var field = document.getElementById(place.dataset.phrases);
    var chosen = place.querySelector("select").value;
    if (!field) { return; }
    event.preventDefault();
    field.focus();
    field.setRangeText(chosen, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = document.getElementById(button.dataset.copy);
      text.select();
      button.textContent = document.execCommand("copy") ? "已复制" : "已选中，请按 Ctrl+C";
    });
  });
})();
