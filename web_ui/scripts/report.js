// The print button, and the chart: drawn from the table under it. Without scripts, in forced colours and on paper the
// strokes of the page itself stand there.
(function () {
  "use strict";
  var button = document.getElementById("print");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }

  var place = document.getElementById("chart");
  var plain = window.matchMedia("(forced-colors: active), (prefers-contrast: more)").matches;
  if (!place || !window.uPlot || plain) { return; }

  function read(cells, name) {
    return cells.map(function (cell) { return name in cell.dataset ? Number(cell.dataset[name]) : null; });
  }
  var cells = Array.prototype.slice.call(document.querySelectorAll("[data-name]"));
  var names = cells.map(function (cell) { return cell.dataset.name; });
  var now = read(cells, "now"), before = read(cells, "before");
  var known = function (value) { return value !== null; };
  if (!now.some(known) && !before.some(known)) { return; }

  var style = getComputedStyle(document.documentElement);
  function colour(name) { return style.getPropertyValue(name).trim(); }
  // What the legend says of a series: nothing while no bar is pointed at, for "–" would read as "no figures".
  function pointed(_plot, value, _series, index) { return index === null || index === undefined ? "" : counted(value); }
  function counted(value) { return value === null ? "–" : value.toLocaleString(place.dataset.lang === "vi" ? "vi-VN" : "en-GB"); }
  var font = "14px " + style.getPropertyValue("--family");
  var grid = { stroke: colour("--hairline"), width: 1 };

  // Where there is no number: a hollow dot on the line, never a bar of nought.
  function dots(plot) {
    var context = plot.ctx, ratio = window.devicePixelRatio || 1;
    context.save();
    context.strokeStyle = colour("--ink-soft");
    context.lineWidth = 2 * ratio;
    now.forEach(function (value, place) {
      if (value !== null) { return; }
      context.beginPath();
      context.arc(plot.valToPos(place, "x", true), plot.bbox.top + plot.bbox.height - 5 * ratio, 3 * ratio, 0, 2 * Math.PI);
      context.stroke();
    });
    context.restore();
  }

  var series = [
    { label: place.dataset.axis, value: function (_plot, _value, _series, index) { return index === null || index === undefined ? "" : names[index]; } },
    { label: place.dataset.now, fill: colour("--patina"), stroke: colour("--patina"), paths: uPlot.paths.bars({ size: [0.72, 40], radius: 0.15 }),
      points: { show: false }, value: pointed }
  ];
  var data = [names.map(function (_name, index) { return index; }), now];
  if (before.some(known)) {
    data.push(before);
    series.push({ label: place.dataset.before, stroke: colour("--soon-fg"), width: 2, dash: [6, 4], points: { size: 6 },
      value: pointed });
  }

  place.hidden = false;
  var plot = new uPlot({
    width: place.clientWidth, height: 160, series: series, hooks: { draw: [dots] }, cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: false, range: [-0.6, names.length - 0.4] }, y: { range: function (_plot, _least, most) { return [0, Math.max(4, Math.ceil(most * 1.1))]; } } },
    axes: [
      { font: font, stroke: colour("--ink"), grid: { show: false }, ticks: { show: false }, gap: 2, size: 26, space: 60,
        incrs: [1, 2, 5, 7, 10, 12, 20, 30, 60],
        values: function (_plot, marks) { return marks.map(function (mark) { return names[mark] || ""; }); } },
      { font: font, stroke: colour("--ink"), grid: grid, ticks: { show: false }, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
        values: function (_plot, marks) { return marks.map(counted); } }
    ]
  }, data, place);
  place.style.height = "auto";
  window.addEventListener("resize", function () { plot.setSize({ width: place.clientWidth, height: 160 }); });
})();
