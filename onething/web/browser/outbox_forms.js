/* The counter's form and the outbox: a form is put aside before it is sent, and goes from there once the server has
   answered; without a line it stays there. Blank forms are put by for when the line is cut. */
"use strict";
(function () {
  var box = window.onethingOutbox;
  var sending = window.onethingSending;
  var form = document.getElementById("take-in");
  var FORMS = "onething-forms";
  var HELD_MS = 60000;
  if (!box || !sending) { return; }

  navigator.serviceWorker.register("/counter/worker.js", { scope: "/counter" })
    .then(function () { return navigator.serviceWorker.ready; })
    .then(function (there) { if (!navigator.serviceWorker.controller) { there.active.postMessage("claim"); } })
    .catch(function () { /* forms are put aside all the same */ });

  /* -- blank forms, for when there is no line -- */

  function today() { return new Date(box.now()).toLocaleDateString("en-CA", { timeZone: "Asia/Shanghai" }); }

  function put_by(cache, path) {
    return fetch(path).then(function (answer) {
      if (!answer.ok || answer.redirected) { throw new Error("not to be had"); }
      return cache.put(path, answer);
    });
  }

  /* those of another day go first */
  function anew() {
    var known = prepared_on("", "");
    if (Object.keys(known).some(function (bundle) { return known[bundle] === today(); })) { return Promise.resolve(); }
    window.localStorage.removeItem(FORMS);
    return caches.delete(FORMS);
  }

  /* with the styles and scripts that they need, which are those of this page */
  function prepare(bundle) {
    var files = Array.from(document.querySelectorAll("link[rel=stylesheet], script[src]"), function (one) { return one.href || one.src; });
    return anew().then(function () { return caches.open(FORMS); }).then(function (cache) {
      return Promise.all(files.map(function (path) { return cache.match(path).then(function (found) { return found || put_by(cache, path); }); }))
        .then(function () { return put_by(cache, "/counter/outbox/blank"); })
        .then(function () { return put_by(cache, "/counter/outbox/forms/" + bundle); });
    }).then(function () { return prepared_on(bundle, today()); });
  }

  /* which bundles were put by today; `bundle`: and this one, now */
  function prepared_on(bundle, day) {
    var known = JSON.parse(window.localStorage.getItem(FORMS) || "{}");
    if (bundle) {
      known[bundle] = day;
      window.localStorage.setItem(FORMS, JSON.stringify(known));
    }
    return known;
  }

  function is_prepared(bundle) { return prepared_on("", "")[bundle] === today(); }

  /* -- a form that is being sent -- */

  function entry_of(kept, form, button, natively) {
    var body = Array.from(new FormData(form)).filter(function (pair) { return typeof pair[1] === "string" && pair[0] !== "_token"; });
    var value = function (name) { return (body.filter(function (pair) { return pair[0] === name; })[0] || ["", ""])[1]; };
    var act = button && button.value ? "submit" : "save";
    return {
      key: value("_key") || box.random(16),
      bundle: form.dataset.bundle,
      name: form.dataset.name,
      title: value("/applicant/name") || "（没有填姓名）",
      act: act,
      fields: body,
      files: [],
      sent: 0,
      case_no: value("_draft"),
      version: Number(value("_version")) || 0,
      step: 1,
      state: "waiting",
      pressed: natively && act === "submit",
      held_until: natively ? box.now() + HELD_MS : 0,
      at: box.now(),
      contact: kept.contact,
    };
  }

  function chosen() {
    var found = [];
    form.querySelectorAll("[data-scan-file]").forEach(function (input) {
      if (input.files[0]) { found.push({ code: input.dataset.scanFile, file: input.files[0] }); }
    });
    return found;
  }

  /* what it replaces: the one that was opened to be put right, or the one of the same press before */
  function put_aside(kept, button, natively) {
    var entry = entry_of(kept, form, button, natively);
    var files = chosen();
    return box.list().then(function (found) {
      var before = found.entries.filter(function (one) { return one.key === entry.key || String(one.row.seq) === form.dataset.entry; })[0];
      if (before && !before.number) {
        entry.row = before.row;
        entry.case_no = entry.case_no || before.case_no;
        entry.version = entry.version || before.version;
        if (before.state !== "carried") { entry.at = before.at; entry.contact = before.contact; } /* as its slip says */
      }
      var stay = (before && !before.number ? before.files : []).map(function (one, at) { return { at: at, file: one }; })
        .filter(function (one) { return !files.some(function (other) { return other.code === one.file.code; }); });
      entry.files = stay.map(function (one) { return one.file; }).concat(files.map(function (one) {
        return { code: one.code, name: one.file.name, type: one.file.type };
      }));
      return Promise.all(stay.map(function (one) { return box.file(kept, before, one.at); }).concat(files.map(function (one) {
        return one.file.arrayBuffer();
      })));
    }).then(function (bytes) { return box.save(kept, entry, bytes); });
  }

  function hidden(name, value) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    return field;
  }

  function go_natively(button) {
    form.dataset.aside = "1";
    if (!form.elements.namedItem("_put_aside")) {
      form.appendChild(hidden("_put_aside", "1"));
    }
    if (button) { button.click(); } else { form.submit(); }
  }

  function stays(entry) {
    if (navigator.serviceWorker.controller) {
      window.location.assign("/counter/outbox");
    } else {
      window.onething.say("已加密存在这台电脑上，联网后发出。", "soon");
      sending.changed();
    }
  }

  function press(event) {
    if (event.target !== form || event.defaultPrevented || form.dataset.aside) { return; }
    var button = event.submitter;
    var blank = "blank" in form.dataset;
    var without_line = blank || !navigator.onLine || chosen().length > 0;
    event.preventDefault();
    event.stopPropagation();
    box.keys().then(function (kept) { return kept || sending.ready(); }).then(function (kept) {
      if (!kept) { throw new Error("nobody is signed in"); }
      return put_aside(kept, button, !without_line);
    }).then(function (entry) {
      window.sessionStorage.setItem("onething-pressed", String(entry.row.seq));
      if (without_line) { stays(entry); } else { go_natively(button); }
    }).catch(function () {
      if (!without_line) { go_natively(button); return; }
      window.onething.say("没有存下来：登录已到期，或者这个浏览器不能保存。您填的内容还在这一页，请联网登录后再存。", "late");
    });
  }

  function by_key(key, act) {
    return box.list().then(function (found) {
      return Promise.all(found.entries.filter(function (one) { return one.key === key && !one.number; }).map(act));
    });
  }

  /* the answer to a form that was put aside is here: it has arrived, or it stands on this page with what is to be put right.
     Who goes on at once ends this page's work half-way: the next page does the rest */
  function answered() {
    var arrived = /^#arrived-([0-9a-f-]+)$/.exec(window.location.hash);
    var key = arrived ? arrived[1] : (form && form.dataset.refused) || window.sessionStorage.getItem("onething-answered");
    if (!key) { return Promise.resolve(); }
    window.sessionStorage.setItem("onething-answered", key);
    if (arrived) { window.history.replaceState(null, "", window.location.pathname + window.location.search); }
    return by_key(key, function (one) { return box.drop(one.row.seq); }).then(function (dropped) {
      window.sessionStorage.removeItem("onething-answered");
      if (dropped.length) { sending.changed(); }
    });
  }

  /* -- an entry that is opened to be put right -- */

  function fill(entry) {
    form.dataset.entry = String(entry.row.seq);
    entry.fields.forEach(function (pair) {
      if (/^_(asked|shown|draft|version|key|put_aside)$/.test(pair[0])) { return; }
      var named = Array.from(form.elements).filter(function (one) { return one.name === pair[0]; });
      named.forEach(function (one) {
        if (one.type === "radio" || one.type === "checkbox") { if (one.value === pair[1]) { one.checked = true; } } else { one.value = pair[1]; }
      });
      if (!named.length) { form.appendChild(hidden(pair[0], pair[1])); } /* rows of a list beyond those that are shown */
    });
    form.querySelectorAll("details").forEach(function (one) { one.open = true; });
  }

  function reopened() {
    var wanted = /^#entry-([0-9]+)$/.exec(window.location.hash);
    if (!wanted || !form) { return Promise.resolve(); }
    return box.list().then(function (found) {
      found.entries.forEach(function (one) { if (String(one.row.seq) === wanted[1]) { fill(one); } });
    });
  }

  /* a draft that was begun where there is a line, sealed as it stands, to be gone on with where there is none */
  function carry(bundle, case_no) {
    return Promise.all([sending.ready(), fetch("/counter/new/" + bundle + "?draft=" + case_no).then(function (answer) { return answer.text(); })])
      .then(function (found) {
        var draft = new DOMParser().parseFromString(found[1], "text/html").getElementById("take-in");
        if (!found[0] || !draft || !draft.elements.namedItem("_draft")) { throw new Error("no draft of theirs"); }
        var entry = entry_of(found[0], draft, null, false);
        entry.key = box.random(16);
        entry.state = "carried";
        return box.list().then(function (there) {
          var before = there.entries.filter(function (one) { return one.state === "carried" && one.case_no === case_no; })[0];
          if (before) { entry.row = before.row; }
          return box.save(found[0], entry, []);
        });
      })
      .then(function () { return is_prepared(bundle) ? null : prepare(bundle); })
      .then(sending.changed);
  }

  /* where to go on, beside the words that the line is cut */
  function ways_on(notice) {
    var links = [["/counter/outbox", "发件箱"]];
    if (form && !("blank" in form.dataset)) {
      notice.textContent = "网络断开，可以继续填写；收件会先存入发件箱，联网后发出。";
      if (is_prepared(form.dataset.bundle)) { links.unshift(["/counter/outbox/forms/" + form.dataset.bundle, "另收一件：空白表单"]); }
    } else {
      notice.textContent = "网络断开，别的页面现在打不开；可以离线收件，存入发件箱，联网后发出。";
    }
    links.forEach(function (pair) {
      var link = document.createElement("a");
      link.href = pair[0];
      link.textContent = pair[1];
      notice.appendChild(document.createTextNode(" "));
      notice.appendChild(link);
    });
  }

  function line() {
    document.querySelectorAll("[data-without-line]").forEach(function (one) {
      one.hidden = navigator.onLine && !(form && "blank" in form.dataset) && !one.querySelector("input").value;
    });
  }

  if (form) {
    document.addEventListener("submit", press, true);
    window.addEventListener("pageshow", function () { delete form.dataset.aside; });
    window.addEventListener("online", line);
    window.addEventListener("offline", line);
    line();
    var used = 0;
    document.addEventListener("keydown", function () {
      if (Date.now() - used > 60000) { used = Date.now(); box.use(); }
    });
  }
  window.onething.cut_off = ways_on;
  window.onethingForms = { prepare: prepare, is_prepared: is_prepared, carry: carry };
  answered().then(reopened).then(function () {
    if (!form) { return null; }
    return sending.ready().then(function () {
      return "blank" in form.dataset || is_prepared(form.dataset.bundle) ? null : prepare(form.dataset.bundle);
    });
  }).catch(function () { /* without a line there is nothing to put by */ }).then(sending.send);
})();
