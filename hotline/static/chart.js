// Draws the chart of a page from the table beside it: one set of up to three figures, shown twice. Above each interval a
// square says whether the target was met; closed ones are hatched, and what is not over has a dashed edge.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
  const place = document.getElementById("chart");
  const rows = [...document.querySelectorAll("#chart-data tbody tr")];
  if (!place || !rows.length) return;
  const { time, target } = place.dataset;
  const names = [...document.querySelectorAll(".chart-key li:nth-child(-n + 3)")].map((item) => item.textContent);
  const values = rows.map(({ dataset }) => (dataset.values ? dataset.values.split(" ").map(Number) : [null, null, null])); // not come yet, or closed
  const index = rows.map((_, position) => position);
  const labels = rows.map((row) => row.querySelector("th").firstChild.textContent.trim());
  const look = getComputedStyle(document.documentElement);
  const colour = (name) => look.getPropertyValue(name).trim();
  const longest = Math.max(...labels.map((label) => label.length));
  const font = "14px 'IBM Plex Sans', sans-serif";
  const bars = (share) => uPlot.paths.bars({ size: [share, 64], radius: 0.12 });
  const most = Math.max(1, ...values.flat());
  const size = () => ({ width: place.clientWidth, height: place.clientHeight - 34 });

  const marks = (u) => {
    const { ctx, bbox } = u, wide = bbox.width / (rows.length + 0.2), side = Math.min(12 * devicePixelRatio, wide * 0.5);
    rows.forEach(({ dataset: { note, share } }, place) => {
      const middle = u.valToPos(place, "x", true), left = middle - wide / 2;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, bbox.top, wide, bbox.height);
      ctx.clip();
      if (note === "closed") {
        ctx.strokeStyle = "#c9c4b8";
        ctx.beginPath();
        for (let x = left - bbox.height; x < left + wide; x += 9 * devicePixelRatio) {
          ctx.moveTo(x, bbox.top + bbox.height);
          ctx.lineTo(x + bbox.height, bbox.top);
        }
        ctx.stroke();
      }
      if (note === "running") {
        ctx.strokeStyle = colour("--ink-soft");
        ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
        ctx.strokeRect(left + 2, bbox.top + 1, wide - 4, bbox.height - 2);
      }
      if (share !== "") {
        const met = Number(share) >= Number(target);
        ctx.fillStyle = ctx.strokeStyle = colour(met ? "--petrol-deep" : "--coral");
        ctx.setLineDash([]);
        ctx.lineWidth = 2 * devicePixelRatio;
        ctx[met ? "fillRect" : "strokeRect"](middle - side / 2, bbox.top + 2 * devicePixelRatio, side, side);
      }
      ctx.restore();
    });
  };

  const chart = new uPlot({
    ...size(),
    padding: [8, 8, 0, 0],
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    legend: { live: true, markers: { show: false } },
    scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: [0, Math.ceil(most * 1.2)] } },
    axes: [
      { font, stroke: colour("--ink-soft"), grid: { show: false }, ticks: { show: false }, gap: 8, space: 24 + 8 * longest, values: (_, places) => places.map((p) => (Number.isInteger(p) ? (labels[p] ?? "") : "")) },
      { font, stroke: colour("--ink-soft"), grid: { stroke: "#ebe8e1", width: 1 }, ticks: { show: false }, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    hooks: { draw: [marks] },
    series: [
      { label: time, value: (_, p) => (p === null ? "–" : labels[p]) },
      { label: names[0], fill: colour("--petrol-tint"), stroke: "#7fa9ae", width: 1, paths: bars(0.86), points: { show: false } },
      { label: names[1], fill: colour("--petrol"), stroke: colour("--petrol"), width: 0, paths: bars(0.52), points: { show: false } },
      { label: names[2], stroke: colour("--coral"), paths: () => null, points: { show: true, size: 8, fill: "#fff", width: 2 } },
    ].slice(0, names.length + 1),
  }, [index, ...[0, 1].map((column) => values.map((row) => row[column])), values.map((row) => row[2] || null)].slice(0, names.length + 1), place);
  new ResizeObserver(() => chart.setSize(size())).observe(place);
});
