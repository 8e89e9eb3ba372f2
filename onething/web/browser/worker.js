/* Stands between the counter's pages and the line, under /counter alone. While there is a line it does nothing but pass
   on. Without one it shows the blank pages that outbox_forms.js has put by, and in place of any other one that says so; it keeps
   nothing by itself, and no page in which anything of anybody stands ever gets here. */
"use strict";
var FORMS = /^\/counter\/new\/([a-z][a-z0-9-]*)$/;
var FORMS_PUT_BY = /\/counter\/outbox\/forms\/[a-z][a-z0-9-]*$/;
var FORMS_CACHE = "onething-forms";
var EITHER_WAY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
/* from a page that was on its way while this began, and so goes without */
self.addEventListener("message", function (event) { event.waitUntil(self.clients.claim()); });

function as_text(words) { return words.replace(/[&<>"]/g, function (one) { return "&#" + one.charCodeAt(0) + ";"; }); }

/* the blank forms that are put by: address and heading */
function forms_put_by(cache, requests) {
  return Promise.all(requests.filter(function (one) { return FORMS_PUT_BY.test(one.url); }).map(function (one) {
    return cache.match(one).then(function (found) { return found.text(); }).then(function (text) {
      return { path: new URL(one.url).pathname, title: (/<title>([^<]*)/.exec(text) || ["", "离线收件"])[1] };
    });
  }));
}

/* in place of a page that can't be had without a line: says so, in nobody's words but its own */
function away() {
  return caches.open(FORMS_CACHE).then(function (cache) {
    return cache.keys().then(function (requests) {
      return forms_put_by(cache, requests).then(function (forms) {
        var has = function (end) { return requests.filter(function (one) { return new URL(one.url).pathname.slice(-end.length) === end; }); };
        var links = has("/counter/outbox/blank").length ? [{ path: "/counter/outbox", title: "发件箱：收下了还没有发出的" }].concat(forms) : forms;
        var html = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>网络断开</title>"
          + has(".css").map(function (one) { return "<link rel=\"stylesheet\" href=\"" + as_text(one.url) + "\">"; }).join("")
          + "</head><body class=\"counter\"><main id=\"main\"><h1>网络断开，这一页现在打不开</h1>"
          + "<p>办件和名单不存在这台电脑上，联网以后才能看。" + (links.length ? "现在可以：" : "今天还没有备好离线收件的表单。") + "</p>"
          + (links.length ? "<ul class=\"rows\">" + links.map(function (one) { return "<li><a href=\"" + as_text(one.path) + "\">" + as_text(one.title) + "</a></li>"; }).join("") + "</ul>" : "")
          + "<p class=\"acts\"><a class=\"button\" href=\"\">联网以后再试</a></p></main></body></html>";
        return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; style-src 'self'" } });
      });
    });
  });
}

function kept(path) {
  var form = FORMS.exec(path);
  var stands = form ? "/counter/outbox/forms/" + form[1] : path === "/counter/outbox" ? "/counter/outbox/blank" : path;
  return caches.match(stands, EITHER_WAY).then(function (found) { return found || away(); });
}

self.addEventListener("fetch", function (event) {
  var request = event.request;
  var url = new URL(request.url);
  if (url.origin !== self.location.origin) { return; }
  if (url.pathname.indexOf("/static/") === 0) {
    event.respondWith(caches.match(request, EITHER_WAY).then(function (found) { return found || fetch(request); }));
    return;
  }
  if (request.mode !== "navigate" || !/^\/counter(\/|$)/.test(url.pathname)) { return; }
  if (request.method === "GET") {
    event.respondWith(fetch(request).catch(function () { return kept(url.pathname); }));
    return;
  }
  /* a form of ours that was put aside before it was sent. One from elsewhere is passed by: it must look like that */
  if (FORMS.test(url.pathname) && request.referrer.indexOf(self.location.origin + "/counter/") === 0) {
    event.respondWith(fetch(request).catch(function () { return Response.redirect("/counter/outbox", 303); }));
  }
});
