/* Sends what was put aside, in order, by the account that made it alone: draft, then files, then the submission, each with
   the entry's own key, so that what was done before the line was cut is not done twice. Goes on at the step that failed.
   `window.onethingSending`: `ready()` gives the keys, from the server where there is a line; `send()`; `onchange`. */
"use strict";
(function () {
  var box = window.onethingOutbox;
  if (!box) { return; }
  var AGAIN_MS = 30000;
  var TELL_MS = 300000;
  var TOLD_AT = "onething-outbox-told";
  var AT = "/counter/outbox";
  var told = []; /* who wants to know that something has changed */
  var token = null;
  var busy = null;
  var cut = false; /* the last turn ended where the line does */
  var wrong = ""; /* why nothing is sent at all */

  function changed() { told.forEach(function (act) { act(); }); }

  function own_token() {
    var field = document.querySelector("#sign-out input[name=_token]");
    return token || (field ? field.value : "");
  }

  /* a page that was kept has none, nor has one whose session ended and was followed by another */
  function renewed() {
    return fetch(AT).then(function (answer) { return answer.redirected ? "" : answer.text(); }).then(function (text) {
      var field = new DOMParser().parseFromString(text, "text/html").querySelector("#sign-out input[name=_token]");
      token = field ? field.value : "";
      return token;
    });
  }

  function once(path, body, account) {
    body.set("_token", own_token());
    return fetch(AT + path, { method: "POST", body: body, headers: account ? { "X-OneThing-Account": account } : {} });
  }

  /* status, and what is told; rejects where the line is cut. `account`: whose it is, and nobody else's who is here by now */
  function post(path, body, account) {
    return (own_token() ? once(path, body, account) : renewed().then(function () { return once(path, body, account); }))
      .then(function (answer) { return answer.status === 403 ? renewed().then(function () { return once(path, body, account); }) : answer; })
      .then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (value) { return { status: answer.status, value: value }; });
      });
  }

  function fields(pairs) {
    var body = new URLSearchParams();
    pairs.forEach(function (pair) { body.append(pair[0], pair[1]); });
    return body;
  }

  /* keys, or null where nobody is signed in; without a line those that are there */
  function ready() {
    return box.device()
      .then(function (device) { return post("/key", fields([["device", device]])); })
      .then(function (answer) {
        if (answer.status === 200) { return box.keep(answer.value); }
        return answer.status === 401 || answer.status === 403 ? box.forget().then(function () { return null; }) : box.keys();
      }, function () { return box.keys(); });
  }

  function typed(entry) {
    var pairs = entry.fields.filter(function (pair) { return !/^_(draft|version|key)$/.test(pair[0]); });
    pairs.push(["_key", entry.key]);
    if (entry.case_no) { pairs.push(["_draft", entry.case_no], ["_version", String(entry.version)]); }
    return fields(pairs);
  }

  function at(moment) { return new Date(moment).toISOString(); }

  /* one request; null where there is none more to send */
  function request(kept, entry) {
    if (entry.step === 1) { return post("/drafts/" + entry.bundle, typed(entry), kept.account); }
    if (entry.step === 2) {
      var file = entry.files[entry.sent];
      return box.file(kept, entry, entry.sent).catch(function () { return null; }).then(function (bytes) {
        if (!bytes) { return { status: 404, value: { detail: "“" + file.name + "”在这台电脑上读不出来了，请打开草稿重新上传，或者不发这个文件。" } }; }
        var body = new FormData();
        body.append("_token", "");
        body.append("file", new Blob([bytes], { type: file.type }), file.name);
        return post("/cases/" + entry.case_no + "/materials/" + file.code, body, kept.account);
      });
    }
    var said = [["_key", entry.key], ["/received/at", at(entry.at)], ["/received/device_contact_at", at(entry.contact)]];
    if (entry.fields.some(function (pair) { return pair[0] === "_incomplete"; })) { said.push(["_incomplete", "1"]); }
    if (entry.looked_at) { said.push(["_not_duplicate", entry.looked_at]); }
    return post("/cases/" + entry.case_no + "/submission", fields(said), kept.account);
  }

  /* after a step that was done: which is the next */
  function went_well(entry, value) {
    if (entry.step === 1) {
      entry.case_no = value.case_no;
      entry.version = value.version;
      entry.step = 2;
    } else if (entry.step === 2) {
      entry.sent += 1;
    } else {
      entry.number = value.case_no;
    }
    if (entry.step === 2 && entry.sent >= entry.files.length) {
      entry.step = 3;
      if (entry.act === "save") { entry.number = entry.case_no; }
    }
    if (entry.number) { entry.state = "received"; entry.fields = []; }
  }

  function went_wrong(entry, answer) {
    var value = answer.value;
    /* the form's own button has perhaps submitted it, and only the answer was lost: its key tells */
    if (answer.status === 409 && entry.step === 1 && entry.pressed && entry.case_no) { entry.step = 3; return; }
    entry.why = (value.fields && value.fields.length ? value.fields : [value]).map(function (one) { return one.detail || "没有收下，请核对后再发。"; });
    entry.stands = value.stands || null;
    entry.duplicates = value.duplicates || null; /* asked before it is sent: it may be one that there is */
    entry.gone = answer.status === 404; /* the draft, or a material that nobody asks for any more */
    entry.state = /^(403|404|409|412)$/.test(String(answer.status)) ? "handle" : "returned";
  }

  /* the entry as far as it comes; false where the line, or the session, ends first. `moved`: something of it was done just
     now; else it is left as it lies there, for another page may have put it right meanwhile */
  function carry(kept, entry, moved) {
    entry.state = "sending";
    changed();
    var step = entry.skips ? Promise.resolve({ status: 200, value: {} }) : request(kept, entry);
    entry.skips = false;
    return step.then(function (answer) {
      if (answer.status === 401) { wrong = answer.value.detail; entry.state = "waiting"; return box.save(kept, entry).then(function () { return false; }); }
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) { throw new Error("later"); }
      if (answer.status === 200) { went_well(entry, answer.value); } else { went_wrong(entry, answer); }
      return box.save(kept, entry, entry.number ? [] : null).then(function () {
        changed();
        if (entry.number) { window.onething.say("已收到 " + entry.number + "：" + entry.title, "done"); }
        return entry.state === "sending" ? carry(kept, entry, true) : true;
      });
    }).catch(function () {
      cut = true;
      entry.state = "waiting";
      if (!moved) { return false; }
      return box.save(kept, entry).then(function () { return false; });
    });
  }

  function in_turn(kept, entries) {
    var entry = entries.shift();
    if (!entry) { return Promise.resolve(); }
    return carry(kept, entry, entry.state === "sending").then(function (goes_on) { return goes_on ? in_turn(kept, entries) : null; });
  }

  /* what a form's own button is sending just now is left to it */
  function waiting(entry) {
    return (entry.state === "waiting" || entry.state === "sending") && !(entry.held_until > box.now());
  }

  function turn() {
    cut = false;
    return box.list().then(function (found) {
      if (!found.entries.some(waiting)) { return null; }
      return ready().then(function (kept) {
        if (!kept) { wrong = "请登录后再发送；没有发出的收件都还在这台电脑上。"; return null; }
        wrong = "";
        return box.list().then(function (now) { return in_turn(kept, now.entries.filter(waiting)); });
      });
    });
  }

  /* one tab at a time */
  function send() {
    if (busy) { return busy; }
    var work = navigator.locks
      ? navigator.locks.request("onething-outbox", { ifAvailable: true }, function (lock) { return lock ? turn() : null; })
      : turn();
    busy = work.catch(function () { return null; }).then(function () { busy = null; changed(); });
    return busy;
  }

  /* how much waits and since when, for who runs the system: when there is a line again, not more often than now and then */
  function tell() {
    var last = Number(window.localStorage.getItem(TOLD_AT) || 0);
    if (!navigator.onLine || (last <= box.now() && box.now() < last + TELL_MS)) { return null; }
    return box.list().then(function (found) {
      var left = found.entries.filter(function (one) { return !one.number && one.state !== "carried"; });
      if (!left.length) { return null; }
      var oldest = Math.min.apply(null, left.map(function (one) { return one.at; }));
      return post("/waiting", fields([["entries", String(left.length)], ["oldest_s", String(Math.max(0, Math.round((box.now() - oldest) / 1000)))]]))
        .then(function (answer) { if (answer.status === 200) { window.localStorage.setItem(TOLD_AT, String(box.now())); } });
    });
  }

  /* one tab at a time; what fails is told another time */
  function tell_waiting() {
    var work = navigator.locks
      ? navigator.locks.request("onething-outbox-told", { ifAvailable: true }, function (lock) { return lock ? tell() : null; })
      : Promise.resolve().then(tell);
    return work.catch(function () { return null; });
  }

  window.addEventListener("online", function () { tell_waiting().then(send); });
  window.setInterval(send, AGAIN_MS);
  tell_waiting();

  window.onethingSending = {
    ready: ready,
    send: send,
    changed: changed,
    onchange: function (act) { told.push(act); },
    get wrong() { return wrong; },
    get cut() { return cut; },
  };
})();
