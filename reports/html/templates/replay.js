// Plays a simulated case along the flows of its diagram; the data stand in the page.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("replay-data").textContent);
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  var SVG = "http://www.w3.org/2000/svg";
  var DAY = 86400;
  var GLIDE = 0.7; // seconds of the reader's time that a token takes along its flows

  function Player(box) {
    var own = data.diagrams[box.dataset.diagram];
    var svg = document.getElementById("diagram-" + box.dataset.diagram);
    var layer = svg.appendChild(document.createElementNS(SVG, "g"));
    layer.setAttribute("aria-hidden", "true");
    var button = box.querySelector(".play");
    var place = box.querySelector(".place");
    var date = box.querySelector(".date");
    var speed = box.querySelector(".speed");
    var chosen = box.querySelector(".case");
    var frame = svg.parentNode;
    var now = 0, playing = false, last = 0, followed = false;

    function replay() { return own.replays[Number(chosen.value)]; }
    function perSecond() { return Number(speed.value) * DAY; }

    function show() {
      var one = replay();
      place.value = String(Math.round(1000 * now / one.end));
      var at = new Date(data.start + (one.from + now) * 1000);
      var day = data.words.date.replace("{year}", at.getUTCFullYear()).replace("{month}", at.getUTCMonth() + 1)
        .replace("{day}", at.getUTCDate()).replace("{name}", data.words.months[at.getUTCMonth()]);
      date.textContent = data.words.now.replace("{date}", day).replace("{days}", (now / DAY).toFixed(1));
      place.setAttribute("aria-valuetext", date.textContent);
      layer.textContent = "";
      var seats = {};
      var newest = null;
      one.stays.forEach(function (stay) {
        if (now < stay[1] || now >= stay[3] || (now >= one.end)) { return; }
        var since = (now - stay[1]) / perSecond();
        var way = playing && !calm.matches && since < GLIDE ? along(stay[4], since / GLIDE) : null;
        if (way) { dot(way.x, way.y, "token moves"); newest = layer.lastChild; return; }
        var home = own.places[stay[0]];
        if (!home) { return; }
        var seat = seats[stay[0]] = (seats[stay[0]] || 0) + 1;
        dot(home[0] + 14 * (seat - 1), home[1], now < stay[2] ? "token waits" : "token works");
        newest = layer.lastChild;
      });
      if (newest && followed) { follow(newest); }
    }

    // Keeps the token that came last in sight; the page itself is never scrolled.
    function follow(token) {
      var room = frame.getBoundingClientRect(), at = token.getBoundingClientRect();
      var margin = 90;
      if (at.left < room.left + margin || at.right > room.right - margin) {
        frame.scrollLeft += at.left - room.left - room.width / 2;
      }
      if (at.top < room.top + 30 || at.bottom > room.bottom - 60) {
        frame.scrollTop += at.top - room.top - room.height / 2;
      }
    }

    function along(flows, share) {
      var lines = flows.map(function (id) {
        var group = document.getElementById(own.prefix + id);
        return group && group.querySelector("path");
      }).filter(Boolean);
      var total = lines.reduce(function (sum, line) { return sum + line.getTotalLength(); }, 0);
      var rest = share * total;
      for (var i = 0; i < lines.length; i += 1) {
        var length = lines[i].getTotalLength();
        if (rest <= length) { return lines[i].getPointAtLength(rest); }
        rest -= length;
      }
      return null;
    }

    function dot(x, y, look) {
      var circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
      circle.setAttribute("r", 9);
      circle.setAttribute("class", look);
      layer.appendChild(circle);
    }

    function tick(time) {
      if (!playing) { return; }
      var passed = last ? Math.min((time - last) / 1000, 0.2) : 0;
      last = time;
      now = Math.min(now + passed * perSecond(), replay().end);
      if (now >= replay().end) { stop(); } else { window.requestAnimationFrame(tick); }
      show();
    }

    function stop() {
      playing = false;
      button.textContent = button.dataset.play;
      button.setAttribute("aria-pressed", "false");
    }

    button.addEventListener("click", function () {
      if (playing) { stop(); show(); return; }
      if (now >= replay().end) { now = 0; }
      playing = true;
      followed = true;
      last = 0;
      button.textContent = button.dataset.pause;
      button.setAttribute("aria-pressed", "true");
      window.requestAnimationFrame(tick);
    });
    place.addEventListener("input", function () { followed = true; now = Number(place.value) / 1000 * replay().end; show(); });
    chosen.addEventListener("change", function () { stop(); now = 0; show(); });
    speed.addEventListener("change", show);
    show();
  }

  document.querySelectorAll(".replay").forEach(Player);
}());
