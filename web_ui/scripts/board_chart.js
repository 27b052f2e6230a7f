// A chart drawn from the table beside it: this year as a line with full dots, the year before dashed. A month that
// nobody told is a gap with a hollow dot at the foot; one that is not over is a half dot by itself. Without scripts, in
// forced colours and on paper the table says the same.
(function () {
  "use strict";
  var style = getComputedStyle(document.documentElement);
  var plain = window.matchMedia("(forced-colors: active), (prefers-contrast: more)").matches;
  if (!window.uPlot || plain) { return; }
  function colour(name) { return style.getPropertyValue(name).trim(); }
  var family = style.getPropertyValue("--family");

  function read(rows, name, partial) {
    return rows.map(function (row) {
      var there = name in row.dataset && (partial === undefined || ("partial" in row.dataset) === partial);
      return there ? Number(row.dataset[name]) : null;
    });
  }
  function known(value) { return value !== null; }

  function draw(place) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("#" + place.dataset.table + " [data-month]"));
    var months = rows.map(function (row) { return row.dataset.month; });
    var now = read(rows, "now", false), half = read(rows, "now", true), before = read(rows, "before");
    if (!now.concat(half, before).some(known)) { return; }
    place.hidden = false;
    var lang = place.dataset.lang === "vi" ? "vi-VN" : "en-GB";
    var least = Number(place.dataset.least), narrow = place.clientWidth < 680;
    function counted(value) { return value.toLocaleString(lang, { maximumFractionDigits: 1 }); }

    function dot(context, x, y, size, fill, stroke, ratio) {
      context.beginPath();
      context.arc(x, y, size * ratio, 0, 2 * Math.PI);
      if (fill) { context.fillStyle = fill; context.fill(); }
      context.lineWidth = 2 * ratio;
      context.strokeStyle = stroke;
      context.stroke();
    }
    function marks(plot) {
      var context = plot.ctx, ratio = window.devicePixelRatio || 1, foot = plot.bbox.top + plot.bbox.height;
      context.save();
      rows.forEach(function (row, month) {
        var x = plot.valToPos(month, "x", true);
        if ("missing" in row.dataset) { dot(context, x, foot - 6 * ratio, 4, colour("--card"), colour("--ink-soft"), ratio); }
        if (half[month] !== null) {
          var y = plot.valToPos(half[month], "y", true);
          dot(context, x, y, 5, colour("--card"), colour("--patina"), ratio);
          context.beginPath();
          context.arc(x, y, 5 * ratio, Math.PI / 2, 3 * Math.PI / 2);
          context.fillStyle = colour("--patina");
          context.fill();
        }
      });
      if (!narrow) { ends(plot, context, ratio); }
      context.restore();
    }
    // What each line is, written where it ends, and how high it stands there; moved apart where they would touch.
    function ends(plot, context, ratio) {
      var told = [[now, place.dataset.now, "--patina", "bold "], [before, place.dataset.before, "--ink-soft", ""]];
      told = told.map(function (one) {
        var at = one[0].map(known).lastIndexOf(true);
        return at < 0 ? null : { inside: at < months.length - 1, x: plot.valToPos(at, "x", true), y: plot.valToPos(one[0][at], "y", true), name: one[1], value: one[0][at], colour: one[2], weight: one[3] };
      }).filter(Boolean);
      told.forEach(function (one, place) {
        if (!one.inside) { return; } // the other line goes on: beside it there is no room
        var other = told[1 - place];
        one.y += (other && other.y < one.y && Math.abs(other.y - one.y) < 60 * ratio ? 24 : -24) * ratio;
      });
      if (told.length === 2 && Math.abs(told[0].y - told[1].y) < 22 * ratio && Math.abs(told[0].x - told[1].x) < 130 * ratio) {
        var up = told[0].y <= told[1].y ? 0 : 1;
        told[up].y -= 12 * ratio;
        told[1 - up].y += 12 * ratio;
      }
      told.forEach(function (one) {
        context.font = one.weight + 16 * ratio + "px " + family;
        var told = one.name + ": " + counted(one.value);
        context.fillStyle = colour("--card"); // a plate: where a line goes on behind it, the number stays legible
        context.fillRect(one.x + 10 * ratio, one.y - 11 * ratio, context.measureText(told).width + 8 * ratio, 22 * ratio);
        context.fillStyle = colour(one.colour);
        context.textBaseline = "middle";
        context.textAlign = "left";
        context.fillText(told, one.x + 14 * ratio, one.y);
      });
    }

    var series = [{}];
    var data = [months.map(function (_name, month) { return month; })];
    if (before.some(known)) {
      data.push(before);
      series.push({ stroke: colour("--line"), width: 2.5, dash: [6, 5], spanGaps: false, points: { show: !before.every(known) && before.filter(known).length < 3, size: 7 } });
    }
    data.push(now);
    series.push({ stroke: colour("--patina"), width: 4, spanGaps: false, points: { show: true, size: 11, width: 2, fill: colour("--patina"), stroke: colour("--card") } });
    data.push(half);
    series.push({ show: true, stroke: "transparent", points: { show: false }, paths: function () { return null; } });

    var high = Math.max.apply(null, now.concat(half, before).filter(known));
    function size() { return { width: place.clientWidth, height: narrow ? 280 : place.clientWidth > 800 ? 540 : 400 }; }
    var axis = { font: "15px " + family, stroke: colour("--ink-soft"), ticks: { show: false } };
    var plot = new uPlot({
      width: size().width, height: size().height, series: series, hooks: { draw: [marks] }, legend: { show: false },
      cursor: { show: false }, padding: [12, narrow ? 12 : 128, 0, 0],
      scales: { x: { time: false, range: [-0.25, months.length - 0.75] }, y: { range: [least, Math.max(high + (high - least) * 0.06, least + 1)] } },
      axes: [
        Object.assign({ grid: { show: false }, gap: 6, size: 30, space: narrow ? 34 : 44, incrs: [1, 2, 3, 6, 12],
          values: function (_plot, at) { return at.map(function (one) { return months[one] || ""; }); } }, axis),
        Object.assign({ grid: { stroke: colour("--hairline"), width: 1.5 }, size: narrow ? 52 : 66, space: 56,
          values: function (_plot, at) { return at.map(counted); } }, axis)
      ]
    }, data, place);
    place.plot = plot;
    window.addEventListener("resize", function () { plot.setSize(size()); });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), draw);
})();
