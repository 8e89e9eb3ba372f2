/* The queue by keyboard, and kept up to date without a row moving under anybody's hands. */
"use strict";
(function () {
  var back = document.querySelector("a[data-queue]");
  var queue = document.getElementById("queue");
  var waitingForG = false;

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("#queue-rows tr")); }
  function rowAt() { var at = document.activeElement; return at && at.closest ? at.closest("#queue-rows tr") : null; }

  function move(step) {
    var all = rows();
    var next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(rowAt()) + step))];
    if (next) { next.querySelector(".row-link").focus(); }
  }

  var keys = {
    j: function () { move(1); },
    k: function () { move(rowAt() ? -1 : 1); },
    x: function () {
      var row = rowAt();
      var box = row && row.querySelector("input[type=checkbox]");
      if (box) { box.checked = !box.checked; count(); }
    },
    c: function () {
      var row = rowAt();
      var claim = row && row.querySelector("button.claim");
      if (claim) { claim.click(); }
    },
    "/": function () { var find = document.getElementById("bundle"); if (find) { find.focus(); } },
  };

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.ctrlKey && !event.isComposing && event.target.closest) {
      var form = event.target.closest("form[data-shortcut]");
      if (form) { event.preventDefault(); form.querySelector("button.button").click(); }
      return;
    }
    if (!window.onethingKeys(event)) { return; }
    if (waitingForG) {
      waitingForG = false;
      if (event.key === "q" && back) { event.preventDefault(); window.location.assign(back.href); return; }
    }
    if (event.key === "g") { waitingForG = true; return; }
    if (queue && keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  /* -- what is ticked: here, and on other pages of the list ------------------------------------------------------- */

  function count() {
    var place = document.getElementById("ticked-count");
    if (!place) { return; }
    var here = document.querySelectorAll("#queue-rows input:checked").length;
    var elsewhere = document.querySelectorAll("#ticking input[type=hidden][name=ticked]").length;
    place.textContent = here + elsewhere
      ? "已选 " + (here + elsewhere) + " 件" + (elsewhere ? "（含不在本页的 " + elsewhere + " 件）" : "")
      : "勾选后可以一起办";
  }
  document.addEventListener("change", function (event) { if (event.target.name === "ticked") { count(); } });

  /* -- up to date -------------------------------------------------------------------------------------------------- */

  var reading = false;
  var again = false;

  function busyWithRows() {
    var table = document.querySelector("#queue table");
    return table && (table.contains(document.activeElement) || table.matches(":hover") ||
      table.querySelector("input:checked"));
  }

  function put(id, fresh) {
    var old = document.getElementById(id);
    var made = fresh.querySelector("#" + id);
    if (old && made && old.innerHTML !== made.innerHTML) { old.innerHTML = made.innerHTML; }
  }

  function place(fresh) {
    ["queue-views", "queue-total", "queue-time", "bulk-approve"].forEach(function (id) { put(id, fresh); });
    var body = document.getElementById("queue-rows");
    var made = fresh.querySelector("#queue-rows");
    var now = {};
    var news = 0;
    Array.prototype.forEach.call(made ? made.rows : [], function (row) { now[row.id] = row; });
    if (!body || !made || !busyWithRows()) { anew(fresh, body); return; }
    rows().forEach(function (row) {
      var same = now[row.id];
      if (!same) {
        if (!row.classList.contains("gone")) { row.classList.add("gone"); row.cells[row.cells.length - 1].append(" 已不在此列"); }
        return;
      }
      delete now[row.id];
      if (row.contains(document.activeElement)) { return; }
      for (var n = 1; n < row.cells.length; n += 1) {
        if (row.cells[n].innerHTML !== same.cells[n].innerHTML) { row.cells[n].innerHTML = same.cells[n].innerHTML; }
      }
    });
    news = Object.keys(now).length;
    var place = document.getElementById("queue-news");
    place.textContent = "";
    if (news) {
      var show = document.createElement("button");
      show.type = "button";
      show.className = "link";
      show.textContent = "新到 " + news + " 件 · 显示";
      show.addEventListener("click", function () { place.textContent = ""; anew(fresh, body); });
      place.appendChild(show);
    }
  }

  /* nobody is at the rows: the list as it is now, what was not there before marked as new, ticks kept */
  function anew(fresh, body) {
    var known = {};
    var ticked = {};
    rows().forEach(function (row) {
      known[row.id] = true;
      var box = row.querySelector("input:checked");
      if (box) { ticked[row.id] = true; }
    });
    if (!body) { queue.innerHTML = fresh.querySelector("#queue").innerHTML; return; }
    var made = fresh.querySelector("#queue-rows");
    Array.prototype.forEach.call(made ? made.rows : [], function (row) {
      if (!known[row.id]) { row.classList.add("fresh"); }
      var box = row.querySelector("input[type=checkbox]");
      if (box) { box.checked = Boolean(ticked[row.id]); }
    });
    body.innerHTML = "";
    while (made && made.rows.length) { body.appendChild(document.adoptNode(made.rows[0])); }
    count();
  }

  function read() {
    if (reading) { again = true; return; }
    reading = true;
    fetch("/work/live" + window.location.search, { headers: { "HX-Request": "true", "HX-Target": "queue" } })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : null; })
      .then(function (text) { if (text) { place(new DOMParser().parseFromString(text, "text/html")); } })
      .catch(function () {})
      .then(function () { reading = false; if (again) { again = false; read(); } });
  }

  if (queue && window.onethingLive) { window.onethingLive(queue.dataset.topic, read); }
  count();
})();
