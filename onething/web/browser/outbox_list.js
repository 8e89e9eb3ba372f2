/* What is in the outbox: how many in the head of every page of the counter; all of it, with what can be done, on its own
   page; the slip that is given while there is no line; and asking before somebody signs out and leaves something behind. */
"use strict";
(function () {
  var box = window.onethingOutbox;
  var sending = window.onethingSending;
  var forms = window.onethingForms;
  if (!box || !sending || !forms) { return; }
  var STEPS = 3;
  var SHOWN_MS = 12 * 3600 * 1000; /* of what has arrived */
  var list = document.getElementById("outbox-entries");

  function by_id(id) { return document.getElementById(id); }

  function made(tag, words, look) {
    var element = document.createElement(tag);
    if (words) { element.textContent = words; }
    if (look) { element.className = look; }
    return element;
  }

  function unsent(entries) { return entries.filter(function (one) { return !one.number && one.state !== "carried"; }); }

  function state_of(entry) {
    if (entry.number) { return ["done", "已收到 " + entry.number]; }
    if (entry.state === "sending") { return ["running", "发送中（第 " + entry.step + " 步/共 " + STEPS + " 步）"]; }
    if (entry.state === "carried") { return ["paused", "带着的草稿 " + entry.case_no]; }
    if (entry.state === "returned") { return ["late", "被退回"]; }
    if (entry.state === "handle") { return ["soon", "需要您处理"]; }
    return ["paused", "待发"];
  }

  function moment(ms) {
    return new Date(ms).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  }

  function link(words, path) {
    var element = made("a", words);
    element.href = path;
    return element;
  }

  function button(words, act) {
    var element = made("button", words, "button second");
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  function again(kept, entry) {
    entry.state = "waiting";
    if (entry.stands && entry.stands.version) { entry.version = entry.stands.version; }
    entry.stands = null;
    return box.save(kept, entry).then(sending.send);
  }

  /* the clerk has looked: it is another matter */
  function another(kept, entry) {
    entry.looked_at = entry.duplicates.looked_at;
    entry.duplicates = null;
    return again(kept, entry);
  }

  /* its draft is there no more: deleted elsewhere, or a colleague's by now */
  function anew(kept, entry) {
    Object.assign(entry, { key: box.random(16), case_no: "", version: 0, step: 1, sent: 0, pressed: false, gone: false });
    return again(kept, entry);
  }

  /* a file that nobody asks for any more */
  function without(kept, entry) {
    Object.assign(entry, { skips: true, gone: false });
    return again(kept, entry);
  }

  /* with the number of what stands in its place */
  function leave(entry) { return box.drop(entry.row.seq).then(sending.changed); }

  function acts_of(kept, entry) {
    var found = [];
    var stands = entry.stands;
    var draft = "/counter/new/" + entry.bundle + "?draft=" + entry.case_no;
    var typed = "/counter/outbox/forms/" + entry.bundle + "#entry-" + entry.row.seq;
    if (entry.number) {
      found.push(link(entry.act === "save" ? "打开草稿" : "看回执", entry.act === "save" ? draft : "/counter/receipt/" + entry.number));
    } else if (entry.state === "carried") {
      found.push(link("接着填", typed));
      found.push(button("不带了", function () { leave(entry); }));
    } else if (entry.state === "handle" && entry.duplicates) {
      entry.duplicates.case_nos.forEach(function (number) { found.push(link("打开 " + number, "/counter/cases/" + number)); });
      if (entry.duplicates.unseen) { found.push(made("span", "另一件不归您这里看，请向本地区的综合窗口核实")); }
      found.push(button("核对过了，不是同一件，照发", function () { another(kept, entry); }));
      found.push(button("是同一件，不发了（草稿 " + entry.case_no + " 留着）", function () { leave(entry); }));
    } else if (entry.state === "handle" && stands && !stands.version) {
      found.push(link("打开办件 " + stands.case_no, "/counter/cases/" + stands.case_no));
      found.push(button("已核对，以办件 " + stands.case_no + " 为准，移出", function () { leave(entry); }));
    } else if (entry.state === "handle") {
      if (entry.case_no) { found.push(link("打开草稿 " + entry.case_no, draft)); }
      found.push(button(stands ? "以这里填的为准，再发" : "再发一次", function () { again(kept, entry); }));
      if (entry.gone && entry.step === 2) { found.push(button("不发“" + entry.files[entry.sent].name + "”，接着发", function () { without(kept, entry); })); }
      if (entry.gone) { found.push(button("作为新的收件发", function () { anew(kept, entry); })); }
    } else if (entry.state === "returned" && entry.step === STEPS) {
      found.push(link("打开修改", typed));
      found.push(button("到草稿 " + entry.case_no + " 里改（收件时间另算）", function () {
        box.drop(entry.row.seq).then(function () { window.location.assign(draft); });
      }));
    } else if (entry.state === "returned" || (entry.state === "waiting" && entry.step === 1 && !entry.pressed)) {
      found.push(link("打开修改", typed));
    }
    if (entry.state === "handle") { found.push(link("看这里填的内容", typed)); }
    if (!entry.number && entry.act === "submit" && entry.state !== "carried") { found.push(button("看暂存回执", function () { slip(entry); })); }
    return found;
  }

  /* each on a line of its own; what to do stands in them, and below */
  function reasons(entry) {
    var stands = entry.state === "handle" ? entry.stands : null;
    var told = entry.why.slice();
    if (stands) { told.push("现在：" + stands.case_no + " " + stands.name + "。"); }
    if (stands && stands.differs && stands.differs.length) { told.push("不同的有：" + stands.differs.join("、") + "。"); }
    var listed = made("ul");
    told.forEach(function (one) { listed.appendChild(made("li", one)); });
    return listed;
  }

  function row_of(kept, entry) {
    var row = made("li");
    var looks = state_of(entry);
    row.appendChild(made("strong", entry.name + "：" + entry.title));
    row.appendChild(document.createTextNode(" "));
    row.appendChild(made("span", looks[1], "tag " + looks[0]));
    row.appendChild(made("span", " " + moment(entry.at) + (entry.state === "carried" ? " 带上" : entry.act === "save" ? " 保存草稿" : " 收件") + (entry.files.length ? "，" + entry.files.length + " 个文件" : ""), "muted"));
    if (entry.state === "returned" || entry.state === "handle") { row.appendChild(reasons(entry)); }
    var acts = made("p", "", "acts");
    acts_of(kept, entry).forEach(function (one) { acts.appendChild(one); acts.appendChild(document.createTextNode(" ")); });
    row.appendChild(acts);
    return row;
  }

  /* nothing of it is known but whose it was */
  function damaged_row(found) {
    var row = made("li");
    row.appendChild(made("strong", "这一份读不出来了"));
    row.appendChild(made("p", "它存在这台电脑上的内容已经损坏，发不出去。请照暂存回执重新收件，再删除这一份。"));
    var acts = made("p", "", "acts");
    acts.appendChild(button("删除这一份", function () {
      if (window.confirm("删除以后不能恢复；没有重新收件的，要请申请人再来。确定删除吗？")) { box.drop(found.seq).then(sending.changed); }
    }));
    row.appendChild(acts);
    return row;
  }

  function papers(entry) {
    return entry.fields.filter(function (pair) { return pair[0].indexOf("_material/") === 0 && pair[1] === "paper"; }).length;
  }

  /* 暂存回执: says what it is not */
  function slip(entry) {
    var place = by_id("outbox-slip");
    var paper = made("article", "", "receipt slip");
    paper.appendChild(made("h2", "暂存回执"));
    var told = made("dl");
    [["一件事", entry.name], ["申请人", entry.title], ["收件时间", moment(entry.at)], ["收到的纸质材料", papers(entry) + " 份"], ["扫描件", entry.files.length + " 个"]].forEach(function (pair) {
      told.appendChild(made("dt", pair[0]));
      told.appendChild(made("dd", pair[1]));
    });
    paper.appendChild(told);
    paper.appendChild(made("p", "网络断开，先收下材料，联网后核对。这不是受理凭证，还没有办件编号；受理与否，以联网后另给的收件回执和通知为准。"));
    paper.appendChild(made("p", "评价：现在还给不了评价码，联网后另给的收件回执上有；没有拿到回执的，请尽早向收件的窗口要，过期不再有。"));
    var acts = made("div", "", "acts");
    var print = button("打印（P）", function () { window.print(); });
    print.dataset.key = "p";
    acts.appendChild(print);
    place.textContent = "";
    place.appendChild(paper);
    place.appendChild(acts);
    place.hidden = false;
  }

  function head(found) {
    var entry = document.querySelector("nav a[href='/counter/outbox']");
    var count = unsent(found.entries).length;
    if (entry) { entry.textContent = "待发 " + count; }
  }

  function show() {
    return box.list().then(function (found) {
      head(found);
      if (!list) { return; }
      var others = by_id("outbox-others");
      others.textContent = "这台电脑上还有 " + found.others + " 份其他同事未发出的收件";
      others.hidden = !found.others;
      by_id("outbox-none").hidden = found.entries.length + found.damaged.length > 0;
      by_id("outbox-send").hidden = !unsent(found.entries).length;
      list.textContent = "";
      found.entries.forEach(function (entry) { list.appendChild(row_of(found.keys, entry)); });
      found.damaged.forEach(function (row) { list.appendChild(damaged_row(row)); });
      if (sending.wrong && unsent(found.entries).length) { window.onething.say(sending.wrong, "soon"); }
    });
  }

  /* the form that was pressed last, where its answer never came. Who goes on before this is done finds it at the next page */
  function pressed() {
    var seq = window.sessionStorage.getItem("onething-pressed");
    return box.list().then(function (found) {
      var entry = found.entries.filter(function (one) { return String(one.row.seq) === seq && !one.number; })[0];
      if (!entry) { return null; }
      if (entry.act === "submit") { slip(entry); }
      if (!entry.held_until) { return null; }
      entry.held_until = 0;
      return box.save(found.keys, entry);
    }).then(function () {
      if (window.sessionStorage.getItem("onething-pressed") === seq) { window.sessionStorage.removeItem("onething-pressed"); }
    });
  }

  function day_list() {
    by_id("day-list").hidden = false;
    document.querySelectorAll("#day-list [data-draft]").forEach(function (row) {
      var state = row.querySelector("[data-state]");
      row.querySelector("[data-carry]").addEventListener("click", function () {
        state.textContent = "正在带上…";
        forms.carry(row.dataset.bundle, row.dataset.draft).then(function () { state.textContent = "已带上"; }, function () { state.textContent = "没有带上，请联网再试"; });
      });
    });
    document.querySelectorAll("#day-list [data-bundle]:not([data-draft])").forEach(function (row) {
      var bundle = row.dataset.bundle;
      var state = row.querySelector("[data-state]");
      var prepare = row.querySelector("[data-prepare]");
      function say() {
        state.textContent = forms.is_prepared(bundle) ? "今天已备好" : "没有备好";
        prepare.hidden = forms.is_prepared(bundle) || !navigator.onLine;
      }
      prepare.addEventListener("click", function () {
        state.textContent = "正在备…";
        sending.ready().then(function () { return forms.prepare(bundle); }).then(say, function () { state.textContent = "没有备好，请联网再试"; });
      });
      say();
    });
  }

  function old(row) { return row.done && box.now() - row.done > SHOWN_MS; }

  var out = by_id("sign-out");
  if (out) {
    out.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      box.list().then(function (found) {
        var left = unsent(found.entries).length;
        var words = "您还有 " + left + " 份收件没有发出。退出以后，要您本人在这台电脑上再次登录才能发出。仍要退出吗？";
        if (left && !window.confirm(words)) { return null; }
        return box.forget().then(function () { out.submit(); });
      }).catch(function () { out.submit(); });
    });
  }

  if (list) {
    by_id("outbox-plain").hidden = true;
    by_id("outbox").hidden = false;
    by_id("outbox-send").addEventListener("click", function () {
      window.onething.say("正在发送…", "soon");
      sending.send().then(box.list).then(function (found) {
        if (sending.wrong) { return; } /* is said with the list */
        if (!unsent(found.entries).length) { window.onething.say("都已发出。", "done"); return; }
        if (sending.cut) { window.onething.say("网络断开，没有发出；都还存在这台电脑上，联网后会自动发出。", "soon"); return; }
        window.onething.say("没有全部发出，请看下面每一份的说明。", "soon");
      }).catch(nothing);
    });
    day_list();
  }
  function nothing() { /* this browser keeps nothing: forms go as they do without scripts */ }

  sending.onchange(function () { show().catch(nothing); });
  box.all()
    .then(function (rows) { return Promise.all(rows.filter(old).map(function (row) { return box.drop(row.seq); })); })
    .then(box.of_another)
    .then(function (another) { return list || another ? sending.ready() : null; })
    .then(function () { return list ? pressed() : null; })
    .then(show)
    .then(function () { return list ? sending.send() : null; })
    .catch(nothing);
})();
