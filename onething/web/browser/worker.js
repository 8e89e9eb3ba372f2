/* Stands between the counter's pages and the line, under /counter/ alone. While there is a line it does nothing but pass
   on. Without one it shows the blank pages that outbox_forms.js has put by; it keeps nothing by itself, and no page in
   which anything of anybody stands ever gets here. */
"use strict";
var FORMS = /^\/counter\/new\/([a-z][a-z0-9-]*)$/;
var EITHER_WAY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
/* from a page that was on its way while this began, and so goes without */
self.addEventListener("message", function (event) { event.waitUntil(self.clients.claim()); });

function kept(path) {
  var form = FORMS.exec(path);
  var outbox = function () { return caches.match("/counter/outbox/blank", EITHER_WAY); };
  return (form ? caches.match("/counter/outbox/forms/" + form[1], EITHER_WAY) : caches.match(path, EITHER_WAY))
    .then(function (found) { return found || outbox(); })
    .then(function (found) { return found || Response.error(); });
}

self.addEventListener("fetch", function (event) {
  var request = event.request;
  var url = new URL(request.url);
  if (url.origin !== self.location.origin) { return; }
  if (url.pathname.indexOf("/static/") === 0) {
    event.respondWith(caches.match(request, EITHER_WAY).then(function (found) { return found || fetch(request); }));
    return;
  }
  if (request.mode !== "navigate" || url.pathname.indexOf("/counter/") !== 0) { return; }
  if (request.method === "GET") {
    event.respondWith(fetch(request).catch(function () { return kept(url.pathname); }));
    return;
  }
  /* a form of ours that was put aside before it was sent. One from elsewhere is passed by: it must look like that */
  if (FORMS.test(url.pathname) && request.referrer.indexOf(self.location.origin + "/counter/") === 0) {
    event.respondWith(fetch(request).catch(function () { return Response.redirect("/counter/outbox", 303); }));
  }
});
